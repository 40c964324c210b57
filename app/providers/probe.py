"""Whether a vendor can be reached, step by step: proxy, name, connection, certificate, answer, key, balance.

It goes the way that real calls go, with the same trust and the same proxies, and buys nothing: what is asked
with the key is the vendor's own `account`. Each step is told when it begins and when it ends.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.basics.faults import BadInput, Fault, Refused, Unreachable
from app.basics.words import say
from app.providers.certificates import Certificates
from app.providers.contract import Account
from app.providers.line import LineBroke
from app.providers.registry import Registry, VendorKind
from app.providers.routes import Proxy, proxy_of
from app.providers.sockets import Sockets, Target
from app.providers.steps import Report, Seen, Step, StepName, StepState, Tell
from app.providers.transport import Transport

KEY_ITSELF = ("vendor.key-bad", "keys.shape")
"""Faults of a key that could not stand in a header."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds that a step may take: one on the line, and the vendor's answer."""

    line: float = 8.0
    answer: float = 20.0


class Probe:
    def __init__(self, registry: Registry, transport: Transport, *, patience: Patience = Patience()) -> None:
        self._registry = registry
        self._transport = transport
        self._patience = patience

    async def test(self, vendor: str, tell: Tell = lambda step: None) -> Report:
        """Stops at the first step that is bad. May be cancelled at any time.

        :raises BadInput: `vendor.unknown`, or the computer's proxy settings make no sense
        """
        kind = self._registry.kind(vendor)
        walk = _Walk(tell)
        try:
            address = self._registry.address(kind.id)
        except BadInput as fault:
            walk.add(StepName.NAME, StepState.BAD, fault.title, fault.advice)
            return Report(steps=tuple(walk.steps))
        there = await self._line(walk, address, kind)
        account = await self._vendor(walk, address, kind) if there else None
        return Report(steps=tuple(walk.steps), account=account)

    async def _line(self, walk: _Walk, address: str, kind: VendorKind) -> bool:
        """Whether there is a line to the vendor."""
        parts = urlsplit(address)
        secure = parts.scheme == "https"
        proxy = proxy_of(address)
        if proxy is not None:
            walk.add(StepName.PROXY, StepState.GOOD, _proxy_words(proxy))
            if proxy.scheme not in ("http", "https"):  # what is between is the proxy's own matter
                return True
        target = Target(host=parts.hostname or "", port=parts.port or (443 if secure else 80), proxy=proxy)
        sockets = Sockets(self._transport.trust(), self._patience.line)
        if not await walk.step(StepName.NAME, self._patience.line, sockets.name(target)):
            return False
        if not await walk.step(StepName.CONNECTION, self._patience.line, sockets.connection(target)):
            return False
        if not secure:
            walk.add(StepName.CERTIFICATE, StepState.NONE, say("None is needed on this computer."))
            return True
        certificates = Certificates(sockets, target, kind.title)
        # Up to three lines are opened, each with the step's patience of its own.
        return await walk.step(StepName.CERTIFICATE, 3 * self._patience.line, certificates.look())

    async def _vendor(self, walk: _Walk, address: str, kind: VendorKind) -> Account | None:
        walk.begin(StepName.ANSWER)
        try:
            if not await self._registry.is_live(kind.id):
                await self._without_key(walk, address, kind)
                return None
            async with asyncio.timeout(self._patience.answer):
                account = await (await self._registry.vendor(kind.id)).account()
        except TimeoutError:
            walk.end(
                StepState.BAD,
                say(
                    "{vendor} took the call and did not answer in {seconds:.0f} seconds.",
                    vendor=kind.title,
                    seconds=self._patience.answer,
                ),
                say("Try again later; if it stays so, look at the vendor's status page."),
            )
            return None
        except Refused as fault:
            walk.end(StepState.GOOD, say("{title} answers.", title=kind.title))
            walk.add(StepName.KEY, StepState.BAD, fault.title, fault.advice)
            return None
        except BadInput as fault:
            if fault.code in KEY_ITSELF:
                walk.rename(StepName.KEY)
            walk.end(StepState.BAD, fault.title, fault.advice)
            return None
        except Fault as fault:
            walk.end(StepState.BAD, fault.title, fault.advice)
            return None
        walk.end(StepState.GOOD, say("{title} answers.", title=kind.title))
        walk.add(StepName.KEY, StepState.GOOD, say("{title} takes the key.", title=kind.title))
        told = StepState.NONE if account.balance is None else StepState.GOOD
        walk.add(StepName.BALANCE, told, account.words)
        return account

    async def _without_key(self, walk: _Walk, address: str, kind: VendorKind) -> None:
        """Any answer at all shows that the vendor can be reached."""
        try:
            answer = await self._transport.ask("GET", address, seconds=self._patience.answer)
        except LineBroke as broke:
            words = say("{title} could not be asked ({broke}).", title=kind.title, broke=broke.broke)
            walk.end(
                StepState.BAD, words, say("Try again; if it stays so, look at the proxy and the firewall.")
            )
            return
        words = say("{title} answers ({status}).", title=kind.title, status=answer.status)
        walk.end(StepState.GOOD, words)
        walk.add(StepName.KEY, StepState.NONE, say("There is no key: pictures are free drafts."))


class _Walk:
    """The steps that were taken, told as they come."""

    def __init__(self, tell: Tell) -> None:
        self.steps: list[Step] = []
        self._tell = tell
        self._name = StepName.NAME
        self._began = 0.0

    def begin(self, name: StepName) -> None:
        self._name, self._began = name, time.perf_counter()
        self._tell(Step(name=name, state=StepState.WORKING))

    def end(self, state: StepState, words: str, advice: str = "") -> None:
        seconds = time.perf_counter() - self._began
        self._add(Step(name=self._name, state=state, words=words, advice=advice, seconds=seconds))

    def rename(self, name: StepName) -> None:
        """What was begun came no further than this."""
        self._tell(Step(name=self._name, state=StepState.NONE))
        self._name = name

    def add(self, name: StepName, state: StepState, words: str, advice: str = "") -> None:
        self._add(Step(name=name, state=state, words=words, advice=advice))

    async def step(self, name: StepName, seconds: float, work: Awaitable[Seen]) -> bool:
        """Whether it was well."""
        self.begin(name)
        try:
            async with asyncio.timeout(seconds):
                state, words, advice = await work
        except TimeoutError:
            words = say("No answer in {seconds:.0f} seconds.", seconds=seconds)
            state, advice = StepState.BAD, say("Check the internet connection, a firewall or a proxy.")
        except Unreachable as fault:
            state, words, advice = StepState.BAD, fault.title, fault.advice
        self.end(state, words, advice)
        return state is not StepState.BAD

    def _add(self, step: Step) -> None:
        self.steps.append(step)
        self._tell(step)


def _proxy_words(proxy: Proxy) -> str:
    if proxy.source:
        return say(
            "All goes through {words} ({source} in the environment).", words=proxy.words, source=proxy.source
        )
    return say("All goes through {words} (this computer's settings).", words=proxy.words)
