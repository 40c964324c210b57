"""The Export dialog over the whole window: names as they are typed, what is there, what is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from app.document.collisions import Exists
from app.document.sharing import shareable
from app.document.values import BLANK
from app.imaging.orders import Format
from app.imaging.profiles import Profile, icc_of
from app.imaging.signing import credential_of
from app.preferences import export_options
from app.studio import export_choices
from app.studio.export_kinds import Kind
from app.studio.exporting import as_made
from app.studio.exports import Subject
from tests.support.certificates import Authority
from tests.widgets.bench import until
from tests.widgets.whole import bench as bench
from widgets.dialogs.export_dialog import ExportDialog
from widgets.parts.drag_out import lasting_paths
from widgets.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
MODEL = "picture"


@pytest.fixture(autouse=True)
async def drawn(bench: Workbench) -> None:
    """The example with its picture, from the sandbox."""
    await bench.files.example()
    await bench.studio.run()
    bench.graph.select((MODEL,))


async def opened(bench: Workbench, folder: Path) -> ExportDialog:
    """By its key, with nothing but the folder changed."""
    bench.commands.refresh()
    bench.commands.action("export").trigger()
    await until(lambda: bench.exports.dialog is not None and bench.exports.dialog.isVisible())
    dialog = bench.exports.dialog
    assert dialog is not None
    dialog.form.folder.setText(str(folder))
    await settled(dialog)
    return dialog


async def settled(dialog: ExportDialog) -> None:
    await until(lambda: dialog.named and dialog.go.isEnabled())


def names(dialog: ExportDialog) -> list[tuple[str, str]]:
    items = [dialog.names._item(place) for place in range(dialog.names.topLevelItemCount())]
    return [(one.text(0), one.text(1)) for one in items]


async def gone(bench: Workbench) -> None:
    await until(lambda: bench.exports.dialog is None)


async def test_names_follow_what_is_typed_and_what_lies_there(bench: Workbench, tmp_path: Path) -> None:
    out = tmp_path / "there"
    out.mkdir()
    (out / "HERO.png").write_text("mine")
    dialog = await opened(bench, out)
    line = dialog.form.name.line
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "hero")
    await until(lambda: names(dialog) == [("hero-2.png", "⚠ name taken: numbered")])
    dialog.form.exists.show_value(Exists.REPLACE)
    await until(lambda: names(dialog) == [("hero.png", "⚠ replaces a file")])
    line.selectAll()
    QTest.keyClicks(line, "{{}} {tag:coffee}/{model}")
    await until(lambda: names(dialog)[0][0] == "{} coffee/gen4-image.png")
    line.selectAll()
    QTest.keyClicks(line, "{sead}")
    await until(lambda: "{seed}" in dialog.words.text())
    assert not dialog.go.isEnabled()
    assert line.property("wrong")
    dialog.reject()
    await gone(bench)
    assert [one.name for one in out.iterdir()] == ["HERO.png"]


async def test_the_menu_of_fields_writes_into_the_line(bench: Workbench, tmp_path: Path) -> None:
    dialog = await opened(bench, tmp_path)
    dialog.form.name.line.setText("")
    offered = {str(action.data()): action for action in dialog.form.name.menu.actions()}
    assert {"document", "seed", "tag:coffee", "tag:astronaut", "n"} <= set(offered)
    offered["tag:coffee"].trigger()
    offered["n"].trigger()
    assert dialog.form.name.line.text() == "{tag:coffee}{n}"
    dialog.reject()
    await gone(bench)


async def test_re_openable_by_keyboard_alone_opens_again(bench: Workbench, tmp_path: Path) -> None:
    result = bench.studio.runs.state.node(MODEL).result
    assert result is not None
    wanted = shareable(as_made(bench.studio.editor.document, MODEL, result.seed))
    for format in Format:
        await exported_by_keyboard(bench, tmp_path / format.value, format)
    kept = export_choices.chosen(bench.studio.options, Path("/else"))
    assert (kept.kind, kept.name, kept.order.format, kept.folder) == (
        Kind.REOPENABLE, "hero", Format.TIFF, tmp_path / "tiff",
    )  # fmt: skip
    for format in Format:
        (file,) = (tmp_path / format.value).iterdir()
        assert file.stem == "hero"
        bench.studio.desk.new(BLANK)
        await dropped(bench, file)
        assert bench.studio.editor.document == wanted


async def dropped(bench: Workbench, file: Path) -> None:
    """On the empty canvas."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    port = bench.graph.viewer.viewport()
    middle, none = QPointF(port.rect().center()), Qt.KeyboardModifier.NoModifier
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    for event in (
        QDragEnterEvent(middle.toPoint(), copy, data, left, none),
        QDropEvent(middle, copy, data, left, none),
    ):
        QApplication.sendEvent(port, event)
    await until(lambda: bench.studio.editor.document != BLANK)


