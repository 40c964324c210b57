"""The lines inside a card that say what is wrong and what to do."""

from __future__ import annotations

from app.basics.faults import Lost, Retry
from app.basics.words import spoken
from app.document.problems import Problem, Severity
from app.engine.results import PictureHeld
from app.engine.run_state import NodeRun
from widgets.canvas.face import Action, Line, Mood
from widgets.canvas.words import tr

MOST_LINES = 5


def problem_lines(problems: tuple[Problem, ...]) -> tuple[Line, ...]:
    """One line for each problem, errors first, its fixes behind it as links."""
    order = sorted(range(len(problems)), key=lambda at: problems[at].severity != Severity.ERROR)
    lines = [
        Line(
            spoken(problems[at].title),
            Mood.ERROR if problems[at].severity == Severity.ERROR else Mood.PLAIN,
            sign=True,
            actions=tuple(
                Action(f"fix:{at}:{number}", spoken(fix.label))
                for number, fix in enumerate(problems[at].fixes)
            ),
        )
        for at in order[:MOST_LINES]
    ]
    if len(order) > MOST_LINES:
        lines.append(Line(tr("and {n} more, in the panel", n=len(order) - MOST_LINES)))
    return tuple(lines)


def fault_lines(run: NodeRun) -> tuple[Line, ...]:
    """Title, advice, and what can be done."""
    if run.fault is None:
        return ()
    mood = Mood.WARNING if isinstance(run.fault, Lost) else Mood.ERROR
    return (
        Line(run.fault.title, mood, title=True),
        Line(run.fault.advice),
        Line("", actions=_ways(run)),
    )


def _ways(run: NodeRun) -> tuple[Action, ...]:
    fault = run.fault
    if isinstance(fault, Lost):
        return (
            Action("check-credits", tr("Check credits")),
            Action("send-again", tr("Send again")),
            Action("give-up", tr("It was not charged")),
        )
    ways: list[Action] = []
    if isinstance(fault, PictureHeld):
        ways.append(Action("save-elsewhere", tr("Save the picture elsewhere…")))
    if fault is not None and "prompt" in (fault.where.socket, fault.where.parameter):
        ways.append(Action("show-prompt", tr("Show in prompt")))
    if fault is not None and fault.retry in (Retry.NOW, Retry.LATER, Retry.ASK):
        ways.append(Action("run", tr("Run again")))
    ways.append(Action("details", tr("Details")))
    return tuple(ways)
