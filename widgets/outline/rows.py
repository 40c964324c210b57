"""What the rows of the outline say: pure, of a document, its run, its checks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct, field

from app.basics.words import spoken
from app.document.problems import Problem, Severity
from app.document.reach import words_of
from app.document.values import Document, End, Frame, Link, Node
from app.engine.run_state import NodeRun, NodeState, RunState
from app.nodes.declare import Family, Kinds

_WORDS = 60
"""So many letters of a prompt stand in its row."""


def tr(text: str, **parts: object) -> str:
    return spoken(text, **parts)


class Key(Struct, frozen=True):
    """What a row stands for. `what`: `frame`, `node`, `link` (an input and what is joined to it) or `input`
    (nothing is joined to it)."""

    what: str
    id: str
    source: End | None = None
    target: End | None = None


class Sight(Struct, frozen=True, kw_only=True):
    """All that rows are made of."""

    document: Document
    kinds: Kinds
    run: RunState
    problems: Mapping[str, tuple[Problem, ...]] = field(default_factory=lambda: MappingProxyType({}))
    stale: frozenset[str] = frozenset()


class Row(Struct, frozen=True, kw_only=True):
    """`role` is the colour role of the dot; `mood` that of the second line."""

    title: str
    told: str
    role: str = "neutral"
    mood: str = "muted"

    @property
    def whole(self) -> str:
        return f"{self.title}, {self.told}" if self.told else self.title


def row_of(sight: Sight, key: Key) -> Row:
    if key.what == "frame":
        frame = sight.document.frames.get(key.id)
        return Row(title=(frame.title if frame else "") or tr("Frame"), told=tr("Frame"))
    if key.what == "node":
        return _node(sight, key.id)
    return _input(sight, key)


def title_of(sight: Sight, id: str) -> str:
    node = sight.document.nodes.get(id)
    kind = sight.kinds.get(node.kind) if node else None
    return (_own_title(node) if node else "") or (spoken(kind.title) if kind else id)


def _own_title(node: Node) -> str:
    """As on its card: a photograph without a title goes by its file."""
    file = node.values.get("file") if node.kind == "reference-image" else ""
    return node.title or (Path(file).name if isinstance(file, str) else "")


def _node(sight: Sight, id: str) -> Row:
    node = sight.document.nodes.get(id)
    if node is None:  # gone, and Qt has yet to be told
        return Row(title=id, told="")
    kind = sight.kinds.get(node.kind)
    run = sight.run.node(id)
    problems = sight.problems.get(id, ())
    errors = sum(one.severity == Severity.ERROR for one in problems)
    told = _tags(sight.document, id)
    named = bool(_own_title(node))
    told.append((spoken(kind.title) if named else "") if kind else tr("Unknown kind {kind}", kind=node.kind))
    if node.kind == "prompt":
        told.append(_short(words_of(sight.document, id)) or tr("no words yet"))
    told += [*_marks(node), state_words(run, stale=id in sight.stale)]
    told.append(_counted(errors, tr("1 error"), tr("{n} errors", n=errors)))
    hints = len(problems) - errors
    told.append(_counted(hints, tr("1 warning"), tr("{n} warnings", n=hints)))
    bad = errors or run.state in (NodeState.FAILED, NodeState.UNKNOWN)
    return Row(
        title=title_of(sight, id),
        told=" · ".join(part for part in told if part),
        role=role_of(sight.kinds, node.kind),
        mood="error" if bad else "warning" if hints or id in sight.stale else "muted",
    )


def _counted(count: int, one: str, many: str) -> str:
    return "" if not count else one if count == 1 else many


def _tags(document: Document, id: str) -> list[str]:
    return list(dict.fromkeys(f"@{link.tag}" for link in document.links.out_of(id) if link.tag))


def _marks(node: Node) -> list[str]:
    return [words for on, words in ((node.skip, tr("skipped")), (node.lock, tr("picture kept"))) if on]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _WORDS else f"{line[:_WORDS]}…"


def state_words(run: NodeRun, *, stale: bool) -> str:
    """`running 54 %`, `failed: …`, `done`; nothing where nothing has happened."""
    match run.state:
        case NodeState.QUEUED:
            return tr("waiting")
        case NodeState.RUNNING if run.progress is None:
            return tr("running")
        case NodeState.RUNNING:
            return tr("running {n} %", n=round((run.progress or 0.0) * 100))
        case NodeState.FAILED:
            return tr("failed: {why}", why=run.fault.title if run.fault else run.reason)
        case NodeState.UNKNOWN:
            return tr("not known whether it was charged")
        case NodeState.CANCELLED:
            return tr("cancelled")
    if stale:
        return tr("inputs changed since its picture")
    return tr("done") if run.state in (NodeState.DONE, NodeState.REUSED) else ""


def _input(sight: Sight, key: Key) -> Row:
    assert key.target is not None
    node = sight.document.nodes.get(key.target.node)
    kind = sight.kinds.get(node.kind) if node else None
    socket = kind.shape.input(key.target.socket) if kind else None
    name = (spoken(socket.title) or socket.id) if socket else key.target.socket
    role = str(socket.type) if socket and socket.type in ("prompt", "image") else "neutral"
    if key.source is None:
        told = tr("nothing joined, needed") if socket and socket.required else tr("nothing joined")
        return Row(title=name, told=told, role=role)
    link = link_of(sight.document, key)
    tagged = socket is not None and socket.tagged
    tag = (f"@{link.tag}" if link.tag else tr("no tag")) if link is not None and tagged else ""
    told = " · ".join(part for part in (tag, name) if part)
    return Row(title=f"← {title_of(sight, key.source.node)}", told=told, role=role)


def link_of(document: Document, key: Key) -> Link | None:
    if key.source is None or key.target is None:
        return None
    into = document.links.into(key.target.node, key.target.socket)
    return next((one for one in into if one.source == key.source), None)


def role_of(kinds: Kinds, id: str) -> str:
    kind = kinds.get(id)
    if kind is None or kind.family in (Family.OUTPUTS, Family.LAYOUT):
        return "neutral"
    if kind.card is not None:
        return "model"
    if not kind.shape.outputs:
        return "accent"
    return "prompt" if kind.shape.outputs[0].type == "prompt" else "image"


# --- which rows there are ---


def has_inputs(sight: Sight, key: Key) -> bool:
    if key.what != "node":
        return False
    node = sight.document.nodes.get(key.id)
    kind = sight.kinds.get(node.kind) if node else None
    return bool(kind.shape.inputs) if kind else bool(sight.document.links.into(key.id))


def inputs(sight: Sight, id: str) -> list[Key]:
    """A row for each link into a node, in order, and for each input that has none."""
    node = sight.document.nodes.get(id)
    kind = sight.kinds.get(node.kind) if node else None
    found: list[Key] = []
    seen: set[str] = set()
    for socket in kind.shape.inputs if kind else ():
        seen.add(socket.id)
        target = End(id, socket.id)
        links = sight.document.links.into(id, socket.id)
        found += [Key("link", id, link.source, target) for link in links] or [Key("input", id, None, target)]
    strays = [link for link in sight.document.links.into(id) if link.target.socket not in seen]
    return found + [Key("link", id, link.source, link.target) for link in strays]


def arranged(sight: Sight) -> dict[Key | None, list[Key]]:
    """Frames with their nodes, then the other nodes; both as prompts, references, models, outputs, others.
    None holds the rows at the top."""
    document = sight.document
    order = sorted(document.nodes, key=lambda id: _rank(sight.kinds, document.nodes[id].kind))
    held: dict[Key | None, list[Key]] = {None: []}
    frames = {Key("frame", id): frame for id, frame in document.frames.items()}
    for key in frames:
        held[None].append(key)
        held[key] = []
    for id in order:
        held[_frame_of(document, id, frames)].append(Key("node", id))
    return held


def _frame_of(document: Document, id: str, frames: Mapping[Key, Frame]) -> Key | None:
    """The smallest frame that a node's upper left corner lies in."""
    spot = document.layout.get(id)
    around = [
        (frame.rect[2] * frame.rect[3], key)
        for key, frame in frames.items()
        if spot is not None
        and frame.rect[0] <= spot.x < frame.rect[0] + frame.rect[2]
        and frame.rect[1] <= spot.y < frame.rect[1] + frame.rect[3]
    ]
    return min(around, key=lambda one: one[0])[1] if around else None


_ROLES = ("prompt", "image", "model")


def _rank(kinds: Kinds, kind: str) -> int:
    role = role_of(kinds, kind)
    if role in _ROLES:
        return _ROLES.index(role)
    known = kinds.get(kind)
    return len(_ROLES) + (known is None or known.family is not Family.OUTPUTS)