async def exported_by_keyboard(bench: Workbench, folder: Path, format: Format) -> None:
    dialog = await opened(bench, folder)
    assert dialog.focusWidget() is dialog.form.kind
    QTest.keyClick(dialog.form.kind, Qt.Key.Key_Home)
    for _ in range(list(Kind).index(Kind.REOPENABLE)):
        QTest.keyClick(dialog.form.kind, Qt.Key.Key_Down)
    dialog.form.format.setFocus()
    QTest.keyClick(dialog.form.format, Qt.Key.Key_Home)
    for _ in range(list(Format).index(format)):
        QTest.keyClick(dialog.form.format, Qt.Key.Key_Down)
    dialog.form.name.line.setText("hero")
    await settled(dialog)
    await until(lambda: dialog.preview.words.text() != "")
    QTest.keyClick(dialog.form.name.line, Qt.Key.Key_Return)
    await gone(bench)


async def test_print_size_and_profile_from_the_fields(bench: Workbench, tmp_path: Path) -> None:
    dialog = await opened(bench, tmp_path / "out")
    form = dialog.form
    form.size_row.unit.setCurrentIndex(2)
    form.size_row.width_box.setFocus()
    form.size_row.width_box.selectAll()
    QTest.keyClicks(form.size_row.width_box, "2")
    await until(lambda: "DPI" in dialog.preview.notes.text() and not dialog.preview.notes.isHidden())
    form.dpi.setFocus()
    form.dpi.selectAll()
    QTest.keyClicks(form.dpi, "254")
    form.profile.show_value(Profile.P3)
    form.format.show_value(Format.TIFF)
    await until(lambda: "200 × " in dialog.preview.words.text())
    assert "2.0 × " in dialog.preview.words.text()
    assert "Enlarged" in dialog.preview.notes.text()
    assert form.compression.isVisible()
    assert not form.quality.isVisible()
    await settled(dialog)
    dialog.go.click()
    await gone(bench)
    (file,) = (tmp_path / "out").iterdir()
    with Image.open(file) as image:
        assert (image.format, image.size[0]) == ("TIFF", 200)
        assert image.info["dpi"] == pytest.approx((254, 254))
        assert image.info["icc_profile"] == icc_of(Profile.P3)


async def test_as_it_came_offers_nothing_that_changes_it(bench: Workbench, tmp_path: Path) -> None:
    dialog = await opened(bench, tmp_path / "out")
    dialog.form.kind.show_value(Kind.CAME)
    await settled(dialog)
    form = dialog.form
    assert not [one for one in (form.format, form.size_row, form.dpi, form.profile) if one.isVisible()]
    dialog.go.click()
    await gone(bench)
    (file,) = (tmp_path / "out").iterdir()
    result = bench.studio.runs.state.node(MODEL).result
    assert result is not None
    assert file.read_bytes() == result.path.read_bytes()


async def test_signed_with_a_locked_key(bench: Workbench, tmp_path: Path) -> None:
    artist = Authority().artist()
    options = bench.studio.options
    dialog = await opened(bench, tmp_path / "out")
    dialog.form.kind.show_value(Kind.SIGNED)
    await until(lambda: "no certificate" in dialog.signing.words.text())
    assert not dialog.go.isEnabled()
    options.set(export_options.SIGNING_CERTIFICATE, str(artist.chain_file(tmp_path)))
    options.set(export_options.SIGNING_KEY, str(artist.key_file(tmp_path, "correct horse")))
    await until(lambda: dialog.signing.line.isVisible())
    QTest.keyClicks(dialog.signing.line, "wrong")
    dialog.signing.use.click()
    await until(lambda: "not right" in dialog.signing.words.text())
    dialog.signing.line.clear()
    QTest.keyClicks(dialog.signing.line, "correct horse")
    dialog.signing.use.click()
    await until(lambda: "Ada Artist" in dialog.signing.words.text())
    assert dialog.signing.line.text() == ""
    await settled(dialog)
    dialog.go.click()
    await gone(bench)
    (file,) = (tmp_path / "out").iterdir()
    told = credential_of(file.read_bytes(), "PNG")
    assert told is not None
    assert (told.valid, told.signer, told.parents) == (True, "Ada Artist", 1)


def many(bench: Workbench, count: int) -> list[Subject]:
    (one,) = export_choices.subjects_of(bench.studio, (MODEL,), bench.title_of)
    return [one] * count


