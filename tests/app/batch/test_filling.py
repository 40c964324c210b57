"""A row in a document: words, files, tags, seeds, choices, titles; never twice, and never a path outside."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.basics.faults import Where
from app.batch.filling import attempted, columns_used, filled
from app.batch.row_faults import BadRow
from app.batch.standing import Standing, resolver
from app.batch.table import open_table
from app.document.paths import resolve
from app.document.values import BLANK, WAITING_TAGS, Document, Node
from tests.app.batch.tables import KINDS, SHOT_ROW, linked, node, refused, row, shot, written


def fault_of(document: Document, **cells: str) -> BadRow:
    fault = refused(lambda: filled(document, row(7, **cells), KINDS))
    assert isinstance(fault, BadRow)
    assert "Row 7" in fault.title
    return fault


def alone(made: Node) -> Document:
    return linked({"n": made})


def test_everything_is_filled_in_and_the_rest_is_shared() -> None:
    before = shot(other=node("prompt", text="as it is"))
    after = filled(before, row(**SHOT_ROW), KINDS)
    assert after.nodes["words"].values["text"] == "A red @shoe on a table"
    assert after.nodes["photo"].values == {"file": "shoe.png", "sha256": ""}
    assert after.nodes["hero"].values["seed"] == 7
    assert after.nodes["keep"] is before.nodes["keep"]  # `name_template` fills in names
    assert after.nodes["other"] is before.nodes["other"]
    assert [one.tag for one in after.links] == ["", "shoe", ""]


def test_without_columns_nothing_changes() -> None:
    plain = linked({"n": node("prompt", text="no columns")})
    assert filled(plain, row(a="1"), KINDS) is plain
    assert filled(BLANK, row(a="1"), KINDS) is BLANK


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("{a}", "1"),
        ("{ A }", "1"),
        ("{row.a}{Row.B}", "1{a}"),
        ("{{a}} {{{a}}}", "{a} {1}"),
        ("}", "}"),
        ("{b}{b}", "{a}{a}"),
        ("{ with   Blanks }", "x"),
        ("@{a}", "@1"),
    ],
)
def test_braces(text: str, result: str) -> None:
    cells = {"a": "1", "b": "{a}", "With blanks": "x"}
    assert filled(alone(node("prompt", text=text)), row(**cells), KINDS).nodes["n"].values["text"] == result


@pytest.mark.parametrize(
    ("made", "field", "value"),
    [
        (node("gen4-image", seed="{x}"), "seed", {"42": 42, " 42 ": 42, "42.0": 42, "": None}),
        (node("gen4-image", resolution="{x}"), "resolution", {"720p": "720p", "": "1080p"}),
        (node("gen4-image", aspect_ratio="{x}:9"), "aspect_ratio", {"16": "16:9", "21": "21:9"}),
        (node("gen4-image", vendor="{x}"), "vendor", {"replicate": "replicate", "": "auto"}),
        (node("flux-2-pro", output_format="{x}"), "output_format", {"PNG": "png"}),
        (node("note", text="{x}"), "text", {"42": "{x}"}),
        (node("table", file="{x}"), "file", {"42": "{x}"}),
        (node("unheard-of", text="{x}"), "text", {"42": "{x}"}),
    ],
)
def test_cells_become_what_the_field_takes(made: Node, field: str, value: dict[str, object]) -> None:
    for cell, expected in value.items():
        after = filled(alone(made), row(x=cell.strip()), KINDS).nodes["n"]
        assert after.values[field] == expected


def test_titles_and_tags_that_wait_are_filled_in() -> None:
    made = Node(kind="gen4-image", title="{x} shot", values={WAITING_TAGS: ("{x}", "wall")})
    after = filled(alone(made), row(x="shoe"), KINDS).nodes["n"]
    assert after.title == "shoe shot"
    assert after.values[WAITING_TAGS] == ("shoe", "wall")


def test_a_skipped_node_stays_as_it_is() -> None:
    made = Node(kind="prompt", skip=True, values={"text": "{gone}"})
    assert filled(alone(made), row(x="1"), KINDS).nodes["n"] is made


@pytest.mark.parametrize(
    ("made", "cell", "code", "parameter"),
    [
        (node("gen4-image", seed="{x}"), "many", "table.value", "seed"),
        (node("gen4-image", seed="{x}"), "4.5", "table.value", "seed"),
        (node("gen4-image", resolution="{x}"), "8K", "table.value", "resolution"),
        (node("reference-image", file="{x}"), "", "table.no-file", "file"),
        (node("reference-image", file="{x}"), "/etc/passwd", "table.absolute", "file"),
        (node("reference-image", file="{x}"), "C:\\shoe.png", "table.absolute", "file"),
        (node("reference-image", file="{x}"), "\\\\server\\shoe.png", "table.absolute", "file"),
        (node("reference-image", file="{x}"), "../shoe.png", "table.outside", "file"),
        (node("reference-image", file="a/{x}"), "b/../../../shoe.png", "table.outside", "file"),
        (node("reference-image", file="a/{x}"), "..\\..\\shoe.png", "table.outside", "file"),
    ],
)
def test_what_does_not_fit_is_told_with_row_and_column(
    made: Node, cell: str, code: str, parameter: str
) -> None:
    fault = fault_of(alone(made), x=cell)
    assert (fault.code, fault.row, fault.column) == (code, 7, "x")
    assert fault.where == Where(node="n", parameter=parameter)
    assert "column “x”" in fault.title


@pytest.mark.parametrize(
    ("text", "code", "advice"),
    [
        ("{colur}", "table.no-column", "Did you mean {colour}?"),
        ("{}", "table.no-column", "{colour}"),
        ("{colour", "table.brace", "{{"),
        ("{ {colour} }", "table.brace", "{{"),
    ],
)
def test_names_that_are_no_column(text: str, code: str, advice: str) -> None:
    fault = fault_of(alone(node("prompt", "Words", text=text)), colour="red", size="L")
    assert (fault.code, fault.where.node, fault.where.parameter) == (code, "n", "text")
    assert advice in fault.advice
    assert "Words" in fault.title


def test_a_wrong_tag_has_its_place_and_takes_nothing_with_it() -> None:
    attempt = attempted(shot(), row(**{**SHOT_ROW, "seed": "x"}), KINDS)
    assert [(one.code, one.where.node) for one in attempt.faults] == [("table.value", "hero")]
    assert attempt.document.nodes["photo"].values["file"] == "shoe.png"
    assert attempt.document.nodes["hero"].values["seed"] == "{seed}"
    without = {name: cell for name, cell in SHOT_ROW.items() if name != "tag"}
    found = attempted(shot(words=node("prompt", text="x")), row(**without), KINDS).faults
    assert [one.where for one in found] == [Where(node="hero", socket="reference_images", item=0)]


def test_the_columns_that_are_used() -> None:
    columns = ("stock", *SHOT_ROW, "price")
    assert columns_used(shot(), columns, KINDS) == tuple(SHOT_ROW)
    assert columns_used(shot(), columns) == tuple(SHOT_ROW)
    assert columns_used(shot(words=node("prompt", text="{PRICE} {gone}")), columns, KINDS)[-1] == "price"
    assert columns_used(BLANK, columns, KINDS) == ()


CELL = st.text(st.sampled_from("ab{}@\"'\n\\ %＠é鞋"), max_size=12)


@given(st.lists(CELL, min_size=2, max_size=2), st.sampled_from(["{a}", "{a}{b}", "x {b} {{a}} {a}"]))
def test_cells_are_never_filled_in_twice(cells: list[str], text: str) -> None:
    a, b = cells
    after = filled(alone(node("prompt", text=text)), row(a=a, b=b), KINDS).nodes["n"].values["text"]
    expected = {"{a}": a, "{a}{b}": a + b, "x {b} {{a}} {a}": f"x {b} {{a}} {a}"}
    assert after == expected[text]


@pytest.mark.parametrize(
    ("home", "folder", "value"),
    [
        (".", ".", "photos/a.png"),
        (".", "tables", "tables/photos/a.png"),
        ("docs", "tables", "{}/tables/photos/a.png"),
        (None, "tables", "{}/tables/photos/a.png"),
    ],
)
def test_files_stand_in_the_folder_of_their_table(
    tmp_path: Path, home: str | None, folder: str, value: str
) -> None:
    (tmp_path / folder).mkdir(exist_ok=True)
    table = open_table(written(tmp_path / folder / "t.csv", [["photo"], ["photos/a.png"]]))
    standing = Standing(table=table, home=None if home is None else tmp_path / home)
    photo = linked(
        {"n": node("reference-image", file="{photo}"), "own": node("reference-image", file="b.png")}
    )
    after = filled(photo, table.first(), KINDS, standing)
    assert after.nodes["n"].values["file"] == value.format(tmp_path)
    assert after.nodes["own"].values["file"] == "b.png"
    find = resolver(lambda file: resolve(standing.home, file), standing.elsewhere)
    assert find(str(after.nodes["n"].values["file"])) == tmp_path / folder / "photos" / "a.png"


def test_no_link_leads_out_of_the_folder_of_a_table(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "way").symlink_to(tmp_path / "secret")
    find = resolver(lambda file: resolve(tmp_path / "docs", file), [tmp_path / "tables"])
    for file in ("tables/way/a.png", "secret/a.png", "tables/../secret/a.png"):
        assert refused(lambda file=file: find(str(tmp_path / file))).code == "image.outside"
    assert find(str(tmp_path / "tables" / "a.png")) == tmp_path / "tables" / "a.png"
