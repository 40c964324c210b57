"""What a run says while it runs: JSON events, words for people, and a bar where there is a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from app.basics.money import to_usd
from app.basics.words import say
from app.cli.speech import Speech, fault_fields, plain
from app.engine.events import (
    Event,
    NodeCancelled,
    NodeDone,
    NodeFailed,
    NodeQueued,
    NodeRunning,
    RunFinished,
    RunStarted,
)
from app.engine.results import Notice


class Progress:
    """Hears a run's events in order."""

    def __init__(self, speech: Speech) -> None:
        self._speech = speech
        self._bar: Bar | None = None
        self._rows: dict[str, TaskID] = {}
        if speech.terminal:
            self._bar = Bar(
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                TextColumn("{task.fields[state]}", markup=False),
                TimeElapsedColumn(),
                console=Console(stderr=True),
                transient=True,
            )

    def start(self) -> None:
        if self._bar is not None:
            self._bar.start()

    def stop(self) -> None:
        if self._bar is not None:
            self._bar.stop()

    def hear(self, event: Event) -> None:
        self._tell(event)
        if self._bar is not None:
            self._show(self._bar, event)

    def _tell(self, event: Event) -> None:
        tell = self._speech.event
        match event:
            case RunStarted():
                estimate = to_usd(event.estimate) if event.estimate is not None else None
                tell("started", run=event.run, nodes=list(event.nodes), credits=event.credits, usd=estimate)
            case NodeQueued():
                tell("queued", node=event.node, reason=event.reason, until=event.until)
            case NodeRunning():
                tell("running", node=event.node, progress=event.progress, left=event.left)
            case NodeDone() if event.result is not None:
                result = event.result
                tell(
                    "done",
                    node=event.node,
                    sha256=result.sha256,
                    seed=result.seed,
                    reused=result.reused,
                    draft=result.draft,
                )
            case NodeFailed():
                tell("failed", **{**fault_fields(event.fault), "node": event.node, "because": event.because})
            case NodeCancelled():
                tell("cancelled", node=event.node, words=event.words)
            case Notice():
                tell("notice", code=event.code, text=event.text)
                self._say(event.text)
            case NodeDone() | RunFinished():
                return  # a node without a picture; the end is told by the command, with more

    def _say(self, text: str) -> None:
        """Above the bar, where there is one."""
        if self._bar is not None:
            self._bar.console.print(plain(text), markup=False, highlight=False)
        else:
            self._speech.say(text)

    def _show(self, bar: Bar, event: Event) -> None:
        match event:
            case NodeQueued():
                bar.update(self._row(bar, event.node), state=say("queued ({reason})", reason=event.reason))
            case NodeRunning():
                done = event.progress
                bar.update(self._row(bar, event.node), completed=done or 0.0, state=_percent(done))
            case NodeDone() if event.result is not None:
                state = say("reused") if event.result.reused else say("done")
                bar.update(self._row(bar, event.node), completed=1.0, state=state)
            case NodeFailed():
                bar.update(self._row(bar, event.node), state=say("failed"))
            case _:
                return

    def _row(self, bar: Bar, node: str) -> TaskID:
        if node not in self._rows:
            self._rows[node] = bar.add_task(plain(node), total=1.0, state="")
        return self._rows[node]


def _percent(progress: float | None) -> str:
    return say("running") if progress is None else f"{progress * 100:.0f} %"
