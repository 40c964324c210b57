"""`tagloom run` goes on with its own document; what others have under way is named, and left to `recover`."""

from __future__ import annotations

from pathlib import Path

from app.journal.operations import State
from tests.app.cli.bookkeeping import row, wrote
from tests.app.cli.conftest import Command


def test_what_other_documents_have_under_way_is_said_and_left(
    command: Command, example: Path, tagloom_home: Path
) -> None:
    others = [wrote(tagloom_home, State.SUBMITTED, document=f"/shop/{name}.tagloom") for name in "ab"]
    wrote(tagloom_home, State.SETTLED, document="/shop/c.tagloom")
    ran = command("run", example)
    assert ran.code == 0, ran
    assert "2 pictures of other documents are under way: `tagloom recover`" in ran.err
    assert {row(tagloom_home, id).state for id in others} == {State.SUBMITTED}


def test_nothing_is_said_where_nothing_waits(command: Command, example: Path) -> None:
    ran = command("run", example)
    assert ran.code == 0, ran
    assert "tagloom recover" not in ran.err
