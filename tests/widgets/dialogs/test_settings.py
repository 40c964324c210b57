"""The dialog of settings, driven by keys and the mouse: what is changed holds at once, nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QInputMethodEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QLineEdit, QListWidget, QWidget

from app import compose
from app.basics.faults import Fault
from app.preferences import declared
from app.preferences.options import Option, Options
from app.studio.studio import Studio
from tests.widgets.conftest import comes
from widgets.dialogs.option_editors import Place, Spin, editor_for
from widgets.dialogs.setting_rows import OptionRow, PlaceRow
from widgets.dialogs.settings import SettingsDialog
from widgets.dialogs.vendor_row import VendorRow
from widgets.tasks import Tasks

SHOWN = tuple(option for option in declared.OPTIONS if option.page)


@pytest.fixture
async def studio(tagloom_home: Path) -> AsyncIterator[Studio]:
    environment = {
        "TAGLOOM_HOME": str(tagloom_home),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }
    made = await compose.build(environment)
    yield made
    await made.close()


class Called:
    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


@pytest.fixture
def shortcuts() -> Called:
    return Called()


@pytest.fixture
async def dialog(studio: Studio, stage: QWidget, shortcuts: Called) -> AsyncIterator[SettingsDialog]:
    faults: list[Fault] = []
    tasks = Tasks(faults.append)
    made = SettingsDialog(studio, tasks, stage, shortcuts=shortcuts)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    made.show()
    made.activateWindow()
    QTest.qWaitForWindowActive(made)
    yield made
    made.close()
    made.deleteLater()
    await tasks.close()
    QApplication.processEvents()
    assert faults == []


def row_of(dialog: SettingsDialog, option: Option[object]) -> OptionRow:
    return next(row for row in dialog.rows if isinstance(row, OptionRow) and row.option is option)


def shown(dialog: SettingsDialog, option: Option[object]) -> OptionRow:
    """Its row, with its page in view."""
    dialog.show_page(option.page)
    row = row_of(dialog, option)
    assert row in dialog.found()
    row.editor.field.setFocus()
    return row


def titles(dialog: SettingsDialog) -> list[str]:
    return [row.names[0] for row in dialog.found()]


def search(dialog: SettingsDialog, words: str) -> list[str]:
    dialog.line.setFocus()
    dialog.line.selectAll()
    if words.isascii():
        QTest.keyClicks(dialog.line, words)
    else:  # as an input method gives it
        event = QInputMethodEvent("", [])
        event.setCommitString(words)
        QApplication.sendEvent(dialog.line, event)
    assert dialog.line.text() == words
    return titles(dialog)


# --- all of them -----------------------------------------------------------------------------------


async def test_no_option_is_missing(dialog: SettingsDialog) -> None:
    rows = [row for row in dialog.rows if isinstance(row, OptionRow)]
    assert {row.option.id for row in rows} == {option.id for option in SHOWN}
    assert len(rows) == len(SHOWN) > 15
    for option in SHOWN:
        row = shown(dialog, option)
        assert [label.text() for label in row.findChildren(QLabel)][:2] == [option.title, option.help]
        assert row.editor.field.accessibleName() == option.title
        assert row.reset.isHidden(), f"{option.id} is at its default"


async def test_pages_are_all_there_and_one_is_seen(dialog: SettingsDialog) -> None:
    dialog.pages.setFocus()
    seen = []
    for page in declared.PAGES:
        assert dialog.page == page
        seen.append(dialog.pages.currentItem().text())
        assert dialog.found()
        pages = {row.option.page for row in dialog.found() if isinstance(row, OptionRow)}
        assert pages <= {page}
        QTest.keyClick(dialog.pages, Qt.Key.Key_Down)
    assert seen == ["Appearance", "Canvas", "Money", "Vendors", "Files", "Privacy"]


async def test_choices_are_words_and_not_ids(dialog: SettingsDialog) -> None:
    said = []
    for box in dialog.findChildren(QComboBox):
        said += [box.itemText(at) for at in range(box.count())]
    assert {"As the system", "English", "简体中文", "ComfyUI", "Zooms"} <= set(said)
    assert not {"system", "zh_CN", "comfyui", "zooms", ""} & set(said)


async def test_vendors_and_places_are_rows_too(dialog: SettingsDialog, studio: Studio) -> None:
    assert [row.names[0] for row in dialog.rows if isinstance(row, VendorRow)] == [
        one.title for one in studio.vendors()
    ]
    places = {row.names[0]: row.path.text() for row in dialog.rows if isinstance(row, PlaceRow)}
    assert places["Library"] == str(studio.home.library)
    assert places["Ledger"] == str(studio.home.ledger)
    assert {"Settings", "Unsaved changes", "Cache", "Logs"} < set(places)


# --- searching ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("theme", "Theme"),
        ("DARK MODE", "Theme"),
        ("主题", "Theme"),
        ("zhu ti", "Theme"),
        ("zhuti", "Theme"),
        ("ｔｈｅｍｅ", "Theme"),
        ("midnight", "Most credits a day"),
        ("上限", "Most dollars a run"),
        ("快捷键", "Keyboard and mouse"),
        ("runway", "Runway"),
        ("密钥", "Google"),
        ("便携", "Where things are"),
        ("blender", "Mouse and keys"),
        ("draft seconds", "Seconds a draft takes"),
    ],
)
async def test_found_by_title_help_and_words(dialog: SettingsDialog, words: str, found: str) -> None:
    hits = search(dialog, words)
    assert found in hits
    assert len(hits) < len(list(dialog.rows)) / 2, "it filters"


async def test_hits_of_all_pages_are_shown(dialog: SettingsDialog) -> None:
    hits = search(dialog, "mouse")
    assert {"Mouse and keys", "Mouse wheel", "Keyboard and mouse"} <= set(hits)
    hits = search(dialog, "folder")
    assert {"Folder for saved pictures", "Where things are"} <= set(hits)
    counted = [dialog.pages.item(at).text() for at in range(dialog.pages.count())]
    assert any(text.startswith("Files  ") for text in counted)
    assert not dialog.pages.item(0).flags() & Qt.ItemFlag.ItemIsEnabled, "no hit in Appearance"


async def test_what_is_not_there_is_said_and_esc_brings_all_back(dialog: SettingsDialog) -> None:
    assert search(dialog, "xyzzy") == []
    assert dialog.nothing.isVisible()
    QTest.keyClick(dialog.line, Qt.Key.Key_Escape)
    assert dialog.isVisible(), "the first Esc empties the search"
    assert titles(dialog)[0] == "Theme"
    assert not dialog.nothing.isVisible()
    QTest.keyClick(dialog.line, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


async def test_enter_goes_to_the_first_hit(dialog: SettingsDialog, studio: Studio) -> None:
    search(dialog, "snap")
    QTest.keyClick(dialog.line, Qt.Key.Key_Return)
    focused = QApplication.focusWidget()
    assert isinstance(focused, QCheckBox)
    QTest.keyClick(focused, Qt.Key.Key_Space)
    assert studio.options.get(declared.SNAP) is True


# --- changing -------------------------------------------------------------------------------------


async def test_a_choice_by_keys(dialog: SettingsDialog, studio: Studio) -> None:
    row = shown(dialog, declared.THEME)
    QTest.keyClick(row.editor.field, Qt.Key.Key_Down)
    assert studio.options.get(declared.THEME) == "light"
    assert row.reset.isVisible()
    row.reset.setFocus()
    QTest.keyClick(row.reset, Qt.Key.Key_Space)
    assert studio.options.get(declared.THEME) == "dark"
    assert row.reset.isHidden()
    assert row.editor.field.hasFocus(), "the keyboard is not lost with the button"


async def test_yes_and_no_by_the_mouse(dialog: SettingsDialog, studio: Studio) -> None:
    row = shown(dialog, declared.REDUCED_MOTION)
    box = row.findChild(QCheckBox)
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert studio.options.get(declared.REDUCED_MOTION) is True
    assert box.text() == "On"


async def test_a_number_with_its_unit_and_bounds(dialog: SettingsDialog, studio: Studio) -> None:
    row = shown(dialog, declared.TEXT_SCALE)
    assert isinstance(row.editor, Spin)
    field = row.editor.field
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert studio.options.get(declared.TEXT_SCALE) == pytest.approx(1.05)
    field.selectAll()  # type: ignore[attr-defined]
    QTest.keyClicks(field, "150")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert studio.options.get(declared.TEXT_SCALE) == 1.5
    assert field.text() == "150 %"  # type: ignore[attr-defined]
    for _ in range(40):
        QTest.keyClick(field, Qt.Key.Key_Up)
    assert studio.options.get(declared.TEXT_SCALE) == 1.6
    assert not row.said.isVisible()


async def test_the_wheel_over_a_field_changes_nothing(dialog: SettingsDialog, studio: Studio) -> None:
    row = shown(dialog, declared.TEXT_SCALE)
    dialog.line.setFocus()
    for field in (row.editor.field, row_of(dialog, declared.THEME).editor.field):
        at = QPointF(field.rect().center())
        wheel = QWheelEvent(
            at, QPointF(field.mapToGlobal(at.toPoint())), QPoint(0, 0), QPoint(0, 120),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(field, wheel)
    assert studio.options.get(declared.TEXT_SCALE) == 1.0
    assert studio.options.get(declared.THEME) == "dark"


async def test_a_cap_is_dollars_for_people(dialog: SettingsDialog, studio: Studio) -> None:
    row = shown(dialog, declared.CAP_DAY_USD)
    line = row.findChild(QLineEdit)
    QTest.keyClicks(line, "$2.50")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert studio.options.get(declared.CAP_DAY_USD) == 2_500_000
    assert line.text() == "$2.50", "what was typed stays as it was typed"
    line.clear()
    QTest.keyClicks(line, "0.134")
    assert comes(lambda: studio.options.get(declared.CAP_DAY_USD) == 134_000), "without Enter, after a moment"
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Delete)
    dialog.line.setFocus()
    assert studio.options.get(declared.CAP_DAY_USD) is None, "when the keyboard leaves"
    studio.options.set(declared.CAP_DAY_USD, 80_000)
    assert line.text() == "0.08", "from elsewhere"


async def test_what_is_no_amount_is_said_beside_it_and_stays(dialog: SettingsDialog, studio: Studio) -> None:
    row = shown(dialog, declared.CAP_RUN_CREDITS)
    studio.options.set(declared.CAP_RUN_CREDITS, 500)
    line = row.findChild(QLineEdit)
    for text in ("many", "1.5", "-1", "9" * 30):
        line.selectAll()
        QTest.keyClicks(line, text)
        QTest.keyClick(line, Qt.Key.Key_Return)
        assert "no number of credits" in row.said.text()
        assert row.said.isVisible()
        assert line.text() == text
        assert studio.options.get(declared.CAP_RUN_CREDITS) == 500
    line.selectAll()
    QTest.keyClicks(line, "1,000")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert studio.options.get(declared.CAP_RUN_CREDITS) == 1000
    assert not row.said.isVisible()


async def test_a_folder_is_typed_or_chosen(dialog: SettingsDialog, studio: Studio, tmp_path: Path) -> None:
    row = shown(dialog, declared.OUTPUT_FOLDER)
    assert isinstance(row.editor, Place)
    line = row.editor.line
    QTest.keyClicks(line, "shots")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert row.said.isVisible()
    assert "no full path" in row.said.text()
    assert line.text() == "shots"
    assert studio.options.get(declared.OUTPUT_FOLDER) == ""
    row.editor.chosen(str(tmp_path))
    assert studio.options.get(declared.OUTPUT_FOLDER) == str(tmp_path)
    assert not row.said.isVisible()
    line.selectAll()
    QTest.keyClicks(line, "~/shots")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert studio.options.get(declared.OUTPUT_FOLDER) == str(Path.home() / "shots")


async def test_a_name_is_taken_off_a_list(dialog: SettingsDialog, studio: Studio) -> None:
    studio.options.set(declared.TOLD_VENDORS, ("BFL", "Google", "Runway"))
    row = shown(dialog, declared.TOLD_VENDORS)
    names = row.findChild(QListWidget)
    QTest.keyClick(names, Qt.Key.Key_Down)
    QTest.keyClick(names, Qt.Key.Key_Delete)
    assert studio.options.get(declared.TOLD_VENDORS) == ("BFL", "Runway")
    QTest.mouseClick(row.editor.take, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    assert studio.options.get(declared.TOLD_VENDORS) == ("BFL",)
    QTest.keyClick(names, Qt.Key.Key_Delete)
    assert studio.options.get(declared.TOLD_VENDORS) == ()
    assert not names.isVisible()
    assert row.editor.none.isVisible()  # type: ignore[attr-defined]


async def test_a_change_from_elsewhere_is_followed(dialog: SettingsDialog, studio: Studio) -> None:
    row = shown(dialog, declared.MINIMAP)
    studio.options.set(declared.MINIMAP, False)
    assert row.findChild(QCheckBox).text() == "Off"
    assert row.reset.isVisible()


async def test_what_is_typed_and_not_taken_holds_when_it_is_closed(
    dialog: SettingsDialog, studio: Studio
) -> None:
    row = shown(dialog, declared.CAP_RUN_CREDITS)
    QTest.keyClicks(row.findChild(QLineEdit), "300")
    dialog.close()
    assert studio.options.get(declared.CAP_RUN_CREDITS) == 300


async def test_a_settings_file_in_the_way_is_said(dialog: SettingsDialog, studio: Studio) -> None:
    """Where the file should be there is a folder: not even root writes there."""
    studio.home.options.unlink(missing_ok=True)
    studio.home.options.mkdir()
    row = shown(dialog, declared.SNAP)
    QTest.keyClick(row.editor.field, Qt.Key.Key_Space)
    assert row.said.text().startswith("The settings could not be written")
    assert studio.options.get(declared.SNAP) is True, "it holds until the end of the session"
    QTest.mouseClick(row.reset, Qt.MouseButton.LeftButton)
    assert row.said.isVisible()
    assert studio.options.get(declared.SNAP) is False


async def test_the_keys_dialog_is_a_button_away(dialog: SettingsDialog, shortcuts: Called) -> None:
    assert search(dialog, "every key and gesture") == ["Keyboard and mouse"]
    QTest.keyClick(dialog.line, Qt.Key.Key_Return)
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_Space)
    assert shortcuts.times == 1


async def test_it_fits_into_a_small_window(dialog: SettingsDialog) -> None:
    dialog.resize(dialog.minimumSize())
    for page in declared.PAGES:
        dialog.show_page(page)
        await asyncio.sleep(0)
        QApplication.processEvents()
        column = dialog.area.widget()
        assert column.width() <= dialog.area.viewport().width() + 1, page


def test_an_option_of_a_kind_that_nobody_knows_is_a_line_of_text(tmp_path: Path, stage: QWidget) -> None:
    option = Option[str](id="x", title="X", help="X.", page="files", default="", read=str)
    row = OptionRow(Options(tmp_path / "options.json"), option)
    assert isinstance(editor_for(option).field, QLineEdit)
    row.close_down()
