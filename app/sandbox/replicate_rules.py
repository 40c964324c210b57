"""What `runwayml/gen4-image` takes at Replicate, and how Replicate says no (422 with `invalid_fields`).

Source: the schema of the model's version 7823ca30, 2025-10-13; the form of the refusal is as third parties
quote it. Stricter than the schema in three things, so that a mistake of ours is seen: unknown fields, an
empty prompt, and tags that name no photograph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

MODEL = "runwayml/gen4-image"
VERSION = "7823ca30e81125716db60fbe4143b064bf5c1dd49f4e21908b7091a410fce829"
RATIOS = ("16:9", "9:16", "4:3", "3:4", "1:1", "21:9")
RESOLUTIONS = ("720p", "1080p")
FIELDS = ("prompt", "seed", "aspect_ratio", "resolution", "reference_images", "reference_tags")
BODY = ("input", "webhook", "webhook_events_filter", "stream", "version")
MOST_REFERENCES = 3
TAG = re.compile(r"[A-Za-z][A-Za-z0-9]{2,14}")
_PIXELS: Mapping[str, Mapping[str, tuple[int, int]]] = {
    "1080p": {
        "16:9": (1920, 1080),
        "9:16": (1080, 1920),
        "4:3": (1440, 1080),
        "3:4": (1080, 1440),
        "1:1": (1080, 1080),
        "21:9": (2112, 912),
    },
    "720p": {
        "16:9": (1280, 720),
        "9:16": (720, 1280),
        "4:3": (960, 720),
        "3:4": (720, 960),
        "1:1": (720, 720),
        "21:9": (1680, 720),
    },
}

Wrong = dict[str, str]
Given = Mapping[str, object]


def wrong(kind: str, field: str, description: str) -> Wrong:
    return {"type": kind, "field": field, "description": description}


def create_faults(body: object) -> list[Wrong]:
    """Everything that is wrong with the body of a create; empty when right."""
    if not isinstance(body, dict) or "input" not in body:
        return [wrong("required", "(root)", "input is required")]
    given = body["input"]
    if not isinstance(given, dict):
        return [wrong("invalid_type", "input", "Invalid type. Expected: object")]
    return [
        *_extra(body, BODY, "(root)"),
        *_prompt(given),
        *_seed(given),
        *_choice(given, "aspect_ratio", RATIOS),
        *_choice(given, "resolution", RESOLUTIONS),
        *_references(given),
        *_tags(given),
        *_extra(given, FIELDS, "input"),
    ]


def size_of(given: Given) -> tuple[int, int]:
    resolution, ratio = given.get("resolution", "1080p"), given.get("aspect_ratio", "16:9")
    return _PIXELS[str(resolution)][str(ratio)]


def cents_for(given: Given) -> int:
    """What the maker asks for the same picture: Replicate's own price is not known to us."""
    return 5 if given.get("resolution") == "720p" else 8


def listed(given: Given, name: str) -> list[str]:
    value = given.get(name)
    return [str(one) for one in value] if isinstance(value, list) else []


def _extra(value: Given, known: tuple[str, ...], field: str) -> Iterator[Wrong]:
    for name in value:
        if name not in known:
            words = f"Additional property {name} is not allowed"
            yield wrong("additional_property_not_allowed", field, words)


def _prompt(given: Given) -> Iterator[Wrong]:
    if "prompt" not in given:
        yield wrong("required", "input", "prompt is required")
    elif not isinstance(prompt := given["prompt"], str):
        yield _mistyped("prompt", "string", prompt)
    elif not prompt.strip():
        yield wrong("string_gte", "input.prompt", "String length must be greater than or equal to 1")


def _seed(given: Given) -> Iterator[Wrong]:
    seed = given.get("seed")
    if seed is not None and (not isinstance(seed, int) or isinstance(seed, bool)):
        yield _mistyped("seed", "integer", seed)


def _choice(given: Given, name: str, offered: tuple[str, ...]) -> Iterator[Wrong]:
    if name in given and given[name] not in offered:
        told = ", ".join(f'"{one}"' for one in offered)
        yield wrong("enum", f"input.{name}", f"{name} must be one of the following: {told}")


def _references(given: Given) -> Iterator[Wrong]:
    value = given.get("reference_images", [])
    if not isinstance(value, list):
        yield _mistyped("reference_images", "array", value)
        return
    if len(value) > MOST_REFERENCES:
        words = f"Array must have at most {MOST_REFERENCES} items"
        yield wrong("array_max_items", "input.reference_images", words)
    for item, one in enumerate(value):
        if not isinstance(one, str) or not one.startswith(("https://", "http://", "data:")):
            yield wrong("format", f"input.reference_images.{item}", "Does not match format 'uri'")


def _tags(given: Given) -> Iterator[Wrong]:
    value = given.get("reference_tags", [])
    if not isinstance(value, list):
        yield _mistyped("reference_tags", "array", value)
        return
    if len(value) > len(listed(given, "reference_images")):
        yield wrong("array_max_items", "input.reference_tags", "There are more tags than reference images")
    for item, one in enumerate(value):
        if not isinstance(one, str) or not TAG.fullmatch(one):
            words = "Tags must be alphanumeric, start with a letter, and have between 3 and 15 characters"
            yield wrong("pattern", f"input.reference_tags.{item}", words)
    if len({str(one).lower() for one in value}) < len(value):
        yield wrong("unique", "input.reference_tags", "array items must be unique")


def _mistyped(name: str, expected: str, value: object) -> Wrong:
    names = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}
    given = names.get(type(value), "null")
    return wrong("invalid_type", f"input.{name}", f"Invalid type. Expected: {expected}, given: {given}")
