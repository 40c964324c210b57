"""Real mouse and keyboard events; each gesture is exactly one step, and none when it is cancelled."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from app.document.values import End
from tests.widgets.canvas.steps import ALT, CTRL, EMPTY, SHIFT, no_step, one_step, place
from tests.widgets.canvas.world import Canvas, canvas, example, node
from widgets.canvas.in_place import TitleEditor


def test_a_card_is_dragged(shown: Canvas) -> None:
    start = shown.on("hero")
    with one_step(shown, "Move"):
        shown.drag(start, start + QPoint(120, 45))
    assert place(shown, "hero") == (530.0, 137.0)
    assert shown.view.selected() == ("hero",)


def test_a_drag_that_is_cancelled_leaves_everything(shown: Canvas) -> None:
    start = shown.on("hero")
    with no_step(shown):
        shown.drag(start, start + QPoint(120, 45), let_go=False)
        assert shown.view.rect_of("hero").x() == 530
        shown.key(Qt.Key.Key_Escape)
        assert shown.view.rect_of("hero").x() == 410
        shown.release(start + QPoint(120, 45))


def test_a_click_selects_and_is_no_step(shown: Canvas) -> None:
    with no_step(shown):
        shown.click(shown.on("hero"))
        assert shown.view.selected() == ("hero",)
        shown.click(shown.on("words"), SHIFT)
        assert set(shown.view.selected()) == {"hero", "words"}
        shown.click(shown.on("hero"), CTRL)
        assert shown.view.selected() == ("words",)
        shown.click(shown.at(*EMPTY))
        assert shown.view.selected() == ()


def test_many_move_together_and_shift_takes_the_grid(shown: Canvas) -> None:
    shown.view.select(["hero", "save"])
    start = shown.on("hero")
    with one_step(shown, "Move"):
        shown.drag(start, start + QPoint(31, 13), held=SHIFT)
    x, y = place(shown, "hero")
    assert (x, y) == (440.0, 100.0)
    assert (place(shown, "save")[0] - x, place(shown, "save")[1] - y) == (376.0, 54.0)


def test_alt_drag_makes_copies(shown: Canvas) -> None:
    shown.view.select(["shoe"])
    start = shown.on("shoe")
    with one_step(shown, "Duplicate"):
        shown.drag(start, start + QPoint(400, 300), held=ALT)
    (copy,) = shown.view.selected()
    assert copy != "shoe"
    assert place(shown, copy) == (430.0, 518.0)
    assert place(shown, "shoe") == (30.0, 218.0)


def test_a_box_selects_adds_and_takes(shown: Canvas) -> None:
    with no_step(shown):
        shown.drag(shown.at(690, 60), shown.at(1000, 300))
        assert set(shown.view.selected()) == {"hero", "save"}
        shown.drag(shown.at(-60, -40), shown.at(200, 60), held=SHIFT)
        assert set(shown.view.selected()) == {"hero", "save", "words"}
        shown.drag(shown.at(740, 120), shown.at(1000, 300), held=CTRL)
        assert set(shown.view.selected()) == {"hero", "words"}
        shown.drag(shown.at(690, 60), shown.at(1000, 300), let_go=False)
        shown.key(Qt.Key.Key_Escape)
        assert set(shown.view.selected()) == {"hero", "words"}
        shown.release(shown.at(1000, 300))


def add_photo(made: Canvas) -> None:
    """A fourth photograph, not linked."""
    made.view.handling.operations.add("reference-image", QPointF(30, 680))
    made.view.select(())


def test_a_link_is_drawn_from_an_output(qapp: QApplication) -> None:
    document = example()
    with canvas(qapp, document) as made:
        made.view.handling.operations.add("preview", QPointF(780, 400))
        with one_step(made, "Link"):
            made.drag(made.plug("hero", "image"), made.at(775, 459))
        links = made.document.links.into("preview")
        assert [link.source for link in links] == [End("hero", "image")]


def test_a_link_is_drawn_from_an_input(shown: Canvas) -> None:
    shown.view.handling.operations.add("preview", QPointF(780, 400))
    inlet = shown.view.stage.graph.item("preview")
    assert inlet is not None
    start = shown.at(inlet.plugs_in[0].scenePos().x(), inlet.plugs_in[0].scenePos().y())
    with one_step(shown, "Link"):
        shown.drag(start, shown.on("shoe", 100, 80))
    assert [link.source for link in shown.document.links.into("preview")] == [End("shoe", "image")]


def test_what_does_not_fit_says_why_and_is_dimmed(shown: Canvas) -> None:
    start = shown.plug("words", "text")
    with no_step(shown):
        shown.drag(start, shown.plug("hero", "reference_images"), let_go=False)
        overlay = shown.view.viewer.overlay
        assert overlay.ring is not None
        save = shown.view.stage.graph.item("save")
        assert save is not None
        assert save.fitting == frozenset()
        shown.move(shown.plug("save", "image"))
        assert overlay.ring is not None
        assert not overlay.ring[1]
        assert overlay.words == "Takes an image, not words."
        shown.release(shown.plug("save", "image"))
    assert overlay.words == ""
    assert save.fitting is None


def test_a_full_input_refuses_a_fourth_photograph(shown: Canvas) -> None:
    add_photo(shown)
    with no_step(shown):
        shown.drag(
            shown.plug("reference-image", "image"), shown.plug("hero", "reference_images"), let_go=False
        )
        assert shown.view.viewer.overlay.words == "3 at most, and all are there."
        shown.release(shown.plug("hero", "reference_images"))


def test_a_link_end_is_plugged_elsewhere_and_its_tag_goes_along(shown: Canvas) -> None:
    shown.view.handling.operations.add("gen4-image", QPointF(780, 400))
    shown.view.select(())
    with one_step(shown, "Move link"):
        shown.drag(shown.plug("hero", "reference_images"), shown.plug("gen4-image", "reference_images"))
    moved = shown.document.links.into("gen4-image", "reference_images")
    assert [(link.source.node, link.tag) for link in moved] == [("wall", "studio")]
    assert [link.tag for link in shown.document.links.into("hero", "reference_images")] == [
        "sneaker",
        "model",
    ]


def test_a_link_end_let_go_on_empty_is_unlinked(shown: Canvas) -> None:
    with one_step(shown, "Unlink"):
        shown.drag(shown.plug("save", "image"), shown.at(*EMPTY))
    assert not shown.document.links.into("save")
    assert shown.view.handling.search.isHidden()


def test_a_plugged_link_that_comes_back_is_no_step(shown: Canvas) -> None:
    with no_step(shown):
        at = shown.plug("save", "image")
        shown.drag(at, at + QPoint(40, 60), let_go=False)
        shown.move(at + QPoint(3, 2))
        shown.release(at + QPoint(3, 2))


def test_escape_ends_a_link(shown: Canvas) -> None:
    with no_step(shown):
        shown.drag(shown.plug("save", "image"), shown.at(*EMPTY), let_go=False)
        shown.key(Qt.Key.Key_Escape)
        shown.release(shown.at(*EMPTY))
    assert shown.view.viewer.overlay.wire is None


def test_a_selected_link_is_deleted(shown: Canvas) -> None:
    wire = shown.view.stage.graph.wires[End("hero", "image"), End("save", "image")]
    middle = wire.path().pointAtPercent(0.5)
    shown.click(shown.at(middle.x(), middle.y()))
    assert shown.view.stage.chosen_wire is wire
    with one_step(shown, "Delete"):
        shown.key(Qt.Key.Key_Delete)
    assert not shown.document.links.into("save")


def test_a_link_dropped_on_empty_searches_what_fits_and_joins_it(shown: Canvas) -> None:
    heard: list[object] = []
    shown.view.open_search_requested.connect(lambda at, context: heard.append(context))
    shown.drag(shown.plug("hero", "image"), shown.at(*EMPTY))
    assert len(heard) == 1
    assert shown.view.viewer.overlay.wire is not None
    found = shown.view.handling.search.found()
    assert "save-image" in found
    assert "preview" in found
    assert "prompt" not in found
    shown.key(Qt.Key.Key_P, on=shown.view.handling.search.line)
    with one_step(shown, "Add Preview"):
        shown.key(Qt.Key.Key_Return, on=shown.view.handling.search.line)
    assert [link.source for link in shown.document.links.into("preview")] == [End("hero", "image")]
    assert shown.view.viewer.overlay.wire is None
    assert shown.view.selected() == ("preview",)


def test_tab_and_a_double_click_search_by_keyboard_alone(shown: Canvas) -> None:
    shown.double(shown.at(*EMPTY))
    line = shown.view.handling.search.line
    assert shown.view.handling.search.isVisible()
    for letter in "refim":
        shown.key(Qt.Key(ord(letter.upper())), on=line)
    assert shown.view.handling.search.found()[0] == "reference-image"
    with one_step(shown, "Add Reference Image"):
        shown.key(Qt.Key.Key_Return, on=line)
    assert place(shown, "reference-image") == EMPTY
    shown.view.select(())
    shown.key(Qt.Key.Key_Tab)
    assert shown.view.handling.search.isVisible()
    with no_step(shown):
        shown.key(Qt.Key.Key_Escape, on=line)
    assert shown.view.handling.search.isHidden()


def test_a_frame_carries_its_cards(shown: Canvas) -> None:
    start = shown.at(100, 190)
    with one_step(shown, "Move"):
        shown.drag(start, start + QPoint(-30, 20))
    assert shown.document.frames["refs"].rect[:2] == (-50.0, 198.0)
    assert place(shown, "ana") == (0.0, 382.0)
    assert place(shown, "words") == (0.0, 0.0)


def test_a_frame_is_sized_by_its_corner(shown: Canvas) -> None:
    start = shown.at(296, 644)
    with one_step(shown, "Resize frame"):
        shown.drag(start, start + QPoint(50, 30))
    assert shown.document.frames["refs"].rect == (-20.0, 178.0, 370.0, 500.0)


def test_a_card_is_widened_by_its_edge(shown: Canvas) -> None:
    rect = shown.view.rect_of("hero")
    start = shown.at(rect.right(), rect.bottom() - 40)
    with one_step(shown, "Resize"):
        shown.drag(start, start + QPoint(60, 0))
    assert shown.document.layout["hero"].width == 350.0
    assert shown.view.rect_of("hero").width() == 350
    with no_step(shown):
        edge = start + QPoint(60, 0)
        shown.drag(edge, edge + QPoint(60, 0), let_go=False)
        shown.key(Qt.Key.Key_Escape)
        shown.release(edge)


def test_a_title_is_renamed_in_place(shown: Canvas) -> None:
    shown.double(shown.on("hero"))
    field = shown.view.handling.in_place.field
    assert isinstance(field, TitleEditor)
    field.setText("Hero shot")
    with one_step(shown, "Rename"):
        shown.key(Qt.Key.Key_Return, on=field)
    assert shown.document.nodes["hero"].title == "Hero shot"
    assert shown.view.handling.in_place.field is None
    with no_step(shown):
        shown.double(shown.on("hero"))
        other = shown.view.handling.in_place.field
        assert isinstance(other, QLineEdit)
        other.setText("no")
        shown.key(Qt.Key.Key_Escape, on=other)


def test_words_are_typed_in_place_as_one_step(shown: Canvas) -> None:
    shown.double(shown.on("words", 60, 60))
    field = shown.view.handling.in_place.field
    assert field is not None
    with one_step(shown, "Write"):
        for key in (Qt.Key.Key_A, Qt.Key.Key_B, Qt.Key.Key_C):
            shown.key(key, on=field)
        shown.key(Qt.Key.Key_Escape, on=field)
    assert str(shown.document.nodes["words"].values["text"]).startswith("abc")


def test_a_card_dropped_on_a_link_stands_in_it(qapp: QApplication) -> None:
    with canvas(qapp, example()) as made:
        made.view.handling.operations.add("preview", QPointF(800, 420))
        made.view.select(())
        wire = made.view.stage.graph.wires[End("hero", "image"), End("save", "image")]
        middle = wire.path().pointAtPercent(0.5)
        rect = made.view.rect_of("preview")
        start = made.on("preview")
        goal = start + (made.at(middle.x(), middle.y()) - made.at(rect.center().x(), rect.center().y()))
        with one_step(made, "Insert on link"):
            made.drag(start, goal)
        assert [link.source.node for link in made.document.links.into("save")] == ["preview"]
        assert [link.source.node for link in made.document.links.into("preview")] == ["hero"]


def test_a_change_from_elsewhere_ends_the_gesture(shown: Canvas) -> None:
    start = shown.on("hero")
    shown.drag(start, start + QPoint(90, 0), let_go=False)
    shown.view.handling.operations.add("note", QPointF(900, 500))
    assert shown.view.handling.hands.gesture is None
    assert shown.view.rect_of("hero").x() == 410
    count = shown.editor.position
    shown.release(start + QPoint(90, 0))
    assert shown.editor.position == count


def test_keys_of_the_selection(shown: Canvas) -> None:
    shown.view.select(["shoe", "ana"])
    with one_step(shown, "Skip"):
        shown.key(Qt.Key.Key_M)
    with one_step(shown, "Collapse"):
        shown.key(Qt.Key.Key_H)
    with one_step(shown, "Duplicate"):
        shown.key(Qt.Key.Key_D, CTRL)
    with one_step(shown, "Put in a frame"):
        shown.key(Qt.Key.Key_G, CTRL)
    with one_step(shown, "Delete"):
        shown.key(Qt.Key.Key_Delete)
    shown.key(Qt.Key.Key_A, CTRL)
    assert len(shown.view.selected()) == 6
    shown.key(Qt.Key.Key_Escape)
    assert shown.view.selected() == ()


def test_copy_and_paste(shown: Canvas) -> None:
    shown.view.select(["words", "shoe"])
    shown.key(Qt.Key.Key_C, CTRL)
    with one_step(shown, "Paste"):
        shown.key(Qt.Key.Key_V, CTRL)
    assert len(shown.document.nodes) == 8
    assert len(shown.view.selected()) == 2
    QApplication.clipboard().setText("a red chair by the window")
    with one_step(shown, "Paste words"):
        shown.key(Qt.Key.Key_V, CTRL)
    (prompt,) = shown.view.selected()
    assert shown.document.nodes[prompt].values["text"] == "a red chair by the window"


def test_a_node_is_joined_on_to_the_selected_one(shown: Canvas) -> None:
    shown.view.select(["hero"])
    shown.key(Qt.Key.Key_Tab)
    for letter in "prev":
        shown.key(Qt.Key(ord(letter.upper())), on=shown.view.handling.search.line)
    with one_step(shown, "Add Preview"):
        shown.key(Qt.Key.Key_Return, on=shown.view.handling.search.line)
    assert [link.source for link in shown.document.links.into("preview")] == [End("hero", "image")]


def test_a_prompt_without_words_invites_to_write(qapp: QApplication) -> None:
    document = example()
    with canvas(qapp, document) as made:
        id = made.view.handling.operations.add("prompt", QPointF(800, 500))
        item = made.view.stage.graph.item(id)
        assert item is not None
        assert item.face.words is not None
        assert item.face.words.muted
        assert node("prompt").values["text"] == ""
