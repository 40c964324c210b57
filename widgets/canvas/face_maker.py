"""From document, run and checks to faces. Pure: nothing here paints or remembers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct, field
from msgspec.structs import replace

from app.basics.money import show_usd
from app.basics.words import spoken
from app.catalogue.cards import Card, ParameterType, Price
from app.document.joining import arriving_type, wanted_types
from app.document.problems import Problem, Severity
from app.document.reach import PASSES_ON, giver, links_given, models_reached, tag_slots
from app.document.sockets import Shape, SocketType
from app.document.tags import find_calls
from app.document.values import Document, End, Node
from app.engine.run_state import IDLE, NodeRun, NodeState, RunState
from app.nodes.declare import Family as Group
from app.nodes.declare import Kinds
from widgets.canvas.face import (
    Action,
    Face,
    Family,
    Line,
    Look,
    Mood,
    Photo,
    Problems,
    Row,
    Sheet,
    Words,
    row_of,
)
from widgets.canvas.notices import fault_lines, problem_lines
from widgets.canvas.table_faces import chips_of, table_face
from widgets.canvas.words import clock_words, seconds_words, tr

DEFAULT_RATIO = 16 / 9
STRIP_RATIO = 2.34
"""Reference cards show the middle of the photograph in a strip, so that three of them stay small."""


def _no_strings() -> Mapping[str, str]:
    return MappingProxyType({})


Locate = Callable[[str], Path | None]
"""A node's `file` value → the file, or None where it is missing or may not be read."""


class Scenery(Struct, frozen=True, kw_only=True):
    """All that faces are made from. `stale` says per node what has changed since its picture was made;
    `waited` is for how many seconds a node has been queued. `sheets` are what Table nodes show, `filled` the
    nodes that the previewed row changes, as they are with it, `columns` those of the table."""

    document: Document
    kinds: Kinds
    run: RunState
    problems: Problems
    stale: Mapping[str, str] = field(default_factory=_no_strings)
    waited: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    locate: Locate = Path
    sheets: Mapping[str, Sheet] = field(default_factory=lambda: MappingProxyType({}))
    filled: Mapping[str, Node] = field(default_factory=lambda: MappingProxyType({}))
    columns: frozenset[str] = frozenset()


def face_of(scenery: Scenery, id: str) -> Face:
    """The face of one node."""
    node = scenery.document.nodes[id]
    kind = scenery.kinds.get(node.kind)
    if kind is None:
        return _unknown(scenery, id, node)
    if kind.card is not None:
        return _model(scenery, id, scenery.filled.get(id, node), kind.card)
    if node.kind == "prompt":
        return _prompt(scenery, id, node, kind.shape)
    if node.kind == "reference-image":
        return _reference(scenery, id, scenery.filled.get(id, node), kind.shape)
    if node.kind in PASSES_ON:
        return _dot(scenery, id, node, kind.shape)
    if node.kind == "table":
        found = scenery.problems.get(id, ())
        return table_face(id, node, kind.shape, scenery.sheets.get(id, Sheet()), found)
    if kind.family == Group.LAYOUT:
        return _note(id, node, kind.shape)
    return _output(scenery, id, node, kind.shape)


def _inputs(document: Document, id: str, shape: Shape) -> tuple[Row, ...]:
    return tuple(
        row_of(socket, len(document.links.into(id, socket.id)), counts=socket.most != 1)
        for socket in shape.inputs
    )


def _outputs(document: Document, id: str, shape: Shape) -> tuple[Row, ...]:
    return tuple(row_of(socket, len(document.links.out_of(id, socket.id))) for socket in shape.outputs)


def _errors(problems: tuple[Problem, ...]) -> int:
    return sum(problem.severity == Severity.ERROR for problem in problems)


def _prompt(scenery: Scenery, id: str, node: Node, shape: Shape) -> Face:
    text = str(node.values.get("text", ""))
    problems = scenery.problems.get(id, ())
    wrong = {problem.span for problem in problems if problem.span is not None}
    slots = prompt_slots(scenery.document, id) if find_calls(text) else {}
    chips = chips_of(text, slots, wrong, scenery.columns)
    words = Words(text, chips) if text.strip() else Words(tr("Double-click to write"), muted=True)
    return Face(
        id=id, kind=node.kind, title=node.title or spoken(shape.title), family=Family.PROMPT, dot="prompt",
        outputs=_outputs(scenery.document, id, shape), words=words, skipped=node.skip,
        collapsed=node.collapsed, errors=_errors(problems),
    )  # fmt: skip


