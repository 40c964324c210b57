"""What looks after the program itself, not after pictures."""

from __future__ import annotations

from dataclasses import dataclass

from app.studio.diagnosis import Diagnosis
from app.studio.updates import Updates


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    diagnosis: Diagnosis
    updates: Updates
