"""The commands that hand a document's pictures over, in the File menu."""

from __future__ import annotations

from dataclasses import replace

from app.basics.words import spoken
from widgets.commands import Command, Commands
from widgets.dialogs.handover import Handover


def tr(text: str) -> str:
    return spoken(text)


def add_handover_actions(commands: Commands, handover: Handover) -> None:
    menu, why = tr("&File"), tr("Run a model first, or select a node with a picture")

    def some() -> bool:
        return bool(handover.pictured())

    for command in (
        Command(
            id="bundle", title=tr("Save as &bundle…"), menu=menu, what=handover.bundle, separated=True,
            tip=tr("One file with the photographs and all results, to go on elsewhere"),
        ),
        Command(
            id="contact-sheet", title=tr("Contact s&heet…"), menu=menu, what=handover.contact_sheet,
            when=some, why=why, tip=tr("The selected pictures, else all, on pages with captions: PDF or PNG"),
        ),
        Command(
            id="layers", title=tr("Save as &layers…"), menu=menu, what=handover.layers, when=some, why=why,
            tip=tr("The selected pictures, else all, in one file for Photoshop, Krita or GIMP"),
        ),
        Command(
            id="find-lost", title=tr("&Find missing photographs…"), menu=menu, what=handover.find_lost,
            tip=tr("Looks for them by what is in them"),
        ),
    ):  # fmt: skip
        commands.add(replace(command, before="recovered"))
