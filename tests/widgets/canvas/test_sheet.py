"""The face of a Table node: its row's cells, and the buttons that step through the rows."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from app.basics.faults import Where
from app.document.problems import Problem, Severity
from app.document.sockets import Shape
from app.document.values import Node
from widgets.canvas.face import Face, Sheet
from widgets.canvas.kit import Kit
from widgets.canvas.measure import measure
from widgets.canvas.sheet_face import step_at, steps
from widgets.canvas.table_faces import chips_of, table_face
from widgets.theme import COLUMN, DARK, LIGHT, contrast

SHAPE = Shape(kind="table", title="Table")
CELLS = (("sku", "A-1"), ("photo", "refs/cup.png"))


def face(sheet: Sheet, *problems: Problem, title: str = "") -> Face:
    return table_face("shop", Node(kind="table", title=title), SHAPE, sheet, problems)


@pytest.mark.parametrize(
    ("place", "there"), [(1, ["", "row-next"]), (2, ["row-previous", "row-next"]), (3, ["row-previous", ""])]
)
def test_stepped_as_far_as_there_are_rows(qapp: QApplication, place: int, there: list[str]) -> None:
    sheet = Sheet(name="shop.csv", rows=3, place=place, number=place + 1, cells=CELLS)
    rect = measure(face(sheet), Kit(DARK), None).sheet
    assert rect is not None
    assert [step_at(sheet, rect, button.center()) for _, button in steps(sheet, rect)] == there
    assert step_at(sheet, rect, rect.center()) == ""


def test_named_after_its_file_and_as_high_as_its_cells(qapp: QApplication) -> None:
    kit = Kit(DARK)
    few = face(Sheet(name="shop.csv", rows=340, place=1, number=2, cells=CELLS))
    more = face(
        Sheet(name="shop.csv", rows=340, place=1, number=2, cells=(*CELLS, ("light", "soft")), more=4)
    )
    assert (few.title, few.pill) == ("shop.csv", "340 rows")
    assert measure(more, kit, None).height - measure(few, kit, None).height == 44
    assert face(Sheet(name="shop.csv"), title="Shoes").title == "Shoes"
    empty = face(Sheet())
    assert (empty.title, empty.pill) == ("Table", "")
    rect = measure(empty, kit, None).sheet
    assert rect is not None
    assert step_at(Sheet(), rect, QPointF(rect.left() + 3, rect.top() + 3)) == ""


def test_what_is_wrong_stands_on_it(qapp: QApplication) -> None:
    problem = Problem(
        code="table.gone", severity=Severity.ERROR, where=Where(node="shop"),
        title="shop.csv is not there.", advice="Choose it again.",
    )  # fmt: skip
    wrong = face(Sheet(name="shop.csv"), problem)
    assert wrong.errors == 1
    assert [line.text for line in wrong.notice] == ["shop.csv is not there."]
    assert measure(wrong, Kit(DARK), None).notice is not None


def test_columns_are_chips_and_braces_are_not() -> None:
    text = "@cup: {product}, {{product}}, {price} {light }"
    chips = chips_of(text, {"cup": 1}, (), {"product", "light"})
    assert [(text[one.start : one.end], one.slot) for one in chips] == [
        ("@cup", 1), ("{product}", COLUMN), ("{light }", COLUMN),
    ]  # fmt: skip
    for theme in (DARK, LIGHT):
        colours = theme.tag(COLUMN)
        assert contrast(colours.text, colours.ground) >= theme.least
