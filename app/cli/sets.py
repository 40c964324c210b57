"""`--set NODE.PARAM=VALUE`: another value for this run; the file stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from app.basics.faults import BadInput, Where
from app.basics.words import listed, mark, say
from app.catalogue.cards import Parameter, ParameterType
from app.document import edits, tag_edits
from app.document.beside import FILES
from app.document.values import Document, Value
from app.nodes.declare import Kinds


def apply(document: Document, kinds: Kinds, sets: Sequence[str], trust: Callable[[Path], None]) -> Document:
    """The document with every `--set` applied, in order.

    :raises BadInput: malformed, or a node or parameter that is not there; names both
    """
    for one in sets:
        document = _apply(document, kinds, one, trust)
    return document


def _apply(document: Document, kinds: Kinds, text: str, trust: Callable[[Path], None]) -> Document:
    place, equals, value = text.partition("=")
    node, dot, name = place.rpartition(".")
    if not (equals and dot and node and name):
        raise BadInput(
            say("--set {text!r} is not NODE.PARAM=VALUE.", text=text),
            advice=say("For example: --set hero.seed=7"),
            code="cli.set",
        )
    if node not in document.nodes:
        raise BadInput(
            say("--set names the node {node!r}, which the document does not have.", node=node),
            advice=say("Its nodes are: {list}.", list=listed(sorted(document.nodes)) or say("none")),
            code="cli.set-node",
            where=Where(node=node, parameter=name),
        )
    parameter = _parameter(document, kinds, node, name)
    if parameter.type == ParameterType.TAGS:
        return tag_edits.write_reference_tags(document, node, value)
    if parameter.id in FILES.get(document.nodes[node].kind, ()) and value and not _of_table(value):
        path = Path(value).expanduser().resolve()
        trust(path)
        value = str(path)
    return edits.set_value(document, node, name, _value(parameter, value, node))


def _of_table(value: str) -> bool:
    """Whether a file is named by a table's column, and not as it is."""
    return "{" in value and not Path(value).expanduser().exists()


def _parameter(document: Document, kinds: Kinds, node: str, name: str) -> Parameter:
    kind = kinds.get(document.nodes[node].kind)
    known = {one.id: one for one in kind.parameters} if kind else {}
    if kind is not None and kind.card is not None:
        known.setdefault("vendor", _VENDOR)
    if name not in known:
        raise BadInput(
            say("--set names {name!r}, which {node} does not have.", name=name, node=node),
            advice=say("It has: {list}.", list=listed(known) or say("nothing to set")),
            code="cli.set-parameter",
            where=Where(node=node, parameter=name),
        )
    return known[name]


_VENDOR = Parameter(
    id="vendor", title=mark("Vendor"), type=ParameterType.TEXT, default="auto", help=mark("Who makes it.")
)


def _value(parameter: Parameter, text: str, node: str) -> Value:
    if parameter.type not in (ParameterType.SEED, ParameterType.INTEGER):
        return text
    if "{" in text:
        return text  # a table's column; where there is no table, the checks say what it should be
    if not text and parameter.default is None:
        return None
    try:
        return int(text)
    except ValueError as error:
        raise BadInput(
            say("{title} of {node} cannot be {text!r}.", title=parameter.title, node=node, text=text),
            advice=say("Give a whole number."),
            code="cli.set-number",
            where=Where(node=node, parameter=parameter.id),
        ) from error
