"""The caps of the settings."""

from __future__ import annotations

from app.basics.money import Money
from app.engine.job import Caps
from app.preferences import declared
from app.preferences.options import Option, Options


def caps_of(options: Options) -> Caps:
    def money(option: Option[int | None]) -> Money | None:
        value = options.get(option)
        return None if value is None else Money(value)

    return Caps(
        run_credits=options.get(declared.CAP_RUN_CREDITS),
        run_money=money(declared.CAP_RUN_USD),
        day_credits=options.get(declared.CAP_DAY_CREDITS),
        day_money=money(declared.CAP_DAY_USD),
        document_credits=options.get(declared.CAP_DOCUMENT_CREDITS),
        document_money=money(declared.CAP_DOCUMENT_USD),
    )
