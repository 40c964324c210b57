"""What Runway's POST /v1/text_to_image takes for each of its models, and how it says no.

Source: the types of PyPI runwayml 5.24.0 and the bounds of Runway's OpenAPI; API version 2024-11-06.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from app.sandbox import zod
from app.sandbox.runway_models import RunwayModel, runway_models
from app.sandbox.zod import UNDEFINED, Issue

Body = Mapping[str, object]

LARGEST_SEED = 4_294_967_295
URI_FORMS = (("https://", 2048), ("runway://", 5000), ("data:image/", 5_242_880))
SHORTEST_URI = 13
TAG_PATTERN = "^[A-Za-z][A-Za-z0-9_]+$"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MEDIA_ENDINGS = _words(
    "jpg jpeg png webp gif avif heic mp4 mov webm mkv m4v avi mpg mpeg 3gp ogv mp3 wav m4a aac flac ogg"
)


def utf16_units(text: str) -> int:
    """The length JavaScript gives: an emoji counts two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def create_issues(body: object) -> list[Issue]:
    """Everything that is wrong with the body of a create, in the order of the schema; empty when right."""
    if not isinstance(body, dict):
        return [zod.invalid_type("object", body, ())]
    model = body.get("model", UNDEFINED)
    if not isinstance(model, str):
        return [zod.invalid_type("string", model, ("model",)), zod.no_discriminator("model", ("model",))]
    known = runway_models().get(model)
    if known is None:
        return [zod.no_discriminator("model", ("model",))]
    return [
        *_prompt(body, known),
        *_ratio(body, known),
        *_references(body, known),
        *(_seed(body) if known.seed else ()),
        *(_moderation(body) if known.moderation else ()),
    ]


def _prompt(body: Body, model: RunwayModel) -> list[Issue]:
    return _bounded_text(body.get("promptText", UNDEFINED), 1, model.prompt_units, ("promptText",))


def _bounded_text(value: object, low: int, high: int, path: zod.Path) -> list[Issue]:
    if not isinstance(value, str):
        return [zod.invalid_type("string", value, path)]
    length = utf16_units(value)
    if length < low:
        return [zod.too_small("string", low, path)]
    return [zod.too_big("string", high, path)] if length > high else []


def _ratio(body: Body, model: RunwayModel) -> list[Issue]:
    offered = body.get("ratio", UNDEFINED) in model.ratios
    return [] if offered else [zod.not_an_option(model.ratios, ("ratio",))]


def _references(body: Body, model: RunwayModel) -> list[Issue]:
    path = ("referenceImages",)
    value = body.get("referenceImages", UNDEFINED)
    if value is UNDEFINED and not model.references_least:
        return []
    if not isinstance(value, list):
        return [zod.invalid_type("array", value, path)]
    issues = [issue for at, item in enumerate(value) for issue in _reference(item, (*path, at))]
    if len(value) < model.references_least:
        issues.append(zod.too_small("array", model.references_least, path))
    if len(value) > model.references_most:
        issues.append(zod.too_big("array", model.references_most, path))
    return issues


def _reference(item: object, path: zod.Path) -> list[Issue]:
    if not isinstance(item, dict):
        return [zod.invalid_type("object", item, path)]
    issues = _uri(item.get("uri", UNDEFINED), (*path, "uri"))
    if "tag" in item:
        issues += _tag(item["tag"], (*path, "tag"))
    return issues


def _uri(value: object, path: zod.Path) -> list[Issue]:
    if not isinstance(value, str):
        return [zod.no_union_member([[zod.invalid_type("string", value, ())] for _ in URI_FORMS], path)]
    errors = []
    for start, longest in URI_FORMS:
        wrong = _bounded_text(value, SHORTEST_URI, longest, ())
        if not value.startswith(start):
            wrong.append(zod.bad_start(start, ()))
        if not wrong:
            return []
        errors.append(wrong)
    return [zod.no_union_member(errors, path)]


def _tag(value: object, path: zod.Path) -> list[Issue]:
    issues = _bounded_text(value, 3, 16, path)
    if isinstance(value, str) and not re.fullmatch(TAG_PATTERN[1:-1], value):
        issues.append(zod.bad_pattern(TAG_PATTERN, path))
    return issues


def _seed(body: Body) -> list[Issue]:
    path = ("seed",)
    value = body.get("seed", UNDEFINED)
    if value is UNDEFINED:
        return []
    if isinstance(value, bool) or not isinstance(value, int | float):
        return [zod.invalid_type("number", value, path)]
    if value != value // 1:
        return [zod.not_an_integer(path)]
    if value < 0:
        return [zod.too_small("number", 0, path)]
    return [zod.too_big("number", LARGEST_SEED, path)] if value > LARGEST_SEED else []


def _moderation(body: Body) -> list[Issue]:
    path = ("contentModeration",)
    value = body.get("contentModeration", UNDEFINED)
    if value is UNDEFINED:
        return []
    if not isinstance(value, dict):
        return [zod.invalid_type("object", value, path)]
    issues = []
    threshold = value.get("publicFigureThreshold", UNDEFINED)
    if threshold is not UNDEFINED and threshold not in ("auto", "low"):
        issues.append(zod.not_an_option(("auto", "low"), (*path, "publicFigureThreshold")))
    extra = [str(key) for key in value if key != "publicFigureThreshold"]
    return [*issues, zod.unknown_keys(extra, path)] if extra else issues


def upload_issues(body: object) -> list[Issue]:
    """What is wrong with the body of POST /v1/uploads."""
    if not isinstance(body, dict):
        return [zod.invalid_type("object", body, ())]
    name = body.get("filename", UNDEFINED)
    issues = _bounded_text(name, 3, 255, ("filename",))
    if isinstance(name, str) and not _names_media(name):
        issues.append(zod.custom("Filename must have a valid media file extension.", ("filename",)))
    if body.get("type", UNDEFINED) != "ephemeral":
        issues.append(zod.not_an_option(("ephemeral",), ("type",)))
    return issues


def _names_media(name: str) -> bool:
    stem, _, ending = name.rpartition(".")
    return bool(stem) and ending.lower() in MEDIA_ENDINGS


def usage_issues(body: object, start: date | None, before: date | None) -> list[Issue]:
    """What is wrong with the body of POST /v1/organization/usage; the dates as read, None if unreadable."""
    if not isinstance(body, dict):
        return [zod.invalid_type("object", body, ())]
    issues = []
    for name, read in (("startDate", start), ("beforeDate", before)):
        value = body.get(name, UNDEFINED)
        if value is not UNDEFINED and not isinstance(value, str):
            issues.append(zod.invalid_type("string", value, (name,)))
        elif value is not UNDEFINED and read is None:
            issues.append(zod.custom("Invalid ISO date", (name,)))
    if start and before and not 0 <= (before - start).days <= 90:
        issues.append(zod.custom("beforeDate must be within 90 days after startDate.", ("beforeDate",)))
    return issues
