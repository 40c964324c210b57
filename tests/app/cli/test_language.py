"""The command line in the language that is asked for; what programs read stays as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.basics.languages import pseudo
from app.basics.words import ENGLISH, speak
from app.cli.mistyped import said
from tests.app.cli.conftest import Command


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    speak(ENGLISH)


def without_words(example: Path) -> Path:
    data = json.loads(example.read_text("utf-8"))
    words = next(node for node in data["nodes"].values() if node["kind"] == "prompt")
    words["values"]["text"] = ""
    example.write_text(json.dumps(data), "utf-8")
    return example


def test_people_are_told_in_their_language_and_programs_in_their_own(command: Command, example: Path) -> None:
    file = without_words(example)
    english = command("check", file, "--json")
    told = command("--language", "xx", "check", file)
    assert pseudo("Say what the picture shows.") in told.out
    other = command("--language=xx", "check", file, "--json")
    assert (told.code, other.code) == (english.code, english.code) == (2, 2)
    before, after = json.loads(english.out), json.loads(other.out)
    names = ("code", "severity", "node", "socket", "parameter", "item", "span")
    assert [[one[name] for name in names] for one in before] == [
        [one[name] for name in names] for one in after
    ]
    assert [one["title"] for one in before] != [one["title"] for one in after]


def test_the_setting_holds_where_no_word_asks_for_another(
    command: Command, tagloom_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tagloom_home / "settings" / "options.json"
    settings.parent.mkdir(parents=True)
    settings.write_text('{"language": "xx"}', "utf-8")
    assert "[!!! " in command("keys").out
    assert "[!!! " not in command("--language", "en", "keys").out


def test_help_is_in_the_language_too(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command("--language", "xx", "--help")
    assert ended.value.code == 0
    out = capsys.readouterr().out
    assert pseudo("options") in out
    assert "--language CODE" in out


def test_a_language_that_is_not_there_is_english(command: Command) -> None:
    assert "[!!! " not in command("--language", "tlh", "keys").out


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ((), "缺少必需的参数：COMMAND"),
        (("run",), "缺少必需的参数：FILE"),
        (("fly",), "参数 COMMAND：没有 'fly' 这个选项"),
        (("models", "--fast"), "无法识别的参数：--fast"),
        (("doctor", "--vendor"), "参数 --vendor：需要一个值"),
    ],
)
def test_mistyped_words_are_answered_in_chinese(
    command: Command, words: tuple[str, ...], wanted: str
) -> None:
    told = command("--language", "zh_CN", *words)
    assert told.code == 2
    assert wanted in told.err
    assert not re.search(r"argument|required|invalid|usage", told.err)


def test_what_argparse_says_otherwise_stays() -> None:
    assert said("something of a later Python") == "something of a later Python"
