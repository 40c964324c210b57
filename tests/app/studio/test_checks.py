"""What is wrong, kept up to date while the artist works; photographs are read beside it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from app.basics.faults import BadInput
from app.catalogue.reader import read_cards
from app.document import edits
from app.document.editor import Editor
from app.document.values import Document
from app.imaging.facts import ImageFacts
from app.nodes.check import Problems, Rules, check
from app.nodes.registry import build_kinds, shapes_of
from app.studio.checks import MANY, Checks
from tests.app.document.samples import document, link, node, product_shot

KINDS = build_kinds(read_cards())
RULES = Rules(kinds=KINDS, shapes=shapes_of(KINDS))


@pytest.fixture
def editor() -> Editor:
    return Editor()


@pytest.fixture
async def checks(editor: Editor, tmp_path: Path) -> AsyncIterator[Checks]:
    made = Checks(editor, RULES, lambda file: tmp_path / file)
    yield made
    await made.close()


def paint(path: Path, width: int, height: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (width, height)).save(path)


def shot(file: str = "refs/cup.png") -> Document:
    return document(
        {
            "p": node("reference-image", file=file),
            "words": node("prompt", text="The @cup on a table, soft light."),
            "hero": node("gen4-image"),
        },
        link("words.text", "hero.prompt"),
        link("p.image", "hero.reference_images", "cup"),
    )


def codes(checks: Checks) -> dict[str, list[str]]:
    return {id: [one.code for one in found] for id, found in checks.problems.items()}


async def settled(checks: Checks) -> None:
    while checks._reading:
        await asyncio.gather(*checks._reading.values(), return_exceptions=True)
        await asyncio.sleep(0)


async def test_refresh_reads_every_photograph(editor: Editor, checks: Checks, tmp_path: Path) -> None:
    paint(tmp_path / "refs" / "cup.png", 300, 100)
    editor.replace(shot())
    problems = await checks.refresh()
    assert problems is checks.problems
    assert codes(checks) == {"hero": ["reference.ratio"]}
    fact = checks.facts["p"]
    assert isinstance(fact, ImageFacts)
    assert (fact.width, fact.height) == (300, 100)


async def test_a_new_file_is_read_by_itself(editor: Editor, checks: Checks, tmp_path: Path) -> None:
    paint(tmp_path / "wide.png", 300, 100)
    paint(tmp_path / "good.png", 100, 100)
    told: list[Problems] = []
    checks.changed.connect(told.append)
    editor.commit("open", lambda _: shot("wide.png"))
    await settled(checks)
    assert codes(checks) == {"hero": ["reference.ratio"]}
    editor.commit("file", lambda one: edits.set_value(one, "p", "file", "good.png"))
    assert "p" not in checks.facts  # what was known is of another file
    assert codes(checks) == {}
    await settled(checks)
    assert codes(checks) == {}
    assert "p" in checks.facts
    editor.undo()
    await settled(checks)
    assert codes(checks) == {"hero": ["reference.ratio"]}
    assert told[-1] == checks.problems


@pytest.mark.parametrize(("file", "code"), [("none.png", "image.missing"), ("junk.png", "image.unsupported")])
async def test_a_photograph_that_cannot_be_read_is_said_at_its_node(
    editor: Editor, checks: Checks, tmp_path: Path, file: str, code: str
) -> None:
    (tmp_path / "junk.png").write_text("no picture")
    editor.commit("open", lambda _: shot(file))
    await settled(checks)
    assert codes(checks) == {"p": [code]}
    [problem] = checks.problems["p"]
    assert (problem.where.node, problem.where.parameter) == ("p", "file")
    assert problem.advice


async def test_a_file_that_may_not_be_read_is_said_at_its_node(editor: Editor) -> None:
    def refuse(file: str) -> Path:
        raise BadInput(f"{file} is not read.", advice="Choose it by hand.", code="image.outside")

    checks = Checks(editor, RULES, refuse)
    editor.replace(shot("/etc/passwd"))
    await checks.refresh()
    assert codes(checks) == {"p": ["image.outside"]}
    await checks.close()


async def test_the_last_of_many_files_wins(editor: Editor, checks: Checks, tmp_path: Path) -> None:
    for number in range(8):
        paint(tmp_path / f"{number}.png", 100 + number, 100)
    editor.commit("open", lambda _: shot("0.png"))
    for number in range(8):
        file = f"{number}.png"
        editor.commit("file", lambda one, file=file: edits.set_value(one, "p", "file", file))
    await settled(checks)
    fact = checks.facts["p"]
    assert isinstance(fact, ImageFacts)
    assert fact.width == 107


async def test_another_document_with_the_same_names_is_read_anew(editor: Editor, tmp_path: Path) -> None:
    """`refs/cup.png` of one folder says nothing about that of another."""
    folder = tmp_path / "one"
    checks = Checks(editor, RULES, lambda file: folder / file)
    paint(tmp_path / "one" / "refs" / "cup.png", 300, 100)
    paint(tmp_path / "two" / "refs" / "cup.png", 100, 100)
    editor.replace(shot())
    await settled(checks)
    assert codes(checks) == {"hero": ["reference.ratio"]}
    folder = tmp_path / "two"
    editor.replace(shot())
    assert checks.facts == {}
    await settled(checks)
    assert codes(checks) == {}
    await checks.close()


async def test_an_empty_document_takes_all_problems_away(editor: Editor, checks: Checks) -> None:
    editor.replace(product_shot("@nobody"))
    assert checks.problems
    told: list[Problems] = []
    checks.changed.connect(told.append)
    editor.replace(document({}))
    assert checks.problems == {}
    assert told == [{}]


async def test_what_is_gone_is_not_remembered(editor: Editor, checks: Checks, tmp_path: Path) -> None:
    paint(tmp_path / "refs" / "cup.png", 100, 100)
    editor.replace(shot())
    await checks.refresh()
    editor.commit("delete", lambda one: edits.remove_nodes(one, ["p"]))
    assert checks.facts == {}
    assert "p" not in checks.problems


async def test_an_edit_during_a_refresh_is_not_lost(editor: Editor, checks: Checks, tmp_path: Path) -> None:
    paint(tmp_path / "refs" / "cup.png", 300, 100)
    paint(tmp_path / "good.png", 100, 100)
    editor.replace(shot())
    await settled(checks)
    refreshing = asyncio.ensure_future(checks.refresh())
    await asyncio.sleep(0)
    editor.commit("file", lambda one: edits.set_value(one, "p", "file", "good.png"))
    await refreshing
    await settled(checks)
    assert codes(checks) == {}
    fact = checks.facts["p"]
    assert isinstance(fact, ImageFacts)
    assert fact.width == 100


def test_without_a_loop_the_graph_is_checked_and_photographs_wait(tmp_path: Path) -> None:
    editor = Editor()
    checks = Checks(editor, RULES, lambda file: tmp_path / file)
    editor.commit("open", lambda _: product_shot("@nobody"))
    assert "tag.unknown" in [one.code for one in checks.problems["hero"]]
    assert checks.facts == {}


def many(folder: Path, count: int) -> Document:
    """Models with a photograph each, every tenth of them missing."""
    for number in range(count):
        if number % 10:
            paint(folder / f"{number}.png", 100, 100 if number % 3 else 300)
    nodes, links = {}, []
    for number in range(count):
        nodes[f"p{number}"] = node("reference-image", file=f"{number}.png")
        nodes[f"w{number}"] = node("prompt", text="The @cup, soft light.")
        nodes[f"m{number}"] = node("gen4-image")
        links += [link(f"w{number}.text", f"m{number}.prompt")]
        links += [link(f"p{number}.image", f"m{number}.reference_images", "cup")]
    return document(nodes, *links)


def plain(problems: Problems) -> dict[str, list[tuple[str, str]]]:
    """Without the edits that fix them: two functions are never the same."""
    return {id: [(one.code, one.title) for one in found] for id, found in problems.items()}


async def test_a_large_document_is_read_at_once_and_told_few_times(
    editor: Editor, checks: Checks, tmp_path: Path
) -> None:
    """Checked anew for each photograph that has been read, it would take minutes."""
    large = many(tmp_path, MANY // 2)
    told: list[Problems] = []
    checks.changed.connect(told.append)
    editor.replace(large)
    assert told == [{}]
    problems = await checks.refresh()
    assert plain(problems) == plain(check(large, RULES, checks.facts))
    assert len(checks.facts) == MANY // 2
    assert sum(one == ["image.missing"] for one in codes(checks).values()) == MANY // 20
    assert len(told) <= 3
    await settled(checks)
    assert plain(checks.problems) == plain(problems)


async def test_edits_while_a_large_document_is_checked_are_not_lost(
    editor: Editor, checks: Checks, tmp_path: Path
) -> None:
    editor.replace(many(tmp_path, MANY // 2))
    refreshing = asyncio.ensure_future(checks.refresh())
    for number in range(30):
        words = f"The @nobody {number}, soft light."
        editor.commit("type", lambda one, n=number, words=words: edits.set_value(one, f"w{n}", "text", words))
        await asyncio.sleep(0.005)
    editor.commit("gone", lambda one: edits.remove_nodes(one, ["p40", "m41"]))
    await refreshing
    await settled(checks)
    assert plain(checks.problems) == plain(check(editor.document, RULES, checks.facts))
    assert "p40" not in checks.facts


async def test_of_a_document_that_was_put_away_nothing_is_kept(
    editor: Editor, checks: Checks, tmp_path: Path
) -> None:
    editor.replace(many(tmp_path, MANY // 2))
    await asyncio.sleep(0.01)
    editor.replace(product_shot("@nobody"))
    await settled(checks)
    await asyncio.sleep(0.1)
    assert set(checks.problems) <= set(product_shot().nodes)
    assert set(checks.facts) <= set(product_shot().nodes)
