"""The guide says nothing that the program does not have: every name, key, command and link is looked up."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from pathlib import Path

import pytest

from app.basics.places import places_under
from app.catalogue.reader import read_card
from app.cli.arguments import parse
from app.cli.commands import COMMANDS
from app.cli.exits import Exit
from app.preferences.keys import ENVIRONMENT, FIRST
from app.preferences.presets import TAGLOOM
from tests.house.sources import ROOT
from tests.widgets.whole import bench as bench
from widgets.guide.pages import KIND, LANGUAGES, PAGES, Guide, guide_words
from widgets.guide.tables import TABLES
from widgets.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
FOLDER = ROOT / "resources" / "guide"
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
PLACE = re.compile(r"\{(?:command|keys|kind|field|option|table|file):[\w.-]+\}")
CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINK = re.compile(r"\]\(([^)]+)\)")
NAMES = frozenset({"TAGLOOM_HOME"})
SAID = frozenset(
    {"refs", ".tagloom-versions", "cards", "settings/cards", "build/guide", ".config", ".config/tagloom"}
)
"""Folders that are made when they are needed."""


def raw(language: str, page: str) -> str:
    return (FOLDER / language / f"{page}.md").read_text("utf-8")


def without_code(text: str) -> str:
    return FENCE.sub("", text)


def test_there_are_no_other_pages() -> None:
    for language in LANGUAGES:
        assert sorted(one.stem for one in (FOLDER / language).glob("*.md")) == sorted(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_have_the_same_parts(page: str) -> None:
    english, chinese = raw("en", page), raw("zh_CN", page)
    assert FENCE.findall(english) == FENCE.findall(chinese)
    levels = [re.findall(r"^(#+) ", without_code(text), re.M) for text in (english, chinese)]
    assert levels[0] == levels[1]
    assert levels[0][0] == "#"
    assert levels[0].count("#") == 1
    for pattern in (PLACE, re.compile(r"\]\(([^)]+)\)")):
        assert Counter(pattern.findall(english)) == Counter(pattern.findall(chinese))
    for pattern in (r"^\d+\. ", r"^- ", r"^\|"):
        found = [len(re.findall(pattern, without_code(text), re.M)) for text in (english, chinese)]
        assert found[0] == found[1], pattern
    words = re.sub(r"[\W\w]*?([\u4e00-\u9fff])", r"\1", chinese)
    assert len(words) > 100, "written in Chinese"


def test_the_words_of_the_tables_are_the_same_in_both() -> None:
    english, chinese = guide_words("en"), guide_words("zh_CN")
    assert list(english) == list(chinese)
    assert all(english.values())
    assert all(chinese.values())


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_page_is_whole_and_every_link_leads_somewhere(bench: Workbench, language: str) -> None:
    guide = bench.help.guide_in(language)
    assert len(guide.ids) == len(PAGES) + len(bench.studio.kinds)
    links = 0
    for id in guide.ids:
        text = guide.page(id)  # raises for whatever it names and the program has not
        assert text.startswith("# ")
        assert not PLACE.search(text), id
        assert guide.title(id)
        for target in LINK.findall(without_code(text)):
            links += 1
            assert target.endswith(".md"), (id, target)
            assert target.removesuffix(".md") in guide.ids, (id, target)
    assert links > 40


async def test_all_that_is_generated_is_used(bench: Workbench) -> None:
    whole = "".join(raw("en", page) for page in PAGES)
    assert {f"{{table:{name}}}" for name in TABLES} <= set(PLACE.findall(whole))


@pytest.mark.parametrize("page", PAGES)
def test_every_command_line_is_understood(page: str) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for kind, block in FENCE.findall(raw("en", page)):
        if kind != "sh":
            continue
        for line in block.splitlines():
            words = shlex.split(line)
            if words[0] == "make":
                assert re.search(rf"^{words[1]}:", makefile, re.M), line
            else:
                assert words[0] == "tagloom", line
                assert parse(words[1:]).command in COMMANDS


@pytest.mark.parametrize("page", PAGES)
def test_what_stands_in_code_is_there(page: str) -> None:
    variables = {*ENVIRONMENT.values(), *FIRST.values(), *NAMES}
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for text in CODE.findall(without_code(raw("en", page))):
        words = text.split()
        if words[0] == "tagloom":
            assert len(words) == 1 or words[1] in COMMANDS or words[1].endswith(".tagloom"), text
        elif words[0] == "make":
            assert re.search(rf"^{words[1]}:", makefile, re.M), text
        elif "/" in text or text.startswith("."):
            there = text in SAID or text in (".toml", ".txt") or (ROOT / text).exists()
            assert there, text
        elif re.fullmatch(r"[A-Z][A-Z_]+", text):
            assert text in variables, text


def test_the_card_of_the_example_is_a_card() -> None:
    card = read_card((FOLDER / "quick-square.toml").read_text("utf-8"))
    assert card.id == "quick-square"
    page = raw("en", "card")
    assert "`quick-square.toml`" in page
    assert "{file:quick-square.toml}" in page
    assert card.title in page
    assert places_under(Path("/x")).cards == Path("/x/settings/cards"), "as the page says"
    for part in re.findall(r"`(\[+[\w.]+\]+)`", page):
        assert part in (FOLDER / "quick-square.toml").read_text("utf-8"), part


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_exit_codes_are_those_that_there_are(language: str) -> None:
    codes = re.findall(r"^\| (\d+) \|", raw(language, "terminal"), re.M)
    assert [int(code) for code in codes] == [int(one) for one in Exit]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_model_is_spoken_of_by_its_name(bench: Workbench, language: str) -> None:
    titles = {card.title for card in bench.studio.cards.values()}
    named = set(re.findall(r"^- \*\*([^*]+)\*\*", raw(language, "models"), re.M))
    assert named == titles


async def test_the_pages_have_the_keys_of_now(bench: Workbench) -> None:
    def page() -> str:
        return bench.help.guide_in("en").page("start")

    assert "`Ctrl+S`" in page()
    bench.hotkeys.rebind("save", ("Ctrl+Alt+S",))
    assert "**File › Save** (`Ctrl+Alt+S`)" in page()
    bench.hotkeys.choose("blender")
    assert "`F12`" in page()
    assert "`F12`" in bench.help.guide_in("zh_CN").page("canvas")


async def test_the_keys_are_all_there(bench: Workbench) -> None:
    page = bench.help.guide_in("en").page("canvas")
    for id, keys in TAGLOOM.items():
        title = bench.commands.command(id).title.replace("&", "")
        assert not keys or f"| {title} | `" in page, id
    for name in ("ComfyUI", "Blender", "Nuke"):
        assert name in page
    assert page.count("\n| ") > len(TAGLOOM) + 25


async def test_every_vendor_and_its_variable_is_there(bench: Workbench) -> None:
    page = bench.help.guide_in("en").page("money")
    for vendor, variable in ENVIRONMENT.items():
        assert f"`{vendor}`" in page
        assert f"`{variable}`" in page


@pytest.mark.parametrize("command", COMMANDS)
async def test_the_command_line_is_told_whole(bench: Workbench, command: str) -> None:
    page = bench.help.guide_in("zh_CN").page("terminal")
    assert f"| `tagloom {command}` |" in page
    if command == "run":
        for option in ("--max-usd N", "--retry-unknown", "-o, --output DIR"):
            assert f"`{option}`" in page
    assert "`set VENDOR`" in page


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_kinds_page_says_all_that_its_card_says(bench: Workbench, language: str) -> None:
    guide = bench.help.guide_in(language)
    for kind in bench.studio.kinds.values():
        page = guide.page(KIND + kind.id).replace("\\", "")
        for one in (*kind.shape.inputs, *kind.shape.outputs, *kind.parameters):
            assert one.help, (kind.id, one.id)
            assert " ".join(one.help.split()) in page, (kind.id, one.id)
        assert " ".join(kind.help.split()) in page
        if kind.card is not None:
            for limit in kind.card.limits:
                assert limit.text in page
                assert limit.source in page
            for choice in (choice for one in kind.parameters for choice in one.choices):
                assert choice.title in page


async def test_pages_are_found_by_their_words(bench: Workbench) -> None:
    guide: Guide = bench.help.guide_in("en")
    assert guide.found("tag")[0] == "tags"
    assert "money" in guide.found("keyring key")
    assert guide.found("keyring zebra") == ()
    assert "tags" in bench.help.guide_in("zh_CN").found("标签 顺序")
