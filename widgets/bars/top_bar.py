"""The top bar: the document, the sandbox badge, the estimate, History and Run."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenuBar, QPushButton, QSizePolicy

from app.basics.money import show_credits, show_usd
from app.studio.parts import Outlook
from widgets.messages import counted

NARROW = 1280
"""Below this width, in px, the bar says less."""
TINY = 760
"""Below this one the menu, Sandbox and Run are all; the price is in Run's question and tooltip."""


class TopBar(QFrame):
    """Shows what it is told; `run_wanted` and `cancel_wanted` say what the artist pressed."""

    run_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(10)
        self._brand = brand = QLabel("Tagloom")
        brand.setProperty("role", "brand")
        self._name = QLabel()
        self._name.setProperty("role", "muted")
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._badge = QLabel()
        self._badge.setProperty("role", "badge")
        self._badge.setFixedHeight(22)
        self._library = QLabel()
        self._library.setProperty("role", "muted")
        self._draft = False
        self._menu: QMenuBar | None = None
        self._run_tip = self.tr("Run what is selected, else everything")
        self._run_words = self.tr("▶  Run")
        self._estimate = QLabel()
        self._estimate.setObjectName("estimate")
        self._cancel = QPushButton(self.tr("Cancel"))
        self._cancel.clicked.connect(self.cancel_wanted)
        self._cancel.hide()
        self._run = QPushButton(self.tr("▶  Run"))
        self._run.setObjectName("run")
        for button, command in ((self._run, "run"), (self._cancel, "cancel")):
            button.setProperty("command", command)
        self._run.setProperty("kind", "primary")
        self._run.setAccessibleName(self.tr("Run"))
        self._run.clicked.connect(self.run_wanted)
        row.addWidget(brand)
        row.addWidget(self._name)
        row.addStretch(1)
        for widget in (self._badge, self._estimate, self._library, self._cancel, self._run):
            row.addWidget(widget)
        self.show_draft(False)

    def show_document(self, name: str, dirty: bool) -> None:
        self._name.setText(f"{name}  •" if dirty else name)
        self._name.setAccessibleName(self.tr("{name}, not saved").format(name=name) if dirty else name)

    def show_draft(self, draft: bool) -> None:
        """`draft`: with no key, pictures are free drafts."""
        self._badge.setVisible(draft)
        self._draft = draft
        self._arrange()

    def _arrange(self) -> None:
        """In a narrow window the menu, the price and Run stay whole; the rest gets shorter."""
        narrow = self.width() < NARROW
        words = self.tr("Sandbox") if narrow else self.tr("Sandbox — drafts, no credits spent")
        self._badge.setText(words)
        self._badge.setToolTip(self.tr("With no key, pictures are free drafts. No credits are spent."))
        self._name.setMaximumWidth(120 if narrow else 480)
        tiny = self.width() < TINY
        for least in (self._brand, self._name, self._estimate):
            least.setHidden(tiny)
        self._run.setText(self._run_words.partition("   ")[0] if tiny else self._run_words)
        self._library.setVisible(not narrow and bool(self._library.text()))
        if self._menu is not None:
            self._menu.setMinimumWidth(self._menu.sizeHint().width())
        for least in (self._brand, self._name):
            if not tiny and self._row.minimumSize().width() > self.width():
                least.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def take_menu(self, bar: QMenuBar) -> None:
        """The menu stands at the left, in the same line."""
        bar.setNativeMenuBar(False)
        bar.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._menu = bar
        self._row.insertWidget(1, bar, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_estimate(self, outlook: Outlook) -> None:
        if outlook.blocked:
            self._library.setText("")
            self._arrange()
            self._estimate.setText(self.tr("Estimate") + " —")
            self._estimate.setToolTip(self.tr("It cannot run as it stands; the checks say what is missing."))
            return
        parts = []
        if outlook.draft and outlook.to_make:
            drafts = counted(outlook.to_make, "1 free draft", "{n} free drafts")
            parts.append(f"<b>{drafts}</b>")
        elif outlook.to_make or outlook.credits or not outlook.reused:
            parts.append(f"<b>{show_credits(outlook.credits)}</b>")
            money = outlook.money
            parts.append(f"≈ {show_usd(money)}" if money is not None else self.tr("price not known"))
        else:
            parts.append("<b>" + self.tr("nothing to pay") + "</b>")
        kept = self.tr("· {n} in the library").format(n=outlook.reused) if outlook.reused else ""
        self._library.setText(kept)
        self._arrange()
        self._estimate.setText(self.tr("Estimate") + " " + " · ".join(parts))
        self._estimate.setToolTip(
            self.tr("{n} to make. What has not changed comes from the library, free.").format(
                n=outlook.to_make
            )
        )

    def show_busy(self, busy: bool) -> None:
        self._cancel.setVisible(busy)

    def show_ready(self, ready: bool, why: str) -> None:
        """`why` is said in the tooltip when the document cannot run."""
        self._run.setEnabled(ready)
        self._run.setToolTip(why or self._run_tip)

    def show_keys(self, run: str, run_tip: str, cancel_tip: str) -> None:
        """The first key of Run, and the tooltips of the two buttons with their keys."""
        key = run.replace("+Return", " ↵").replace("+Enter", " ↵")
        self._run_words = self.tr("▶  Run") + (f"   {key}" if key else "")
        self._arrange()
        if self._run.toolTip() in ("", self._run_tip):
            self._run.setToolTip(run_tip)
        self._run_tip = run_tip
        self._cancel.setToolTip(cancel_tip)
