"""Spending: sums by day, model and document, and the calls behind them, as the ledger has them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSplitter,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.basics.money import NOTHING, Money, show_credits, show_usd
from app.basics.units import measured
from app.basics.words import joined
from app.studio.book import Entry, Total
from widgets.theme import Themes

_SHARE = Qt.ItemDataRole.UserRole
MONEY_COLUMN = 3


class SpendingPanel(QWidget):
    """`asked` when other sums are wanted: by (`day`, `model`, `document`) and how many days back (0: all)."""

    asked = Signal(str, int)
    export_wanted = Signal()

    def __init__(self, themes: Themes) -> None:
        super().__init__()
        self.setObjectName("spending-panel")
        self._head = QLabel()
        self._head.setProperty("role", "title")
        self._head.setObjectName("spending-head")
        self._by, self._back = self._choosers()
        self.totals = self._list(
            "spending-totals",
            self.tr("Sums"),
            [self.tr("What"), self.tr("Pictures"), self.tr("Credits"), self.tr("Dollars"),
             self.tr("Not known"), self.tr("Drafts")],
        )  # fmt: skip
        self.totals.setItemDelegateForColumn(MONEY_COLUMN, _Bar(self.totals, themes))
        self.entries = self._list(
            "spending-entries",
            self.tr("Each call"),
            [
                self.tr("When"),
                self.tr("Node"),
                self.tr("State"),
                self.tr("Dollars"),
                self.tr("The vendor says"),
            ],
        )
        self._lay_out()

    def _choosers(self) -> tuple[QComboBox, QComboBox]:
        by, back = QComboBox(), QComboBox()
        by.setObjectName("spending-by")
        by.setAccessibleName(self.tr("Summed by"))
        for title, value in ((self.tr("By day"), "day"), (self.tr("By model"), "model"),
                             (self.tr("By document"), "document")):  # fmt: skip
            by.addItem(title, value)
        back.setObjectName("spending-back")
        back.setAccessibleName(self.tr("Period"))
        for title, days in ((self.tr("Last 30 days"), 30), (self.tr("Last 7 days"), 7),
                            (self.tr("Today"), 1), (self.tr("All"), 0)):  # fmt: skip
            back.addItem(title, days)
        for box in (by, back):
            box.currentIndexChanged.connect(lambda _: self.ask())
            box.view().setAccessibleName(box.accessibleName())
        return by, back

    def _list(self, name: str, title: str, columns: list[str]) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setObjectName(name)
        tree.setAccessibleName(title)
        tree.setRootIsDecorated(False)
        tree.setUniformRowHeights(True)
        tree.setHeaderLabels(columns)
        tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        tree.header().setStretchLastSection(True)
        return tree

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 12, 12, 12)
        rows.setSpacing(8)
        top = QHBoxLayout()
        export = QPushButton(self.tr("Export CSV…"))
        export.setObjectName("spending-export")
        export.setToolTip(self.tr("Every call of the ledger, as a table for a spreadsheet"))
        export.clicked.connect(self.export_wanted)
        top.addWidget(self._head)
        top.addStretch(1)
        for widget in (self._by, self._back, export):
            top.addWidget(widget)
        rows.addLayout(top)
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.addWidget(self.totals)
        halves.addWidget(self.entries)
        rows.addWidget(halves, 1)

    def ask(self) -> None:
        """For the sums that the choosers say."""
        self.asked.emit(str(self._by.currentData()), int(self._back.currentData()))

    def show_totals(self, totals: Sequence[Total], titles: dict[str, str]) -> None:
        """`titles`: what a key is called, where it has a better name."""
        self.totals.clear()
        most = max((one.money for one in totals), default=NOTHING)
        for one in totals:
            cells = [titles.get(one.key, one.key), str(one.count), str(one.credits), show_usd(one.money),
                     str(one.unknown or ""), str(one.drafts or "")]  # fmt: skip
            item = QTreeWidgetItem(cells)
            item.setToolTip(0, one.key)
            item.setData(MONEY_COLUMN, _SHARE, one.money / most if most else 0.0)
            for column in (1, 2, 3, 4, 5):
                item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.totals.addTopLevelItem(item)
        money = Money(sum(one.money for one in totals))
        credits = sum(one.credits for one in totals)
        self._head.setText(f"{show_usd(money)} · {show_credits(credits)}")

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Newest first."""
        self.entries.clear()
        for one in entries:
            when = (one.sent or one.made).astimezone().strftime("%Y-%m-%d %H:%M:%S")
            said = "" if one.vendor_amount is None else measured(one.vendor_amount, one.vendor_unit)
            if one.drift_words:
                said = " · ".join(filter(None, (said, one.drift_words)))
            item = QTreeWidgetItem([when, one.title, self._state(one), self._cost(one), said])
            if one.drift_words:
                item.setToolTip(
                    4, self.tr("The charge is far from our estimate. Compare with the price list.")
                )
            item.setToolTip(1, f"{one.document}\n{one.prompt}")
            item.setToolTip(2, joined(one.fault_title, one.fault_advice))
            self.entries.addTopLevelItem(item)

    def _state(self, one: Entry) -> str:
        words = {
            "intended": self.tr("waiting"),
            "sending": self.tr("sending"),
            "submitted": self.tr("sent"),
            "running": self.tr("running"),
            "delivered": self.tr("arrived"),
            "settled": self.tr("arrived"),
            "refused": self.tr("refused"),
            "failed": self.tr("failed"),
            "cancelled": self.tr("cancelled"),
            "unknown": self.tr("charge not known"),
        }.get(one.state, one.state)
        return f"{words} · {self.tr('draft')}" if one.draft else words

    def _cost(self, one: Entry) -> str:
        cost = one.cost
        if cost is None:
            return self.tr("price not known")
        sure = one.draft or one.charged is not None or not cost
        return show_usd(cost) if sure else self.tr("about {cost}").format(cost=show_usd(cost))


class _Bar(QStyledItemDelegate):
    """Each sum with a bar of its share behind it."""

    def __init__(self, view: QTreeWidget, themes: Themes) -> None:
        super().__init__(view)
        self._themes = themes

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: object) -> None:
        share = index.data(_SHARE)  # type: ignore[attr-defined]
        if share:
            colour = self._themes.theme.colour("accent")
            colour.setAlpha(70)
            box = QRectF(option.rect).adjusted(2, 3, -2, -3)
            box.setLeft(box.right() - box.width() * float(share))
            painter.fillRect(box, colour)
        super().paint(painter, option, index)  # type: ignore[arg-type]
