"""What is wrong with the tags of a model: on its links, waiting, and as its prompt calls them.

Problems in the words name the Prompt in `where` and the place in `span`; their fixes change the text only
where it still says what it said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath, PureWindowsPath

from app.basics.faults import Where
from app.basics.words import joined, mark, say, spoken
from app.document.edits import set_skip, set_value, set_waiting
from app.document.naming import Names
from app.document.problems import Edit, Fix, Problem, Severity
from app.document.reach import TEXT, giver, prompts_reaching, waiting_tags, words_of
from app.document.sockets import Shapes, Socket
from app.document.tag_edits import mend_tag, set_tag
from app.document.tags import (
    Call,
    called_tags,
    clean_tag,
    find_calls,
    glued,
    is_tag,
    replace_calls,
    same_tag,
    suggest,
    tag_fault,
)
from app.document.values import Document, End, Link

_FIELD = "reference_tags"
_GRAMMAR = mark("A tag has 3 to 15 letters and digits, first a letter.")


def tag_problems(document: Document, id: str, shapes: Shapes, names: Names) -> Iterator[Problem]:
    """All tag problems of one node; none where it has no tagged input."""
    shape = shapes.get(document.nodes[id].kind)
    socket = next((one for one in shape.inputs if one.tagged), None) if shape else None
    if socket is None:
        return
    model = _Model(document, id, socket, names)
    yield from model.in_the_words()
    yield from model.on_the_links()
    yield from model.waiting_ones()


class _Model:
    """One model with its references and its prompt, looked at once."""

    def __init__(self, document: Document, id: str, socket: Socket, names: Names) -> None:
        self.document, self.id, self.socket, self.names = document, id, socket, names
        self.name = names.of(id)
        self.links = document.links.into(id, socket.id)
        self.waiting = waiting_tags(document, id)
        self.linked_tags = [link.tag for link in self.links]
        self.prompts = prompts_reaching(document, id)
        self.called = frozenset[str]().union(*(called_tags(words_of(document, one)) for one in self.prompts))

    # --- words -------------------------------------------------------------------------------

    def in_the_words(self) -> Iterator[Problem]:
        known = {link.tag.lower() for link in self.links if not self._skipped(link)}
        resting = {link.tag.lower(): link for link in self.links if self._skipped(link)}
        for prompt in self.prompts:
            for call in find_calls(words_of(self.document, prompt)):
                tag = call.tag.lower()
                if tag in known:
                    continue
                if tag in resting:
                    yield self._resting(prompt, call, resting[tag])
                else:
                    yield self._unknown(prompt, call)

    def _skipped(self, link: Link) -> bool:
        """Its photograph does not run: nothing arrives, as if the link were not there."""
        ids = {link.source.node, giver(self.document, link)}
        return any(id in self.document.nodes and self.document.nodes[id].skip for id in ids)

    def _resting(self, prompt: str, call: Call, link: Link) -> Problem:
        source = giver(self.document, link)
        name = self.names.of(source)
        return Problem(
            code="tag.skipped",
            severity=Severity.ERROR,
            where=Where(node=prompt, parameter=TEXT),
            title=say(
                "The prompt calls @{tag}, but {name} is skipped, so {model} does not get it.",
                tag=call.tag,
                name=name,
                model=self.name,
            ),
            advice=say("Use the photograph again, or change the word."),
            fixes=(
                Fix(
                    label=say("Use {name} again", name=name),
                    edit=lambda document: set_skip(document, [source], False),
                ),
                Fix(
                    label=say("Write “{tag}” without @", tag=call.tag),
                    edit=_rewritten(prompt, call, call.tag),
                ),
            ),
            span=(call.start, call.end),
        )

    def _unknown(self, prompt: str, call: Call) -> Problem:
        waits = any(same_tag(tag, call.tag) for tag in self.waiting)
        likely = "" if waits else self._meant(call)
        meant = (self._using(prompt, call, likely),) if likely else ()
        return Problem(
            code="tag.no-image" if waits else "tag.unknown",
            severity=Severity.ERROR,
            where=Where(node=prompt, parameter=TEXT),
            title=say("{name} has no image with the tag @{tag}.", name=self.name, tag=call.tag),
            advice=say("Link an image to {title}: it takes this tag.", title=self.socket.title)
            if waits
            else joined(
                say("Give an image this tag, or change the word."),
                say("Did you mean {written}?", written=likely) if likely else "",
            ),
            fixes=(
                *meant,
                *self._naming(call),
                Fix(
                    label=say("Write “{tag}” without @", tag=call.tag),
                    edit=_rewritten(prompt, call, call.tag),
                ),
            ),
            span=(call.start, call.end),
        )

    def _meant(self, call: Call) -> str:
        """What was probably to be written instead, or nothing."""
        usable = [tag for tag in (*self.linked_tags, *self.waiting) if is_tag(tag)]
        split = glued(call.tag, usable)
        if split is not None:
            return f"@{split[0].lower()} {split[1]}"
        meant = suggest(call.tag, usable)
        return f"@{meant}" if meant is not None else ""

    def _using(self, prompt: str, call: Call, written: str) -> Fix:
        words = say("Write {written}", written=written) if " " in written else say("Use {new}", new=written)
        return Fix(label=words, edit=_rewritten(prompt, call, written))

    def _naming(self, call: Call) -> Iterator[Fix]:
        """Give the called tag to a photograph that has none."""
        for link in self.links if is_tag(call.tag) else ():
            if not link.tag:
                label = say(
                    "Call {node} @{tag}", node=self.names.of(giver(self.document, link)), tag=call.tag.lower()
                )
                yield Fix(label=label, edit=_tagged(link, call.tag.lower()))
                return

    # --- links -------------------------------------------------------------------------------

    def on_the_links(self) -> Iterator[Problem]:
        first: dict[str, int] = {}
        for item, link in enumerate(self.links):
            where = Where(node=self.id, socket=self.socket.id, item=item)
            fault = tag_fault(link.tag) if link.tag else None
            if self._skipped(link):
                continue  # its tag waits with it
            if not link.tag:
                yield self._missing(link, where)
            elif fault is not None:
                yield Problem(
                    code=fault.code,
                    severity=Severity.ERROR,
                    where=where,
                    title=say("{name}: {title}", name=self.name, title=fault.title),
                    advice=spoken(_GRAMMAR),
                    fixes=(self._mended(link, clean_tag(link.tag, self._others(item))),),
                )
            elif link.tag.lower() in first:
                yield self._twice(link, item, first[link.tag.lower()], where)
            elif self.prompts and link.tag.lower() not in self.called:
                yield self._not_called(link, where)
            if link.tag:
                first.setdefault(link.tag.lower(), item)

    def _others(self, item: int) -> list[str]:
        return [tag for place, tag in enumerate(self.linked_tags) if place != item] + list(self.waiting)

    def _mended(self, link: Link, new: str) -> Fix:
        source, target = link.source, link.target
        return Fix(
            label=say("Use {new}", new=new), edit=lambda document: mend_tag(document, source, target, new)
        )

    def _missing(self, link: Link, where: Where) -> Problem:
        taken = [*self.linked_tags, *self.waiting]
        name = clean_tag(_named_after(self.document, giver(self.document, link)), taken)
        return Problem(
            code="tag.missing",
            severity=Severity.HINT,
            where=where,
            title=say(
                "{name}: {node} has no tag, so the prompt cannot call it.",
                name=self.name,
                node=self.names.of(giver(self.document, link)),
            ),
            advice=say("Name this photograph for what it shows."),
            fixes=(Fix(label=say("Call it @{name}", name=name), edit=_tagged(link, name)),),
        )

    def _twice(self, link: Link, item: int, first: int, where: Where) -> Problem:
        new = clean_tag(link.tag, [*self._others(item), link.tag])
        return Problem(
            code="tag.twice",
            severity=Severity.ERROR,
            where=where,
            title=say(
                "{name}: images {first} and {item} both have the tag @{tag}.",
                name=self.name,
                first=first + 1,
                item=item + 1,
                tag=link.tag,
            ),
            advice=say("Give each image a tag of its own."),
            fixes=(Fix(label=say("Call it @{new}", new=new), edit=_tagged(link, new)),),
        )

    def _not_called(self, link: Link, where: Where) -> Problem:
        prompt, tag = self.prompts[0], link.tag.lower()
        return Problem(
            code="tag.not-called",
            severity=Severity.HINT,
            where=where,
            title=say("{name}: the prompt never calls @{tag}.", name=self.name, tag=link.tag),
            advice=say("Say in the prompt where this image belongs, or unlink it."),
            fixes=(Fix(label=say("Add @{tag} to the prompt", tag=tag), edit=_appended(prompt, tag)),),
        )

    # --- waiting -----------------------------------------------------------------------------

    def waiting_ones(self) -> Iterator[Problem]:
        where = Where(node=self.id, parameter=_FIELD)
        seen = [tag for tag in self.linked_tags if tag]
        for place, tag in enumerate(self.waiting):
            fault = tag_fault(tag)
            if fault is not None:
                new = clean_tag(tag, [*seen, *self.waiting])
                title: str = say("{name}: {title}", name=self.name, title=fault.title)
                yield self._waiting_wrong(fault.code, title, where, place, new)
            elif any(same_tag(tag, one) for one in seen):
                title = say("{name}: the tag @{tag} stands twice in Reference Tags.", name=self.name, tag=tag)
                new = clean_tag(tag, [*seen, *self.waiting])
                yield self._waiting_wrong("tag.twice", title, where, place, new)
            else:
                yield Problem(
                    code="tag.waiting",
                    severity=Severity.HINT,
                    where=where,
                    title=say("{name}: the tag @{tag} waits for its image.", name=self.name, tag=tag),
                    advice=say("Link an image to {title}, or take the tag away.", title=self.socket.title),
                    fixes=(
                        Fix(
                            label=say("Take @{tag} away", tag=tag),
                            edit=_waiting_changed(self.id, place, tag, None),
                        ),
                    ),
                )
            seen.append(tag)

    def _waiting_wrong(self, code: str, title: str, where: Where, place: int, new: str) -> Problem:
        edit = _waiting_changed(self.id, place, self.waiting[place], new)
        return Problem(
            code=code,
            severity=Severity.ERROR,
            where=where,
            title=title,
            advice=spoken(_GRAMMAR),
            fixes=(Fix(label=say("Use {new}", new=new), edit=edit),),
        )


# --- the edits of the fixes ------------------------------------------------------------------


def _rewritten(prompt: str, call: Call, words: str) -> Edit:
    def edit(document: Document) -> Document:
        text = words_of(document, prompt)
        if call not in find_calls(text):
            return document
        return set_value(document, prompt, TEXT, replace_calls(text, [(call, words)]))

    return edit


def _appended(prompt: str, tag: str) -> Edit:
    def edit(document: Document) -> Document:
        text = words_of(document, prompt).rstrip()
        if tag in called_tags(text) or prompt not in document.nodes:
            return document
        return set_value(document, prompt, TEXT, f"{text} @{tag}".lstrip())

    return edit


def _tagged(link: Link, tag: str) -> Edit:
    source: End = link.source
    return lambda document: set_tag(document, source, link.target, tag)


def _waiting_changed(id: str, place: int, old: str, new: str | None) -> Edit:
    def edit(document: Document) -> Document:
        held: Sequence[str] = waiting_tags(document, id)
        if place >= len(held) or held[place] != old:
            return document
        kept = [*held[:place], *([new] if new else []), *held[place + 1 :]]
        return set_waiting(document, id, tuple(kept))

    return edit


def _named_after(document: Document, id: str) -> str:
    """What a photograph is called: its file's name, else its node's title."""
    node = document.nodes.get(id)
    if node is None:
        return ""
    file = node.values.get("file")
    if isinstance(file, str) and file:
        return PurePosixPath(PureWindowsPath(file).as_posix()).stem
    return PurePosixPath(node.title).stem