def prompt_slots(document: Document, prompt: str) -> dict[str, int]:
    """The tags a prompt may call, with their colours: those of the models its words arrive at."""
    slots: dict[str, int] = {}
    for model in models_reached(document, prompt):
        slots = {**tag_slots(document, model), **slots}
    return slots


def _dot(scenery: Scenery, id: str, node: Node, shape: Shape) -> Face:
    """Of the type that comes through it; before anything does, of the one that is wanted below."""
    document, shapes = scenery.document, {name: kind.shape for name, kind in scenery.kinds.items()}
    type = arriving_type(document, shapes, End(id, shape.outputs[0].id))
    if type is SocketType.ANY:
        type = next(iter(sorted(wanted_types(document, shapes, End(id, shape.inputs[0].id)))), type)
    return Face(
        id=id, kind=node.kind, title=node.title or spoken(shape.title), family=Family.DOT, dot="neutral",
        inputs=tuple(replace(row, type=type) for row in _inputs(document, id, shape)),
        outputs=tuple(replace(row, type=type) for row in _outputs(document, id, shape)),
        skipped=node.skip, collapsed=node.collapsed, errors=_errors(scenery.problems.get(id, ())),
    )  # fmt: skip


def _reference(scenery: Scenery, id: str, node: Node, shape: Shape) -> Face:
    file = str(node.values.get("file", ""))
    problems = scenery.problems.get(id, ())
    tags: dict[str, int] = {}
    for link in links_given(scenery.document, id):
        if link.tag:
            slots = tag_slots(scenery.document, link.target.node, link.target.socket)
            tags.setdefault(link.tag, slots.get(link.tag.lower(), 0))
    path = scenery.locate(file) if file else None
    if not file:
        hint: tuple[str, ...] = (tr("Drop a photograph here"),)
    else:
        hint = () if path is not None else (tr("{name} is missing", name=Path(file).name),)
    named = node.title or (Path(file).name if file else spoken(shape.title))
    return Face(
        id=id, kind=node.kind, title=named, family=Family.REFERENCE, dot="image", tags=tuple(tags.items()),
        outputs=_outputs(scenery.document, id, shape), photo=Photo(path, STRIP_RATIO, hint=hint),
        notice=problem_lines(problems) if _errors(problems) else (), skipped=node.skip,
        collapsed=node.collapsed, errors=_errors(problems),
    )  # fmt: skip


def _note(id: str, node: Node, shape: Shape) -> Face:
    text = str(node.values.get("text", ""))
    return Face(
        id=id, kind=node.kind, title=node.title or spoken(shape.title), family=Family.NOTE, dot="neutral",
        words=Words(text or tr("Double-click to write"), muted=True), collapsed=node.collapsed,
    )  # fmt: skip


def _unknown(scenery: Scenery, id: str, node: Node) -> Face:
    """A kind of a newer Tagloom: kept with its links, so its sockets are those its links name."""
    links = scenery.document.links
    ins = dict.fromkeys(link.target.socket for link in links.into(id))
    outs = dict.fromkeys(link.source.socket for link in links.out_of(id))
    return Face(
        id=id, kind=node.kind, title=node.title or node.kind, family=Family.UNKNOWN, dot="neutral",
        mood=Mood.WARNING, pill=tr("unknown kind"),
        inputs=tuple(Row(name, name, SocketType.ANY, False, 1, None, False) for name in ins),
        outputs=tuple(Row(name, name, SocketType.ANY, False, 1, None, False) for name in outs),
        words=Words(
            tr("This version does not know “{kind}”. It is kept as it is and does not run.", kind=node.kind),
            muted=True,
        ),
        collapsed=node.collapsed,
    )  # fmt: skip


