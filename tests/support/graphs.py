"""Documents for the journeys, as files, with photographs that are told apart by colour."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

RED, GREEN, BLUE = (200, 30, 30), (30, 160, 40), (40, 50, 190)
COLOURS = {"red": RED, "green": GREEN, "blue": BLUE}


def paint(path: Path, colour: tuple[int, int, int], size: tuple[int, int] = (320, 240)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path)
    return path


def model(
    name: str,
    words: str,
    references: Sequence[tuple[str, str]] = (),
    values: Mapping[str, object] | None = None,
) -> dict[str, Any]:
    """A prompt and a Gen4 Image with its references: pairs of a photograph's node and a tag."""
    prompt = f"{name}-words"
    return {
        "nodes": {
            prompt: {"kind": "prompt", "values": {"text": words}},
            name: {"kind": "gen4-image", "values": {"seed": 7, **(values or {})}},
        },
        "links": [
            {"from": f"{prompt}.text", "to": f"{name}.prompt"},
            *(
                {"from": f"{photo}.image", "to": f"{name}.reference_images", "tag": tag}
                for photo, tag in references
            ),
        ],
    }


def document(path: Path, photographs: Mapping[str, str], *models: dict[str, Any]) -> Path:
    """A `.tagloom` file with Reference Images (node → file) and models."""
    nodes: dict[str, Any] = {
        id: {"kind": "reference-image", "values": {"file": file}} for id, file in photographs.items()
    }
    links: list[dict[str, str]] = []
    for one in models:
        nodes |= one["nodes"]
        links += one["links"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"format": "tagloom/1", "nodes": nodes, "links": links}), "utf-8")
    return path
