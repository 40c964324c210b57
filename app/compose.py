"""The only place where concrete things are built and joined. Nothing else knows which vendors there are."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

from app.basics.about import tagloom_version
from app.basics.clock import SystemClock
from app.basics.faults import Fault
from app.basics.places import Places, find_places
from app.catalogue.cards import Cards
from app.engine.engine import Engine
from app.imaging.photographs import Photographs
from app.journal.leases import FolderLeases, Leases
from app.journal.ledger import Ledger
from app.journal.server_leases import ServerLeases
from app.journal.uploads import UploadMemory
from app.journal.waiting_list import WaitingList
from app.library.address import VARIABLE as LIBRARY
from app.library.address import library_at
from app.library.library import Library
from app.nodes.check import Rules
from app.opening import Opening, catalogue_of, open_desk
from app.preferences import declared
from app.preferences.keys import DRAFTS_ONLY, Keys
from app.preferences.options import Options
from app.preferences.snippets import Snippets
from app.preferences.templates import Templates
from app.providers.contract import UploadMemory as Uploads
from app.providers.news import News
from app.providers.probe import Probe
from app.providers.registry import Registry, VendorKind
from app.providers.transport import Transport
from app.providers.uploads import SessionUploads
from app.providers.vendors.bfl.vendor import BflVendor
from app.providers.vendors.byteplus.vendor import ByteplusVendor
from app.providers.vendors.google.vendor import GoogleVendor
from app.providers.vendors.replicate.vendor import ReplicateVendor
from app.providers.vendors.runway.vendor import RunwayVendor
from app.providers.web_pictures import WebPictures
from app.sandbox.child import SandboxChild
from app.studio.carried import carried_text
from app.studio.checks import Checks
from app.studio.diagnosis import Diagnosis
from app.studio.parts import Parts, Stores
from app.studio.preview import Preview
from app.studio.safekeeping import Safekeeping
from app.studio.studio import Studio
from app.studio.updates import Updates
from app.studio.upkeep import Upkeep

SHARED_LEDGER = "TAGLOOM_LEDGER"
"""The variable with the address of a PostgreSQL database, where many machines share ledger and index."""


def places(environment: Mapping[str, str]) -> Places:
    """The folders of this person, made where they are missing."""
    return find_places(environment).ensure()


def language(environment: Mapping[str, str]) -> str:
    """The language that this person has chosen; empty: the system's."""
    try:
        return Options(find_places(environment).options).get(declared.LANGUAGE)
    except Fault:  # a folder that cannot be: whoever needs it says so, in a language that is known
        return ""


def cards(environment: Mapping[str, str]) -> tuple[Cards, tuple[str, ...]]:
    """The catalogue with this person's own cards, and what is wrong with those that cannot be used."""
    return catalogue_of(find_places(environment))


def keys(environment: Mapping[str, str]) -> Keys:
    """Of no vendor where there shall be drafts only."""
    return Keys(environment, names={}) if environment.get(DRAFTS_ONLY) else Keys(environment)


def vendor_kinds(
    transport: Transport, uploads: Uploads, clock: SystemClock, place: Callable[[], Path]
) -> tuple[VendorKind, ...]:
    """Every vendor there is: a file of its own and an entry here. `place`: for pictures that come inline."""
    return (
        VendorKind(
            id="runway",
            title="Runway",
            key_name="RUNWAYML_API_SECRET",
            address_name="RUNWAYML_BASE_URL",
            default_address="https://api.dev.runwayml.com",
            make=partial(RunwayVendor, transport=transport, uploads=uploads, clock=clock),
        ),
        VendorKind(
            id="replicate",
            title="Replicate",
            key_name="REPLICATE_API_TOKEN",
            address_name="REPLICATE_BASE_URL",
            default_address="https://api.replicate.com",
            make=partial(ReplicateVendor, transport=transport, uploads=uploads, clock=clock),
        ),
        VendorKind(
            id="bfl",
            title="BFL",
            key_name="BFL_API_KEY",
            address_name="BFL_BASE_URL",
            default_address="https://api.bfl.ai",
            make=partial(BflVendor, transport=transport, clock=clock),
        ),
        VendorKind(
            id="google",
            title="Google",
            key_name="GEMINI_API_KEY",
            address_name="GOOGLE_GEMINI_BASE_URL",
            default_address="https://generativelanguage.googleapis.com",
            make=partial(GoogleVendor, transport=transport, clock=clock, place=place),
        ),
        VendorKind(
            id="byteplus",
            title="BytePlus ModelArk",
            key_name="ARK_API_KEY",
            address_name="ARK_BASE_URL",
            default_address="https://ark.ap-southeast.bytepluses.com/api/v3",
            make=partial(ByteplusVendor, transport=transport, clock=clock),
        ),
    )


def registry_of(
    held: Keys,
    environment: Mapping[str, str],
    transport: Transport,
    uploads: Uploads,
    sandbox_url: Callable[[], Awaitable[str]],
    place: Callable[[], Path],
) -> Registry:
    def find_key(vendor: str) -> str | None:
        found = held.get(vendor) if vendor in held.vendors else None
        return found.reveal() if found else None

    return Registry(
        vendor_kinds(transport, uploads, SystemClock(), place),
        find_key=find_key,
        environment=environment,
        sandbox_url=sandbox_url,
    )


def _nowhere() -> Path:
    """Without a library nothing is bought."""
    return Path(tempfile.gettempdir()) / f"tagloom-{secrets.token_hex(8)}.part"


