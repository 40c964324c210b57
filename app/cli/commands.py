"""The names of the commands: all that is needed to know whether a window is wanted."""

from __future__ import annotations

COMMANDS = ("run", "check", "estimate", "models", "sandbox", "doctor", "keys")
