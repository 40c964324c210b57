"""Tables of shops are large: memory does not grow with them, and what is too large is told soon."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.basics.faults import BadInput
from app.batch.checking import check_rows
from app.batch.table import open_table
from tests.app.batch.tables import RULES, node, shot

MEASURE = """
import json, resource, sys, time
from pathlib import Path
from app.batch.keys import keyed
from app.batch.table import open_table
begin = time.perf_counter()
table = open_table(Path(sys.argv[1]))
rows = sum(1 for _ in keyed(table.rows(), table.columns))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"rows": rows, "count": table.count, "peak": peak, "seconds": time.perf_counter() - begin}))
"""


def measured(path: Path) -> dict[str, float]:
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, path], capture_output=True, text=True, check=True, timeout=300
    )
    found: dict[str, float] = json.loads(run.stdout)
    return found


def large(path: Path, rows: int, letters: int) -> Path:
    words = "鞋 and cup, " * (letters // 12)
    with path.open("w", encoding="utf-8") as file:
        file.write("sku,photo,words\n")
        file.writelines(f'{n},photos/{n}.png,"{words}"\n' for n in range(rows))
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="peaks are measured by resource")
def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    few, many = (measured(large(tmp_path / f"{rows}.csv", rows, 400)) for rows in (100, 10_000))
    assert many["rows"] == many["count"] == 10_000
    assert many["peak"] < few["peak"] * 1.1 + (2 << 20), (few, many)


@pytest.mark.soak
@pytest.mark.skipif(sys.platform == "win32", reason="peaks are measured by resource")
def test_200_megabytes(tmp_path: Path) -> None:
    few, many = (measured(large(tmp_path / f"{rows}.csv", rows, 20_000)) for rows in (10, 10_000))
    assert (tmp_path / "10000.csv").stat().st_size > 200_000_000
    assert many["count"] == 10_000
    assert many["peak"] < few["peak"] * 1.1 + (4 << 20), (few, many)


@pytest.mark.soak
@pytest.mark.parametrize("begin", [b"", b"a,b\n1,", b'a,b\n1,"', b"a,b\n1,\xff", b"PK\3\4"])
def test_200_megabytes_of_one_line(tmp_path: Path, begin: bytes) -> None:
    path = tmp_path / "line.csv"
    with path.open("wb") as file:
        file.write(begin)
        for _ in range(200):
            file.write(b"x" * (1 << 20))
    started = time.perf_counter()
    with pytest.raises(BadInput) as caught:
        open_table(path)
    assert caught.value.code in ("table.form", "table.quote")
    assert time.perf_counter() - started < 60


@pytest.mark.soak
def test_ten_thousand_rows_are_checked(tmp_path: Path) -> None:
    table = open_table(large(tmp_path / "t.csv", 10_000, 120))
    document = shot(words=node("prompt", text="{words} @shoe"), hero=node("gen4-image", seed="{sku}"))
    told: list[int] = []
    found = check_rows(table, document, RULES, lambda file: tmp_path / file, tell=told.append, most=100)
    assert found.rows == told[-1] == 10_000
    assert found.counts["image.missing"] == 10_000
    assert len(found.problems) == 100
