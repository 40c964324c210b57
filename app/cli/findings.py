"""What the doctor says: one line for each thing that was looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.providers.steps import Report, Step, StepState

_MARKS: Mapping[StepState, str] = {StepState.BAD: "BAD", StepState.WARNING: "!  ", StepState.NONE: "-  "}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was looked at, whether it is well, and what was seen."""

    what: str
    well: bool
    words: str

    @property
    def fields(self) -> Mapping[str, object]:
        return {"what": self.what, "well": self.well, "words": self.words}


def findings_of(report: Report, vendor: str) -> list[Finding]:
    """One for each step of the way to a vendor."""
    return [
        Finding(
            what=f"{vendor} {step.name}",
            well=step.state is not StepState.BAD,
            words=" ".join(part for part in (step.words, step.advice) if part),
        )
        for step in report.steps
    ]


def step_line(step: Step) -> str:
    """`ok   certificate  TLS 1.3; …  (12 ms)`."""
    words = " ".join(part for part in (step.words, step.advice) if part)
    took = f"  ({step.seconds * 1000:.0f} ms)" if step.seconds else ""
    return f"{_MARKS.get(step.state, 'ok ')}  {step.name:<11}  {words}{took}"