@asynccontextmanager
async def vendors(environment: Mapping[str, str]) -> AsyncIterator[tuple[Keys, Registry, Probe]]:
    """Keys and vendors alone, without ledger and library: to store a key, and to ask whether it works."""
    held = keys(environment)
    transport = Transport(version=tagloom_version())
    sandbox = SandboxChild()
    registry = registry_of(
        held, environment, transport, SessionUploads(SystemClock()), sandbox.start, _nowhere
    )
    try:
        yield held, registry, Probe(registry, transport)
    finally:
        await registry.close()
        await transport.close()
        await sandbox.stop()


async def build(
    environment: Mapping[str, str],
    *,
    opening: Opening | None = None,
    seconds: float | None = None,
    knobs: Sequence[str] = (),
    mend: bool = False,
) -> Studio:
    """A studio with everything open, over a desk that is open already or one of its own.

    `mend`: a damaged ledger is put aside, dated, and a new one begun; the notes say so. `seconds`: how long
    a draft of the sandbox takes, None for what the settings say; `knobs` are other behaviours of it
    (`fail_next=1`, see `tagloom sandbox --knob help`).

    :raises BadInput: TAGLOOM_LEDGER is no address, or what speaks with its server is not installed
    :raises DiskTrouble: a folder or database cannot be used
    """
    opening = opening or open_desk(environment, carried=carried_text)
    home, clock = opening.home, SystemClock()
    async with AsyncExitStack() as stack:  # what was opened is closed again where the next thing fails
        shared = environment.get(SHARED_LEDGER, "").strip()
        ledger, leases = _ledger(shared, home, clock, mend, stack)
        library = _library(environment, shared, home, clock)
        stack.push_async_callback(library.close)
        notes = (*opening.notes, *(await ledger.open()), *(await library.open()))
        await ledger.sweep()  # what a dead process left in the middle of sending: unknown, or a free draft
        photographs = Photographs(home.cache)
        stack.callback(photographs.close)
        sandbox = _sandbox(opening.options, seconds, knobs)
        stack.push_async_callback(sandbox.stop)
        transport = Transport(version=tagloom_version())
        stack.push_async_callback(transport.close)
        held, uploads = keys(environment), UploadMemory(ledger.database, clock=clock)
        registry = registry_of(held, environment, transport, uploads, sandbox.start, library.temp)
        stack.push_async_callback(registry.close)
        engine = Engine(
            ledger=ledger, library=library, photographs=photographs, vendors=registry, kinds=opening.kinds,
            clock=clock,
        )  # fmt: skip
        stack.push_async_callback(engine.close)
        stores = Stores(
            options=opening.options, keys=held, library=library, ledger=ledger,
            waiting=WaitingList(ledger.database, leases), photographs=photographs,
            snippets=Snippets(home.snippets), templates=Templates(home.templates), notes=notes,
        )  # fmt: skip
        probe = Probe(registry, transport)
        upkeep = upkeep_of(opening, held, registry, transport, probe, environment)
        web = WebPictures(transport)
        return studio_of(opening, stores, registry, engine, web, probe, upkeep, clock, stack.pop_all().aclose)


def _ledger(
    shared: str, home: Places, clock: SystemClock, mend: bool, stack: AsyncExitStack
) -> tuple[Ledger, Leases]:
    """A file, and leases in a folder, or both on the server at the address `shared`."""
    leases: Leases = FolderLeases(home.leases)
    if shared:
        leases = on_server = ServerLeases(shared)
        stack.callback(on_server.close)
    ledger = Ledger(shared or home.ledger, leases, clock=clock, put_aside=mend)
    stack.push_async_callback(ledger.close)
    return ledger, leases


def _library(environment: Mapping[str, str], shared: str, home: Places, clock: SystemClock) -> Library:
    """The index of a library that machines share is in the ledger's database, where they share that, too."""
    kept = library_at(environment.get(LIBRARY, ""), home)
    return Library(kept.store, shared if shared and kept.shared else kept.index, clock=clock)


def _sandbox(options: Options, seconds: float | None, knobs: Sequence[str]) -> SandboxChild:
    seconds = options.get(declared.SANDBOX_SECONDS) if seconds is None else seconds
    return SandboxChild(seconds=seconds, extra=[word for knob in knobs for word in ("--knob", knob)])


def upkeep_of(
    opening: Opening,
    held: Keys,
    registry: Registry,
    transport: Transport,
    probe: Probe,
    environment: Mapping[str, str],
) -> Upkeep:
    return Upkeep(
        diagnosis=Diagnosis(opening.home, held, registry, probe, environment),
        updates=Updates(News(transport, environment), opening.options, SystemClock()),
    )


def studio_of(
    opening: Opening,
    stores: Stores,
    registry: Registry,
    engine: Engine,
    web: WebPictures,
    probe: Probe,
    upkeep: Upkeep,
    clock: SystemClock,
    close: Callable[[], Awaitable[None]],
) -> Studio:
    """The studio over what is open; `close` puts all of it away, the ledger last."""
    editor, desk, kinds, shapes = opening.editor, opening.desk, opening.kinds, opening.shapes
    preview = Preview(editor, kinds, desk.resolve, lambda: desk.folder)
    return Studio(
        Parts(
            editor=editor,
            desk=desk,
            checks=Checks(editor, Rules(kinds=kinds, shapes=shapes), preview.resolve, preview),
            preview=preview,
            safekeeping=Safekeeping(editor, desk, opening.home.recovery),
            kinds=kinds,
            shapes=shapes,
            stores=stores,
            registry=registry,
            engine=engine,
            web=web,
            upkeep=upkeep,
            clock=clock,
            output=opening.home.state / "out",
            keepings={
                one.id: one.keeping
                for one in (RunwayVendor, ReplicateVendor, BflVendor, GoogleVendor, ByteplusVendor)
            },
            probe=probe,
            home=opening.home,
            close=close,
        )
    )
