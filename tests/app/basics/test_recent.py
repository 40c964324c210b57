from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.basics.logs import start_logs
from app.basics.recent import MOST_BYTES, Recent, lines_of_file

KEY = "key_" + "0f1e2d3c" * 16


@pytest.fixture
def recent() -> Iterator[Recent]:
    made = Recent(kept=3)
    logging.getLogger().addHandler(made)
    yield made
    logging.getLogger().removeHandler(made)


def test_bare_lines_hold_no_values(recent: Recent) -> None:
    logging.getLogger("tagloom.files").warning("Could not read %s", "/home/ana/shoe.png")
    logging.getLogger("httpcore.of.others").warning("sent a red shoe")
    ours, theirs = recent.lines
    assert ours.bare.endswith("tagloom.files: Could not read %s")
    assert ours.whole.endswith("tagloom.files: Could not read /home/ana/shoe.png")
    assert theirs.bare.endswith("httpcore.of.others: …")


def test_whole_lines_hold_no_key(recent: Recent) -> None:
    try:
        raise ValueError(f"x-key: {KEY}")
    except ValueError:
        logging.getLogger("tagloom.files").exception("calling with %s", KEY)
    [line] = recent.lines
    assert KEY not in line.bare + line.whole
    assert "Traceback" in line.whole
    assert "Traceback" not in line.bare


def test_only_the_last_are_kept(recent: Recent) -> None:
    for number in range(9):
        logging.getLogger("tagloom.files").warning("line %d", number)
    assert [one.whole[-1] for one in recent.lines] == ["6", "7", "8"]


def test_lines_of_a_process_are_read_from_its_log(tmp_path: Path) -> None:
    end = start_logs(tmp_path)
    logging.getLogger("tagloom.files").info("Could not read %s", "/home/ana/shoe.png")
    end()
    log = tmp_path / "tagloom.log"
    [line] = lines_of_file(log, os.getpid())
    assert line.whole.endswith("Could not read /home/ana/shoe.png")
    assert line.bare.endswith("tagloom.files: …")
    assert lines_of_file(log, 1) == ()
    assert lines_of_file(tmp_path / "none.log", 1) == ()


def test_of_a_large_log_only_the_end_is_read(tmp_path: Path) -> None:
    line = "2026-01-01 10:00:00,000 INFO 7 tagloom.x: " + "y" * 1000
    (tmp_path / "big.log").write_text("\n".join([line] * (3 * MOST_BYTES // 1000)))
    found = lines_of_file(tmp_path / "big.log", 7)
    assert len(found) == 60
    assert {one.whole for one in found} == {line}
