"""Dask, loaded where an address asks for it: quiet, without a dashboard."""

from __future__ import annotations

import importlib
from typing import Any

from app.basics.faults import BadInput
from app.basics.words import say

_QUIET = {
    "logging": {
        "distributed": "critical",
        "distributed.worker": "critical",
        "distributed.client": "critical",
    },
    "distributed.worker.profile.enabled": False,
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": False,
    "distributed.worker.http.routes": [],
    "distributed.comm.timeouts.connect": "10s",
}
"""Rows hold next to nothing in memory, and what goes wrong is said by us."""


def dask_package() -> Any:
    """The package `distributed`. Addresses and certificates of TLS are taken from Dask's own settings and
    environment.

    :raises BadInput: `cluster.packages`: it is not installed
    """
    try:
        config: Any = importlib.import_module("dask.config")
        config.set(_QUIET)
        return importlib.import_module("distributed")
    except ImportError as error:
        raise BadInput(
            say("What is needed to work on a cluster is not installed."),
            advice=say("Install it: pip install 'tagloom[cluster]'"),
            code="cluster.packages",
            detail=str(error),
        ) from error
