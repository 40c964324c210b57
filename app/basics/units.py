"""A vendor's own measures, as its bills and the model cards name them: English in the ledger, said in
the language of now."""

from __future__ import annotations

from app.basics.words import mark, said_of, say, say_many

PICTURES = "pictures"
KNOWN = (mark("Runway credits"), mark("BFL credits"), mark("Replicate dollars"), mark("pictures"))
"""Here for the translators; a unit of somebody's own card stays as it is."""


def unit_words(unit: str) -> str:
    return said_of(unit, {}) if unit in KNOWN else unit


def measured(amount: float, unit: str) -> str:
    """`8 Runway credits`, `1 picture`."""
    if unit == PICTURES and amount == int(amount):
        return say_many(int(amount), "1 picture", "{n} pictures")
    return say("{amount:g} {unit}", amount=amount, unit=unit_words(unit))
