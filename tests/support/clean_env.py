"""The environment tests run in: no key, no proxy, no display, no folder of the person who runs them."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path

KEYS = (
    "RUNWAYML_API_SECRET",
    "REPLICATE_API_TOKEN",
    "BFL_API_KEY",
    "GEMINI_API_KEY",
    "GOOGLE_API_KEY",
    "ARK_API_KEY",
)
ADDRESSES = (
    "RUNWAYML_BASE_URL",
    "REPLICATE_BASE_URL",
    "BFL_BASE_URL",
    "GOOGLE_GEMINI_BASE_URL",
    "ARK_BASE_URL",
    "TAGLOOM_LEDGER",
    "TAGLOOM_LIBRARY",
)
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "FTP_PROXY")


def stripped(names: MutableMapping[str, str]) -> list[str]:
    """Takes every key, vendor address and proxy out of an environment; returns the names taken."""
    unwanted = {*KEYS, *ADDRESSES, *PROXIES}
    taken = [name for name in list(names) if name.upper() in unwanted or name.upper().endswith("_BASE_URL")]
    for name in taken:
        del names[name]
    return taken


def settle(names: MutableMapping[str, str], home: Path) -> None:
    """Makes an environment fit for tests, and for the children they start."""
    stripped(names)
    names["TAGLOOM_HOME"] = str(home)
    names["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    names.setdefault("QT_QPA_PLATFORM", "offscreen")
    names["LC_ALL"] = "C.UTF-8"
    names["PYTHONUTF8"] = "1"
