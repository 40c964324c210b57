"""The artist's own defaults: what a new node of a kind begins with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from msgspec.structs import replace

from app.catalogue.cards import Parameter, ParameterType
from app.document.values import Value, frozen
from app.nodes.declare import Kinds, NodeKind
from app.preferences.declared import KIND_DEFAULTS
from app.preferences.options import Changed, Options

NEVER = ("file", "with", "row", "sheet")
"""Parameters that belong to one node: a photograph or a table is no default."""


class OwnKinds(Mapping[str, NodeKind]):
    """All kinds, each with the defaults of the settings over its own. A setting that a kind does not have, or
    that its card does not offer any more, is left out."""

    def __init__(self, kinds: Kinds, options: Options) -> None:
        self._kinds = kinds
        self._options = options
        self._now = dict(kinds)
        self._fill()
        options.changed.connect(self._follow)

    def __getitem__(self, id: str) -> NodeKind:
        return self._now[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now)

    def __len__(self) -> int:
        return len(self._now)

    def _follow(self, change: Changed) -> None:
        if change.option == KIND_DEFAULTS.id:
            self._fill()

    def _fill(self) -> None:
        for id, values in self._options.get(KIND_DEFAULTS).items():
            kind = self._kinds.get(id)
            if kind is not None:
                own = {one.id: values[one.id] for one in may_be_kept(kind) if one.id in values}
                fitting = {id: value for id, value in own.items() if _fits(kind, id, value)}
                self._now[id] = replace(kind, defaults=MappingProxyType({**kind.defaults, **fitting}))
        for id in self._kinds.keys() - self._options.get(KIND_DEFAULTS).keys():
            self._now[id] = self._kinds[id]


def may_be_kept(kind: NodeKind) -> tuple[Parameter, ...]:
    """The parameters of a kind that can have a default of the artist's own."""
    return tuple(one for one in kind.parameters if one.type != ParameterType.TAGS and one.id not in NEVER)


def keep(options: Options, kind: NodeKind, values: Mapping[str, Value]) -> None:
    """What these values are is what a new node of the kind begins with.

    :raises DiskTrouble: they hold until the end of this session
    """
    own = {one.id: frozen(values[one.id]) for one in may_be_kept(kind) if one.id in values}
    before = options.get(KIND_DEFAULTS)
    kept = dict(before)
    kept[kind.id] = MappingProxyType(own)
    options.set(KIND_DEFAULTS, MappingProxyType(kept))


def forget(options: Options, kind: str) -> None:
    """The kind's own defaults again. :raises DiskTrouble: they hold until the end of this session"""
    kept = {id: values for id, values in options.get(KIND_DEFAULTS).items() if id != kind}
    options.set(KIND_DEFAULTS, MappingProxyType(kept))


def has_own(options: Options, kind: str) -> bool:
    return kind in options.get(KIND_DEFAULTS)


def _fits(kind: NodeKind, parameter: str, value: Value) -> bool:
    known = next(one for one in kind.parameters if one.id == parameter)
    if known.choices:
        return value in {one.value for one in known.choices}
    match known.type:
        case ParameterType.SEED | ParameterType.INTEGER:
            whole = isinstance(value, int) and not isinstance(value, bool)
            return value is None or (
                whole and (known.minimum or 0) <= value <= (known.maximum or 2**63)  # type: ignore[operator]
            )
        case _:
            return isinstance(value, str)
