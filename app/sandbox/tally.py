"""What the sandbox has seen, counted, so that a test can prove that nothing was sent, or once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields

Ask = tuple[str | None, int | None]


@dataclass(slots=True, kw_only=True)
class Tally:
    """`creates` counts every create that arrived, whatever was answered; `accepted` the tasks made."""

    requests: int = 0
    creates: int = 0
    accepted: int = 0
    refused: int = 0
    polls: int = 0
    deletes: int = 0
    uploads_begun: int = 0
    uploads_stored: int = 0
    downloads: int = 0
    painted: int = 0
    bytes_received: int = 0
    keys_leaked: int = 0
    """Uploads and downloads that carried an Authorization header to a place that must not get one."""
    running: int = 0
    most_running: int = 0
    received_by: Counter[Ask] = field(default_factory=Counter)
    accepted_by: Counter[Ask] = field(default_factory=Counter)

    def saw_create(self, ask: Ask) -> None:
        self.creates += 1
        self.received_by[ask] += 1

    def saw_accept(self, ask: Ask) -> None:
        self.accepted += 1
        self.accepted_by[ask] += 1

    def begins_running(self) -> None:
        self.running += 1
        self.most_running = max(self.most_running, self.running)

    def as_json(self) -> dict[str, object]:
        """The counts by name; `asks` has one row for each prompt and seed that arrived."""
        counts = {one.name: getattr(self, one.name) for one in fields(self) if not one.name.endswith("_by")}
        return counts | {"asks": list(self._asks())}

    def _asks(self) -> Iterator[dict[str, object]]:
        for ask, received in self.received_by.items():
            prompt, seed = ask
            yield {
                "prompt": prompt,
                "seed": seed,
                "received": received,
                "accepted": self.accepted_by[ask],
            }
