"""The questions before work is left or sent again: what each button stands for, and what closing means."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QWidget

from widgets.dialogs.asking import again_of, leaving_of, losing_of


async def dialog_of(stage: QWidget) -> QDialog:
    async with asyncio.timeout(5):
        while not (found := [one for one in stage.findChildren(QDialog) if one.isVisible()]):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return found[0]


@pytest.mark.parametrize("answer", ["leave", "wait", "stop", "stay"])
async def test_each_button_is_its_answer(stage: QWidget, answer: str) -> None:
    asked = asyncio.ensure_future(leaving_of(stage, 2, 3))
    dialog = await dialog_of(stage)
    words = " ".join(one.text() for one in dialog.findChildren(QLabel))
    assert "2 under way and 3 waiting" in words
    assert "may be charged" in words
    dialog.findChild(QPushButton, f"leaving-{answer}").click()
    assert await asked == answer


async def test_what_cannot_be_collected_later_is_said(stage: QWidget) -> None:
    asked = asyncio.ensure_future(leaving_of(stage, 2, 0, silent=1))
    dialog = await dialog_of(stage)
    words = " ".join(one.text() for one in dialog.findChildren(QLabel))
    assert "1 of them cannot be collected later" in words
    assert "ends once they have come" in words
    dialog.reject()
    assert await asked == "stay"


async def test_enter_leaves_and_closing_stays(stage: QWidget) -> None:
    asked = asyncio.ensure_future(leaving_of(stage, 1, 0))
    dialog = await dialog_of(stage)
    assert dialog.findChild(QPushButton, "leaving-leave").isDefault()
    dialog.reject()
    assert await asked == "stay"


async def test_sending_again_is_never_the_default(stage: QWidget) -> None:
    asked = asyncio.ensure_future(again_of(stage, "It may have been charged.", "Twice."))
    dialog = await dialog_of(stage)
    assert dialog.findChild(QPushButton, "again-no").isDefault()
    assert not dialog.findChild(QPushButton, "again-yes").isDefault()
    dialog.findChild(QPushButton, "again-yes").click()
    assert await asked


@pytest.mark.parametrize("answer", ["save", "leave", "stay"])
async def test_what_would_be_lost_is_named_and_saving_is_the_default(stage: QWidget, answer: str) -> None:
    asked = asyncio.ensure_future(losing_of(stage, ("Hero shot", "Back")))
    dialog = await dialog_of(stage)
    assert "Hero shot, Back" in " ".join(one.text() for one in dialog.findChildren(QLabel))
    assert dialog.findChild(QPushButton, "losing-save").isDefault()
    dialog.findChild(QPushButton, f"losing-{answer}").click()
    assert await asked == answer
