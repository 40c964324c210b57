"""The commands that take pictures out, in the File menu above those that save one picture."""

from __future__ import annotations

from app.basics.words import spoken
from widgets.commands import Command, Commands
from widgets.dialogs.exports import Exports


def tr(text: str) -> str:
    return spoken(text)


def add_export_actions(commands: Commands, exports: Exports) -> None:
    menu = tr("&File")
    for command in (
        Command(
            id="export", title=tr("E&xport…"), menu=menu, what=exports.export,
            when=lambda: bool(exports.pictured()),
            why=tr("Run a model first, or select a node with a picture"),
            tip=tr("The selected pictures, else all, with names, format, size and profile of your choice"),
            separated=True,
        ),
        Command(
            id="copy-picture", title=tr("Cop&y picture"), menu=menu, what=exports.copy,
            when=lambda: bool(exports.selected()), why=tr("Select a node with a picture first"),
            tip=tr("To the clipboard, as a picture and as a file"),
        ),
    ):  # fmt: skip
        commands.add(command, before="save-picture")
