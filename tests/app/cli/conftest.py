"""Commands in this process: quicker than a child for each, with the same words and exit codes."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli.main import run_command
from tests.support.terminal import EXAMPLE, Ran

Command = Callable[..., Ran]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """`command("check", path, "--json")`."""
    monkeypatch.setattr("sys.stdin", io.StringIO())

    def run(*words: object) -> Ran:
        code = run_command([str(one) for one in words])
        out, err = capsys.readouterr()
        events = tuple(json.loads(line) for line in out.splitlines()) if "--json" in words else ()
        found = tuple(one for one in events if isinstance(one, dict) and "event" in one)
        return Ran(code=int(code), out=out, err=err, events=found)

    return run


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The first-run example with its photographs, to be changed."""
    shutil.copytree(EXAMPLE.parent / "refs", tmp_path / "refs")
    return Path(shutil.copyfile(EXAMPLE, tmp_path / "shoes.tagloom"))
