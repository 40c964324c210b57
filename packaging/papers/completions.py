"""Completions of bash, zsh and fish from the program's own parser:
`python packaging/papers/completions.py bash|zsh|fish`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import shtab

from app.cli.arguments import build

FOLDER = "DIR"
"""What the parser calls a folder; every other path is a file."""


def completions(parser: argparse.ArgumentParser, shell: str) -> str:
    """:raises ValueError: a shell that is not known"""
    if shell not in ("bash", "zsh", "fish"):
        raise ValueError(f"no completions for {shell}")
    _mark_paths(parser)
    script: str = shtab.complete(parser, shell)
    if shell == "bash":  # `tagloom FILE` opens a window: where no word fits, a file may
        script = script.replace("complete -o bashdefault -F", "complete -o bashdefault -o default -F")
    return script


def _mark_paths(parser: argparse.ArgumentParser) -> None:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                _mark_paths(command)
        elif action.type is Path:
            action.complete = shtab.DIRECTORY if action.metavar == FOLDER else shtab.FILE


if __name__ == "__main__":
    sys.stdout.write(completions(build(), sys.argv[1]))
