"""A contact sheet before it is written: rows, columns, paper, captions, and the first page as it will be."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.basics.faults import Fault
from app.imaging.sheet_layout import MOST_CELLS, SheetSettings, paper_of
from app.studio.contact_sheet import Captions, Preview
from widgets.messages import counted
from widgets.parts.sized import times
from widgets.tasks import Tasks

SIZE = (860, 620)
_PAUSE_MS = 150
_OWN = ""
_SCREENS = ("1920x1080", "1080x1920", "3840x2160")
_MOST_MARGIN = 50

Show = Callable[[SheetSettings, Captions, bool], Awaitable[Preview]]
"""(settings, captions, all versions) → the first page. :raises Fault: it cannot be laid out so"""


class ContactSheetDialog(QDialog):
    """`settings`, `captions`, `versions` and `ending` are what was asked for, once it is accepted."""

    def __init__(self, heading: str, date: str, show: Show, tasks: Tasks, parent: QWidget) -> None:
        super().__init__(parent)
        self._show, self._tasks, self._date = show, tasks, date
        self._page = QPixmap()
        self._asked = 0
        self._timer = QTimer(self, interval=_PAUSE_MS, singleShot=True)
        self._timer.timeout.connect(lambda: self._tasks.start(self._tell()))
        self.setObjectName("contact-sheet")
        self.setWindowTitle(self.tr("Contact sheet"))
        room = parent.size() - QSize(40, 40)
        self.resize(QSize(times(SIZE[0]), times(SIZE[1])).boundedTo(room))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 18, 20, 16)
        rows.setSpacing(12)
        sides = QHBoxLayout()
        sides.setSpacing(18)
        sides.addWidget(self._form(heading))
        sides.addLayout(self._view(), 1)
        rows.addLayout(sides, 1)
        rows.addWidget(self._buttons())
        self._changed()

    # -- building

    def _form(self, heading: str) -> QWidget:
        self.heading = QLineEdit(heading)
        self.heading.setMaxLength(120)
        self.columns, self.rows = _spin(3, 1, MOST_CELLS), _spin(4, 1, MOST_CELLS)
        self.margin = _spin(12, 0, _MOST_MARGIN)
        self.margin.setSuffix(self.tr(" mm"))
        self.paper = QComboBox()
        for words, name in ((self.tr("A4"), "a4"), (self.tr("Letter"), "letter")):
            self.paper.addItem(words, name)
        for size in _SCREENS:
            self.paper.addItem(self.tr("{size} px").format(size=size.replace("x", " × ")), size)
        self.paper.addItem(self.tr("Own size…"), _OWN)
        self.own = QLineEdit("2000x2000")
        self.own.setAccessibleName(self.tr("Width and height in pixels"))
        self.lying = QCheckBox(self.tr("Landscape"))
        self.format = QComboBox()
        for words, ending in ((self.tr("PDF"), ".pdf"), (self.tr("PNG, one for each page"), ".png")):
            self.format.addItem(words, ending)
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._add_fields(form)
        return self._scrolled(form)

    def _add_fields(self, form: QFormLayout) -> None:
        for words, field, name in (
            (self.tr("Heading"), self.heading, "heading"),
            (self.tr("Columns"), self.columns, "columns"),
            (self.tr("Rows"), self.rows, "rows"),
            (self.tr("Paper"), self.paper, "paper"),
            ("", self.own, "own"),
            ("", self.lying, "landscape"),
            (self.tr("Margin"), self.margin, "margin"),
            (self.tr("Format"), self.format, "format"),
        ):
            field.setObjectName(f"sheet-{name}")
            if words:
                field.setAccessibleName(words)
            if isinstance(field, QComboBox):
                field.view().setAccessibleName(words)
            form.addRow(words, field)

    def _scrolled(self, form: QFormLayout) -> QScrollArea:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(10)
        column.addLayout(form)
        for box in self._captions():
            column.addWidget(box)
        column.addStretch(1)
        self._listen()
        area = QScrollArea()
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab goes to what is in it
        area.setWidget(whole)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFixedWidth(whole.sizeHint().width() + 18)
        return area

    def _captions(self) -> tuple[QCheckBox, ...]:
        self.titles, self.prompts = QCheckBox(self.tr("Titles")), QCheckBox(self.tr("Prompts"))
        self.seeds, self.models = QCheckBox(self.tr("Seeds")), QCheckBox(self.tr("Models"))
        self.prices, self.every = (
            QCheckBox(self.tr("Prices")),
            QCheckBox(self.tr("All versions of each node")),
        )
        boxes = (self.titles, self.prompts, self.seeds, self.models, self.prices, self.every)
        for box, name in zip(
            boxes, ("titles", "prompts", "seeds", "models", "prices", "versions"), strict=True
        ):
            box.setObjectName(f"sheet-{name}")
            box.setChecked(box not in (self.prices, self.every))
        return boxes

    def _listen(self) -> None:
        for spin in (self.columns, self.rows, self.margin):
            spin.valueChanged.connect(lambda _: self._changed())
        for line in (self.heading, self.own):
            line.textChanged.connect(lambda _: self._changed())
        self.paper.currentIndexChanged.connect(lambda _: self._changed())
        boxes = (self.titles, self.prompts, self.seeds, self.models, self.prices, self.every)
        for box in (self.lying, *boxes):
            box.toggled.connect(lambda _: self._changed())

    def _view(self) -> QVBoxLayout:
        self.page = QLabel()
        self.page.setObjectName("sheet-page")
        self.page.setAccessibleName(self.tr("The first page"))
        self.page.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.page.setMinimumSize(180, 180)
        self.page.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.words = QLabel()
        self.words.setObjectName("sheet-words")
        self.words.setProperty("role", "muted")
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout()
        column.addWidget(self.page, 1)
        column.addWidget(self.words)
        return column

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.save = QPushButton(self.tr("Save…"))
        self.save.setObjectName("sheet-save")
        self.save.setProperty("kind", "primary")
        buttons.addButton(self.save, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.save.setDefault(True)
        return buttons

    # -- what is asked for

    @property
    def ending(self) -> str:
        return str(self.format.currentData())

    @property
    def versions(self) -> bool:
        return self.every.isChecked()

    @property
    def captions(self) -> Captions:
        return Captions(
            title=self.titles.isChecked(),
            prompt=self.prompts.isChecked(),
            seed=self.seeds.isChecked(),
            model=self.models.isChecked(),
            price=self.prices.isChecked(),
        )

    @property
    def settings(self) -> SheetSettings:
        """:raises BadInput: the size that was written is none"""
        name = str(self.paper.currentData()) or self.own.text()
        return SheetSettings(
            columns=self.columns.value(),
            rows=self.rows.value(),
            paper=paper_of(name, lying=self.lying.isChecked()),
            margin=float(self.margin.value()),
            heading=self.heading.text(),
            date=self._date,
        )

    # -- the first page

    def _changed(self) -> None:
        name = str(self.paper.currentData())
        self.own.setVisible(name == _OWN)
        self.lying.setEnabled(name in ("a4", "letter"))
        self.save.setEnabled(False)
        self._asked += 1
        self._timer.start()

    async def _tell(self) -> None:
        asked = self._asked
        try:
            preview = await self._show(self.settings, self.captions, self.versions)
        except Fault as fault:
            if asked == self._asked:
                self._page = QPixmap()
                self._draw()
                self.words.setText(fault.sentence())
            return
        if asked == self._asked:
            self._page.loadFromData(preview.png)
            self._draw()
            self.words.setText(counted(preview.pages, "1 page", "The first of {n} pages"))
            self.save.setEnabled(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._draw()

    def _draw(self) -> None:
        if self._page.isNull():
            self.page.clear()
            return
        ratio = self.devicePixelRatioF()
        shown = self._page.scaled(
            self.page.size() * ratio,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        painter = QPainter(shown)  # white paper on a white ground has an edge all the same
        painter.setPen(QColor(128, 128, 128, 130))
        painter.drawRect(shown.rect().adjusted(0, 0, -1, -1))
        painter.end()
        shown.setDevicePixelRatio(ratio)
        self.page.setPixmap(shown)


def _spin(value: int, least: int, most: int) -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(least, most)
    spin.setValue(value)
    spin.lineEdit().setTextMargins(8, 0, 8, 0)
    return spin
