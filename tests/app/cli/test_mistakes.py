"""What nobody has foreseen ends a command in words, and for programs in its last event."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.studio.studio import Studio
from tests.app.cli.conftest import Command


def test_a_mistake_of_ours_is_said_and_finished_is_the_last_event(
    command: Command, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(*_: object, **__: object) -> None:
        raise ZeroDivisionError("nobody thought of this")

    monkeypatch.setattr(Studio, "run_job", breaks)
    ran = command("run", example, "--json")
    assert ran.code == 1
    assert ran.events[-1]["event"] == "finished"
    (failure,) = ran.events[-1]["failures"]
    assert (failure["fault"], failure["charged"]) == ("cli.bug", "unknown")
    assert "Traceback" not in ran.err
    assert "Something in Tagloom went wrong" in ran.err
