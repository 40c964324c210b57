from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from app.journal.ledger import Ledger
from tests.app.basics.disks import read_only, tiny_disk
from tests.app.journal.make import SharedLeases, ledger_in
from tests.support.keeping import kept_in, own_server, postgres, pytest_generate_tests

__all__ = ["kept_in", "ledger", "own_server", "postgres", "pytest_generate_tests", "read_only", "tiny_disk"]


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[Ledger]:
    made = ledger_in(tmp_path)
    yield made
    await made.close()


@pytest.fixture(autouse=True)
def no_leases_left(kept_in: str) -> Iterator[None]:
    yield
    SharedLeases.close_all()
