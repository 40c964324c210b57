"""The page of one node kind: all that its card or declaration says."""

from __future__ import annotations

from collections.abc import Iterator

from app.basics.money import show_usd
from app.basics.units import measured
from app.basics.words import listed
from app.catalogue.cards import Card, Parameter, Price
from app.document.sockets import Socket
from app.nodes.declare import NodeKind
from widgets.guide.program import Program, table
from widgets.parts.model_words import credits_words, prompt_words, seed_words, vendors_words


def kind_page(program: Program, id: str) -> str:
    """:raises KeyError: there is no such kind"""
    kind = program.kinds[id]
    return "\n\n".join(part for part in _parts(program, kind) if part) + "\n"


def _parts(program: Program, kind: NodeKind) -> Iterator[str]:
    words, card = program.words, kind.card
    yield f"# {program.say(kind.title)}"
    if card is not None:
        yield f"*{program.plain(card.summary)}*"
    yield program.plain(kind.help)
    if card is not None and card.advice:
        yield "\n".join(f"- {program.plain(one)}" for one in card.advice)
    if card is not None:
        yield f"## {words['at-a-glance']}\n\n{_glance(program, card)}"
    for title, sockets in ((words["inputs"], kind.shape.inputs), (words["outputs"], kind.shape.outputs)):
        if sockets:
            yield f"## {title}\n\n" + _sockets(program, sockets)
    if kind.parameters:
        yield f"## {words['fields']}\n\n" + _fields(program, kind.parameters)
    if card is not None:
        yield f"## {words['prices']}\n\n{_prices(program, card)}"
        yield f"## {words['limits']}\n\n{_limits(program, card)}"
    pages = ("tags", "models", "money") if card is not None else ("canvas",)
    yield f"{words['see-also']} " + " · ".join(f"[{words[one]}]({one}.md)" for one in pages)


def _glance(program: Program, card: Card) -> str:
    words = program.words
    rows = (
        (words["maker"], program.plain(card.maker)),
        (words["credits"], credits_words(card)),
        (words["references"], str(card.references.most)),
        (words["tags"], words["yes"] if card.tags else words["as-numbers"]),
        (words["largest"], card.largest),
        (words["seed"], seed_words(card)),
        (words["prompt"], prompt_words(card)),
        (words["vendors"], vendors_words(card)),
    )
    return table((words["fact"], program.say(card.title)), rows)


def _sockets(program: Program, sockets: tuple[Socket, ...]) -> str:
    words = program.words
    rows = [
        (
            program.plain(one.title),
            words[f"socket-{one.type.value}"],
            words["required"] if one.required else "",
            program.plain(one.help),
        )
        for one in sockets
    ]
    return table([words[one] for one in ("name", "carries", "required-head", "means")], rows)


def _fields(program: Program, parameters: tuple[Parameter, ...]) -> str:
    words = program.words
    rows = [(program.plain(one.title), _takes(program, one), program.plain(one.help)) for one in parameters]
    return table([words[one] for one in ("name", "takes", "means")], rows)


def _takes(program: Program, one: Parameter) -> str:
    if one.choices:
        return listed(
            f"**{program.plain(choice.title)}**"
            if choice.value == one.default
            else program.plain(choice.title)
            for choice in one.choices
        )
    if one.minimum is not None and one.maximum is not None:
        return f"{one.minimum}–{one.maximum}"
    return program.words["text"]


def _prices(program: Program, card: Card) -> str:
    words = program.words
    rows = [
        (program.plain(offer.title or offer.vendor), _when(program, price, card), _price(program, price))
        for offer in card.offers
        for price in offer.prices
    ]
    rows += [
        (program.plain(offer.title or offer.vendor), "", words["price-unknown"])
        for offer in card.offers
        if not offer.prices
    ]
    return table([words[one] for one in ("vendor", "when", "price")], rows)


def _when(program: Program, price: Price, card: Card) -> str:
    found = []
    for id, value in price.choices.items():
        parameter = card.parameter(id)
        titles = {one.value: one.title for one in parameter.choices} if parameter is not None else {}
        found.append(program.plain(titles.get(value, value)))
    return listed(found)


def _price(program: Program, price: Price) -> str:
    more = "" if price.megapixels is None else program.words["by-megapixels"]
    return f"{show_usd(price.money)} ({measured(price.vendor_amount, price.vendor_unit)}){more}"


def _limits(program: Program, card: Card) -> str:
    words = program.words
    rows = [
        (
            program.plain(one.text),
            program.plain(f"{one.source}, {one.date}"),
            "" if one.verified else words["not-verified"],
        )
        for one in card.limits
    ]
    return table([words[one] for one in ("limit", "source", "note")], rows)
