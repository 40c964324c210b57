"""`tagloom inspect`: the document that a picture carries."""

from __future__ import annotations

import argparse
import asyncio
import json
from pathlib import Path
from typing import Any

from app.basics.faults import BadInput
from app.basics.words import say
from app.catalogue.cards import Cards
from app.cli.exits import Exit
from app.cli.speech import Speech
from app.document import project_file
from app.document.reach import PROMPT, giver, prompt_source, references, words_of
from app.document.sharing import NAME, read_shared
from app.document.values import Document, Link
from app.engine.fingerprint import seed_parameter
from app.imaging.carrying_text import text_in_file
from app.studio.desk import SUFFIX

Fields = dict[str, Any]


async def inspect(cards: Cards, args: argparse.Namespace, speech: Speech) -> Exit:
    """What made a picture. With `-o` it becomes a document again.

    :raises BadInput: the picture carries none, or a damaged one, or `-o` is taken
    """
    text = await asyncio.to_thread(text_in_file, args.image, NAME)
    if text is None:
        raise BadInput(
            say("{name} carries no document.", name=args.image.name),
            advice=say("Only a picture that was exported with --reopenable, or saved re-openable, does."),
            code="document.not-carried",
        )
    read = read_shared(text)
    for note in read.notes:
        speech.say(note)
    plain: Fields = json.loads(project_file.write_text(read.document))
    models = [
        _model(read.document, id, plain["nodes"][id], cards)
        for id, node in read.document.nodes.items()
        if node.kind in cards or read.document.links.into(id, PROMPT)
    ]
    written = await _as_file(read.document, args) if args.output else None
    speech.value(
        {
            "image": str(args.image),
            "models": models,
            "document": plain,
            "output": str(written) if written else None,
        }
    )
    for model in models:
        speech.answer("\n".join(_lines(model, cards)))
    if not models:
        speech.answer(
            say("A document of {count} nodes, with no model among them.", count=len(read.document.nodes))
        )
    if written:
        speech.answer(say("Written: {written}", written=written))
    return Exit.DONE


async def _as_file(document: Document, args: argparse.Namespace) -> Path:
    target: Path = args.output.expanduser()
    if target.suffix.lower() != SUFFIX:
        target = target.with_name(target.name + SUFFIX)
    if target.exists() and not args.force:
        raise BadInput(
            say("{target} is there already.", target=target),
            advice=say("Choose another name, or give --force."),
            code="export.exists",
        )
    await asyncio.to_thread(project_file.save, target, document)
    return target.resolve()


def _model(document: Document, id: str, plain: Fields, cards: Cards) -> Fields:
    """What was asked of a model, for people and programs."""
    card = cards.get(plain["kind"])
    source = prompt_source(document, id)
    values = plain.get("values", {})
    return {
        "node": id,
        "model": plain["kind"],
        "title": plain.get("title") or (card.title if card else plain["kind"]),
        "prompt": words_of(document, source) if source else "",
        "references": [_reference(document, link) for link in references(document, id)],
        "seed": values.get("seed"),
        "values": {key: value for key, value in values.items() if key != "seed"},
    }


def _reference(document: Document, link: Link) -> Fields:
    """`file` and `sha256` are empty where the picture is another model's."""
    source = giver(document, link)
    node = document.nodes.get(source)
    values = node.values if node else {}
    return {
        "tag": link.tag,
        "node": source,
        "file": str(values.get("file") or ""),
        "sha256": str(values.get("sha256") or ""),
    }


def _lines(model: Fields, cards: Cards) -> list[str]:
    card = cards.get(model["model"])
    empty = (
        say("none: this model takes no seed")
        if card and not seed_parameter(card)
        else say("a new one each run")
    )
    seed = empty if model["seed"] is None else model["seed"]
    lines = [
        f"{model['node']}: {model['title']} ({model['model']})",
        say("  prompt       {prompt}", prompt=model["prompt"] or say("none")),
        say("  seed         {seed}", seed=seed),
    ]
    for one in model["references"]:
        tag = f"@{one['tag']}" if one["tag"] else say("no tag")
        what = one["file"] or say("the picture of {node}", node=one["node"])
        lines.append(say("  reference    {tag}: {what}", tag=tag, what=what))
    lines += [
        f"  {key:<12} {json.dumps(value, ensure_ascii=False)}" for key, value in model["values"].items()
    ]
    return lines
