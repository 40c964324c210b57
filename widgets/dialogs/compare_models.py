"""All models beside each other, from their cards: price, limits, what a seed is worth, with the sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from app.basics.words import spoken
from app.catalogue.cards import Card
from widgets.parts.model_words import (
    credits_words,
    price_words,
    prompt_words,
    ratios_words,
    seed_words,
    vendors_words,
)

SIZE = (980, 660)


class CompareModels(QDialog):
    """`advice` is about the graph at hand."""

    def __init__(self, cards: Sequence[Card], advice: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("compare-models")
        self.setWindowTitle(self.tr("Compare models"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*SIZE)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 18, 20, 16)
        rows.setSpacing(12)
        self.advice = QLabel("\n".join(advice))
        self.advice.setObjectName("model-advice")
        self.advice.setAccessibleName(self.tr("For the graph at hand"))
        self.advice.setTextFormat(Qt.TextFormat.PlainText)
        self.advice.setWordWrap(True)
        heading = QLabel(self.tr("For the graph at hand"))
        heading.setProperty("role", "muted")
        for one in (heading, self.advice):
            one.setVisible(bool(advice))
            rows.addWidget(one)
        self.table = self._table(cards)
        rows.addWidget(self.table, 3)
        self.sources = QTextBrowser()
        self.sources.setObjectName("model-sources")
        self.sources.setAccessibleName(self.tr("Advice, limits and their sources"))
        self.sources.setHtml(self._sources(cards))
        rows.addWidget(self.sources, 2)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        rows.addWidget(buttons)
        self.table.setFocus()

    def _table(self, cards: Sequence[Card]) -> QTableWidget:
        facts: tuple[tuple[str, Callable[[Card], str]], ...] = (
            (self.tr("Credits"), credits_words),
            (self.tr("Price a picture"), price_words),
            (self.tr("References"), lambda card: str(card.references.most)),
            (self.tr("Tags"), lambda card: self.tr("yes") if card.tags else self.tr("no, sent as numbers")),
            (self.tr("Largest"), lambda card: spoken(card.largest)),
            (self.tr("Seed"), seed_words),
            (self.tr("Prompt"), prompt_words),
            (self.tr("Ratios"), ratios_words),
            (self.tr("Vendors"), vendors_words),
        )
        table = QTableWidget(len(facts), len(cards))
        table.setObjectName("model-table")
        table.setAccessibleName(self.tr("Models and their facts"))
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setWordWrap(True)
        table.setTabKeyNavigation(False)  # arrows go from cell to cell, Tab goes on
        table.setCurrentCell(0, 0)
        table.setVerticalHeaderLabels([title for title, _ in facts])
        table.setHorizontalHeaderLabels([card.title for card in cards])
        for row, (_, words) in enumerate(facts):
            for column, card in enumerate(cards):
                item = QTableWidgetItem(words(card))
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                table.setItem(row, column, item)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        return table

    def _sources(self, cards: Sequence[Card]) -> str:
        parts: list[str] = []
        for card in cards:
            summary = escape(spoken(card.summary))
            parts.append(f"<p><b>{escape(card.title)}</b>, {escape(card.maker)}. {summary}</p>")
            parts += [f"<p>{escape(spoken(line))}</p>" for line in card.advice]
            limits = [
                f"<li>{escape(spoken(limit.text))} <i>({escape(limit.source)}, {escape(limit.date)}"
                + ("" if limit.verified else f"; {escape(self.tr('not verified'))}")
                + ")</i></li>"
                for limit in card.limits
            ]
            parts.append(f"<ul>{''.join(limits)}</ul>")
        return "".join(parts)
