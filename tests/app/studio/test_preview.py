"""A document with a table is shown, checked, estimated and run with one of its rows filled in."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from app.basics.faults import BadInput
from app.document import edits
from app.document.problems import Problem, Severity
from app.engine.events import RunFinished
from app.nodes.check import errors
from app.studio.export_choices import subjects_of
from app.studio.lost import lost_photographs
from app.studio.studio import Studio
from tests.app.studio.conftest import Open
from tests.support.terminal import EXAMPLE

CATALOGUE = EXAMPLE.parent / "catalogue.tagloom"


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """The example with a table, to be changed."""
    shutil.copytree(EXAMPLE.parent / "refs", tmp_path / "refs")
    shutil.copyfile(CATALOGUE.with_suffix(".csv"), tmp_path / "catalogue.csv")
    return Path(shutil.copyfile(CATALOGUE, tmp_path / "catalogue.tagloom"))


@pytest.fixture
async def shop(studio: Studio, catalogue: Path) -> Studio:
    await studio.desk.open(catalogue)
    await studio.checks.refresh()
    return studio


def found(studio: Studio) -> list[Problem]:
    return [one for many in studio.checks.problems.values() for one in many]


async def until(seen: Callable[[], object], what: str) -> None:
    for _ in range(3000):
        if seen():
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"{what} did not come")


def words(studio: Studio) -> object:
    return studio.shown.nodes["words"].values["text"]


def set_value(studio: Studio, node: str, name: str, value: object) -> None:
    studio.commit("set", lambda one: edits.set_value(one, node, name, value))  # type: ignore[arg-type]


async def test_every_row_of_the_example_is_sound(shop: Studio) -> None:
    table = shop.preview.table
    assert table is not None
    assert table.count == 4
    for row in table.rows():
        set_value(shop, "table", "row", row.number)
        assert await shop.checks.refresh() == {}
        assert row.cells["light"] in str(words(shop))
        assert shop.photograph_path("product") == table.path.parent / row.cells["photo"]
        assert shop.job().columns == row.cells
        assert shop.job().document.nodes["picture"].values["seed"] == int(row.cells["seed"])
        assert "image 1" not in shop.checks.sent("picture")
    assert shop.editor.document.nodes["words"].values["text"] != words(shop)


async def test_it_runs_and_is_saved_under_the_row_s_name(shop: Studio) -> None:
    set_value(shop, "table", "row", 4)
    finished: RunFinished = await shop.run()  # the row is read before anything is sent
    names = sorted(one.saved.name for one in finished.results if one.saved)
    assert names == ["CAT-001-13.png"]
    assert finished.results[0].seed == 13
    (subject,) = subjects_of(shop, ["picture"], lambda node: node)
    assert subject.facts.columns["sku"] == "CAT-001"
    assert subject.document is not None
    assert "table" not in subject.document.nodes
    assert "{" not in str(subject.document.nodes["words"].values["text"])
    assert (await shop.estimate(shop.job())).reused == ("picture",)


async def test_another_row_is_followed_while_the_document_is_edited(shop: Studio) -> None:
    assert "hard evening light" in str(words(shop))
    told: list[None] = []
    shop.preview.changed.connect(told.append)
    set_value(shop, "table", "row", 5)
    assert "hard evening light" in str(words(shop)), "the row before, until the next one is read"
    await until(lambda: "high noon" in str(words(shop)), "the other row")
    await until(lambda: shop.checks.problems == {}, "the checks")
    assert told == [None]
    set_value(shop, "words", "text", "{name} as @product in front of @place. {light}")
    assert words(shop) == "cat figurine as @product in front of @place. high noon, a blue sky"
    assert shop.checks.problems == {}
    before = shop.shown
    set_value(shop, "picture", "aspect_ratio", "1:1")
    assert shop.shown.nodes["words"] is before.nodes["words"], "what is the same is shared"
    shop.editor.undo()
    assert words(shop) == "cat figurine as @product in front of @place. high noon, a blue sky"


async def test_a_table_is_read_when_a_document_is_opened(studio: Studio, catalogue: Path) -> None:
    seen: list[int] = []
    studio.checks.changed.connect(lambda problems: seen.append(len(problems)))
    await studio.desk.open(catalogue)
    assert studio.checks.problems == {}, "nothing is said of what is not read yet"
    await until(lambda: "coffee mug" in str(words(studio)), "the table")
    await until(lambda: len(studio.checks.facts) == 2, "the photographs")
    assert studio.checks.problems == {}
    assert set(seen) == {0}
    studio.desk.new()
    assert (studio.preview.table, studio.shown) == (None, studio.editor.document)


async def test_a_file_that_changes_is_read_again_before_a_run(shop: Studio, catalogue: Path) -> None:
    table = catalogue.with_suffix(".csv")
    table.write_text(table.read_text("utf-8").replace("coffee mug", "blue mug"), "utf-8")
    os.utime(table, ns=(1, 1))
    await shop.checks.refresh()
    assert "blue mug" in str(words(shop))
    table.write_text("sku,name\n1,a\n", "utf-8")
    await shop.checks.refresh()
    assert {one.code for one in errors(shop.checks.problems)} == {"table.no-column"}
    with pytest.raises(BadInput) as caught:
        await shop.run()
    assert caught.value.code == "table.no-column"


@pytest.mark.parametrize(
    ("values", "code", "parameter"),
    [
        ({"file": "gone.csv"}, "table.missing", "file"),
        ({"file": "../catalogue.csv"}, "table.outside", "file"),
        ({"file": "/etc/passwd"}, "table.outside", "file"),
        ({"file": "refs/cat.png"}, "table.form", "file"),
        ({"row": 99}, "table.no-row", "row"),
        ({"with": "catalogue.csv"}, "table.same-columns", "with"),
    ],
)
async def test_what_is_wrong_with_a_table_is_all_that_is_said(
    shop: Studio, values: dict[str, object], code: str, parameter: str
) -> None:
    for name, value in values.items():
        set_value(shop, "table", name, value)
    await shop.checks.refresh()
    (problem,) = found(shop)
    assert (problem.code, problem.where.node, problem.where.parameter) == (code, "table", parameter)
    for nodes in (None, ("picture",)):
        with pytest.raises(BadInput) as caught:
            await shop.run(nodes)
        assert caught.value.code == code


async def test_a_table_node_without_a_file_changes_nothing(shop: Studio) -> None:
    set_value(shop, "table", "file", "")
    await shop.checks.refresh()
    assert shop.shown is shop.editor.document
    (problem,) = shop.checks.problems["table"]
    assert (problem.code, problem.severity) == ("table.none", Severity.HINT)
    shop.commit("second", lambda one: edits.add_node(one, "t2", "table", {"file": "catalogue.csv"}))
    await shop.checks.refresh()
    assert "coffee mug" in str(words(shop)), "the one that has a file"
    set_value(shop, "table", "file", "catalogue.csv")
    await shop.checks.refresh()
    assert [one.code for one in shop.checks.problems["t2"]] == ["table.second"]


async def test_no_fix_writes_a_row_into_the_document(shop: Studio) -> None:
    set_value(shop, "words", "text", "{name} as @produkt in front of @place. {light}")
    await shop.checks.refresh()
    problems = [one for one in found(shop) if one.where.node == "words"]
    assert [one.code for one in problems] == ["tag.unknown"]
    assert [(one.fixes, one.span) for one in problems] == [((), None)]
    set_value(shop, "words", "text", "One @produkt in front of @place, in soft light")
    problems = [one for one in found(shop) if one.where.node == "words"]
    assert problems[0].fixes


async def test_photographs_of_rows_are_not_lost(shop: Studio, catalogue: Path) -> None:
    (catalogue.parent / "refs" / "coffee.png").unlink()
    problems = await shop.checks.refresh()
    assert {one.code for many in problems.values() for one in many} == {"image.missing"}
    assert await lost_photographs(shop) == ()


async def test_a_table_from_elsewhere_brings_its_own_folder(
    shop: Studio, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("shop")
    Image.new("RGB", (64, 64), "red").save(elsewhere / "a.png")
    (elsewhere / "t.csv").write_text(
        "sku,name,photo,place,light,seed\n1,cup,a.png,a.png,dim,3\n2,cup,x/../a.png,a.png,dim,3\n", "utf-8"
    )
    set_value(shop, "table", "file", str(elsewhere / "t.csv"))
    await shop.checks.refresh()
    assert [one.code for one in found(shop)] == ["table.outside"]
    shop.desk.trust(elsewhere / "t.csv")
    set_value(shop, "table", "row", 2)
    assert await shop.checks.refresh() == {}
    assert shop.photograph_path("product") == elsewhere / "a.png"
    await shop.desk.save()
    assert shop.editor.document.nodes["table"].values["file"] == str(elsewhere / "t.csv")
    assert not (tmp_path / "refs" / "t.csv").exists()


async def test_a_document_saved_elsewhere_still_finds_its_table(shop: Studio, tmp_path: Path) -> None:
    target = tmp_path / "sub" / "other.tagloom"
    target.parent.mkdir()
    await shop.desk.save(target)
    assert shop.editor.document.nodes["table"].values["file"] == str(tmp_path / "catalogue.csv")
    assert await shop.checks.refresh() == {}
    await shop.desk.save(tmp_path / "back.tagloom")
    assert shop.editor.document.nodes["table"].values["file"] == "catalogue.csv"
    assert await shop.checks.refresh() == {}


async def test_closing_while_a_table_is_read(opened: Open, catalogue: Path) -> None:
    studio = await opened()
    await studio.desk.open(catalogue)
    await asyncio.sleep(0)
    await studio.preview.close()
    assert studio.shown is studio.editor.document
