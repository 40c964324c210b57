"""The vendors as settings show them: whose key there is, their pages, and whether they can be reached."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from app.basics.clock import Clock
from app.basics.words import joined
from app.providers.contract import Keeping
from app.providers.probe import Probe
from app.providers.steps import (  # handed on: widgets know no providers
    Report,
    Step,
    StepName,
    StepState,
    Tell,
)
from app.studio.balances import Balances

__all__ = ["Pages", "Reach", "Report", "Step", "StepName", "StepState", "Tell"]


class Pages(Struct, frozen=True, kw_only=True):
    """`usage` is the address of the page with keys and bills; `keeps` says what a vendor does with what is
    sent, and for how long."""

    usage: str
    keeps: str


class Reach:
    def __init__(
        self, probe: Probe, balances: Balances, keepings: Mapping[str, Keeping], clock: Clock
    ) -> None:
        self._probe, self._balances, self._keepings, self._clock = probe, balances, keepings, clock

    def pages(self, vendor: str) -> Pages:
        one = self._keepings.get(vendor)
        return (
            Pages(usage=one.usage_page, keeps=joined(one.uploads, one.kept))
            if one
            else Pages(usage="", keeps="")
        )

    async def test(self, vendor: str, tell: Tell = lambda step: None) -> Report:
        """Goes the whole way to a vendor, buying nothing; what it says of the balance is remembered.

        :raises BadInput: `vendor.unknown`
        """
        asked = self._clock.now()
        report = await self._probe.test(vendor, tell)
        if report.account is not None:
            await self._balances.heard(vendor, report.account, asked)
        return report
