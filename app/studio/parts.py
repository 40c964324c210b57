"""What a studio is made of and what it says, as values."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from app.basics.clock import Clock
from app.basics.faults import Refused, Retry
from app.basics.money import NOTHING, Money
from app.basics.places import Places
from app.basics.words import say
from app.document.editor import Editor
from app.document.sockets import Shapes
from app.engine.engine import Engine
from app.engine.results import Result
from app.imaging.photographs import Photographs
from app.journal.ledger import Ledger
from app.journal.waiting_list import WaitingList
from app.library.library import Library
from app.nodes.declare import Kinds
from app.preferences.keys import Keys
from app.preferences.options import Options
from app.preferences.snippets import Snippets
from app.preferences.templates import Templates
from app.providers.contract import Keeping
from app.providers.probe import Probe
from app.providers.registry import Registry
from app.providers.web_pictures import WebPictures
from app.studio.checks import Checks
from app.studio.desk import Desk
from app.studio.preview import Preview
from app.studio.safekeeping import Safekeeping
from app.studio.upkeep import Upkeep


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What a run of everything would mean now. `blocked`: it cannot run as it stands. `results` are the
    pictures that models show; those of `stale` nodes no longer match what goes into them."""

    credits: int = 0
    money: Money | None = NOTHING
    to_make: int = 0
    reused: int = 0
    draft: bool = False
    blocked: bool = False
    stale: frozenset[str] = frozenset()
    results: Mapping[str, Result] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The question before money is spent."""

    question: str
    uploads: tuple[str, ...]
    """For each vendor asked for the first time: what is uploaded, to whom, how long it is kept there."""
    credits: int
    money: Money | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorStatus:
    """`source` is where the key comes from: `environment`, `keyring`, `session`, or empty for none."""

    id: str
    title: str
    source: str

    @property
    def live(self) -> bool:
        return bool(self.source)


async def never_asked(consent: Consent) -> bool:
    """The answer where nobody is there to ask."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """What outlives the program. `notes` are what people should be told about it, in sentences."""

    options: Options
    keys: Keys
    library: Library
    ledger: Ledger
    waiting: WaitingList
    photographs: Photographs
    snippets: Snippets
    templates: Templates
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What `compose` builds and a studio holds. `output` is where Save Image nodes of a document that has no
    folder yet write; `keepings` vendor id → what it keeps, and where it shows what it billed."""

    editor: Editor
    desk: Desk
    checks: Checks
    preview: Preview
    safekeeping: Safekeeping
    kinds: Kinds
    shapes: Shapes
    stores: Stores
    registry: Registry
    engine: Engine
    web: WebPictures
    upkeep: Upkeep
    clock: Clock
    output: Path
    keepings: Mapping[str, Keeping]
    probe: Probe
    home: Places
    close: Callable[[], Awaitable[None]]


def declined() -> Refused:
    """The person said no to a price."""
    return Refused(
        say("Nothing was sent."),
        advice=say("Press Run again when you want to spend it."),
        code="run.declined",
        retry=Retry.ASK,
    )
