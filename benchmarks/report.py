"""Measurements as rows: what was measured, against what, and whether it is good enough.

`ratio` is value ÷ floor and `target` its upper bound, so less is always better: "a hundred times
faster than the floor" is a target of 0.01, and an absolute limit has the limit as its floor and 1 as
its target.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

PEERS = "PEERS"
Extra = dict[str, str | int | float | bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measurement. `value` and `floor` are in `unit`; `against` says in words what the floor is."""

    name: str
    value: float
    unit: str
    against: str
    floor: float
    target: float
    extra: Extra = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        return self.value / self.floor

    @property
    def met(self) -> bool:
        return self.ratio <= self.target


@dataclass(slots=True)
class Report:
    """Collects rows. `peers` says whether the slow peers are wanted (the variable PEERS is set)."""

    rows: list[Row] = field(default_factory=list)
    peers: bool = False

    def add(
        self,
        name: str,
        value: float,
        unit: str,
        *,
        against: str,
        floor: float,
        target: float,
        **extra: object,
    ) -> Row:
        """Adds a measurement. `extra` is kept beside it: the machine's pace, counts, percentiles."""
        if not (math.isfinite(value) and math.isfinite(floor) and floor > 0 and target > 0):
            raise ValueError(
                f"{name}: value {value}, floor {floor} and target {target} must be positive numbers"
            )
        if any(row.name == name for row in self.rows):
            raise ValueError(f"{name} was measured twice; a name stands for one measurement")
        plain: Extra = json.loads(json.dumps(extra, default=str))
        row = Row(name=name, value=value, unit=unit, against=against, floor=floor, target=target, extra=plain)
        self.rows.append(row)
        return row

    def limit(
        self, name: str, value: float, unit: str, *, limit: float, against: str, **extra: object
    ) -> Row:
        """Adds a measurement with an absolute limit, in the same unit."""
        return self.add(name, value, unit, against=against, floor=limit, target=1.0, **extra)


def peers_wanted() -> bool:
    """Whether `PEERS=1 make bench` was said."""
    return os.environ.get(PEERS, "") not in ("", "0")


def as_json(rows: Iterable[Row]) -> str:
    """The list of build/bench.json; `extra` only where there is something in it."""
    plain = []
    for row in rows:
        one = {**asdict(row), "ratio": round(row.ratio, 6)}
        if not one["extra"]:
            del one["extra"]
        plain.append(one)
    return json.dumps(plain, indent=2, ensure_ascii=False) + "\n"


def write(rows: Iterable[Row], file: Path, *, keep: bool) -> None:
    """Writes the rows where `make bench` promises them.

    With `keep`, after a run of some benchmarks, rows of other names stay as they were.
    """
    rows = list(rows)
    fresh = {row.name for row in rows}
    file.parent.mkdir(parents=True, exist_ok=True)
    kept = [one for one in _written(file) if one.get("name") not in fresh] if keep else []
    file.write_text(
        json.dumps(kept + json.loads(as_json(rows)), indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def _written(file: Path) -> list[dict[str, object]]:
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [one for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []
