"""The organization that the sandbox plays: what it spent, per model and day."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from datetime import date, datetime, timedelta

DAY = timedelta(hours=24)


class Account:
    """Credits are the vendor's own. `balance` starts at a knob and falls by what tasks cost."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._spent: defaultdict[tuple[date, str], float] = defaultdict(int)
        self._made: defaultdict[str, deque[datetime]] = defaultdict(deque)

    @property
    def spent(self) -> float:
        return sum(self._spent.values())

    def charge(self, model: str, credits: float) -> None:
        """A task was accepted; the maximum is held at once."""
        self._spent[self._now().date(), model] += credits

    def refund(self, model: str, credits: float) -> None:
        self._spent[self._now().date(), model] -= credits

    def saw_generation(self, model: str) -> None:
        self._made[model].append(self._now())

    def daily(self, model: str) -> int:
        """Generations of the last 24 hours, a rolling window."""
        made = self._made[model]
        while made and self._now() - made[0] >= DAY:
            made.popleft()
        return len(made)

    def used(self, start: date, before: date) -> list[dict[str, object]]:
        """One row a day from `start` up to, not including, `before`."""
        days = (start + timedelta(days=count) for count in range((before - start).days))
        return [{"date": day.isoformat(), "usedCredits": self._on(day)} for day in days]

    def _on(self, day: date) -> list[dict[str, object]]:
        return [
            {"model": model, "amount": amount}
            for (when, model), amount in sorted(self._spent.items())
            if when == day and amount
        ]
