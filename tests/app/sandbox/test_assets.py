"""Photographs that Runway does not take, refused at their place with its words."""

from __future__ import annotations

import base64

import pytest

from tests.app.sandbox.conftest import Open, Wire, photograph

ONE = {"uri": "https://example.com/cup.png"}


def data_uri(content: bytes, mime: str) -> str:
    return f"data:{mime};base64,{base64.b64encode(content).decode()}"


BAD_ASSETS = [
    ("thin", data_uri(photograph(120, 260), "image/jpeg"), "must be at least 0.5. Got 0.462."),
    ("wide", data_uri(photograph(400, 190), "image/jpeg"), "must be at most 2. Got 2.105."),
    ("gif", data_uri(photograph(64, 64, "GIF"), "image/gif"), "Unsupported asset type"),
    ("hidden gif", data_uri(photograph(64, 64, "GIF"), "image/png"), "Unsupported asset type"),
    ("wrong type", data_uri(photograph(64, 64, "PNG"), "image/jpeg"), "but the asset is PNG"),
    ("cut off", data_uri(photograph(256, 256, "PNG")[:-2000], "image/png"), "Failed to decode"),
    ("not base64", "data:image/png;base64,%%%%", "Invalid data URI."),
    ("no base64", "data:image/png,hello", "Invalid data URI."),
    ("no picture", data_uri(b"x" * 600, "image/png"), "Unsupported asset type"),
    ("too many pixels", data_uri(photograph(8001, 4100, "PNG", "1"), "image/png"), "8000"),
    ("address of numbers", "https://11.22.33.44/a.png", "URLs must be hosted on a domain."),
    ("localhost", "https://localhost/a.png", "URLs must be hosted on a domain."),
    ("no host", "https:///some/where/a.png", "Invalid URL."),
    ("unknown upload", "runway://never-given-out", "does not exist or has expired"),
]


@pytest.mark.parametrize(
    ("uri", "words"), [one[1:] for one in BAD_ASSETS], ids=[one[0] for one in BAD_ASSETS]
)
async def test_a_bad_asset_is_refused_at_its_place(wire: Wire, uri: str, words: str) -> None:
    answer = await wire.create(referenceImages=[ONE, {"uri": uri, "tag": "cup"}])
    assert answer.status_code == 400
    (told,) = answer.json()["issues"]
    assert told["path"] == ["referenceImages", 1, "uri"]
    assert words in told["message"]
    assert (await wire.tally())["accepted"] == 0


@pytest.mark.parametrize(("width", "height"), [(100, 200), (200, 100), (8000, 4000)])
async def test_ratios_at_the_bounds_are_taken(wire: Wire, width: int, height: int) -> None:
    uri = data_uri(photograph(width, height, "PNG", "1"), "image/png")
    assert (await wire.create(referenceImages=[{"uri": uri}])).status_code == 200


async def test_an_upload_too_large_for_a_reference_is_refused(opened: Open) -> None:
    wire = await opened(asset_megabytes=0.01)
    uri = await wire.upload(photograph(640, 640, "PNG"))
    answer = await wire.create(referenceImages=[{"uri": uri}])
    assert answer.json()["issues"][0]["message"] == "Asset size exceeds 0.0MB."
    await wire.knobs(asset_megabytes=16)
    assert (await wire.create(referenceImages=[{"uri": uri}])).status_code == 200
