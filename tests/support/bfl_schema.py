"""BFL's JSON as its OpenAPI description of 2026-04-23 has it, field by field, in JSON Schema."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator


def _nullable(kind: str, **more: object) -> dict[str, object]:
    return {"anyOf": [{"type": kind, **more}, {"type": "null"}]}


_IMAGES = ("input_image", *(f"input_image_{number}" for number in range(2, 9)))

SCHEMA: dict[str, Any] = {
    "Flux2Inputs": {
        "type": "object",
        "required": ["prompt"],
        # Ours: the description leaves it open, and a field that it does not know is a mistake of ours.
        "additionalProperties": False,
        "properties": {
            "prompt": {"type": "string"},
            **{name: _nullable("string") for name in _IMAGES},
            "seed": _nullable("integer"),
            "width": _nullable("integer", minimum=64),
            "height": _nullable("integer", minimum=64),
            "safety_tolerance": {"type": "integer", "minimum": 0, "maximum": 5},
            "output_format": {"enum": ["jpeg", "png", "webp", None]},
            "webhook_url": _nullable("string", minLength=1, maxLength=2083),
            "webhook_secret": _nullable("string"),
        },
    },
    "AsyncResponse": {
        "type": "object",
        "required": ["id", "polling_url"],
        "additionalProperties": False,
        "properties": {
            "id": {"type": "string"},
            "polling_url": {"type": "string", "format": "uri"},
            "cost": _nullable("number"),
            "input_mp": _nullable("number"),
            "output_mp": _nullable("number"),
        },
    },
    "ResultResponse": {
        "type": "object",
        "required": ["id", "status"],
        "additionalProperties": False,
        "properties": {
            "id": {"type": "string"},
            "status": {
                "enum": [
                    *("Task not found", "Pending", "Request Moderated", "Content Moderated"),
                    *("Ready", "Error"),
                ]
            },
            "result": {},
            "progress": _nullable("number"),
            "details": _nullable("object"),
            "preview": _nullable("object"),
        },
    },
    "HTTPValidationError": {
        "type": "object",
        "required": ["detail"],
        "properties": {
            "detail": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "required": ["loc", "msg", "type"],
                    "properties": {
                        "loc": {"type": "array", "items": {"type": ["string", "integer"]}},
                        "msg": {"type": "string"},
                        "type": {"type": "string"},
                    },
                },
            }
        },
    },
}


def assert_valid(name: str, value: object) -> None:
    """`value` is what BFL's description calls `name`."""
    Draft202012Validator(SCHEMA[name]).validate(value)