def _output(scenery: Scenery, id: str, node: Node, shape: Shape) -> Face:
    run = scenery.run.node(id)
    problems = scenery.problems.get(id, ())
    preview, compared = node.kind == "preview", node.kind == "compare"
    photo = None
    if preview or compared:
        given = tuple(_given(scenery, id))
        shown = run.result.path if run.result and preview else next(iter(given), None)
        hint = tr("Compares what is linked here") if compared else tr("Shows what is linked here")
        several = given if compared and len(given) > 1 else ()
        ratio = _result_ratio(run) or DEFAULT_RATIO
        photo = Photo(shown, ratio, hint=() if shown else (hint,), several=several)
    name = str(node.values.get("name", ""))
    saved = run.result.saved.name if run.result and run.result.saved else ""
    errors = _errors(problems)
    notice = fault_lines(run) if run.fault else (problem_lines(problems) if errors else ())
    return Face(
        id=id, kind=node.kind, title=node.title or spoken(shape.title), family=Family.OUTPUT, dot="neutral",
        mood=Mood.ERROR if run.fault else Mood.PLAIN, inputs=_inputs(scenery.document, id, shape),
        outputs=_outputs(scenery.document, id, shape), photo=photo, facts="" if photo else (saved or name),
        notice=notice, notice_mood=Mood.ERROR if run.fault else Mood.PLAIN,
        pill=tr("saved") if saved else "", busy=run.state == NodeState.RUNNING, skipped=node.skip,
        collapsed=node.collapsed, errors=errors,
    )  # fmt: skip


def _given(scenery: Scenery, id: str) -> Iterator[Path]:
    """The pictures that are linked into a node, in order: results and photographs."""
    for link in scenery.document.links.into(id):
        origin = giver(scenery.document, link)
        run = scenery.run.node(origin)
        source = scenery.document.nodes.get(origin)
        path = run.result.path if run.result else None
        if path is None and source is not None and source.kind == "reference-image":
            file = str(scenery.filled.get(origin, source).values.get("file", ""))
            path = scenery.locate(file) if file else None
        if path is not None:
            yield path


def _result_ratio(run: NodeRun) -> float | None:
    return run.result.width / run.result.height if run.result and run.result.height else None


def _model(scenery: Scenery, id: str, node: Node, card: Card) -> Face:
    run = scenery.run.node(id)
    problems = scenery.problems.get(id, ())
    errors = _errors(problems)
    waiting = run.state in (NodeState.QUEUED, NodeState.RUNNING)
    failed = run.state in (NodeState.FAILED, NodeState.UNKNOWN)
    tone = Mood.PLAIN
    notice: tuple[Line, ...] = problem_lines(problems) if errors and not waiting else ()
    if failed:
        notice, tone = fault_lines(run), Mood.WARNING if run.state == NodeState.UNKNOWN else Mood.ERROR
    facts, remark, action = _facts(scenery, id, node, card, run, errors)
    return Face(
        id=id, kind=node.kind, title=node.title or card.title, family=Family.MODEL, dot="model",
        mood=tone if failed else Mood.MODEL, pill=_pill(scenery, id, node, card, run),
        inputs=_inputs(scenery.document, id, card.shape), outputs=_outputs(scenery.document, id, card.shape),
        photo=_picture(scenery, id, node, card, run, has_notice=bool(notice)),
        notice=notice, notice_mood=tone,
        facts=facts, remark=remark, remark_action=action,
        progress=(run.progress or 0.0) if run.state == NodeState.RUNNING else None,
        busy=run.state == NodeState.RUNNING, skipped=node.skip, collapsed=node.collapsed, errors=errors,
    )  # fmt: skip


def _price(scenery: Scenery, id: str, node: Node, card: Card) -> Price | None:
    """At the most: each reference is taken for as large as it may leave."""
    links = scenery.document.links.into(id, "reference_images")
    sent = [card.references.largest] * len(links)
    return card.price_for(node.values, _vendor(node, card), sent)


def _vendor(node: Node, card: Card) -> str:
    return str(card.value(node.values, "vendor") or "auto")


def _pill(scenery: Scenery, id: str, node: Node, card: Card, run: NodeRun) -> str:
    if node.skip:
        return tr("skipped")
    if node.lock:
        return tr("locked")
    if run.state in (NodeState.FAILED, NodeState.UNKNOWN) and run.fault:
        return {
            "no": tr("not charged"), "yes": tr("charged"), "unknown": tr("maybe charged"),
        }[run.fault.charged]  # fmt: skip
    if run.state == NodeState.REUSED:
        return tr("0 cr · reused")
    if card.credits is None:
        price = _price(scenery, id, node, card)
        return f"${price.money / 1_000_000:.2f}" if price else tr("price unknown")
    return tr("{n} cr", n=card.credits)


