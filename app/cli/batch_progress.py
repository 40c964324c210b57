"""How a batch's state becomes lines of JSON for programs, or a bar for people."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Bar

from app.basics.money import show_usd, to_usd
from app.basics.words import say
from app.batch.orders import RowFailure, RowResult
from app.batch.views import BatchState, RowState, RowView
from app.cli.speech import Speech

_MOVING = (RowState.WAITING, RowState.RUNNING)
_TOLD_EVERY = 500


class BatchProgress:
    """Hears a batch. `begin` and `stop` belong to the bar."""

    def __init__(self, speech: Speech, output: Path = Path()) -> None:
        self._speech, self._output = speech, output
        self._bar: Bar | None = None
        self._told: dict[RowState, int] = {}
        if speech.terminal:
            self._bar = Bar(
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                TextColumn("{task.fields[state]}", markup=False),
                console=Console(stderr=True),
                transient=True,
            )

    def looked(self, what: str, rows: int, total: int) -> None:
        """Before the run: rows of the table, one after another."""
        if rows % _TOLD_EVERY == 0 or rows == total:
            self._speech.event("looking", what=what, rows=rows, total=total)
        self._show(say("Looking"), rows, total, f"{rows}/{total}")

    def moved(self, state: BatchState) -> None:
        counts = {one: state.count(one) for one in RowState}
        if counts != self._told:
            self._told = counts
            self._speech.event("progress", **state_fields(state))
        if self._bar is not None:
            self._show(say("Rows"), state.ended, state.total, _words(state))

    def row(self, row: RowView) -> None:
        """A row that has come to its end."""
        if row.state not in _MOVING:
            self._speech.event("row", **row_fields(row, self._output))

    def _show(self, what: str, done: int, total: int, words: str) -> None:
        if self._bar is None:
            return
        if not self._bar.tasks:
            self._bar.start()
            self._bar.add_task(what, total=max(1, total), state=words)
        task = self._bar.tasks[0].id
        self._bar.update(task, description=what, completed=done, total=max(1, total), state=words)

    def stop(self) -> None:
        if self._bar is not None:
            self._bar.stop()


def state_fields(state: BatchState) -> dict[str, object]:
    return {
        "phase": str(state.phase),
        "rows": {str(one): state.count(one) for one in RowState},
        "spent_credits": state.credits,
        "spent_usd": None if state.money is None else to_usd(state.money),
        "seconds_left": None if state.seconds_left is None else round(state.seconds_left, 1),
    }


def row_fields(row: RowView, output: Path) -> dict[str, object]:
    return {
        "row": row.number,
        "key": row.key,
        "title": row.title,
        "state": str(row.state),
        "folder": row.folder,
        "spent_credits": row.credits,
        "spent_usd": None if row.money is None else to_usd(row.money),
        "images": [image_fields(row, one, output) for one in row.results],
        "failures": [failure_fields(row, one) for one in row.failures],
    }


def image_fields(row: RowView, one: RowResult, output: Path, *, earlier: bool = False) -> dict[str, object]:
    """As `tagloom run` says them. `earlier`: it was there before this start, which paid nothing for it."""
    return {
        "row": row.number,
        "node": one.node,
        "path": str(output / row.folder / one.saved) if one.saved else "",
        "sha256": one.sha256,
        "seed": one.seed,
        "width": one.width,
        "height": one.height,
        "credits": 0 if earlier else one.credits,
        "usd": 0.0 if earlier else None if one.micros is None else one.micros / 1_000_000,
        "reused": one.reused or earlier,
        "draft": one.draft,
    }


def failure_fields(row: RowView, one: RowFailure) -> dict[str, object]:
    return {
        "row": row.number,
        "node": one.node or None,
        "fault": one.code,
        "kind": "lost" if one.unknown else "",
        "title": one.title,
        "advice": one.advice,
        "charged": one.charged,
        "retry": one.retry,
        "operation": one.operation or None,
    }


def _words(state: BatchState) -> str:
    parts = [f"{state.ended}/{state.total}"]
    if state.failures:
        parts.append(say("{count} failed", count=state.failures))
    if state.money:
        parts.append(show_usd(state.money))
    if state.seconds_left is not None:
        parts.append(say("{time} left", time=_time(state.seconds_left)))
    return "  ".join(parts)


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
