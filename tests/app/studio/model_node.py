"""The model of the example: set, run, and looked at."""

from __future__ import annotations

from pathlib import Path

from app.document import edits
from app.document.problems import Edit
from app.document.values import Value
from app.engine.run_state import NodeState
from app.studio.parts import Consent
from app.studio.studio import Studio
from tests.app.studio.conftest import Open

NODE = "picture"


def setting(parameter: str, value: Value, node: str = NODE) -> Edit:
    return lambda document: edits.set_value(document, node, parameter, value)


async def yes(consent: Consent) -> bool:
    return True


async def drawn(opened: Open, example: Path, **changes: Value) -> Studio:
    """A studio in which the example has run on the sandbox."""
    studio = await opened()
    await studio.desk.open(example)
    for name, value in changes.items():
        studio.commit(name, setting(name, value))
    await studio.run()
    await studio.look()
    return studio


def shown(studio: Studio) -> tuple[NodeState, bool]:
    """How the node stands, and whether its picture is marked as a draft."""
    known = studio.runs.state.node(NODE)
    assert known.result is not None
    return known.state, known.result.draft
