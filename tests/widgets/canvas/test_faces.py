"""What a card says in each of its states, and that it is painted."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPointF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.basics.faults import Charged, Lost, Refused, Retry, Where
from app.document import edits
from app.document.problems import Fix, Problem, Severity
from app.document.values import End
from app.engine.results import Result
from app.engine.run_state import NodeRun, NodeState, RunState
from tests.widgets.canvas.world import EXAMPLES, KINDS, SHAPES, Canvas, canvas, example
from widgets.canvas.face import Action, Face, Look, Mood
from widgets.canvas.face_maker import Scenery, face_of
from widgets.canvas.several_face import together
from widgets.theme import DARK, LIGHT, Choice

RESULT = Result(node="hero", path=EXAMPLES / "coffee.png", sha256="a", width=1920, height=1080, seed=7)


def run_of(**node: NodeRun) -> RunState:
    return RunState(nodes=MappingProxyType(node))


def problem(title: str, severity: Severity = Severity.ERROR, *labels: str) -> Problem:
    return Problem(
        code="test", severity=severity, where=Where(node="hero"), title=title, advice="Do it.",
        fixes=tuple(Fix(label=label, edit=lambda document: document) for label in labels),
    )  # fmt: skip


def face(run: NodeRun | None = None, problems: tuple[Problem, ...] = (), **more: object) -> Face:
    scenery = Scenery(
        document=example(), kinds=KINDS, run=run_of(hero=run) if run else RunState(),
        problems={"hero": problems} if problems else {}, **more,
    )  # type: ignore[arg-type]  # fmt: skip
    return face_of(scenery, "hero")


def test_idle() -> None:
    shown = face()
    assert (shown.pill, shown.facts, shown.remark) == ("100 cr", "16:9 · 1080p · seed 42", "")
    assert shown.photo is not None
    assert shown.photo.path is None
    assert shown.photo.hint == ("Drop photographs here", "or press Run")
    assert [(row.title, row.linked, row.most, row.missing) for row in shown.inputs] == [
        ("Prompt", 1, 1, False),
        ("Reference Images", 3, 3, False),
    ]


def test_a_price_by_megapixels_is_told_at_the_most() -> None:
    document = example()
    nodes = {**document.nodes, "hero": replace(document.nodes["hero"], kind="flux-2-pro", values={"seed": 7})}
    scenery = Scenery(document=replace(document, nodes=nodes), kinds=KINDS, run=RunState(), problems={})
    shown = face_of(scenery, "hero")
    assert (shown.pill, shown.facts) == ("120 cr", "16:9 · 2MP · seed 7")
    assert shown.remark == "up to $0.09"  # 3 + 1.5 BFL credits, and 1.5 for each of three references


def test_a_vendor_that_was_chosen_is_in_sight() -> None:
    for value, shown in (("auto", ""), ("replicate", " · Replicate"), ("runway", " · Runway")):
        document = edits.set_value(example(), "hero", "vendor", value)
        scenery = Scenery(document=document, kinds=KINDS, run=RunState(), problems={})
        face = face_of(scenery, "hero")
        assert face.facts == f"16:9 · 1080p · seed 42{shown}"
        assert face.remark == ("price not known" if value == "replicate" else "")


def test_an_empty_seed_is_a_new_one_and_the_used_one_is_shown() -> None:
    document = edits.set_value(example(), "hero", "seed", None)
    scenery = Scenery(document=document, kinds=KINDS, run=RunState(), problems={})
    assert face_of(scenery, "hero").facts == "16:9 · 1080p · new seed"
    done = replace(scenery, run=run_of(hero=NodeRun(state=NodeState.DONE, result=RESULT)))
    assert face_of(done, "hero").facts == "16:9 · 1080p · seed 7"


def test_queued_says_since_when_and_that_it_is_free() -> None:
    run = NodeRun(state=NodeState.QUEUED, reason="vendor")
    shown = face(run, waited={"hero": 72.4})
    assert shown.remark == "queued 1:12 · Cancel"
    assert shown.remark_action == Action("cancel", "Cancel")
    assert shown.photo is not None
    assert shown.photo.hint == ("Queued at Runway", "free to cancel")
    document = edits.set_value(example(), "hero", "vendor", "replicate")
    elsewhere = Scenery(document=document, kinds=KINDS, run=run_of(hero=run), problems={})
    photo = face_of(elsewhere, "hero").photo
    assert photo is not None
    assert photo.hint[0] == "Queued at Replicate"


def test_running_keeps_the_picture_before_blurred() -> None:
    shown = face(NodeRun(state=NodeState.RUNNING, progress=0.62, left=8.2, result=RESULT))
    assert shown.remark == "62 % · about 8 s · Cancel"
    assert shown.remark_action == Action("cancel", "Cancel")
    assert shown.progress == 0.62
    assert shown.photo is not None
    assert (shown.photo.look, shown.photo.path) == (Look.WAITING, RESULT.path)


def test_done_reused_and_draft() -> None:
    assert face(NodeRun(state=NodeState.DONE, result=RESULT)).remark == "1920 × 1080"
    assert face(NodeRun(state=NodeState.REUSED, result=RESULT)).pill == "0 cr · reused"
    drafted = face(NodeRun(state=NodeState.DONE, result=replace(RESULT, draft=True)))
    assert drafted.photo is not None
    assert drafted.photo.draft


def test_stale_is_dimmed_and_offers_to_run() -> None:
    shown = face(NodeRun(state=NodeState.DONE, result=RESULT), stale={"hero": "prompt changed"})
    assert (shown.facts, shown.remark) == ("prompt changed", "Run to renew")
    assert shown.remark_action is not None
    assert shown.photo is not None
    assert shown.photo.look == Look.STALE


def test_locked_is_kept() -> None:
    document = edits.set_lock(example(), "hero", "a")
    run = run_of(hero=NodeRun(state=NodeState.DONE, result=RESULT))
    shown = face_of(Scenery(document=document, kinds=KINDS, run=run, problems={}), "hero")
    assert (shown.pill, shown.remark) == ("locked", "kept")
    assert shown.photo is not None
    assert shown.photo.look == Look.KEPT


def test_failed_says_what_to_do_and_what_it_cost() -> None:
    fault = Refused(
        "Runway refused the prompt.", advice="Change it.", code="SAFETY.INPUT.TEXT", retry=Retry.ASK,
        where=Where(node="hero", socket="prompt"),
    )  # fmt: skip
    shown = face(NodeRun(state=NodeState.FAILED, fault=fault))
    assert (shown.pill, shown.facts, shown.remark) == ("not charged", "SAFETY.INPUT.TEXT", "$0")
    assert shown.mood == Mood.ERROR
    assert [action.id for line in shown.notice for action in line.actions] == [
        "show-prompt",
        "run",
        "details",
    ]
    kept = face(NodeRun(state=NodeState.FAILED, fault=fault, result=RESULT))
    assert kept.photo is not None
    assert kept.photo.path == RESULT.path


def test_unknown_leaves_it_to_a_person() -> None:
    fault = Lost("We do not know.", advice="It is not sent again.", code="lost", charged=Charged.UNKNOWN)
    shown = face(NodeRun(state=NodeState.UNKNOWN, fault=fault))
    assert (shown.pill, shown.mood) == ("maybe charged", Mood.WARNING)
    actions = [action.id for line in shown.notice for action in line.actions]
    assert actions == ["check-credits", "send-again", "give-up"]


def test_what_cannot_run_lists_errors_first_and_hints_alone_stop_nothing() -> None:
    hint = problem("@model is never called.", Severity.HINT, "Add to prompt")
    error = problem("@sneeker is no reference.", Severity.ERROR, "Use @sneaker")
    shown = face(problems=(hint, error))
    assert [line.text for line in shown.notice] == [error.title, hint.title]
    assert shown.notice[0].actions[0].id == "fix:1:0"
    assert shown.facts == "1 to mend before Run"
    quiet = face(problems=(hint,))
    assert quiet.notice == ()
    assert quiet.remark == "1 hint"


def test_a_reference_shows_its_tags_in_the_colours_of_its_model() -> None:
    scenery = Scenery(document=example(), kinds=KINDS, run=RunState(), problems={})
    assert [face_of(scenery, id).tags for id in ("shoe", "ana", "wall")] == [
        (("sneaker", 0),),
        (("model", 1),),
        (("studio", 2),),
    ]
    words = face_of(scenery, "words").words
    assert words is not None
    assert [chip.slot for chip in words.chips] == [0, 1, 2]


def test_a_missing_photograph_says_so() -> None:
    scenery = Scenery(
        document=example(), kinds=KINDS, run=RunState(), problems={}, locate=lambda file: None
    )  # fmt: skip
    photo = face_of(scenery, "shoe").photo
    assert photo is not None
    assert photo.hint == ("coffee.png is missing",)


def test_a_preview_shows_what_is_linked_to_it() -> None:
    document = edits.add_node(example(), "look", "preview")
    document = edits.connect(document, SHAPES, End("hero", "image"), End("look", "image"))
    run = run_of(hero=NodeRun(state=NodeState.DONE, result=RESULT))
    shown = face_of(Scenery(document=document, kinds=KINDS, run=run, problems={}), "look")
    assert shown.photo is not None
    assert shown.photo.path == RESULT.path


# --- on the canvas ---


def test_only_the_node_that_changed_is_painted_anew(shown: Canvas, monkeypatch: pytest.MonkeyPatch) -> None:
    repainted: list[str] = []
    for item in shown.view.stage.graph.items():
        monkeypatch.setattr(item, "repaint", lambda item=item: repainted.append(item.id))
    run = run_of(hero=NodeRun(state=NodeState.RUNNING, progress=0.1))
    shown.view.set_run_state(run)
    shown.view.set_run_state(RunState(nodes=MappingProxyType({**run.nodes})))
    assert repainted == ["hero"]


def test_fixes_and_ways_out_can_be_clicked(shown: Canvas) -> None:
    heard: list[tuple[Problem, Fix]] = []
    asked: list[object] = []
    shown.view.problem_fix_requested.connect(lambda problem, fix: heard.append((problem, fix)))
    shown.view.fault_action_requested.connect(lambda node, action: asked.append((node, action)))
    shown.view.run_requested.connect(asked.append)
    error = problem("Wrong.", Severity.ERROR, "Pad", "Crop")
    shown.view.set_problems({"hero": (error,)})
    click_action(shown, "hero", "fix:0:1")
    assert heard == [(error, error.fixes[1])]
    shown.view.set_problems({})
    fault = Refused("No.", advice="Change it.", code="x", retry=Retry.NOW)
    shown.view.set_run_state(run_of(hero=NodeRun(state=NodeState.FAILED, fault=fault)))
    click_action(shown, "hero", "details")
    click_action(shown, "hero", "run")
    shown.view.set_run_state(run_of(hero=NodeRun(state=NodeState.DONE, result=RESULT)))
    shown.view.set_stale({"hero": "prompt changed"})
    click_action(shown, "hero", "run")
    assert asked == [("hero", "details"), ("hero",), ("hero",)]
    assert shown.editor.position == 0


def click_action(made: Canvas, id: str, action: str) -> None:
    """Finds the link by looking, as an eye would, and clicks it."""
    item = made.view.stage.graph.item(id)
    assert item is not None
    for y in range(0, int(item.layout.height), 4):
        for x in range(0, int(item.layout.width), 4):
            if item.action_at(QPointF(x, y)) == action:
                made.click(made.on(id, x + 3, y + 2))
                return
    raise AssertionError(f"{action} is not on the card")


@pytest.mark.parametrize("choice", [Choice.DARK, Choice.LIGHT])
def test_it_is_painted_in_the_colours_of_the_theme(qapp: QApplication, choice: Choice) -> None:
    theme = DARK if choice == Choice.DARK else LIGHT
    with canvas(qapp, example(), choice=choice) as made:
        image = made.view.grab_image()
        assert pixel(made, image, 710, 650) == theme.roles.canvas
        hero = made.view.rect_of("hero")
        assert pixel(made, image, hero.x() + 200, hero.y() + 17) == theme.roles.model_header
        assert pixel(made, image, hero.x() + 150, hero.y() + 58) == theme.roles.card
        outlet = made.plug("words", "text")
        assert image.pixelColor(outlet).name() == theme.roles.prompt
        outlet = made.plug("hero", "image")
        assert image.pixelColor(outlet).name() == theme.roles.image


def pixel(made: Canvas, image: QImage, x: float, y: float) -> str:
    colour: QColor = image.pixelColor(made.at(x, y))
    return colour.name()


def test_the_photograph_arrives_and_is_painted(shown: Canvas, qtbot: QtBot) -> None:
    shown.view.grab_image()
    item = shown.view.stage.graph.item("shoe")
    assert item is not None
    qtbot.waitUntil(lambda: item.image(1.0) is not None)
    image = shown.view.grab_image()
    centre = image.pixelColor(shown.on("shoe", 40, 90))
    assert centre.red() > centre.blue() + 40


@pytest.mark.parametrize("zoom", [0.05, 0.1, 0.22, 0.3, 0.49, 0.5, 1.0, 2.5, 4.0])
def test_every_zoom_is_painted_without_a_word_of_qt(shown: Canvas, zoom: float) -> None:
    fault = Lost("We do not know.", advice="Wait.", code="lost", charged=Charged.UNKNOWN)
    shown.view.set_run_state(run_of(hero=NodeRun(state=NodeState.UNKNOWN, fault=fault)))
    shown.view.set_problems({"shoe": (problem("Too wide.", Severity.ERROR, "Pad"),)})
    shown.view.select(["hero", "words"])
    shown.view.zoom_to(zoom)
    shown.view.center_on("hero")
    image = shown.view.grab_image()
    hero = shown.view.rect_of("hero").center()
    assert pixel(shown, image, hero.x(), hero.y()) != DARK.roles.canvas


def test_another_theme_while_it_is_shown(shown: Canvas) -> None:
    shown.view.retheme(LIGHT)
    image = shown.view.grab_image()
    assert pixel(shown, image, 710, 650) == LIGHT.roles.canvas


def test_space_tapped_looks_big(shown: Canvas) -> None:
    heard: list[str] = []
    shown.view.look_big_requested.connect(heard.append)
    shown.view.select(["hero"])
    shown.key(Qt.Key.Key_Space)
    shown.double(shown.on("shoe", 90, 70))
    assert heard == ["hero", "shoe"]


def test_long_and_foreign_words_fit_their_card(qapp: QApplication) -> None:
    words = "请把@sneaker放在桌上，" * 40 + "🎉 @model. " + "x" * 400
    document = edits.set_value(example(), "words", "text", words)
    document = edits.set_title(document, "hero", "很长的标题 " * 30)
    with canvas(qapp, document) as made:
        item = made.view.stage.graph.item("words")
        assert item is not None
        assert item.layout.words is not None
        assert item.layout.words.cut
        assert item.layout.height < 420
        assert all(rect.right() < item.layout.width for rect, _ in item.layout.words.chips)
        made.view.grab_image()


def test_a_picture_that_cannot_be_read_leaves_an_empty_place(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no picture")
    document = edits.set_value(example(), "shoe", "file", str(bad))
    with canvas(qapp, document) as made:
        for _ in range(10):
            made.view.grab_image()
            qtbot.wait(20)
        item = made.view.stage.graph.item("shoe")
        assert item is not None
        assert item.image(1.0) is None


def test_a_compare_node_shows_all_its_pictures_in_order() -> None:
    document = edits.add_node(example(), "both", "compare")
    scenery = Scenery(document=document, kinds=KINDS, run=RunState(), problems={})
    empty = face_of(scenery, "both").photo
    assert empty is not None
    assert (empty.path, empty.several) == (None, ())
    assert empty.hint
    for id in ("wall", "hero", "shoe"):
        document = edits.connect(document, SHAPES, End(id, "image"), End("both", "images"))
    shown = face_of(replace(scenery, document=document), "both").photo
    assert shown is not None
    files = [str(document.nodes[id].values["file"]) for id in ("wall", "shoe")]
    assert [str(path) for path in shown.several] == files, "what has no picture yet is left out"
    assert str(shown.path) == files[0]


def test_two_pictures_are_halved_and_more_stand_in_a_grid() -> None:
    shades = ["#c83232", "#32c832", "#3232c8", "#c8c832", "#32c8c8"]
    images: list[QImage | None] = []
    for shade in shades:
        image = QImage(160, 90, QImage.Format.Format_RGB32)
        image.fill(QColor(shade))
        images.append(image)
    ground, size = QColor("#101010"), QSizeF(320, 180)

    def colours(shown: list[QImage | None], *places: tuple[int, int]) -> list[str]:
        made = together(shown, size, ground)
        assert made is not None
        assert made.size() == size.toSize()
        return [made.pixelColor(*place).name() for place in places]

    assert colours(images[:2], (10, 90), (310, 90)) == shades[:2]
    assert colours(images[:2], (160, 90)) == ["#ffffff"]
    spots = ((50, 40), (160, 40), (270, 40), (50, 130), (160, 130), (270, 130))
    assert colours(images, *spots) == [*shades, ground.name()]
    assert colours([None, images[1]], (10, 90), (310, 90)) == [ground.name(), shades[1]]
    assert together([None, None], size, ground) is None