async def test_a_list_of_others_is_exported_and_one_bad_one_stays_to_be_read(
    bench: Workbench, tmp_path: Path
) -> None:
    subjects = many(bench, 3)
    subjects[1] = replace(subjects[1], path=tmp_path / "gone.png")
    bench.exports.open(subjects)
    await until(lambda: bench.exports.dialog is not None and bench.exports.dialog.isVisible())
    dialog = bench.exports.dialog
    assert dialog is not None
    dialog.form.show_request(export_choices.chosen(bench.studio.options, tmp_path / "out"))
    dialog.form.name.line.setText("{title} {n}")
    await settled(dialog)
    await until(lambda: len(names(dialog)) == 3)
    dialog.go.click()
    await until(lambda: "1 picture was not exported" in dialog.words.text())
    assert dialog.isVisible()
    assert [mark for _, mark in names(dialog)][::2] == ["✓ exported", "✓ exported"]
    assert len(list((tmp_path / "out").iterdir())) == 2
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    await gone(bench)


async def test_a_stop_leaves_the_rest(bench: Workbench, tmp_path: Path) -> None:
    bench.exports.open(many(bench, 40))
    await until(lambda: bench.exports.dialog is not None and bench.exports.dialog.isVisible())
    dialog = bench.exports.dialog
    assert dialog is not None
    dialog.form.folder.setText(str(tmp_path / "out"))
    dialog.form.format.show_value(Format.TIFF)
    await settled(dialog)
    dialog.go.click()
    await until(lambda: dialog.progress.value() >= 2)
    assert dialog.end.text() == "Stop"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    await gone(bench)
    assert 2 <= len(list((tmp_path / "out").iterdir())) < 40


@pytest.mark.parametrize(
    ("answer", "files"),
    [("number", {"hero.png", "hero-2.png"}), ("replace", {"hero.png"}), ("skip", {"hero.png"})],
)
async def test_asked_what_to_do(bench: Workbench, tmp_path: Path, answer: str, files: set[str]) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "hero.png").write_text("mine")
    dialog = await opened(bench, out)
    dialog.form.name.line.setText("hero")
    dialog.form.exists.show_value(Exists.ASK)
    await settled(dialog)
    dialog.go.click()
    await until(lambda: dialog.findChild(QPushButton, f"taken-{answer}") is not None)
    dialog.findChild(QPushButton, f"taken-{answer}").click()
    await gone(bench)
    assert {one.name for one in out.iterdir()} == files
    assert ((out / "hero.png").read_bytes() == b"mine") == (answer != "replace")


async def test_copied_as_a_picture_and_as_a_file(bench: Workbench) -> None:
    bench.commands.refresh()
    bench.commands.action("copy-picture").trigger()
    await until(lambda: (held := QApplication.clipboard().mimeData()) is not None and held.hasUrls())
    data: QMimeData = QApplication.clipboard().mimeData()
    result = bench.studio.runs.state.node(MODEL).result
    assert result is not None
    assert QApplication.clipboard().image().width() == result.width
    (url,) = data.urls()
    with open(url.toLocalFile(), "rb") as file:  # noqa: ASYNC230
        assert file.read() == result.path.read_bytes()
    assert lasting_paths(data) == [result.path]


async def test_what_is_dragged_out_has_the_name_of_exports(bench: Workbench, tmp_path: Path) -> None:
    request = export_choices.chosen(bench.studio.options, tmp_path)
    export_choices.keep(bench.studio.options, replace(request, name="{model}/{tag:coffee}"))
    data = bench.graph.hooks.carry_off((MODEL,), False)
    assert data is not None
    (url,) = data.urls()
    assert Path(url.toLocalFile()).stem == "gen4-image-coffee"


async def test_every_field_has_a_name_and_the_keyboard_reaches_it(bench: Workbench, tmp_path: Path) -> None:
    dialog = await opened(bench, tmp_path)
    dialog.form.format.show_value(Format.WEBP)
    await settled(dialog)
    reached: list[str] = []
    for _ in range(40):
        focus = dialog.focusWidget()
        reached.append(focus.objectName() or focus.accessibleName() or type(focus).__name__)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    wanted = {
        "export-kind", "export-name", "export-fields", "export-folder", "export-exists", "export-format",
        "export-quality", "export-lossless", "export-width", "export-height", "export-unit", "export-dpi",
        "export-profile", "export-names", "export-go", "export-end",
    }  # fmt: skip
    assert wanted <= set(reached), wanted - set(reached)
    dialog.reject()
    await gone(bench)