def _picture(
    scenery: Scenery, id: str, node: Node, card: Card, run: NodeRun, *, has_notice: bool
) -> Photo | None:
    size = card.size_for(node.values)
    wanted = size.width / size.height if size else DEFAULT_RATIO
    ratio = _result_ratio(run) or wanted
    path = run.result.path if run.result else None
    if path is None and has_notice:
        return None
    if run.state == NodeState.QUEUED:
        offer = card.offer(_vendor(node, card))
        hint = _queue_hint(run, offer.title if offer else card.maker)
        return Photo(path, ratio, Look.WAITING, hint=hint, draft=_draft(run))
    if run.state == NodeState.RUNNING:
        return Photo(path, ratio, Look.WAITING, hint=() if path else (tr("At work"),), draft=_draft(run))
    look = Look.STALE if id in scenery.stale or has_notice else Look.PLAIN
    look = Look.KEPT if node.lock and path else look
    hint = () if path else (tr("Drop photographs here"), tr("or press Run"))
    return Photo(path, ratio, look, hint=hint, draft=_draft(run))


def _draft(run: NodeRun) -> bool:
    return bool(run.result and run.result.draft)


def _queue_hint(run: NodeRun, seller: str) -> tuple[str, ...]:
    first = {
        "waiting": tr("Waiting for its turn"),
        "sending": tr("Sending"),
        "silent": tr("{name} works, and says nothing until it is done", name=seller),
        "vendor": tr("Queued at {name}", name=seller),
        "throttled": tr("{name} is busy", name=seller),
        "paused": tr("{name} asked us to wait", name=seller),
    }.get(run.reason, tr("Queued"))
    return (first, tr("free to cancel") if run.free_to_cancel else tr("may be charged"))


def _facts(
    scenery: Scenery, id: str, node: Node, card: Card, run: NodeRun, errors: int
) -> tuple[str, str, Action | None]:
    """Left, right, and what a click on the right does."""
    facts = settings_words(node, card, run)
    stop = Action("cancel", tr("Cancel"))
    if run.state == NodeState.QUEUED:
        waited = tr("queued {time}", time=clock_words(scenery.waited.get(id, 0.0)))
        when = tr("in {time}", time=clock_words(run.until)) if run.until else waited
        return facts, f"{when} · {stop.label}", stop
    if run.state == NodeState.RUNNING:
        done = tr("{n} %", n=round((run.progress or 0.0) * 100))
        left = f"{done} · {seconds_words(run.left)}" if run.left else done
        return facts, f"{left} · {stop.label}", stop
    if run.state in (NodeState.FAILED, NodeState.UNKNOWN) and run.fault:
        charged = {"no": "$0", "yes": tr("charged"), "unknown": tr("maybe charged")}[run.fault.charged]
        return run.fault.code, charged, None
    if errors:
        return tr("{n} to mend before Run", n=errors), "", None
    if node.lock:
        return facts, tr("kept"), None
    if id in scenery.stale:
        return scenery.stale[id], tr("Run to renew"), Action("run", tr("Run to renew"))
    if run.state == NodeState.CANCELLED:
        return facts, run.reason, None
    hints = len(scenery.problems.get(id, ()))
    if hints:
        return facts, tr("{n} hints", n=hints) if hints > 1 else tr("1 hint"), None
    if run is not IDLE and run.result:
        return facts, f"{run.result.width} × {run.result.height}", None
    offer = card.offer(_vendor(node, card))
    if offer is not None and not offer.prices:
        return facts, tr("price not known"), None
    if offer is not None and offer.by_size and (price := _price(scenery, id, node, card)) is not None:
        return facts, tr("up to {price}", price=show_usd(price.money)), None
    return facts, "", None


def settings_words(node: Node, card: Card, run: NodeRun = IDLE) -> str:
    """`16:9 · 1080p · seed 42 · Replicate`; no vendor where none was chosen."""
    words: list[str] = []
    for parameter in card.parameters:
        value = card.value(node.values, parameter.id)
        if parameter.type == ParameterType.SEED:
            used = run.result.seed if run.result and run.state != NodeState.QUEUED else None
            if value is not None:
                words.append(tr("seed {n}", n=value))
            else:
                words.append(tr("seed {n}", n=used) if used is not None else tr("new seed"))
        elif parameter.type is ParameterType.INTEGER and value != parameter.default:
            words.append(f"{spoken(parameter.title).lower()} {value}")
        elif parameter.type is ParameterType.CHOICE and not parameter.advanced:
            words.append(str(value))
    vendor = _vendor(node, card)
    offer = card.offer(vendor) if vendor != "auto" else None
    if offer is not None:  # who is paid is never out of sight
        words.append(offer.title)
    return " · ".join(words)
