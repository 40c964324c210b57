"""What a look at the machine and the stores says: one line for each thing that was looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.basics.words import in_english, say
from app.providers.steps import STEP_WORDS, Report, StepState


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was looked at, whether it is well, what was seen, and what to do where it is not.
    `note`: well, and worth knowing."""

    what: str
    words: str
    well: bool = True
    note: bool = False
    advice: str = ""

    def told(self) -> str:
        """Words and advice as one text."""
        return f"{self.words} {self.advice}".strip()

    @property
    def fields(self) -> Mapping[str, object]:
        """For programs."""
        return {"what": in_english(self.what), "well": self.well, "words": self.told()}


def findings_of(report: Report, vendor: str) -> list[Finding]:
    """One for each step of the way to a vendor."""
    return [
        Finding(
            what=say("{vendor} {step}", vendor=vendor, step=STEP_WORDS[step.name]),
            well=step.state is not StepState.BAD,
            note=step.state is StepState.WARNING,
            words=step.words,
            advice=step.advice,
        )
        for step in report.steps
    ]
