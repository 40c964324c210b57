"""Ten programs started at once on one home and one document: each operation is bought once, all have all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support import terminal
from tests.support.counting import counting
from tests.support.laws import document, judged
from tests.support.terminal import ended, start

TEN, NODES = 10, 3

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]


async def test_ten_at_once_buy_once(
    tagloom_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "LONGEST", 150.0)  # ten programs start on what may be two cores
    path = document(tmp_path / "ten.tagloom", NODES, drawn=False)
    with counting() as server:
        words = ("run", path, "-o", tmp_path / "out", "--yes", "--json")
        running = [start(*words, environment=server.environment()) for _ in range(TEN)]
        ran = [ended(one) for one in running]
        taken = server.taken()
    assert [one.code for one in ran] == [0] * TEN, "\n".join(map(str, ran))
    images = [image for one in ran for image in one.finished["images"]]
    assert len(images) == TEN * NODES
    for node in {image["node"] for image in images}:
        same = [image for image in images if image["node"] == node]
        assert len({image["sha256"] for image in same}) == 1, "the others deliver the same picture"
        assert sorted(image["reused"] for image in same) == [False] + [True] * (TEN - 1), json.dumps(same)
        assert sum(image["credits"] for image in same) == 100
    assert len(taken) == NODES
    found = await judged(tagloom_home, taken)
    assert (found.broken, found.pictures, found.unknown) == ((), NODES, 0)
