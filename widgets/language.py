"""The language of the window: chosen at the start, switched while it is open. Everything is said from the
catalogue of `app.basics.words`; Qt's own texts (buttons of its dialogs) come from Qt's."""

from __future__ import annotations

import re
import sys

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTranslator
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from app.basics.languages import NAMES, PSEUDO, speak_language, system_language
from app.basics.words import ENGLISH, Catalogue, foreign, in_english, mark, say, speak, spoken_now


class Language(QObject):
    """One in a program. `close` gives English back, for the next window of the process."""

    def __init__(self, app: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        self.app = app
        self._ours: _Ours | None = None
        self.code = "en"

    def begin(self, wanted: str) -> None:
        """Before anything is shown; empty: the system's."""
        self.code = speak_language(wanted or _of_system())
        self._install()

    def choose(self, wanted: str) -> Catalogue | None:
        """From now on; what is on the screen is for `widgets.switching`. Returns what was spoken before, None
        where that is the same."""
        before, old = spoken_now(), self.code
        self.code = speak_language(wanted or _of_system())
        if self.code == old:
            return None
        self._install()
        return before

    def _install(self) -> None:
        """Qt then tells every widget of it (`LanguageChange`)."""
        if self._ours is not None:
            self.app.removeTranslator(self._ours)
            self._ours.deleteLater()
            self._ours = None
        QLocale.setDefault(QLocale(self.code) if self.code in NAMES else QLocale.system())
        if foreign():
            self._ours = _Ours(self.code, self)
            self.app.installTranslator(self._ours)

    def close(self) -> None:
        speak(ENGLISH)
        self.code = "en"
        self._install()


def missing_face(code: str) -> str:
    """A note where a language is spoken that no font of this system can write; in English, since nothing else
    could be read then. Empty where all is well."""
    wanted = {"zh_CN": QFontDatabase.WritingSystem.SimplifiedChinese}.get(code)
    if wanted is None or QFontDatabase.families(wanted):
        return ""
    return in_english(
        say(
            "No font with Chinese characters is installed, so they are shown as boxes. Install one, such as "
            "Noto Sans CJK SC (on Debian the package fonts-noto-cjk), and start Tagloom again."
        )
    )


_QTS = re.compile(r"Q[A-Z]")
"""How Qt's own classes are called; `QueuePanel` is ours."""
LACKING = frozenset((mark("&Look in:"), mark("Files of &type:"), mark("Folder"), mark("Drive")))
"""Texts of Qt's file dialog that its own Chinese has not."""


class _Ours(QTranslator):
    """Our catalogue behind Qt's `tr`, then Qt's own catalogue. Qt asks for each class up to `QObject`; only
    the first, a class of ours, is looked up here."""

    def __init__(self, code: str, parent: QObject) -> None:
        super().__init__(parent)
        self._qt = QTranslator(self)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        self._has_qt = code != PSEUDO and self._qt.load(f"qtbase_{code}", folder)

    def isEmpty(self) -> bool:
        return False

    def translate(  # type: ignore[override]  # None is what Qt calls a null string
        self, context: str, text: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        if context == "QShortcut":
            return None  # keys are called as they are in the guide and on the keyboard
        if not _QTS.match(context):
            catalogue = spoken_now()
            found = catalogue.pgettext(disambiguation, text) if disambiguation else catalogue.gettext(text)
            if found != text:
                return found
        found = self._qt.translate(context, text, disambiguation, n) if self._has_qt else ""
        return found or (spoken_now().gettext(text) if text in LACKING else None)


def _of_system() -> str:
    """As the environment says, else as Qt knows it of Windows and macOS."""
    if named := system_language():
        return named
    return next(iter(QLocale.system().uiLanguages()), "") if sys.platform in ("win32", "darwin") else ""
