"""Where a file that is made may be written."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from app.basics.faults import BadInput
from app.basics.words import either, say


def free_target(target: Path, endings: Collection[str], *, over: bool, keep: Collection[Path] = ()) -> Path:
    """Where it really is written, with the first of `endings` where its name has none. `over`: a file that is
    there may be replaced, but none of `keep`.

    :raises BadInput: another ending, or something lies there
    """
    first = next(iter(endings))
    if not target.suffix:
        target = target.with_name(target.name + first)
    if target.suffix.lower() not in endings:
        raise BadInput(
            say("{name} is called like something else.", name=target.name),
            advice=say("Let its name end in {endings}.", endings=either(endings)),
            code="export.ending",
        )
    return free_place(target, over=over and not _is_one_of(target, keep))


def free_place(target: Path, *, over: bool) -> Path:
    """Where it really is written. :raises BadInput: a folder lies there, or a file and not `over`"""
    target = target.expanduser().resolve()
    if target.is_dir():
        raise BadInput(
            say("{target} is a folder.", target=target),
            advice=say("Give the name of a file in it."),
            code="export.folder",
        )
    if target.exists() and not over:
        raise BadInput(
            say("{target} is there already.", target=target),
            advice=say("Choose another name; on the command line, --force replaces it."),
            code="export.exists",
        )
    return target


def _is_one_of(target: Path, others: Collection[Path]) -> bool:
    place = target.expanduser()
    return place.exists() and any(one.exists() and place.samefile(one) for one in others)
