"""What each kind of setting takes, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.preferences.kinds import Cap, Folder, Names, Number, Text, YesNo

SCALE = Number(least=0.5, most=3)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (YesNo(), True, True),
        (Text(), "", ""),
        (Folder(), "", ""),
        (Folder(), "/home/ana/shots", "/home/ana/shots"),
        (Names(), ["a", "b"], ("a", "b")),
        (SCALE, 1, 1.0),
        (SCALE, 0.5, 0.5),
        (SCALE, 3, 3.0),
        (Cap(), None, None),
        (Cap(money=True), 0, 0),
    ],
)
def test_taken(kind: Callable[[object], object], raw: object, value: object) -> None:
    assert kind(raw) == value


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (YesNo(), 1),
        (Text(), "a\0b"),
        (Text(), "x" * 5000),
        (Folder(), "shots"),
        (Folder(), "../shots"),
        (Names(), "a"),
        (Names(), [1]),
        (SCALE, 0.4),
        (SCALE, 3.1),
        (SCALE, True),
        (SCALE, "1"),
        (SCALE, float("nan")),
        (Cap(), -1),
        (Cap(), 1.5),
        (Cap(), True),
        (Cap(), 10**16),
    ],
)
def test_refused(kind: Callable[[object], object], raw: object) -> None:
    with pytest.raises(TypeError):
        kind(raw)
