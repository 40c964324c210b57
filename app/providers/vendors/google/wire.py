"""Google's JSON, both ways. Answers are read leniently: unknown keys are fine, both spellings of a name are
read (`inlineData`, `inline_data`), missing ones say so."""

from __future__ import annotations

import binascii
import hashlib
from base64 import b64decode
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from app.catalogue.request import ImageRequest
from app.providers.contract import Accepted, Forgotten, News, Over, Ready, Ticket
from app.providers.inlining import Stand
from app.providers.line import Answer
from app.providers.refusals import Speaker
from app.providers.spill import Spill
from app.providers.vendors.google import words

Told = Mapping[str, object]
_BLOCKED, _ENDED = "blocked", "ended"


def create_body(request: ImageRequest, stand: Stand) -> dict[str, object]:
    """The body of :generateContent: the words first, then the photographs in the order of the references."""
    parts: list[dict[str, object]] = [{"text": request.prompt}]
    parts += [
        {"inlineData": {"mimeType": one.photograph.mime, "data": stand(one.photograph)}}
        for one in request.references
    ]
    image: dict[str, object] = {}
    for name, parameter in (("aspectRatio", "aspect_ratio"), ("imageSize", "resolution")):
        value = request.parameters.get(parameter)
        if isinstance(value, str) and value:
            image[name] = value
    config: dict[str, object] = {"responseModalities": ["TEXT", "IMAGE"], "imageConfig": image}
    if request.seed is not None:
        config["seed"] = request.seed
    return {"contents": [{"role": "user", "parts": parts}], "generationConfig": config}


def accepted(answer: Answer, spill: Spill, speaker: Speaker, *, address: str, draft: bool) -> Accepted | None:
    """What an answer with 200 brought; None where nobody can tell whether a picture was made."""
    told = answer.mapping
    picture = _picture(told, spill)
    extras = {} if picture else _reason(told)
    if picture is None and extras is None:
        return None
    ticket = Ticket(
        vendor="google",
        id=_id(answer),
        address=address,
        draft=draft,
        extras=MappingProxyType(extras or {}),
    )
    return Accepted(ticket=ticket, news=picture or news_of(ticket, speaker))


def news_of(ticket: Ticket, speaker: Speaker) -> News:
    """Why there is no picture, as the ticket remembers it; of one that came there is nothing to be had."""
    for name in (_BLOCKED, _ENDED):
        if name in ticket.extras:
            return Over(fault=words.no_picture(speaker, ticket.extras[name], name == _BLOCKED), charge=None)
    return Forgotten()


def _picture(told: Told, spill: Spill) -> Ready | None:
    """The first picture that is no thought of the model."""
    for part in _parts(told):
        data = _named(_mapping(_named(part, "inlineData", "inline_data")), "data")
        if part.get("thought") is True or not isinstance(data, str):
            continue
        if (one := spill.take(data)) is not None:
            return Ready(outputs=(), charge=None, inline=one.picture, file=one.file)
        try:
            return Ready(
                outputs=(),
                charge=None,
                inline=b64decode(data, b"-_" if "-" in data or "_" in data else None, validate=True),
            )
        except (binascii.Error, ValueError):
            continue
    return None


def _reason(told: Told) -> dict[str, str] | None:
    """None where the answer says neither that the prompt was blocked nor how the work ended."""
    block = _named(_mapping(_named(told, "promptFeedback", "prompt_feedback")), "blockReason", "block_reason")
    if isinstance(block, str) and block:
        return {_BLOCKED: block}
    for one in _candidates(told):
        reason = _named(one, "finishReason", "finish_reason")
        if isinstance(reason, str) and reason:
            return {_ENDED: reason}
    return None


def _parts(told: Told) -> Iterator[Told]:
    for one in _candidates(told):
        parts = _mapping(one.get("content")).get("parts")
        yield from (part for part in parts if isinstance(part, dict)) if isinstance(parts, list) else ()


def _candidates(told: Told) -> list[Told]:
    candidates = told.get("candidates")
    return [one for one in candidates if isinstance(one, dict)] if isinstance(candidates, list) else []


def _id(answer: Answer) -> str:
    given = _named(answer.mapping, "responseId", "response_id")
    if isinstance(given, str) and given.isprintable() and 0 < len(given) <= 200:
        return given
    return f"answer-{hashlib.sha256(answer.text.encode()).hexdigest()[:16]}"


def _named(value: Told, *names: str) -> object:
    return next((value[name] for name in names if name in value), None)


def _mapping(value: object) -> Told:
    return value if isinstance(value, dict) else {}
