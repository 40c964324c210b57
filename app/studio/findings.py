"""What a look at the machine and the stores says: one line for each thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass


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
