"""Pure changes of tags and fits. A tag lives on its link: no change here moves it to another photograph,
unless the artist retypes the whole *Reference Tags* field.
"""

from __future__ import annotations

from msgspec.structs import replace

from app.basics.faults import BadInput, Where
from app.basics.words import say
from app.document.edits import change_link, find_link, set_value, set_waiting, swap_links
from app.document.reach import (
    REFERENCES,
    TEXT,
    models_reached,
    prompts_reaching,
    references,
    waiting_tags,
    words_of,
)
from app.document.tags import (
    TagFault,
    called_tags,
    is_column,
    parse_tags,
    rename_calls,
    same_tag,
    tag_fault,
    tags_text,
)
from app.document.values import Document, End, Fit, Link


def set_tag(document: Document, source: End, target: End, tag: str) -> Document:
    """The tag of one link, as typed; prompts stay as they are (`rename_tag` changes those too)."""
    return change_link(document, source, target, tag=tag)


def set_fit(document: Document, source: End, target: End, fit: Fit) -> Document:
    """What is done to this photograph for this model."""
    return change_link(document, source, target, fit=fit)


def reference_tags_text(document: Document, node: str, socket: str = REFERENCES) -> str:
    """The *Reference Tags* field of a model: the tags on its links in order, then those that wait."""
    linked = [link.tag for link in references(document, node, socket)]
    return tags_text((*linked, *waiting_tags(document, node)))


def write_reference_tags(document: Document, node: str, text: str, socket: str = REFERENCES) -> Document:
    """The field typed anew: first tag to the first reference, and so on; those that are left over wait for
    the next images. Prompts stay as they are."""
    if text == reference_tags_text(document, node, socket) or node not in document.nodes:
        return document
    tags = parse_tags(text)
    links = references(document, node, socket)
    swaps: dict[int, Link] = {}
    for place, link in enumerate(links):
        tag = tags[place] if place < len(tags) else ""
        if tag != link.tag:
            swaps[id(link)] = replace(link, tag=tag)
    waiting = tuple(tag for tag in tags[len(links) :] if tag)
    if waiting != waiting_tags(document, node):
        document = set_waiting(document, node, waiting)
    return swap_links(document, swaps)


def rename_tag(document: Document, node: str, old: str, new: str, socket: str = REFERENCES) -> Document:
    """One photograph's tag renamed everywhere it is meant: on its link (or where it waits), in the prompts
    that reach this model, and, since a prompt may reach more models, on those models that use the tag too,
    with the prompts of those, and so on.

    :raises BadInput: `new` is no legal tag, or one of these models already has another image of that name
    """
    _refuse_fault(new, node)
    if node not in document.nodes or not _uses(document, node, old, socket):
        return document
    models, prompts = _meant_by(document, node, old, socket)
    if not same_tag(old, new):
        _refuse_clash(document, models, new, socket)
    for model in models:
        document = _rename_at(document, model, old, new, socket)
    for prompt in prompts:
        document = _written(document, prompt, rename_calls(words_of(document, prompt), old, new))
    return document


def retag(document: Document, source: End, target: End, new: str) -> Document:
    """The tag of one photograph typed anew, as a person means it: a first tag, a tag taken away, one of two
    that were the same, or one that could not be used changes here alone; else it is a `rename_tag`.

    :raises BadInput: as `rename_tag`
    """
    siblings = references(document, target.node, target.socket)
    link = find_link(document, source, target)
    if link is None or link.tag == new:
        return document
    alone = sum(same_tag(one.tag, link.tag) for one in siblings) == 1
    if not new or (not alone and _new_fault(new) is None):
        return set_tag(document, source, target, new)
    if link.tag and tag_fault(link.tag) is None:
        return rename_tag(document, target.node, link.tag, new, target.socket)
    _refuse_fault(new, target.node)
    return mend_tag(document, source, target, new)


