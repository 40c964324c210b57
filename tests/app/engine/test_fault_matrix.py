"""Everything that can go wrong with one purchase, each case a row (`fault_rows.py`, `fault_table.py`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.basics.faults import Charged, Fault, Lost
from app.journal.operations import State
from tests.app.engine.fault_bench import Case, Lived
from tests.app.engine.fault_table import CannotMount, Row, line, lived, markdown, rows
from tests.app.engine.fault_vendors import SELLERS, Seller
from tests.app.providers.contract_table import KEY, SIGNED

ROWS = rows()
COMES_HOME = (State.SUBMITTED, State.RUNNING, State.DELIVERED)


NAMES = [f"{seller.id}, {one.group}: {one.name}" for seller, one in ROWS]


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
async def test_a_row(tmp_path: Path, row: Row) -> None:
    seller, case = row
    home = tmp_path / "home"
    try:
        one = await lived(row, home)
    except CannotMount:
        pytest.skip("no right to mount a small disk here")
    agrees(case, one, seller.price)
    keeps_the_laws(case, one)
    if one.first.fault is not None:
        speaks(one.first.fault)
    for path in home.rglob("*"):
        if path.is_file():
            holds_no_secret(path)


def agrees(case: Case, one: Lived, price: int) -> None:
    """With what the row says."""
    told, after = one.first, one.recovered
    fault = told.fault
    shown = (fault.code, fault.charged, fault.retry) if fault else ("", None, None)
    assert shown == (case.shown, case.charged, case.retry), fault and fault.sentence()
    assert one.sent[0] == case.sent
    assert told.counted == (price if case.counted else 0)
    assert (told.row and told.row.state) == case.state
    assert (after.row and after.row.state) == case.after
    assert told.rows == (case.state is not None)


def keeps_the_laws(case: Case, one: Lived) -> None:
    """Whatever the row says."""
    told, after, again = one.first, one.recovered, one.again
    assert one.sent[1] == one.sent[0], "recovery buys nothing"
    for then in (told, after, again):
        state = then.row.state if then.row else None
        assert then.pictures == (state in (State.SETTLED, State.DELIVERED) or then.rows > 1), then
        assert then.halves == 0, "no half of a picture is left"
    if told.row is None:
        assert one.sent[0] == 0, "nothing leaves before its row is on disk"
    if told.row and told.row.state in COMES_HOME and case.after is State.SETTLED:
        assert after.pictures == 1, "what was paid for comes home"
    for file in told.lying:
        assert told.fault, "what came is not left without a word"
        assert str(file) in told.fault.advice, "and is found by it"
    if after.row and after.row.state is State.UNKNOWN:
        assert isinstance(again.fault, Lost), "only the artist may send it again"
    if after.row and after.row.state in (State.UNKNOWN, State.SETTLED):
        assert one.sent[2] == one.sent[1], "never sent twice"
    if told.fault and told.fault.charged is Charged.NO:
        assert told.counted == 0
    if told.row and told.row.state not in (State.REFUSED, State.CANCELLED) and one.sent[0]:
        assert told.counted or (told.fault and told.fault.charged is Charged.NO), "what may cost is counted"


def speaks(fault: Fault) -> None:
    """In plain words, with something to do, and no secret."""
    assert fault.title[0].isupper()
    assert fault.title.rstrip().endswith((".", "!", "…"))
    assert len(fault.advice) > 10
    for word in ("Traceback", "Exception", "Errno", "None", "NoneType", "httpx", "sqlite3."):
        assert word not in fault.sentence()
    for text in (fault.title, fault.advice, fault.detail):
        assert KEY not in text
        assert SIGNED not in text


def holds_no_secret(path: Path) -> None:
    found = path.read_bytes()
    for secret in (KEY, SIGNED, "Bearer "):
        assert secret.encode() not in found, path


@pytest.mark.parametrize("seller", SELLERS, ids=lambda one: one.id)
def test_the_matrix_is_whole(seller: Seller) -> None:
    names = [name for name in NAMES if name.startswith(f"{seller.id}, ")]
    assert len(set(names)) == len(names)
    assert len(names) > 70
    told = "\n".join(names)
    for word in ("connection", "reset", "no answer", "half", "400", "401", "402", "403", "404", "413", "422",
                 "429", "Retry-After", "500", "502", "503", "504", "408", "303", "JPEG", "without an end",
                 "bomb", "ahead and back", "is full", "cannot be written", "held", "damaged",
                 "newer"):  # fmt: skip
        assert word in told, word
    if seller.looks:
        assert "does not know the task" in told
        assert "for ever" in told
    if seller.kept:
        assert "its time is over" in told


async def test_the_table_can_be_printed(tmp_path: Path) -> None:
    row = next(row for row in ROWS if row[1].name == "refuses the connection")
    text = markdown([line(row, await lived(row, tmp_path / "home"))])
    assert text.splitlines()[0].startswith("| vendor | what happens | creates sent |")
    assert "| 0 | $0.000 | Runway could not be reached. | no | now | failed | nothing |" in text
