"""What a run of everything would mean now, and which picture each model shows until then."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from types import MappingProxyType

from msgspec.structs import replace

from app.document.values import Document
from app.engine.job import Estimate
from app.engine.results import Result
from app.engine.run_state import RunState
from app.engine.steps import Step
from app.library.assets import Asset
from app.library.library import Library
from app.nodes.declare import Kinds, Picture
from app.providers.registry import Registry
from app.studio.parts import Outlook


class Gallery:
    """The pictures that models have from earlier sessions. What exactly a node asks for now is the plan's
    to find; this is the last one it made, whatever was asked then, and never a draft where the node would
    be bought, nor the other way about (law 6)."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._asked: set[tuple[str, str, bool]] = set()
        self._chosen: frozenset[str] = frozenset()
        """Nodes that showed a picture because the artist chose it."""

    async def shown(
        self,
        name: str,
        document: Document,
        drafts: Mapping[str, bool],
        state: RunState,
        fresh: Container[str] = (),
    ) -> dict[str, Result]:
        """What models show that no run would only reuse: the picture that was picked, also where it no longer
        fits, else the last, where nothing else is shown. A pick that was taken back gives way to the last."""
        chosen: dict[str, Result] = {}
        for node, draft in drafts.items():
            sha256 = document.nodes[node].lock or document.nodes[node].pick
            asset = await self._library.get(sha256) if sha256 and node not in fresh else None
            if asset is not None and (draft or not asset.origin.draft):
                chosen[node] = result_of(node, asset)
        kept = {node for node in drafts if document.nodes[node].lock or document.nodes[node].pick}
        let_go, self._chosen = self._chosen - kept, frozenset(kept)
        for node in let_go:
            self._asked.discard((name, node, drafts.get(node, False)))
        empty = {
            node: draft
            for node, draft in drafts.items()
            if node not in fresh
            and node not in chosen
            and (node in let_go or state.node(node).result is None)
        }
        return {**await self.last(name, empty), **chosen}

    async def last(self, document: str, drafts: Mapping[str, bool]) -> dict[str, Result]:
        """For models that show nothing; `drafts` says of each whether a run would make a draft. The library
        is asked once for each, until `forget`: what is made later shows itself."""
        found: dict[str, Result] = {}
        for node, draft in drafts.items():
            if (document, node, draft) in self._asked:
                continue
            assets = await self._library.for_node(document, node)
            self._asked.add((document, node, draft))
            last = next((one for one in assets if one.origin.draft is draft), None)
            if last is not None:
                found[node] = result_of(node, last)
        return found

    def forget(self) -> None:
        """Pictures may have come from elsewhere, or a key has come or gone."""
        self._asked.clear()


async def drafts_of(document: Document, kinds: Kinds, registry: Registry) -> dict[str, bool]:
    """Of each model that a known vendor sells: whether a run would make a draft."""
    sellers: dict[str, str] = {}
    for id, node in document.nodes.items():
        kind = kinds.get(node.kind)
        card = kind.card if kind else None
        offer = card.offer(str(card.value(node.values, "vendor") or "auto")) if card else None
        if offer is not None:
            sellers[id] = offer.vendor
    live = {vendor: await registry.is_live(vendor) for vendor in sorted(set(sellers.values()))}
    return {id: not live[vendor] for id, vendor in sellers.items()}


def fresh_results(estimate: Estimate) -> Mapping[str, Result]:
    """The pictures that a run would only take from the library."""
    return {
        step.id: replace(result_of(step.id, step.asset), draft=_gives_draft(step))
        for step in estimate.plan.models()
        if step.asset is not None
    }


def _gives_draft(step: Step) -> bool:
    """What is made from a draft is one too."""
    return any(isinstance(one, Picture) and one.draft for one in (step.outputs or {}).values())


def outlook_of(
    estimate: Estimate,
    shown: Mapping[str, Result],
    drafts: Mapping[str, bool],
    *,
    draft: bool,
) -> Outlook:
    """`shown` is what each model shows. `draft`: nothing is bought at all, for want of any key."""
    fresh = fresh_results(estimate)
    steps = {step.id: step for step in estimate.plan.models()}
    stale = {
        id
        for id, result in shown.items()
        if id not in fresh and _old(result, steps.get(id), drafts.get(id, result.draft))
    }
    return Outlook(
        credits=estimate.credits,
        money=estimate.money,
        to_make=len(estimate.bought) + len(estimate.drafts),
        reused=len(estimate.reused),
        draft=bool(estimate.drafts) or draft,
        stale=frozenset(stale),
        results=MappingProxyType({**shown, **fresh}),
    )


def shown_by(state: RunState, models: Iterable[str]) -> dict[str, Result]:
    return {id: result for id in models if (result := state.node(id).result) is not None}


def _old(result: Result, step: Step | None, draft: bool) -> bool:
    """Whether a picture that is not in the plan says something else than a run would. Where the seed is
    drawn anew each time, it does so only when anything but the seed has changed."""
    if result.draft is not draft or step is None or step.keys is None or not step.draws:
        return True
    return result.fingerprint != step.keys.with_seed(result.seed)


def result_of(node: str, asset: Asset) -> Result:
    """A picture of the library as a node's own: nothing was paid for it now."""
    return Result(
        node=node,
        path=asset.path,
        sha256=asset.sha256,
        width=asset.width,
        height=asset.height,
        seed=asset.origin.seed,
        reused=True,
        draft=asset.origin.draft,
        operation=asset.origin.operation,
        fingerprint=asset.origin.fingerprint,
    )
