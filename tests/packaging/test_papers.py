"""Man page, completions, Debian's changelog and the licences: from the parser and the packages, complete."""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from app.basics.licences import licences, licences_told
from app.cli.arguments import build
from app.cli.commands import COMMANDS
from app.cli.exits import Exit
from tests.house.sources import ROOT
from tests.packaging.scripts import script

man = script("papers/man_page.py")
KEYS = ("SOME_KEY",)


def page() -> str:
    text: str = man.man_page(build(), version="1.2.3", date="2026-01-02", keys=KEYS)
    return text


def options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if not isinstance(action, argparse._HelpAction):
            yield from action.option_strings
    for command in man.commands(parser).values():
        yield from options(command)


def test_the_man_page_has_every_command_option_and_exit_code() -> None:
    text = page().replace(r"\-", "-")
    wanted = set(options(build()))
    assert len(wanted) > 20
    assert not {one for one in wanted if rf"\fB{one}\fR" not in text}
    assert not {one for one in COMMANDS if f'.SS "tagloom {one}' not in text}
    assert {int(code) for code, _ in man.CODES} == {int(code) for code in Exit}
    assert "SOME_KEY" in text


@pytest.mark.skipif(not shutil.which("man"), reason="man is not installed")
def test_man_has_nothing_against_the_page(tmp_path: Path) -> None:
    (tmp_path / "tagloom.1").write_text(page(), encoding="utf-8")
    command = ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", str(tmp_path / "tagloom.1")]
    run = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=60,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )
    assert run.returncode == 0
    assert run.stderr == ""


def test_a_line_never_begins_with_an_order_of_troff() -> None:
    assert man._text(".tagloom is what a document ends with").startswith(r"\&.tagloom")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions_know_every_command_and_option(shell: str) -> None:
    text = script("papers/completions.py").completions(build(), shell)
    assert not {one for one in COMMANDS if one not in text}
    long = {one.removeprefix("--") for one in options(build()) if one.startswith("--")}
    assert not {one for one in long if one not in text}


def test_bash_completes_files_where_no_word_fits() -> None:
    assert "complete -o bashdefault -o default -F" in script("papers/completions.py").completions(
        build(), "bash"
    )


def test_another_shell_is_refused() -> None:
    with pytest.raises(ValueError, match="tcsh"):
        script("papers/completions.py").completions(build(), "tcsh")


def test_the_changelog_for_debian_is_in_its_form() -> None:
    text = script("papers/debian_changelog.py").debian_changelog(
        (ROOT / "CHANGELOG.md").read_text("utf-8"), version="1.2.3", when=datetime(2026, 1, 2, tzinfo=UTC)
    )
    lines = text.splitlines()
    assert lines[0] == "tagloom (1.2.3) unstable; urgency=medium"
    assert re.fullmatch(r" -- .+ <\S+@\S+>  Fri, 02 Jan 2026 00:00:00 \+0000", lines[-1])
    body = lines[2:-2]
    assert len(body) > 10
    assert all(re.match(r"  \* \S|    \S", line) for line in body)
    assert "###" not in text


# --- licences ---------------------------------------------------------------------------------------


def locked() -> set[str]:
    """What is locked for this system and runs."""
    text = (ROOT / "packaging" / "requirements.lock").read_text("utf-8")
    found = {
        canonicalize_name(m[1])
        for m in re.finditer(r"^([\w.-]+)==\S+ (?:; (.*))?\\$", text, re.M)
        if not m[2]
    }
    return found - {"types-pyside6"}


def test_every_locked_requirement_has_its_licence_with_a_text() -> None:
    found = {canonicalize_name(one.package): one for one in licences()}
    assert len(locked()) > 30
    assert not locked() - set(found)
    assert "tagloom" in found
    assert not [name for name, one in found.items() if len(one.text) < 500 or not one.name]
    assert not [name for name, one in found.items() if one.name == "see its text"]


def test_the_lgpl_is_said_in_full() -> None:
    found = {canonicalize_name(one.package): one for one in licences()}
    for name in ("pyside6-essentials", "shiboken6"):
        text = found[name].text
        assert "may replace each of them by a changed build" in text
        assert "GNU LESSER GENERAL PUBLIC LICENSE" in text
        assert "GNU GENERAL PUBLIC LICENSE" in text
        assert "https://download.qt.io/official_releases/" in text


def test_the_told_licences_begin_with_a_table() -> None:
    found = list(licences())
    told = licences_told(found)
    table = told.split("\n\n")[1].splitlines()
    assert len(table) == len(found)
    assert all(one.text in told for one in found)
