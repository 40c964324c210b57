"""The commands that are about models, at the end of the Node menu."""

from __future__ import annotations

from app.basics.words import spoken
from widgets.commands import Command, Commands
from widgets.dialogs.models import Models


def tr(text: str) -> str:
    return spoken(text)


def add_model_actions(commands: Commands, models: Models) -> None:
    menu = tr("&Node")
    for command in (
        Command(
            id="switch-model", title=tr("Switch &model…"), menu=menu, what=models.switch,
            when=lambda: bool(models.selected()), why=tr("Select a model first"),
            tip=tr("Another model in its place: links, tags and whatever fits stay"), separated=True,
        ),
        Command(
            id="fan-out", title=tr("Fan &out…"), menu=menu, what=models.fan_out,
            when=lambda: len(models.selected()) == 1, why=tr("Select one model first"),
            tip=tr("The same prompt and references over several models and seeds"),
        ),
        Command(
            id="compare-models", title=tr("Compare mo&dels…"), menu=menu, what=models.compare,
            tip=tr("Prices, limits and what suits the graph at hand"),
        ),
    ):  # fmt: skip
        commands.add(command)
