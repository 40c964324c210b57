"""Where an error arose, as lines without anybody's folders: `app/studio/desk.py:88 in open`.

The words of an error may name files or repeat a prompt; they are only in the long form. Neither form reads
values of variables.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from pathlib import Path

from app.basics.logs import redact

ROOT = Path(__file__).parents[2]
MOST_FRAMES = 30
MOST_CAUSES = 8
MOST_WORDS = 2000
_FILE = re.compile(r'File "([^"]*)"')


def kind_of(error: BaseException) -> str:
    """`ValueError`, or with its module where it is not Python's own."""
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def short_path(text: str) -> str:
    """A source file as it is called within the program or within its package; only its name elsewhere."""
    path = Path(text.replace("\\", "/"))
    for part in ("site-packages", "dist-packages"):
        if part in path.parts:
            return "/".join(path.parts[path.parts.index(part) + 1 :])
    try:
        return path.relative_to(ROOT).as_posix()
    except ValueError:
        return path.name


def without_folders(text: str) -> str:
    """What `faulthandler` wrote, its source files called as in `short_path`."""
    return _FILE.sub(lambda found: f'File "{short_path(found.group(1))}"', text)


def place_of(error: BaseException) -> str:
    """The innermost line of it that is ours, else the innermost: the same mistake has the same place."""
    told = [f"{short_path(one.filename)}:{one.lineno}" for one in _frames(error)]
    ours = [one for one in told if one.startswith(("app/", "widgets/"))]
    return (ours or told or [""])[-1]


def lines_of(error: BaseException, *, words: bool) -> tuple[str, ...]:
    """The whole chain, the first cause first. `words`: with what the errors say."""
    told: list[str] = []
    for number, one in enumerate(_chain(error)):
        if number:
            told.append("after which:")
        told += [f"  {short_path(at.filename)}:{at.lineno} in {at.name}" for at in _frames(one)]
        said = redact(str(one)[:MOST_WORDS]) if words else ""
        told.append(f"{kind_of(one)}: {said}" if said else kind_of(one))
    return tuple(told)


def _frames(error: BaseException) -> list[traceback.FrameSummary]:
    """The innermost; source lines are not read."""
    walked = traceback.walk_tb(error.__traceback__)
    return list(traceback.StackSummary.extract(walked, lookup_lines=False))[-MOST_FRAMES:]


def _chain(error: BaseException) -> list[BaseException]:
    """From the first cause to the error itself, each once; what a group holds stands before it."""
    return list(_walked(error, set()))[-MOST_CAUSES:]


def _walked(error: BaseException, seen: set[int]) -> Iterator[BaseException]:
    if id(error) in seen or len(seen) > 100:
        return
    seen.add(id(error))
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from _walked(cause, seen)
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _walked(one, seen)
    yield error
