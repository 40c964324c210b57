"""What windows that died had not saved: shown with both times, and decided on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QRadioButton, QWidget

from app.document import edits, project_file
from app.document.copies import LeftCopy, OwnCopy, Story, left_copies
from tests.app.document.samples import product_shot
from tests.widgets.conftest import comes
from widgets.dialogs.recovery_dialog import Choice, RecoveryDialog


@pytest.fixture
def copies(tmp_path: Path) -> Iterator[tuple[LeftCopy, ...]]:
    """Of a saved document, of one whose file is gone, and of one that was never saved; newest first."""
    folder = tmp_path / "recovery"
    saved = tmp_path / "shoes.tagloom"
    project_file.save(saved, product_shot())
    stamps = {str(saved): 3_000, str(tmp_path / "gone.tagloom"): 2_000, "": 1_000}
    for number, path in enumerate(stamps):
        own = OwnCopy(folder)
        changed = edits.set_value(product_shot(), "hero", "seed", number)
        own.write(changed, Story(path=path, name="<b>New</b>"))
        own.let_go()
    for copy in left_copies(folder):
        time = 1_790_000_000 + stamps[copy.story.path]
        os.utime(copy.file, (time, time))
        copy.let_go()
    os.utime(saved, (1_790_000_000, 1_790_000_000))
    found = left_copies(folder)
    yield found
    for copy in found:
        copy.let_go()


@pytest.fixture
def dialog(copies: tuple[LeftCopy, ...], stage: QWidget) -> Iterator[RecoveryDialog]:
    made = RecoveryDialog(copies, stage)
    made.open()
    assert comes(made.isVisible)
    yield made
    made.close()
    made.deleteLater()


def buttons(dialog: RecoveryDialog, choice: Choice) -> list[QRadioButton]:
    found = dialog.findChildren(QRadioButton, f"recovery-{choice}")
    return sorted(found, key=lambda one: one.mapTo(dialog, one.rect().topLeft()).y())


def press(dialog: RecoveryDialog, name: str) -> None:
    button = dialog.findChild(QPushButton, name)
    assert isinstance(button, QPushButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_both_versions_are_told_with_their_times(
    dialog: RecoveryDialog, copies: tuple[LeftCopy, ...]
) -> None:
    labels = dialog.findChildren(QLabel)
    assert all(one.textFormat() == Qt.TextFormat.PlainText for one in labels)
    told = [one.text() for one in labels]
    assert f"The file: saved {copies[0].saved.astimezone():%Y-%m-%d %H:%M:%S}." in told  # type: ignore[union-attr]
    assert "The file: it is not there any more." in told
    assert "The file: there is none, it was never saved." in told
    kept = [f"The copy: kept {one.kept.astimezone():%Y-%m-%d %H:%M:%S}." for one in copies]
    assert len(set(kept)) == 3
    assert set(kept) <= set(told)
    assert [one for one in told if one in ("shoes.tagloom", "gone.tagloom", "<b>New</b>")] == [
        "shoes.tagloom",
        "gone.tagloom",
        "<b>New</b>",
    ]
    assert [one.text() for one in buttons(dialog, Choice.KEEP)] == [
        "Keep the file",
        "Put the copy away",
        "Put the copy away",
    ]


def test_the_newest_is_opened_unless_something_else_is_chosen(dialog: RecoveryDialog) -> None:
    press(dialog, "recovery-continue")
    assert dialog.choices == (Choice.OPEN, Choice.LATER, Choice.LATER)


def test_only_one_copy_is_opened(dialog: RecoveryDialog) -> None:
    for choice, row in ((Choice.KEEP, 2), (Choice.OPEN, 1)):
        button = buttons(dialog, choice)[row]
        QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=button.rect().center() / 2)
    press(dialog, "recovery-continue")
    assert dialog.choices == (Choice.LATER, Choice.OPEN, Choice.KEEP)


def test_closed_without_an_answer_all_is_for_later(dialog: RecoveryDialog) -> None:
    press(dialog, "recovery-all-later")
    assert dialog.choices == (Choice.LATER,) * 3


def test_escape_is_no_answer(dialog: RecoveryDialog) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert set(dialog.choices) == {Choice.LATER}
