"""A batch on a Dask cluster, and a worker of one, over the parts of this program."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from app.batch.dask_rows import Machine, WorkerRows
from app.batch.dask_runner import DaskRunner
from app.batch.dask_worker import ClusterWorker, Post, demand_shared
from app.batch.setting import BatchSetting
from app.batch.shipping import Lander, Sender
from app.engine.job import Caps
from app.library.address import VARIABLE as LIBRARY
from app.library.address import library_at
from app.studio.batching import in_flight, offers_of, places_of
from app.studio.parts import Parts
from app.studio.studio import Studio

LEDGER = "TAGLOOM_LEDGER"


async def dask_runner_of(
    studio: Studio,
    setting: BatchSetting,
    scheduler: str,
    environment: Mapping[str, str],
    *,
    at_once: int | None = None,
) -> DaskRunner:
    """Connected. As many rows are with the cluster as this process alone would have under way: what a vendor
    allows an account does not grow with the workers. Each worker gets its part of the places at a vendor.

    :raises BadInput: `cluster.*`
    :raises Unreachable: `cluster.unreachable`
    """
    demand_shared(scheduler, environment.get(LEDGER, ""), environment.get(LIBRARY, ""))
    parts = studio.parts
    offers = offers_of(setting.document, studio)
    places = await places_of(parts, offers, at_once)
    ledger, library = stores_of(parts, environment)
    sender = Sender(
        parts.stores.library.store,
        parts.stores.photographs,
        shared=bool(environment.get(LIBRARY, "").strip()),
        ledger=ledger,
        library=library,
        places=lambda: _shares(places, runner.workers),
        caps=_caps(studio.caps),
        vendors={id: await parts.registry.is_live(id) for id in sorted({one.vendor for one in offers})},
    )
    lander = Lander(parts.stores.library.store)
    runner = DaskRunner(scheduler, sender, lander, at_once=in_flight(offers, places))
    await runner.open()
    return runner


def worker_of(
    studio: Studio, post: Post, environment: Mapping[str, str], say_so: Callable[[str], None]
) -> ClusterWorker:
    """:raises BadInput: `cluster.own-stores`"""
    demand_shared(post.scheduler, environment.get(LEDGER, ""), environment.get(LIBRARY, ""))
    parts = studio.parts
    ledger, library = stores_of(parts, environment)
    folder = parts.home.cache / "worker"
    machine = Machine(
        engine=parts.engine,
        photographs=parts.stores.photographs,
        store=parts.stores.library.store,
        ledger=ledger,
        library=library,
        scratch=folder / "rows",
        is_live=parts.registry.is_live,
        heard=say_so,
    )
    return ClusterWorker(post, WorkerRows(machine), folder / "dask", say_so)


def stores_of(parts: Parts, environment: Mapping[str, str]) -> tuple[str, str]:
    """The ledger and the library by names that are the same on every machine and hold no secret. One server
    may be known by several names, so it is left out."""
    given = environment.get(LEDGER, "").strip()
    parts_of = urlsplit(given)
    within = [value for name, value in parse_qsl(parts_of.query) if name in ("options", "dbname")]
    ledger = " ".join((parts_of.scheme.partition("+")[0], parts_of.path, *within)) if given else ""
    kept = library_at(environment.get(LIBRARY, ""), parts.home)
    library = "folder" if kept.shared and Path(kept.words).is_absolute() else kept.words
    return ledger or str(parts.home.ledger), library


def _shares(places: Mapping[tuple[str, str], int], workers: int) -> dict[str, int]:
    count = max(1, workers)
    return {f"{vendor} {model}": math.ceil(most / count) for (vendor, model), most in places.items()}


def _caps(settings: Callable[[], Caps]) -> Callable[[], Caps]:
    """Those of the day and the document."""
    return lambda: replace(settings(), run_credits=None, run_money=None)
