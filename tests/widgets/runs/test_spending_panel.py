"""Spending: what is asked for, and that sums and calls say exactly what the ledger says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QWidget

from app.basics.money import Money
from app.studio.book import Entry, Total
from tests.widgets.conftest import stand
from widgets.runs.spending_panel import MONEY_COLUMN, SpendingPanel
from widgets.theme import Themes

SENT = datetime(2026, 11, 25, 20, 0, 1, tzinfo=UTC)
PAID = Entry(
    id="op", state="settled", document="/shop/shoes.tagloom", node="hero", title="Hero", card="gen4-image",
    vendor="runway", model="gen4_image", draft=False, seed=42, prompt="A shoe", credits=100,
    estimate=Money(80_000), charged=Money(80_000), vendor_amount=8.0, vendor_unit="Runway credits",
    fault_title="", fault_advice="", fault_code="", asset="ab", made=SENT, sent=SENT, submitted=SENT,
    ended=SENT, run="r", may_cost=True,
)  # fmt: skip


@pytest.fixture
def panel(stage: QWidget, themes: Themes) -> SpendingPanel:
    stage.resize(760, 460)
    made = SpendingPanel(themes)
    stand(stage, made)
    return made


def total(key: str, money: int, **more: int) -> Total:
    plain = {"count": 1, "credits": 100, "unknown": 0, "drafts": 0, **more}
    return Total(key=key, money=Money(money), **plain)


def test_other_sums_are_asked_for(panel: SpendingPanel) -> None:
    asked = QSignalSpy(panel.asked)
    panel.findChild(QComboBox, "spending-by").setCurrentIndex(1)
    panel.findChild(QComboBox, "spending-back").setCurrentIndex(3)
    assert [tuple(asked.at(place)) for place in range(asked.count())] == [("model", 30), ("model", 0)]


def test_sums_are_exact_and_their_bars_are_their_shares(panel: SpendingPanel) -> None:
    panel.show_totals(
        [total("gen4-image", 240_000, count=3, credits=300, unknown=1), total("other", 60_000, drafts=2)],
        {"gen4-image": "Gen4 Image"},
    )
    rows = [panel.totals.topLevelItem(row) for row in range(2)]
    assert [rows[0].text(column) for column in range(6)] == ["Gen4 Image", "3", "300", "$0.24", "1", ""]
    assert rows[1].text(0) == "other"
    assert [row.data(MONEY_COLUMN, 0x0100) for row in rows] == [1.0, 0.25]
    assert panel.findChild(QLabel, "spending-head").text() == "$0.30 · 400 cr"
    panel.show_totals([], {})
    assert panel.findChild(QLabel, "spending-head").text() == "$0.00 · 0 cr"


def test_a_call_says_what_is_sure_and_what_is_not(panel: SpendingPanel) -> None:
    lost = replace(PAID, state="unknown", charged=None, vendor_amount=None, fault_title="Lost.")
    draft = replace(PAID, draft=True, charged=Money(0), vendor_amount=None)
    dear = replace(PAID, state="submitted", charged=None, estimate=None, vendor_amount=None)
    panel.show_entries([PAID, lost, draft, dear])
    rows = [panel.entries.topLevelItem(row) for row in range(4)]
    assert [row.text(2) for row in rows] == ["arrived", "charge not known", "arrived · draft", "sent"]
    assert [row.text(3) for row in rows] == ["$0.08", "about $0.08", "$0.00", "price not known"]
    assert rows[0].text(4) == "8 Runway credits"
    assert rows[1].toolTip(2).startswith("Lost.")


def test_export_is_a_button(panel: SpendingPanel) -> None:
    wanted = QSignalSpy(panel.export_wanted)
    panel.findChild(QPushButton, "spending-export").click()
    assert wanted.count() == 1


def test_a_charge_far_from_the_estimate_is_said(panel: SpendingPanel) -> None:
    far = replace(PAID, charged=Money(96_000), vendor_amount=9.6)
    panel.show_entries([far, PAID])
    row, plain = (panel.entries.topLevelItem(place) for place in range(2))
    assert row.text(4) == "9.6 Runway credits · 20% over our estimate of $0.08"
    assert "far from our estimate" in row.toolTip(4)
    assert plain.text(4) == "8 Runway credits"
