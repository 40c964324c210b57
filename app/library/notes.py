"""The notes beside the pictures of a store: what the index is built anew from."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from app.basics.faults import DiskTrouble
from app.library import index, marking
from app.library.file_names import MARKS
from app.library.index import Entry
from app.library.marking import Mark
from app.library.store import Store


def read_notes(
    store: Store, known: Collection[tuple[str, str]] = ()
) -> tuple[list[Entry], list[Mark], list[Path]]:
    """The origins, oldest first, the marks of pictures that are there, and the notes that cannot be read or
    have no picture. What is `known`, by hash and operation, is not read again."""
    entries, marks, unreadable = [], {}, []
    for sha256, name, path in store.notes(known=known):
        if name == MARKS:
            if (mark := marking.noted(path, sha256)) is None:
                unreadable.append(path)
            else:
                marks[sha256] = mark
            continue
        try:
            entry = index.read_note(path)
        except DiskTrouble:
            unreadable.append(path)
            continue
        if entry.sha256 == sha256 and store.holds(sha256, entry.suffix):
            entries.append(entry)
        else:
            unreadable.append(path)
    entries.sort(key=lambda entry: entry.entered)
    there = {entry.sha256 for entry in entries} | {sha256 for sha256, _ in known}
    return entries, [mark for sha256, mark in marks.items() if sha256 in there], unreadable


def noted(store: Store, operation: str) -> list[Entry]:
    """The origins that an operation has written."""
    return [index.read_note(path) for _, _, path in store.notes(only=operation)]
