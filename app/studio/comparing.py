"""Two documents held against each other: on the desk, in a file, in a picture, among kept versions."""

from __future__ import annotations

import asyncio
from pathlib import Path

from app.basics.faults import BadInput
from app.basics.words import say
from app.document import project_file
from app.document.differing import Difference, Labels, differences
from app.document.sharing import read_shared
from app.document.values import Document
from app.studio.bundle import SUFFIX as BUNDLE
from app.studio.carried import carried_text
from app.studio.desk import CARRIERS
from app.studio.unbundling import bundled_document


async def document_in(path: Path) -> Document:
    """The document that a file holds: a `.tagloom`, a bundle, or a picture that was exported re-openable.
    Nothing else of it is read, and it is not laid on the desk.

    :raises BadInput: it is no document and carries none  :raises DiskTrouble: it cannot be read
    """
    if path.suffix.lower() == BUNDLE:
        return await asyncio.to_thread(bundled_document, path)
    if path.suffix.lower() not in CARRIERS:
        return (await asyncio.to_thread(project_file.load, path)).document
    text = await asyncio.to_thread(carried_text, path)
    if text is None:
        raise BadInput(
            say("{name} carries no document.", name=path.name),
            advice=say("Only a picture that was exported with --reopenable, or saved re-openable, does."),
            code="document.not-carried",
        )
    return (await asyncio.to_thread(read_shared, text)).document


async def told(before: Document, after: Document, labels: Labels) -> tuple[Difference, ...]:
    """`differences`, in a thread: documents of thousands of nodes are compared while the window goes on."""
    return await asyncio.to_thread(differences, before, after, labels)
