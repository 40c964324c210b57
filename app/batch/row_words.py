"""What a row is at, out of what its nodes tell: one short word, told when it changes."""

from __future__ import annotations

from collections.abc import Callable

from app.engine.events import Event, NodeCancelled, NodeDone, NodeFailed, NodeQueued, NodeRunning

AT_VENDOR = ("sending", "silent", "vendor", "throttled", "running")
"""Words of a row that something has left for; it goes to its end whatever the batch does."""


class RowWords:
    """Hears a run's events. A node that a vendor is at counts for more than one that waits."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._nodes: dict[str, str] = {}
        self._said = ""

    def hear(self, event: Event) -> None:
        match event:
            case NodeQueued():
                self._nodes[event.node] = event.reason
            case NodeRunning():
                self._nodes[event.node] = "running"
            case NodeDone() | NodeFailed() | NodeCancelled():
                self._nodes.pop(event.node, None)
            case _:
                return
        word = self._word()
        if word and word != self._said:
            self._said = word
            self._tell(word)

    def _word(self) -> str:
        words = tuple(self._nodes.values())
        return next((one for one in words if one in AT_VENDOR), words[0] if words else "")
