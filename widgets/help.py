"""Help for what one is doing: the guide at its page, the words of a field, the first steps."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, QPoint
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QWhatsThis, QWidget

from app.basics.languages import NAMES
from app.basics.words import spoken
from app.studio.studio import Studio
from widgets.canvas.graph_view import GraphView
from widgets.commands import Command, Commands, native
from widgets.guide.pages import KIND, Guide, guide_words
from widgets.guide.program import Program
from widgets.guide.window import GuideWindow
from widgets.inspector.inspector import Inspector
from widgets.language import Language
from widgets.messages import told
from widgets.parts.gesture_words import fixed_titles, gesture_titles, ways_words
from widgets.parts.hotkeys import Hotkeys
from widgets.teaching import Teaching
from widgets.theme import Themes

NODE = "node"
"""The page of the selected node's kind."""
TOPICS = {
    "prompt-editor": "tags", "references": "tags", "field-reference_tags": "tags", "sent-words": "tags",
    "inspector": NODE, "canvas": NODE, "outline": NODE, "palette": "start", "strip": "start",
    "find-bar": "canvas", "history": "canvas", "shortcuts": "canvas",
    "switch-model": "models", "fan-out": "models", "compare-models": "models",
    "accounts": "money", "settings": "money", "recovery-dialog": "trouble", "banner": "trouble",
    "checks": "tags",
}  # fmt: skip
"""Widget by its name → page. A property `guide` of a widget says it, too, and first."""


class Help(QObject):
    """Made with the panels; `take_keys` once the keys are there."""

    def __init__(
        self,
        studio: Studio,
        graph: GraphView,
        commands: Commands,
        inspector: Inspector,
        themes: Themes,
        window: QWidget,
        language: Language,
    ) -> None:
        super().__init__(window)
        self._studio, self._graph, self._commands = studio, graph, commands
        self._themes, self._window, self._inspector = themes, window, inspector
        self._language = language
        self._hotkeys: Hotkeys | None = None
        self.guide: GuideWindow | None = None
        self.steps = Teaching(studio, graph, commands, inspector, window)
        self.steps.panel.guide_wanted.connect(lambda: self.open("start"))
        inspector.help_wanted.connect(lambda: self.open(self._of_node()))
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._lend_key)

    def take_keys(self, hotkeys: Hotkeys) -> None:
        self._hotkeys = hotkeys
        hotkeys.changed.connect(self._rebound)
        self._rebound()

    def stop(self) -> None:
        self.steps.stop()

    # --- the guide ---

    def open(self, id: str = "") -> None:
        """At a page, or at the one for what has the keyboard."""
        id = id or self.topic(QApplication.focusWidget())
        guide = self._made()
        if self.guide is None:
            self.guide = GuideWindow(guide, self._themes, self._window)
        else:
            self.guide.take(guide)
        self.guide.open_at(id)

    def topic(self, focus: QWidget | None) -> str:
        """The page for a widget: its own, or that of what it stands in."""
        while focus is not None:
            named = focus.property("guide") or TOPICS.get(focus.objectName())
            if named:
                return self._of_node() if named == NODE else str(named)
            focus = focus.parentWidget()
        return "start"

    def _of_node(self) -> str:
        nodes = self._studio.editor.document.nodes
        kinds = {nodes[id].kind for id in self._graph.selected() if id in nodes}
        kind = next(iter(kinds)) if len(kinds) == 1 else ""
        return KIND + kind if kind in self._studio.kinds else "canvas"

    def _made(self) -> Guide:
        """In the language of the program."""
        return self.guide_in(self._language.code if self._language.code in NAMES else "en")

    def guide_in(self, language: str) -> Guide:
        """With the models and the keys of now, in one of `LANGUAGES`."""
        return Guide(
            Program(
                language=language,
                kinds=self._studio.kinds,
                commands=self._commands,
                mouse=self._mouse(),
                words=guide_words(language),
                say=spoken,
            )
        )

    def _mouse(self) -> tuple[tuple[str, str], ...]:
        if self._hotkeys is None:
            return ()
        ways = self._hotkeys.mousemap.resolved().keys
        titles = gesture_titles()
        given = [(titles[id], told(ways_words(ways[id]))) for id in titles if ways.get(id)]
        return (*given, *fixed_titles().values())

    def say_anew(self) -> None:
        """After another language was chosen."""
        self.steps.show_keys()
        if self.guide is not None:
            self.guide.take(self._made())

    def _rebound(self) -> None:
        self.steps.show_keys()
        self._inspector.show_key(next(iter(native(self._commands.keys("guide"))), ""))
        if self.guide is not None and self.guide.isVisible():
            self.guide.take(self._made())

    # --- fields ---

    def whats_this(self) -> None:
        """The words of what has the keyboard; where it has none, the next click asks."""
        focus = QApplication.focusWidget()
        one = focus
        while one is not None and not one.whatsThis():
            one = one.parentWidget()
        if focus is None or one is None:
            QWhatsThis.enterWhatsThisMode()
            return
        QWhatsThis.showText(focus.mapToGlobal(QPoint(8, focus.height())), one.whatsThis(), focus)

    def _lend_key(self, _: QWidget | None, now: QWidget | None) -> None:
        """A dialog has keys of its own: the guide's is lent to each that is entered."""
        dialog = now.window() if now is not None else None
        if not isinstance(dialog, QDialog) or dialog is self.guide or dialog.property("guide-key"):
            return
        above = dialog.parentWidget()
        if above is None or above.window() is not self._window:
            return
        dialog.setProperty("guide-key", True)
        for key in self._commands.keys("guide"):
            QShortcut(QKeySequence(key), dialog, self.open)


def tr(text: str) -> str:
    return QCoreApplication.translate("help", text)


def add_guide_actions(commands: Commands, help: Help) -> None:
    menu = tr("&Help")
    for command in (
        Command(
            id="guide", title=tr("&Guide"), menu=menu, what=help.open,
            tip=tr("The guide, at the page for what you are doing"),
        ),
        Command(
            id="first-steps", title=tr("&First steps"), menu=menu, what=help.steps.open,
            tip=tr("Four steps on the canvas that tick themselves"),
        ),
        Command(
            id="whats-this", title=tr("&What is this?"), menu=menu, what=help.whats_this,
            tip=tr("Explains the field or button that has the keyboard, or the next one you click"),
        ),
    ):  # fmt: skip
        commands.add(command)
