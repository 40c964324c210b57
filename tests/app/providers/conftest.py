from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator

import pytest

from app.providers.clients import Patience
from app.providers.transport import Transport
from tests.app.providers.fakes import MemoryUploads, StillClock

QUICK = Patience(connect=1.0, read=0.4, write=1.0, pool=0.5, whole=1.2, work=1.2, download=1.5)


@pytest.fixture
async def transport() -> AsyncIterator[Transport]:
    """Gives up after parts of a second, so that silence can be tested."""
    one = Transport(version="9.9", patience=QUICK)
    yield one
    await one.close()


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def all_logs(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Every record of every library, as a person who looks for a fault would turn it on."""
    with caplog.at_level(logging.DEBUG):
        yield caplog


@pytest.fixture
def memory(clock: StillClock) -> MemoryUploads:
    return MemoryUploads(clock)