def mend_tag(document: Document, source: End, target: End, new: str) -> Document:
    """A tag that cannot be used replaced by one that can, also where the prompts wrote it after an @."""
    link = find_link(document, source, target)
    if link is None:
        return document
    old = link.tag
    changed = set_tag(document, source, target, new)
    if not old or tag_fault(old) is None:
        return changed
    for prompt in prompts_reaching(document, target.node):
        text = words_of(document, prompt)
        changed = _written(
            changed, prompt, text.replace(f"@{old}", f"@{new}").replace(f"＠{old}", f"＠{new}")
        )
    return changed


def _written(document: Document, prompt: str, text: str) -> Document:
    """A prompt with other words. One without a text, or with something else there, keeps that."""
    return document if text == words_of(document, prompt) else set_value(document, prompt, TEXT, text)


def _uses(document: Document, node: str, tag: str, socket: str) -> bool:
    linked = (link.tag for link in references(document, node, socket))
    return bool(tag) and any(same_tag(one, tag) for one in (*linked, *waiting_tags(document, node)))


def _meant_by(document: Document, node: str, tag: str, socket: str) -> tuple[list[str], list[str]]:
    """The models and the prompts between which this tag is one name, found by spreading out from `node`."""
    prompts = dict.fromkeys(prompts_reaching(document, node))
    models: dict[str, None] = {node: None}
    waiting = list(prompts)
    while waiting:
        for model in models_reached(document, waiting.pop()):
            if model in models or not _uses(document, model, tag, socket):
                continue
            models[model] = None
            for prompt in prompts_reaching(document, model):
                if prompt not in prompts and tag.lower() in called_tags(words_of(document, prompt)):
                    prompts[prompt] = None
                    waiting.append(prompt)
    return list(models), list(prompts)


def _new_fault(tag: str) -> TagFault | None:
    """What a table's column gives is known only with a row."""
    return None if is_column(tag) else tag_fault(tag)


def _refuse_fault(tag: str, node: str) -> None:
    fault = _new_fault(tag)
    if fault is not None:
        raise BadInput(
            fault.title,
            advice=say("Use 3 to 15 letters and digits, first a letter."),
            code=fault.code,
            where=Where(node=node, parameter="reference_tags"),
        )


def _refuse_clash(document: Document, models: list[str], new: str, socket: str) -> None:
    for model in models:
        if _uses(document, model, new, socket):
            raise BadInput(
                say(
                    "{title} already has an image with the tag “{new}”.",
                    title=document.nodes[model].title or model,
                    new=new,
                ),
                advice=say("Choose another tag, or rename the other image first."),
                code="tag.taken",
                where=Where(node=model, parameter="reference_tags"),
            )


def _rename_at(document: Document, model: str, old: str, new: str, socket: str) -> Document:
    swaps = {
        id(link): replace(link, tag=new)
        for link in references(document, model, socket)
        if same_tag(link.tag, old) and link.tag != new
    }
    waiting = waiting_tags(document, model)
    renamed = tuple(new if same_tag(tag, old) else tag for tag in waiting)
    if renamed != waiting:
        document = set_waiting(document, model, renamed)
    return swap_links(document, swaps)


def models_with_tag(document: Document, tag: str, socket: str = REFERENCES) -> tuple[str, ...]:
    """The nodes that have a photograph of this name, or wait for one."""
    if not tag:
        return ()
    linked = [
        link.target.node
        for link in document.links
        if link.target.node in document.nodes and link.target.socket == socket and same_tag(link.tag, tag)
    ]
    waiting = [id for id in document.nodes if any(same_tag(one, tag) for one in waiting_tags(document, id))]
    return tuple(dict.fromkeys((*linked, *waiting)))


def rename_tag_everywhere(document: Document, old: str, new: str, socket: str = REFERENCES) -> Document:
    """Every photograph called `old`, at every model, and every prompt that calls it there.

    :raises BadInput: as `rename_tag`; nothing is changed then
    """
    for model in models_with_tag(document, old, socket):
        if _uses(document, model, old, socket):  # else an earlier one took this one with it
            document = rename_tag(document, model, old, new, socket)
    return document
