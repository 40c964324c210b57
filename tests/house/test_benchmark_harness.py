"""`python -m benchmarks`: rows as the design wants them; a broken benchmark loses nobody else's figures."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import known, main
from benchmarks.report import Report, peers_wanted

FAST = """
def run(report):
    report.add("a.fast", 2.0, "ms", against="plain", floor=4.0, target=0.6, peers=report.peers, runs=3)
    report.limit("a.stall", 60.0, "ms", limit=50.0, against="the longest stall allowed")
"""
BREAKS = """
def run(report):
    report.add("b.before", 1.0, "s", against="bound", floor=1.0, target=1.0)
    raise RuntimeError("the server did not start")
"""
LAST = """
def run(report):
    report.add("c.last", 9.0, "s", against="bound", floor=3.0, target=3.0)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of benchmarks with a name of its own for each test."""
    folder = tmp_path / f"made_{abs(hash(tmp_path))}"
    folder.mkdir()
    for name, text in {"__init__": "", "bench_a": FAST, "bench_b": BREAKS, "bench_c": LAST}.items():
        (folder / f"{name}.py").write_text(text)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.setenv("COLUMNS", "200")
    return folder


def rows(build: Path) -> dict[str, dict[str, object]]:
    written = json.loads((build / "bench.json").read_text(encoding="utf-8"))
    assert isinstance(written, list)
    return {one["name"]: one for one in written}


def test_rows_have_the_promised_form(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["a"], folder, tmp_path) == 0
    assert rows(tmp_path)["a.fast"] == {
        "name": "a.fast", "value": 2.0, "unit": "ms", "against": "plain", "floor": 4.0, "ratio": 0.5,
        "target": 0.6, "extra": {"peers": False, "runs": 3},
    }  # fmt: skip
    assert rows(tmp_path)["a.stall"]["ratio"] == 1.2
    assert "extra" not in rows(tmp_path)["a.stall"]
    told = capsys.readouterr().out
    assert told.count("MISSED") == 1
    assert "2 measured, 1 targets missed, 0 benchmarks broke" in told


def test_a_missed_target_fails_only_when_asked(folder: Path, tmp_path: Path) -> None:
    assert main(["a"], folder, tmp_path) == 0
    assert main(["a", "--strict"], folder, tmp_path) == 1
    assert main(["c", "--strict"], folder, tmp_path) == 0


def test_a_broken_one_is_told_and_loses_no_figures(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([], folder, tmp_path) == 1
    assert list(rows(tmp_path)) == ["a.fast", "a.stall", "b.before", "c.last"]
    assert "RuntimeError: the server did not start" in capsys.readouterr().out


def test_running_some_keeps_the_others(folder: Path, tmp_path: Path) -> None:
    main(["c"], folder, tmp_path)
    main(["a"], folder, tmp_path)
    main(["a"], folder, tmp_path)
    assert sorted(rows(tmp_path)) == ["a.fast", "a.stall", "c.last"]


def test_running_all_begins_anew(folder: Path, tmp_path: Path) -> None:
    main(["c"], folder, tmp_path)
    (folder / "bench_c.py").unlink()
    main([], folder, tmp_path)
    assert list(rows(tmp_path)) == ["a.fast", "a.stall", "b.before"]


def test_an_unknown_name_is_refused(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["zebra"], folder, tmp_path) == 2
    assert "no benchmark called zebra" in capsys.readouterr().out
    assert not (tmp_path / "bench.json").exists()


@pytest.mark.parametrize(
    ("value", "floor"), [(float("nan"), 1.0), (1.0, 0.0), (1.0, -1.0), (float("inf"), 1.0)]
)
def test_a_measurement_is_a_number(value: float, floor: float) -> None:
    with pytest.raises(ValueError, match=r"^x: value"):
        Report().add("x", value, "s", against="y", floor=floor, target=1.0)


def test_a_name_stands_for_one_measurement() -> None:
    report = Report()
    report.add("x", 1.0, "s", against="y", floor=1.0, target=1.0)
    with pytest.raises(ValueError, match="x was measured twice"):
        report.add("x", 2.0, "s", against="y", floor=1.0, target=1.0)


@pytest.mark.parametrize(("said", "wanted"), [("1", True), ("", False), ("0", False), ("yes", True)])
def test_peers_pass_through(said: str, wanted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEERS", said)
    assert peers_wanted() is wanted


def test_every_benchmark_at_hand_can_be_run() -> None:
    """Each file has a `run` that takes the report; the figures are made by `make bench`."""
    names = known()
    texts = [
        (Path(main.__code__.co_filename).parent / f"bench_{name}.py").read_text("utf-8") for name in names
    ]
    assert all("def run(report: Report) -> None:" in text for text in texts)
    assert len(names) == len(set(names))
