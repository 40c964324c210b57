"""When it is asked whether to look, when it is looked, and what is told: over a real line."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from app.basics.faults import Unreachable
from app.preferences import declared
from app.preferences.options import Options
from app.providers.news import News
from app.providers.transport import Transport
from app.studio.updates import Update, Updates, order_of
from tests.app.providers.conftest import QUICK
from tests.app.providers.fakes import StillClock
from tests.app.providers.scripted import Act, Reply, Scripted, scripted

DAY = 86_400.0


def release(version: str, **more: Any) -> Reply:
    told = {"tag_name": version, "html_url": "https://example.com/r", "body": "New things.", **more}
    return Reply(json=told, headers={"ETag": f'"{version}"'})


@pytest.fixture
async def page() -> AsyncIterator[Scripted]:
    async with scripted({"GET /latest": release("v0.2.0")}) as server:
        yield server


@pytest.fixture
async def transport() -> AsyncIterator[Transport]:
    made = Transport(version="9.9", patience=QUICK)
    yield made
    await made.close()


class Bench:
    def __init__(self, transport: Transport, page: Scripted, file: Path) -> None:
        self.clock = StillClock()
        self._news = News(transport, {"TAGLOOM_UPDATES_URL": f"{page.url}/latest"}, seconds=0.6)
        self._file = file
        self.start()

    def start(self, version: str = "0.1.0") -> Updates:
        self.options = Options(self._file)
        self.updates = Updates(self._news, self.options, self.clock, version)
        return self.updates


@pytest.fixture
def bench(transport: Transport, page: Scripted, tmp_path: Path) -> Bench:
    return Bench(transport, page, tmp_path / "settings" / "options.json")


def test_versions_in_order() -> None:
    rising = [
        "0.0.9",
        "0.1.dev2",
        "0.1a1",
        "0.1.0-beta.2",
        "0.1rc1",
        "v0.1.0",
        "0.1.1",
        "0.10",
        "1.0-rc.1",
        "1",
    ]
    orders = [order_of(one) for one in rising]
    assert None not in orders
    assert all(one < two for one, two in pairwise(orders))  # type: ignore[operator]
    assert order_of("v1.0+debian.2") == order_of("1.0.0") == order_of("1")
    assert [order_of(one) for one in ("", "latest", "1.0 now", "1" * 40, "1.x")] == [None] * 5


async def test_it_is_asked_at_the_third_start_and_never_looked_before(bench: Bench, page: Scripted) -> None:
    for number in range(1, 4):
        updates = bench.start()
        updates.count_start()
        assert updates.to_ask is (number == 3)
        assert await updates.look_by_itself() is None
    assert page.seen == []


async def test_not_now_is_asked_again_later_and_no_never(bench: Bench, page: Scripted) -> None:
    for _ in range(3):
        bench.start().count_start()
    bench.updates.not_now()
    assert not bench.start().to_ask
    for _ in range(3):
        bench.start().count_start()
    assert bench.updates.to_ask
    bench.updates.answer(yes=False)
    for _ in range(9):
        bench.start().count_start()
    assert not bench.updates.to_ask
    assert await bench.updates.look_by_itself() is None
    assert page.seen == []


async def test_once_a_day_and_told_once(bench: Bench, page: Scripted) -> None:
    bench.updates.answer(yes=True)
    found = await bench.updates.look_by_itself()
    assert found == Update(version="0.2.0", page="https://example.com/r", words="New things.")
    assert await bench.start().look_by_itself() is None
    assert len(page.seen) == 1
    bench.clock.time += DAY + 1
    page.routes = {"GET /latest": Reply(status=304)}
    assert await bench.start().look_by_itself() is None, "told already"
    assert page.seen[1].headers["if-none-match"] == '"v0.2.0"'
    assert await bench.updates.look() == found, "asked by hand it is told again, though the page sent no body"
    bench.clock.time += DAY + 1
    page.routes = {"GET /latest": release("0.3")}
    newer = await bench.start().look_by_itself()
    assert newer is not None
    assert newer.version == "0.3"
    bench.clock.time -= 30 * DAY  # a clock that was put right
    assert bench.start().due


@pytest.mark.parametrize("version", ["v0.1.0", "0.0.9", "0.1.0rc1", "latest", "0.1"])
async def test_the_same_older_or_no_version_is_none(bench: Bench, page: Scripted, version: str) -> None:
    page.routes = {"GET /latest": release(version)}
    assert await bench.updates.look() is None


async def test_a_try_out_is_told_only_to_who_has_one(bench: Bench, page: Scripted) -> None:
    page.routes = {"GET /latest": release("0.2.0rc1", prerelease=True)}
    assert await bench.updates.look() is None
    assert await bench.start("0.2.0b1").look() == Update(
        version="0.2.0rc1", page="https://example.com/r", words="New things."
    )
    assert await bench.start("0.2.0").look() is None


@pytest.mark.parametrize(
    "reply",
    [
        Reply(act=Act.SILENT),
        Reply(body=b"<html>"),
        Reply(status=500),
        Reply(status=302, headers={"Location": "https://login.invalid/"}),
        Reply(act=Act.ENDLESS),
    ],
)
async def test_what_goes_wrong_is_silent_by_itself_and_said_by_hand(
    bench: Bench, page: Scripted, reply: Reply
) -> None:
    page.routes = {"GET /latest": reply}
    bench.updates.answer(yes=True)
    assert await bench.updates.look_by_itself() is None
    assert not bench.updates.due, "not asked again before tomorrow"
    with pytest.raises(Unreachable):
        await bench.updates.look()


async def test_settings_that_cannot_be_written_stop_nothing(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "settings").write_text("a file")
    for _ in range(3):
        bench.updates.count_start()
    assert bench.updates.to_ask
    assert await bench.updates.look() is not None


async def test_what_another_tagloom_remembered_is_forgotten(bench: Bench, page: Scripted) -> None:
    bench.options.set(declared.UPDATE_HEARD, ("2026", "x"))
    bench.updates.answer(yes=True)
    assert await bench.updates.look_by_itself() is not None
