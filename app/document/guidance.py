"""The guide's tips, given by the program where they apply: hints, never errors."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.basics.faults import Where
from app.basics.words import say
from app.document.naming import Names
from app.document.problems import Problem, Severity
from app.document.reach import TEXT, prompts_reaching, words_of
from app.document.sockets import Shapes, Socket
from app.document.tags import find_calls, is_tag, replace_calls
from app.document.values import Document

_SAYS_NOTHING = re.compile(
    r"(?:img|image|images|imagen|photo|foto|pic|picture|bild|ref|refs|reference|tag|file|untitled|unnamed|"
    r"dsc|dscn|dscf|screenshot|screen|scan|copy|test|temp|tmp|foo|bar|baz|abc|abcd|xyz|asd|asdf|qwe|qwer|"
    r"qwerty|one|two|three|first|second|third|thing|item|object|input|pxl|mvimg)\d*"
    r"|([a-z])\1+\d*|[a-z]{1,2}\d+"
)
_LIGHT = re.compile(
    r"\b(?:light(?:s|ing|ed)?|lit|\w+lit|\w+light(?:s|ing)?|sun|sunny|sunrise|sunset|dawn|dusk|golden hour|"
    r"blue hour|shadows?|shade|shaded|glow(?:s|ing)?|neon|candles?|lamps?|lanterns?|softbox|strobe|flash|"
    r"overcast|cloudy|bright(?:ly|ness)?|dark(?:ly|ness)?|dim(?:ly)?|night|noon|midday|morning|evening|"
    r"twilight|moon|illuminat\w+|luminous|radian\w+|moody|chiaroscuro|high[- ]key|low[- ]key|silhouettes?|"
    r"reflections?|beams?|rays|exposure|licht\w*|lumi[eè]re|luz|soleil|sol|sonne|luce)\b"
    r"|光|照明|照亮|影|明亮|昏暗|黑暗|日落|日出|夕阳|黄昏|清晨|早晨|正午|夜|霓虹|蜡烛|灯|阴天|晴|暗调|亮调",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
_FEWEST_WORDS = 3
"""Fewer words than this around the tags say nothing about where things belong."""


def describes(tag: str) -> bool:
    """Whether a tag says what its photograph shows ("product"), not that it is one ("img1")."""
    return _SAYS_NOTHING.fullmatch(tag.lower()) is None


def names_light(text: str) -> bool:
    """Whether a prompt says anything about light. Calls do not count: @studio is a photograph."""
    return _LIGHT.search(without_calls(text)) is not None


def without_calls(text: str) -> str:
    return replace_calls(text, [(call, " ") for call in find_calls(text)])


def word_count(text: str) -> int:
    """Words; in a script without blanks two characters count as one."""
    count = 0
    for word in _WORD.findall(text):
        dense = sum(sign >= "\u2e80" for sign in word)
        count += (dense + 1) // 2 + (1 if dense < len(word) else 0)
    return count


def hints(document: Document, id: str, shapes: Shapes, names: Names) -> Iterator[Problem]:
    """The hints for one model; none for other nodes."""
    shape = shapes.get(document.nodes[id].kind)
    socket = next((one for one in shape.inputs if one.tagged), None) if shape and shape.model else None
    if socket is None:
        return
    yield from _names(document, id, socket, names)
    for prompt in prompts_reaching(document, id):
        yield from _words(document, id, prompt, socket, names)


def _names(document: Document, id: str, socket: Socket, names: Names) -> Iterator[Problem]:
    for item, link in enumerate(document.links.into(id, socket.id)):
        if is_tag(link.tag) and not describes(link.tag):
            yield Problem(
                code="guidance.tag-name",
                severity=Severity.HINT,
                where=Where(node=id, socket=socket.id, item=item),
                title=say(
                    "{node}: the tag @{tag} does not say what the image shows.",
                    node=names.of(id),
                    tag=link.tag,
                ),
                advice=say("Name tags for what they are: product, model, scene."),
            )


def _words(document: Document, id: str, prompt: str, socket: Socket, names: Names) -> Iterator[Problem]:
    text = words_of(document, prompt)
    calls = find_calls(text)
    bare = word_count(without_calls(text)) < _FEWEST_WORDS
    where = Where(node=prompt, parameter=TEXT)
    if calls and bare:
        yield Problem(
            code="guidance.context",
            severity=Severity.HINT,
            where=where,
            title=say(
                "The prompt of {node} calls its images, but does not say what happens with them.",
                node=names.of(id),
            ),
            advice=say("Call them in a context: “@{tag} on the table”.", tag=calls[0].tag.lower()),
        )
    several = len(document.links.into(id, socket.id)) > 1
    if several and text.strip() and not bare and not names_light(text):
        yield Problem(
            code="guidance.light",
            severity=Severity.HINT,
            where=where,
            title=say("The prompt of {node} says nothing about the light.", node=names.of(id)),
            advice=say("Describe one light that fits all references: “soft morning light from the left”."),
        )
