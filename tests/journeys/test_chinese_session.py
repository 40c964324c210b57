"""A session in Chinese from the first start to the last, written with an input method's events."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent, QTextCharFormat, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QPlainTextEdit, QWidget

from app.engine.run_state import NodeState
from tests.support.window import ROOT
from tests.widgets.bench import turns, until
from tests.widgets.reading import english_in, english_of, english_on, help_of
from tests.widgets.telling import settle
from tests.widgets.whole import bench as bench
from widgets.loop import FONTS
from widgets.theme import apply, load_fonts
from widgets.workbench import Workbench

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(240),
    pytest.mark.qt_log_ignore("does not support"),
]
NONE, CTRL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
SENTENCE = "专业产品照片，人物穿着"
OWN = ("鞋子.png", "人物.png", "xiezi", "renwu")
"""Files and tags."""
FOLDER, NAME = "作品 二零二六", "运动鞋.tagloom"


@pytest.fixture(autouse=True)
def chinese(tagloom_home: Path) -> None:
    """Before the window begins."""
    settle(tagloom_home, "zh_CN")


class Writer:
    """Keys and an input method, as they come to what has the keyboard. `pictures`: a folder for looking."""

    def __init__(self, bench: Workbench) -> None:
        self.bench, self.graph, self.studio = bench, bench.graph, bench.studio
        self.pictures = os.environ.get("TAGLOOM_PICTURES", "")

    @property
    def focus(self) -> QWidget:
        focus = QApplication.focusWidget()
        assert focus is not None
        return focus

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.focus, key, held)

    def compose(self, pinyin: str, words: str) -> None:
        """Letters come one by one as what is being composed, then the words. Meanwhile nothing else happens:
        no step, nothing in the field, but all of it in sight."""
        field, steps, before = self.focus, self.studio.editor.position, text_of(self.focus)
        assert field.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        for end in range(1, len(pinyin) + 1):
            looked = field.grab().toImage()
            send(field, pinyin[:end])
            assert text_of(field) == before
            assert field.grab().toImage() != looked, f"{pinyin[:end]} is not seen"
        assert self.focus is field
        assert self.studio.editor.position == steps
        send(field, "", words)
        assert words in text_of(field)

    def speaks(self, name: str, *own: str) -> None:
        """Nothing in any window is English; `own` are words of the artist."""
        windows = [self.bench.window, *(one for one in dialogs(self.bench))]
        left = [(one.widget, one.text) for window in windows for one in english_in(window, without=own)]
        assert not left, "\n".join(map(str, left))
        assert not (left := [one.text for one in english_on(self.graph, without=own)]), left
        assert [one for window in windows for one in help_of(window) if english_of(one)] == []
        if self.pictures:
            for number, window in enumerate(windows):
                window.grab().save(str(Path(self.pictures) / f"{name}{number or ''}.png"))

    async def add(self, pinyin: str, words: str, kind: str) -> str:
        before = set(self.studio.editor.document.nodes)
        self.graph.viewer.setFocus()
        self.key(Qt.Key.Key_A, SHIFT)
        await turns()
        search = self.graph.handling.search
        assert self.focus is search.line
        self.compose(pinyin, words)
        await turns()
        assert search.found()[:1] == [kind]
        self.speaks(f"search-{kind}")
        self.key(Qt.Key.Key_Return)
        await turns(0.2)
        (made,) = set(self.studio.editor.document.nodes) - before
        return made

    async def choose_file(self, path: Path, name: str) -> None:
        """In a file dialog, its name composed."""
        await until(lambda: dialogs(self.bench))
        dialog = dialogs(self.bench)[-1]
        assert isinstance(dialog, QFileDialog)
        dialog.activateWindow()
        await turns(0.2)
        self.speaks(name, path.name, FOLDER)
        line = dialog.findChild(QLineEdit, "fileNameEdit")
        assert line is not None
        line.setFocus()
        line.clear()
        QTest.keyClicks(line, f"{path.parent.parent}/")
        self.compose("zuo pin", path.parent.name)
        await self.enter(line)
        assert dialog.directory().dirName() == path.parent.name
        line.clear()  # where a file is to be saved, Qt leaves the folder's name in the line
        self.compose("xie", path.name)
        await self.enter(line)
        await self.back()

    async def back(self) -> None:
        """No dialog is left, and the window has the keyboard, as a window manager gives it."""
        await until(lambda: not dialogs(self.bench))
        self.bench.window.activateWindow()
        await turns(0.2)

    async def enter(self, line: QLineEdit) -> None:
        """After what Qt proposes has gone."""
        await turns(0.2)
        if popup := QApplication.activePopupWidget():
            QTest.keyClick(popup, Qt.Key.Key_Escape)
        QTest.keyClick(line, Qt.Key.Key_Return)
        await turns(0.2)


def send(field: QWidget, preedit: str, commit: str = "") -> None:
    mark = QTextCharFormat()
    mark.setFontUnderline(True)
    kind = QInputMethodEvent.AttributeType.TextFormat
    marks = [QInputMethodEvent.Attribute(kind, 0, len(preedit), mark)] if preedit else []
    event = QInputMethodEvent(preedit, marks)
    event.setCommitString(commit)
    QApplication.sendEvent(field, event)


def text_of(field: QWidget) -> str:
    assert isinstance(field, (QLineEdit, QPlainTextEdit))
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()


def dialogs(bench: Workbench) -> list[QDialog]:
    return [one for one in bench.window.findChildren(QDialog) if one.isVisible()]


def photograph(folder: Path, source: str, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    return Path(shutil.copy(ROOT / "resources" / "examples" / "refs" / source, folder / name))


def wrong_file(path: Path) -> Path:
    path.write_text("{", "utf-8")
    return path


async def test_a_session_in_chinese(bench: Workbench, tmp_path: Path) -> None:
    writer, studio = Writer(bench), bench.studio
    load_fonts(FONTS)
    apply(bench.language.app, bench.themes.theme, bench.window)
    bench.window.resize(1600, 1000)
    await turns(0.5)
    assert bench.language.code == "zh_CN"
    writer.speaks("begin")
    writer.key(Qt.Key.Key_N, CTRL)
    await until(lambda: not studio.editor.document.nodes)
    words, model = await built(writer, tmp_path / "照片 鞋")
    await written(writer, words)
    await run(writer, model)
    await saved_and_opened(writer, tmp_path / FOLDER / NAME)
    await undone(writer, model)
    await settings_found(writer)
    await refused(writer, wrong_file(tmp_path / FOLDER / "坏了.tagloom"))


async def built(writer: Writer, folder: Path) -> tuple[str, str]:
    """A prompt, two photographs, a model: found by their Chinese names, joined by the list of inputs."""
    graph, own = writer.graph, OWN[:2]
    words = await writer.add("ti shi", "提示", "prompt")
    taken = []
    for source, name in zip(("coffee.png", "astronaut.png"), own, strict=True):
        graph.select(())
        made = await writer.add("can kao", "参考", "reference-image")
        graph.select((made,))
        await turns(0.2)
        writer.bench.tasks.start(writer.bench.files.choose_photograph(made))
        await writer.choose_file(photograph(folder, source, name), f"photograph-{name[:2]}")
        assert writer.studio.editor.document.nodes[made].title in ("", name)
        taken.append(made)
    graph.select(())
    model = await writer.add("yi liu", "Gen4", "gen4-image")
    for source, wanted in ((words, "提示词"), (taken[0], "参考图"), (taken[1], "参考图")):
        graph.select((source,))
        graph.viewer.setFocus()
        await turns(0.1)
        writer.key(Qt.Key.Key_L, CTRL)
        await until(lambda: dialogs(writer.bench))
        dialogs(writer.bench)[-1].activateWindow()
        await turns(0.1)
        QTest.keyClicks(writer.focus, "Gen4 Image ")
        writer.compose("ti shi", wanted)
        writer.speaks("link-to", *own)
        writer.key(Qt.Key.Key_Return)
        await writer.back()
    assert len(writer.studio.editor.document.links) == 3
    graph.fit()
    graph.select((model,))
    await turns(0.4)
    writer.speaks("built", *own)
    tags = writer.bench.inspector.findChild(QLineEdit, "reference_tags")
    assert tags is not None
    tags.setFocus()
    QTest.keyClicks(tags, "xiezi, renwu")  # vendors take tags of plain letters alone
    QTest.keyClick(tags, Qt.Key.Key_Return)
    await turns(0.4)
    assert {one.tag for one in writer.studio.editor.document.links} == {"", "xiezi", "renwu"}
    writer.speaks("tagged", *OWN)
    return words, model


async def written(writer: Writer, words: str) -> None:
    """On the card: composed, with tags by @ and by the wide ＠, undone and done again within the field."""
    graph, studio = writer.graph, writer.studio

    def text() -> str:
        return str(studio.editor.document.nodes[words].values.get("text", ""))

    graph.viewer.setFocus()
    graph.select((words,))
    graph.handling.edit_words(words)
    await turns(0.2)
    field = writer.focus
    assert isinstance(field, QPlainTextEdit)
    steps = studio.editor.position
    writer.compose("zhuan ye chan pin", SENTENCE)
    for sign in ("@", "＠"):
        send(field, "", sign)
        await turns(0.1)
        offered = field.findChild(QWidget, "completion")
        assert offered is not None
        assert offered.isVisible(), sign
        writer.speaks(f"tags-{ord(sign)}", *OWN)
        if sign == "＠":
            writer.key(Qt.Key.Key_Down)
        writer.key(Qt.Key.Key_Return)
        writer.compose("he", "和" if sign == "@" else "站在摄影棚里。")
    assert all(f"@{tag}" in text() for tag in OWN[2:])
    assert "＠" not in text()
    whole = text()
    writer.key(Qt.Key.Key_Z, CTRL)
    assert text() != whole
    assert studio.editor.position >= steps, "undo in a field is the field's"
    field.redo()
    assert text() == whole
    field.moveCursor(QTextCursor.MoveOperation.End)
    writer.key(Qt.Key.Key_Escape)
    await turns(0.2)
    assert studio.editor.position == steps + 1, "writing is one step"
    assert graph.viewer.hasFocus()
    writer.speaks("written", *OWN)


async def run(writer: Writer, model: str) -> None:
    runs = writer.studio.runs
    writer.graph.select((model,))
    writer.key(Qt.Key.Key_F5)
    await turns(0.1)
    writer.speaks("running", *OWN)
    await until(lambda: runs.state.node(model).state in (NodeState.DONE, NodeState.FAILED))
    fault = runs.state.node(model).fault
    assert fault is None, fault
    await turns(0.5)
    writer.speaks("done", *OWN)


async def saved_and_opened(writer: Writer, file: Path) -> None:
    file.parent.mkdir()
    studio = writer.studio
    document = studio.editor.document
    writer.key(Qt.Key.Key_S, CTRL | SHIFT)
    await writer.choose_file(file, "save-as")
    await until(lambda: studio.desk.path == file and not studio.desk.dirty)
    assert sorted(one.name for one in (file.parent / "refs").iterdir()) == ["人物.png", "鞋子.png"]
    assert file.stem in writer.bench.window.windowTitle()
    writer.speaks("saved", *OWN, file.stem)
    writer.key(Qt.Key.Key_N, CTRL)
    await until(lambda: not studio.editor.document.nodes)
    writer.key(Qt.Key.Key_O, CTRL)
    await writer.choose_file(file, "open")
    await until(lambda: studio.editor.document.nodes.keys() == document.nodes.keys())
    writer.graph.fit()
    await turns(0.5)
    writer.speaks("opened", *OWN, file.stem)


async def undone(writer: Writer, model: str) -> None:
    editor = writer.studio.editor
    before = editor.document
    writer.graph.select((model,))
    writer.graph.viewer.setFocus()
    writer.key(Qt.Key.Key_Delete)
    await turns(0.1)
    assert model not in editor.document.nodes
    writer.key(Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.AltModifier)
    await turns(0.2)
    writer.speaks("steps", *OWN, "运动鞋")
    writer.key(Qt.Key.Key_Escape)
    writer.graph.viewer.setFocus()
    writer.key(Qt.Key.Key_Z, CTRL)
    await turns(0.2)
    assert editor.document == before


async def settings_found(writer: Writer) -> None:
    writer.key(Qt.Key.Key_Comma, CTRL)
    await until(lambda: dialogs(writer.bench))
    dialog = writer.bench.settings.dialog
    assert dialog is not None
    dialog.activateWindow()
    await turns(0.2)
    writer.speaks("settings")
    writer.compose("yu yan", "语言")
    await turns(0.1)
    assert [row.names[0] for row in dialog.found()][:1] == ["语言"]
    writer.speaks("settings-found")
    writer.key(Qt.Key.Key_Escape)
    writer.key(Qt.Key.Key_Escape)
    await writer.back()


async def refused(writer: Writer, file: Path) -> None:
    """A file that is none is refused in words, and the document stays."""
    before = writer.studio.editor.document
    writer.graph.viewer.setFocus()
    writer.key(Qt.Key.Key_O, CTRL)
    await writer.choose_file(file, "open-again")
    await until(writer.bench.banner.isVisible)
    writer.speaks("refused", *OWN, "运动鞋", file.name, str(file.parent))
    assert writer.studio.editor.document is before
