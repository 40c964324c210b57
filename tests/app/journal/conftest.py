from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.journal.ledger import Ledger
from tests.app.basics.disks import read_only, tiny_disk
from tests.app.journal.make import ledger_in

__all__ = ["ledger", "read_only", "tiny_disk"]


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[Ledger]:
    made = ledger_in(tmp_path)
    yield made
    await made.close()
