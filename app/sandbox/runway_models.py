"""Which models Runway's POST /v1/text_to_image serves, what each takes and costs (resources/sandbox)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

import msgspec
import tomli


class Others(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ratios that cost something else."""

    credits: int
    ratios: tuple[str, ...]


class RunwayModel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`seed` and `moderation`: whether it has these fields. The prompt is counted in UTF-16 units."""

    prompt_units: int
    references_least: int
    references_most: int
    seed: bool
    moderation: bool
    credits: int
    ratios: tuple[str, ...]
    others: tuple[Others, ...] = ()

    def credits_for(self, ratio: str) -> int:
        return next((one.credits for one in self.others if ratio in one.ratios), self.credits)


@lru_cache(maxsize=1)
def runway_models() -> Mapping[str, RunwayModel]:
    text = (files("resources") / "sandbox" / "runway.toml").read_text("utf-8")
    return MappingProxyType(msgspec.convert(tomli.loads(text), dict[str, RunwayModel]))
