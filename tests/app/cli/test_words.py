"""What the command line understands, and how it says what it does not."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from app.basics.faults import BadInput, DiskTrouble, Lost, Refused
from app.cli import arguments
from app.cli.commands import COMMANDS, is_command
from app.cli.exits import Exit, exit_for


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_one(command: str) -> None:
    assert is_command([command, "x"])


@pytest.mark.parametrize(
    "words", [["frob"], ["runn", "x.tagloom"], ["--help"], ["-h"], ["--version"], ["--json"]]
)
def test_mistyped_words_are_for_the_command_line(words: list[str]) -> None:
    assert is_command(words)


@pytest.mark.parametrize("words", [[], ["shoes.tagloom"], ["a/shoes"], ["./frob"], ["Spring 2.0"], ["C:\\x"]])
def test_documents_are_for_the_window(words: list[str]) -> None:
    assert not is_command(words)


def test_a_file_without_an_ending_is_a_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shoes").write_text("")
    monkeypatch.chdir(tmp_path)
    assert not is_command(["shoes"])
    assert is_command(["boots"])


def test_everything_a_run_may_be_told() -> None:
    asked = "run shoes.tagloom -o out --set a.b=c --set d.e=f --only hero --only v --json"
    bounds = "--max-credits 200 --max-usd 0.16 --yes --live --retry-unknown --seconds 2.5"
    args = arguments.parse(f"{asked} {bounds}".split())
    assert (args.command, args.file, args.output) == ("run", Path("shoes.tagloom"), Path("out"))
    assert (args.sets, args.only) == (["a.b=c", "d.e=f"], ["hero", "v"])
    assert (args.max_credits, args.max_usd, args.seconds) == (200, Decimal("0.16"), 2.5)
    assert (args.yes, args.live, args.retry_unknown, args.json) == (True, True, True, True)


def test_what_a_run_does_when_told_nothing() -> None:
    args = arguments.parse(["run", "shoes.tagloom"])
    assert (args.output, args.sets, args.only, args.max_credits, args.max_usd) == (None, [], [], None, None)
    assert not any((args.yes, args.live, args.retry_unknown, args.json))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "COMMAND"),
        ("frob", "'frob'"),
        ("run", "FILE"),
        ("run a b", "b"),
        ("run a --frob", "--frob"),
        ("run a --max-credits -1", "--max-credits"),
        ("run a --max-credits 1.5", "1.5"),
        ("run a --max-credits many", "'many' is no whole number"),
        ("run a --max-credits 99999999999999999999", "--max-credits"),
        ("run a --max-usd nan", "'nan' is no amount"),
        ("run a --max-usd -0.01", "--max-usd"),
        ("run a --max-usd 1e99", "'1e99' is no amount"),
        ("run a --max-usd five", "'five' is no amount"),
        ("run a --seconds -1", "--seconds"),
        ("run a --seconds inf", "'inf' is not between"),
        ("run a --seconds nan", "'nan' is not between"),
        ("run a --seconds soon", "'soon' is no number"),
        ("keys set", "VENDOR"),
        ("keys set runway key_123", "key_123"),
        ("keys lose runway", "'lose'"),
    ],
)
def test_what_cannot_be_understood_is_said_with_what_to_do(words: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        arguments.parse(words.split())
    assert said in caught.value.title
    assert "--help" in caught.value.advice


def test_help_is_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--help"], *([one, "--help"] for one in COMMANDS)):
        with pytest.raises(SystemExit) as caught:
            arguments.parse(words)
        assert caught.value.code == 0
    said = capsys.readouterr().out
    assert all(one in said for one in COMMANDS)


def test_exit_codes_of_what_ends_a_command() -> None:
    def fault(kind: type) -> int:
        return exit_for(kind("No.", advice="Yes.", code="x"))

    assert [fault(one) for one in (BadInput, DiskTrouble, Refused, Lost)] == [2, 1, 1, 4]
    assert [int(one) for one in Exit] == [0, 1, 2, 3, 4, 130]
