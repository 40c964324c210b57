"""The way to one vendor, told step by step in the terminal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.app.cli.conftest import Command
from tests.support.capturing import KEY, Capturing, capturing


@pytest.fixture
def runway(monkeypatch: pytest.MonkeyPatch) -> Iterator[Capturing]:
    with capturing() as server:
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        yield server


def test_one_vendor_alone(command: Command, runway: Capturing) -> None:
    """Each step with its time, as it is taken; of a vendor without a key too."""
    ran = command("doctor", "--vendor", "runway")
    assert ran.code == 0, ran
    lines = ran.out.splitlines()
    assert [line.split()[1] for line in lines] == [
        "name", "connection", "certificate", "answer", "key", "balance",
    ]  # fmt: skip
    assert "ms)" in lines[1]
    assert "500" in lines[-1]
    assert KEY not in ran.out + ran.err
    assert command("doctor", "--vendor", "nobody").code == 2
    assert runway.creates == []


def test_a_vendor_without_a_key_is_reached_all_the_same(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    with capturing() as server:
        monkeypatch.setenv("REPLICATE_BASE_URL", server.url)
        ran = command("doctor", "--vendor", "replicate", "--json")
    assert ran.code == 0, ran
    assert ran.value[-1]["what"] == "Replicate key"
    assert "no key" in ran.value[-1]["words"]
