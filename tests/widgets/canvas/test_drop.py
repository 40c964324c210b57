"""Files, pictures, documents and kinds, dropped by real drag events."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication

from app.document.edits import remove_nodes, set_value
from app.document.values import End
from tests.widgets.canvas.steps import no_step, one_step
from tests.widgets.canvas.world import EXAMPLES, Canvas, canvas, example
from widgets.canvas.drop import KIND_MIME, MOST_FILES, photographs_in
from widgets.canvas.face import Sheet
from widgets.canvas.hooks import Hooks
from widgets.canvas.sheet_face import steps

COFFEE, BRICK = EXAMPLES / "coffee.png", EXAMPLES / "brick.png"


@dataclass
class Studio:
    """What the canvas asked of it."""

    folder: Path
    trusted: list[Path] = field(default_factory=list)
    kept: list[tuple[bytes, str]] = field(default_factory=list)
    carrying: set[Path] = field(default_factory=set)
    looked: list[Path] = field(default_factory=list)

    def keep(self, data: bytes, name: str, then: Callable[[Path], None]) -> None:
        self.kept.append((data, name))
        path = self.folder / name
        path.write_bytes(data)
        then(path)

    def carries(self, path: Path, then: Callable[[bool], None]) -> None:
        self.looked.append(path)
        then(path in self.carrying)


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


@pytest.fixture
def made(qapp: QApplication, studio: Studio) -> Iterator[Canvas]:
    hooks = Hooks(trust=studio.trusted.append, keep=studio.keep, carries=studio.carries)
    with canvas(qapp, example(), hooks) as one:
        yield one


def drop(made: Canvas, data: QMimeData, at: QPoint) -> bool:
    """Enters, hovers and drops; whether it was taken."""
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(at, Qt.DropAction.CopyAction, data, left, none)
    QApplication.sendEvent(made.viewport, enter)
    if not enter.isAccepted():
        return False
    event = QDropEvent(QPointF(at), Qt.DropAction.CopyAction, data, left, none)
    QApplication.sendEvent(made.viewport, event)
    return event.isAccepted()


def urls(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def test_photographs_on_empty_canvas_become_nodes_at_the_cursor(made: Canvas, studio: Studio) -> None:
    with one_step(made, "Add photographs"):
        assert drop(made, urls(COFFEE, BRICK), made.at(800, 500))
        assert set(made.view.selected()) == {"coffee", "brick"}
    assert made.document.nodes["coffee"].values["file"] == COFFEE.as_posix()
    assert made.document.layout["coffee"].x == 776
    assert made.document.layout["brick"].x == 808
    assert studio.trusted == [COFFEE, BRICK]


def test_on_a_reference_image_the_file_is_replaced(made: Canvas) -> None:
    with one_step(made, "Replace photograph"):
        drop(made, urls(BRICK), made.on("shoe", 90, 70))
    assert made.document.nodes["shoe"].values["file"] == BRICK.as_posix()
    assert made.document.nodes["shoe"].values["sha256"] == ""
    assert len(made.document.nodes) == 6
    assert [link.tag for link in made.document.links.out_of("shoe")] == ["sneaker"]


def test_on_a_model_it_is_added_and_linked(made: Canvas) -> None:
    made.view.handling.operations.add("gen4-image", QPointF(780, 420))
    with one_step(made, "Add photographs"):
        drop(made, urls(COFFEE, BRICK), made.on("gen4-image", 100, 150))
    linked = made.document.links.into("gen4-image", "reference_images")
    assert [link.source for link in linked] == [End("coffee", "image"), End("brick", "image")]


def test_a_model_takes_no_more_than_it_may(made: Canvas) -> None:
    with one_step(made, "Add photographs"):
        drop(made, urls(COFFEE), made.on("hero", 100, 150))
    assert "coffee" in made.document.nodes
    assert len(made.document.links.into("hero", "reference_images")) == 3


def test_a_table_becomes_a_node_and_another_takes_its_place(made: Canvas, studio: Studio) -> None:
    shop, other = studio.folder / "shop.csv", studio.folder / "other.TSV"
    for file in (shop, other):
        file.write_text("sku\tname\nA-1\tcup\n")
    with one_step(made, "Add a table"):
        assert drop(made, urls(shop), made.at(800, 500))
        assert made.view.selected() == ("table",)
    assert made.document.nodes["table"].values["file"] == shop.as_posix()
    assert studio.trusted == [shop]
    stepped = set_value(made.document, "table", "row", 7)
    made.view.stage.editor.commit("Show row 7", lambda _: stepped)
    with one_step(made, "Change the table"):
        assert drop(made, urls(other), made.on("table"))
    assert made.document.nodes["table"].values["file"] == other.as_posix()
    assert made.document.nodes["table"].values["row"] is None, "its rows are other ones"
    with one_step(made, "Add a table"):
        assert drop(made, urls(shop), made.on("shoe", 90, 70))  # a photograph takes no table


def test_the_row_of_a_table_is_stepped_by_its_buttons(made: Canvas, studio: Studio) -> None:
    made.view.handling.operations.add("table", QPointF(780, 420))
    sheet = Sheet(name="shop.csv", rows=3, place=1, number=2, cells=(("sku", "A-1"),))
    made.view.set_table({"table": sheet}, {}, frozenset({"sku"}))
    stepped: list[int] = []
    made.view.row_stepped.connect(stepped.append)
    item = made.view.stage.graph.item("table")
    assert item is not None
    assert item.layout.sheet is not None
    (_, back), (_, on) = steps(sheet, item.layout.sheet)
    with no_step(made):
        made.click(made.on("table", back.center().x(), back.center().y()))
        made.click(made.on("table", on.center().x(), on.center().y()))
        made.click(made.on("table", on.center().x(), on.center().y()))
    assert stepped == [1, 1], "there is none before the first"


def test_a_picture_from_a_browser_is_kept_as_a_file(made: Canvas, studio: Studio) -> None:
    data = QMimeData()
    image = QImage(8, 6, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    data.setImageData(image)
    with one_step(made, "Add photographs"):
        assert drop(made, data, made.at(800, 500))
    assert studio.kept[0][0].startswith(b"\x89PNG")
    assert made.document.nodes["pasted"].values["file"] == (studio.folder / "pasted.png").as_posix()


def test_a_pasted_picture_too_and_its_bytes_as_they_came(made: Canvas, studio: Studio) -> None:
    data = QMimeData()
    data.setData("image/jpeg", b"\xff\xd8\xff jpeg as it came")
    QApplication.clipboard().setMimeData(data)
    made.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert studio.kept == [(b"\xff\xd8\xff jpeg as it came", "pasted.jpg")]
    assert "pasted" in made.document.nodes


def test_a_document_is_asked_to_be_opened(made: Canvas, tmp_path: Path) -> None:
    heard: list[str] = []
    made.view.open_requested.connect(heard.append)
    path = tmp_path / "other.tagloom"
    path.write_text("{}")
    with no_step(made):
        assert drop(made, urls(path), made.at(800, 500))
    assert heard == [str(path)]


def test_a_picture_that_carries_a_document_is_asked_to_be_opened(made: Canvas, studio: Studio) -> None:
    heard: list[str] = []
    made.view.open_requested.connect(heard.append)
    studio.carrying.add(COFFEE)
    with no_step(made):
        assert drop(made, urls(COFFEE), made.at(800, 500))
    assert (heard, studio.trusted) == ([str(COFFEE)], [])


def test_it_stays_a_photograph_on_a_node_among_others_and_where_it_carries_none(
    made: Canvas, studio: Studio
) -> None:
    heard: list[str] = []
    made.view.open_requested.connect(heard.append)
    with one_step(made, "Add photographs"):
        drop(made, urls(BRICK), made.at(800, 500))
    assert studio.looked == [BRICK]
    studio.carrying |= {COFFEE, BRICK}
    with one_step(made, "Replace photograph"):
        drop(made, urls(BRICK), made.on("shoe", 90, 70))
    with one_step(made, "Add photographs"):
        drop(made, urls(COFFEE), made.on("words", 60, 12))
    with one_step(made, "Add photographs"):
        drop(made, urls(COFFEE, BRICK), made.at(800, 560))
    assert (heard, studio.looked) == ([], [BRICK])


def test_json_is_refused_and_never_imported(made: Canvas, tmp_path: Path) -> None:
    """NodeGraphQt would import any JSON file in silence, and clear its undo."""
    path = tmp_path / "session.json"
    path.write_text(json.dumps({"graph": {}, "nodes": {}}))
    with no_step(made):
        assert not drop(made, urls(path), made.at(800, 500))
        made.view.stage.graph._on_node_data_dropped(urls(path), QPoint(0, 0))


def test_a_kind_from_the_palette(made: Canvas) -> None:
    data = QMimeData()
    data.setData(KIND_MIME, b"prompt")
    with one_step(made, "Add Prompt"):
        assert drop(made, data, made.at(800, 500))
    assert made.document.layout["prompt"].x == 776
    data.setData(KIND_MIME, b"no-such-kind")
    with no_step(made):
        drop(made, data, made.at(800, 500))


def test_addresses_are_told_and_plain_http_is_not(made: Canvas) -> None:
    heard: list[tuple[str, ...]] = []
    made.view.addresses_dropped.connect(lambda addresses, at, target: heard.append(addresses))
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/a.png")])
    with no_step(made):
        assert drop(made, data, made.at(800, 500))
    data.setUrls([QUrl("http://example.org/a.png")])
    assert not drop(made, data, made.at(800, 500))
    assert heard == [("https://example.org/a.png",)]


def test_folders_give_their_photographs_by_name_and_not_too_many(tmp_path: Path) -> None:
    for number in range(MOST_FILES + 5):
        (tmp_path / f"{number:04}.JPG").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("no")
    found = photographs_in([tmp_path])
    assert len(found) == MOST_FILES
    assert found[0].name == "0000.JPG"


def test_text_from_elsewhere_earns_no_trust(made: Canvas, studio: Studio) -> None:
    made.view.select(["shoe"])
    made.key(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    text = QApplication.clipboard().text()
    made.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert studio.trusted == [COFFEE]
    studio.trusted.clear()
    QApplication.clipboard().setText(text.replace("coffee.png", "secret.png"))
    made.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert studio.trusted == []
    assert len(made.document.nodes) == 8


def test_photographs_for_a_model_lie_on_no_other(made: Canvas, studio: Studio) -> None:
    made.editor.commit("room", lambda document: remove_nodes(document, ["shoe"]))
    before = set(made.document.nodes)
    assert drop(made, urls(COFFEE, BRICK), made.on("hero", 100, 60))
    QApplication.processEvents()
    new = set(made.document.nodes) - before
    assert len(new) == 2
    rects = {id: made.view.rect_of(id) for id in made.document.nodes}
    for id in new:
        covered = [other for other, rect in rects.items() if other != id and rect.intersects(rects[id])]
        assert covered == [], f"{id} lies on {covered}"
