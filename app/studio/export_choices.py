"""What was chosen for an export, kept as a setting; and the pictures of a document's nodes as they are
exported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from app.basics.secret import Secret
from app.batch.own_table import without_tables
from app.document.collisions import Exists
from app.document.name_facts import facts_of
from app.document.values import Value
from app.imaging.measures import LEAST_DPI, MOST_DPI, PrintSize, Unit
from app.imaging.orders import QUALITY, Compression, Format, Order
from app.imaging.profiles import Profile
from app.imaging.signing import Signatory, signatory
from app.preferences import export_options
from app.preferences.options import Options
from app.studio.export_kinds import Kind
from app.studio.exporting import as_made
from app.studio.exports import DEFAULT_NAME, Request, Subject
from app.studio.studio import Studio

E = TypeVar("E", bound=StrEnum)


def chosen(options: Options, folder: Path) -> Request:
    """As it was chosen last; `folder` where none was. What cannot be used any more is as at first."""
    kept = options.get(export_options.EXPORT)
    known = _path(kept.get("folder"))
    return Request(
        folder=known or folder,
        kind=_one_of(Kind, kept.get("kind"), Kind.CLEAN),
        name=str(kept.get("name") or DEFAULT_NAME),
        exists=_one_of(Exists, kept.get("exists"), Exists.NUMBER),
        order=_order(kept),
        notes=kept.get("notes") is True,
    )


def keep(options: Options, request: Request) -> None:
    """:raises DiskTrouble: as `Options.set`"""
    order, size = request.order, request.order.size or PrintSize()
    values: dict[str, Value] = {
        "folder": str(request.folder),
        "kind": request.kind.value,
        "name": request.name,
        "exists": request.exists.value,
        "format": order.format.value,
        "quality": order.quality,
        "lossless": order.lossless,
        "compression": order.compression.value,
        "width": size.width,
        "height": size.height,
        "unit": size.unit.value,
        "dpi": order.dpi,
        "profile": order.profile.value,
        "notes": request.notes,
    }
    options.set(export_options.EXPORT, values)


def template_of(options: Options) -> str:
    """The name that was chosen for exports; empty where none was."""
    return str(options.get(export_options.EXPORT).get("name") or "")


def subjects_of(studio: Studio, nodes: Iterable[str], title_of: Callable[[str], str]) -> tuple[Subject, ...]:
    """The pictures that nodes have, in their order; `title_of` names a node for people."""
    state = studio.runs.state
    document = without_tables(studio.shown) if studio.preview.row else studio.editor.document
    found: list[Subject] = []
    for node in nodes:
        result = state.node(node).result
        if result is None:
            continue
        size = (result.width, result.height)
        facts = facts_of(
            document,
            node,
            called=Path(studio.desk.name).stem,
            size=size,
            seed=result.seed,
            day=date.today(),
            title=title_of(node),
            columns=studio.preview.cells,
        )
        found.append(
            Subject(
                path=result.path,
                facts=facts,
                size=size,
                document=as_made(document, node, result.seed),
                stale=node in studio.outlook.stale,
            )
        )
    return tuple(found)


def signatory_of(options: Options, passphrase: Secret | None) -> Signatory | None:
    """Who signs, by the settings; None where no certificate is chosen there. Reads files: for a thread.

    :raises BadInput: `imaging.signing.signatory`
    """
    certificate, key = (
        options.get(export_options.SIGNING_CERTIFICATE),
        options.get(export_options.SIGNING_KEY),
    )
    if not certificate:
        return None
    return signatory(Path(certificate), Path(key) if key else None, passphrase)


def _order(kept: Mapping[str, Value]) -> Order:
    size = PrintSize(
        width=_number(kept.get("width"), 0, 10**6),
        height=_number(kept.get("height"), 0, 10**6),
        unit=_one_of(Unit, kept.get("unit"), Unit.PX),
    )
    return Order(
        format=_one_of(Format, kept.get("format"), Format.KEEP),
        quality=round(_number(kept.get("quality"), 1, 100) or QUALITY),
        lossless=kept.get("lossless") is True,
        compression=_one_of(Compression, kept.get("compression"), Compression.SMALL),
        size=size if size.width or size.height else None,
        dpi=_number(kept.get("dpi"), LEAST_DPI, MOST_DPI),
        profile=_one_of(Profile, kept.get("profile"), Profile.KEEP),
    )


def _one_of(kind: type[E], value: Value, otherwise: E) -> E:
    return next((one for one in kind if one.value == value), otherwise)


def _number(value: Value, least: float, most: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        return None
    return float(value) or None


def _path(value: Value) -> Path | None:
    return Path(value) if isinstance(value, str) and Path(value).is_absolute() else None
