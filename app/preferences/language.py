"""Which language a person reads: what the settings say, else what the system's environment says."""

from __future__ import annotations

from collections.abc import Mapping

_TRADITIONAL = ("TW", "HK", "MO", "HANT")


def language_of(wanted: str, environment: Mapping[str, str]) -> str:
    """`zh_CN` or `en`. `wanted` is a code such as `zh-Hans` or `en_GB`; empty: the system's. English where we
    have no better: who reads traditional characters is not helped by simplified ones."""
    system = (environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    code = wanted or next(filter(None, system), "")
    parts = code.replace("-", "_").partition(".")[0].split("_")
    simplified = not any(part.upper() in _TRADITIONAL for part in parts[1:])
    return "zh_CN" if parts[0].lower() == "zh" and simplified else "en"
