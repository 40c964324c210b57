"""Any bytes at all are a document or a fault in words; for long: `tests/app/test_fuzz_for_long.py`."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.app.document.fuzzing import CORPUS, EXAMPLES, SUFFIX, mutated, seeds, try_document

_FUZZ = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ROOT = Path(__file__).parents[3]
LONGEST = 2.0
MOST_MEMORY = 512 * 1024 * 1024


def corpus() -> list[Path]:
    return sorted(CORPUS.glob(f"*{SUFFIX}"))


def test_the_examples_are_taken(tmp_path: Path) -> None:
    found = sorted(EXAMPLES.rglob(f"*{SUFFIX}"))
    assert found
    assert all(try_document(tmp_path / "a.tagloom", path.read_bytes()) for path in found)


@pytest.mark.parametrize("path", corpus(), ids=lambda path: path.stem)
def test_what_was_found_before(tmp_path: Path, path: Path) -> None:
    began = time.monotonic()
    taken = try_document(tmp_path / "a.tagloom", path.read_bytes())
    assert taken == path.stem.startswith("taken-"), "the name says whether it is a document"
    assert time.monotonic() - began < LONGEST


def test_the_corpus_is_there() -> None:
    assert len(corpus()) >= 12
    assert len(seeds()) > len(corpus())


@_FUZZ
@given(st.integers(0, 2**32))
def test_mutated_documents(tmp_path: Path, seed: int) -> None:
    try_document(tmp_path / "a.tagloom", mutated(random.Random(seed)))


@_FUZZ
@given(st.binary(max_size=300))
def test_junk(tmp_path: Path, data: bytes) -> None:
    assert not try_document(tmp_path / "a.tagloom", data)


BIG = """
import sys, time
from pathlib import Path
from app.basics.faults import Fault
from app.document.project_file import load
kind, path = sys.argv[1:3]
piece, whole = {
    "lists": ('[],', '{"format":"tagloom/1","x":[%s0]}'),
    "objects": ('{},', '{"format":"tagloom/1","x":[%s0]}'),
    "numbers": ('1.5,', '{"format":"tagloom/1","x":[%s0]}'),
    "strings": ('"ab",', '{"format":"tagloom/1","x":[%s0]}'),
    "depth": ('[', '{"format":"tagloom/1","x":%s'),
    "blanks": (' ', '{"format":%s"tagloom/1"}'),
    "links": ('{"from":"a.b","to":"c.d"},', '{"format":"tagloom/1","links":[%s{"from":"a.b","to":"c.d"}]}'),
}[kind]
data = (whole % (piece * min((60 << 20) // len(piece), int(sys.argv[3])))).encode()
Path(path).write_bytes(data)
began, taken = time.process_time(), True
try:
    load(Path(path))
except Fault:
    taken = False
# Not ru_maxrss: that begins with what the parent had when it forked.
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(taken, round(time.process_time() - began, 2), peak * 1024)
"""


def big(folder: Path, kind: str, most: int) -> tuple[bool, float, int]:
    """Whether so many of one thing are taken; seconds of work, and bytes of memory at the peak."""
    ran = subprocess.run(
        [sys.executable, "-c", BIG, kind, str(folder / "a.tagloom"), str(most)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=90,
    )
    taken, seconds, peak = ran.stdout.split()
    return taken == "True", float(seconds), int(peak)


KINDS = ("lists", "objects", "numbers", "strings", "depth", "blanks", "links")
MEASURED = pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux counts it")


@MEASURED
@pytest.mark.parametrize("kind", KINDS)
def test_sixty_megabytes_of_one_thing(tmp_path: Path, kind: str) -> None:
    taken, seconds, peak = big(tmp_path, kind, 1 << 30)
    assert taken == (kind == "blanks")
    assert peak < MOST_MEMORY, f"{peak >> 20} MiB"
    assert seconds < LONGEST


@MEASURED
@pytest.mark.parametrize(("kind", "most"), [("lists", 199_000), ("links", 199_000), ("numbers", 599_000)])
def test_as_much_as_is_read_at_all(tmp_path: Path, kind: str, most: int) -> None:
    _, seconds, peak = big(tmp_path, kind, most)
    assert peak < MOST_MEMORY, f"{peak >> 20} MiB"
    assert seconds < 3 * LONGEST  # on two busy cores
