"""What ModelArk takes, field by field, and what it looks at in a photograph."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sandbox import byteplus_rules as rules
from app.sandbox.byteplus_rules import No
from tests.app.sandbox.conftest import Wire, photograph

BODY: dict[str, Any] = {"model": "seedream-4-5-251128", "prompt": "A cup", "size": "2K"}
CAPTURED: dict[str, Any] = {
    "model": "seedream-4-5-251128",
    "prompt": "p",
    "image": ["https://a.b/c.png"],
    "response_format": "url",
    "size": "2K",
    "seed": None,
    "guidance_scale": None,
    "watermark": False,
    "optimize_prompt": None,
    "optimize_prompt_options": None,
    "tools": None,
    "output_format": None,
    "sequential_image_generation": "disabled",
    "sequential_image_generation_options": None,
    "layer_decomposition": None,
}
"""As the official SDK was seen to write it, but for its seed."""


def uri(content: bytes, form: str = "jpeg") -> str:
    return f"data:image/{form};base64,{base64.b64encode(content).decode()}"


def test_nulls_are_as_if_they_were_absent() -> None:
    assert rules.refusal_of(rules.without_nulls(CAPTURED)) is None
    assert rules.without_nulls({"a": None, "b": {"c": None, "d": 1}, "e": [None]}) == {
        "b": {"d": 1},
        "e": [None],
    }


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"model": ...}, "MissingParameter", "model"),
        ({"model": 4}, "InvalidParameter", "model"),
        ({"model": "seedream-3"}, "InvalidEndpointOrModel.NotFound", ""),
        ({"prompt": ...}, "MissingParameter", "prompt"),
        ({"prompt": ["x"]}, "InvalidParameter", "prompt"),
        ({"surprise": 1}, "InvalidParameter", "surprise"),
        ({"image": 7}, "InvalidParameter", "image"),
        ({"image": [7]}, "InvalidParameter", "image"),
        ({"size": 2048}, "InvalidParameter", "size"),
        ({"size": "2k"}, "InvalidParameter", "size"),
        ({"size": "2048X2048"}, "InvalidParameter", "size"),
        ({"size": "1919x1920"}, "InvalidParameter", "size"),
        ({"size": "4097x4096"}, "InvalidParameter", "size"),
        ({"size": "7936x480"}, "InvalidParameter", "size"),
        ({"watermark": 1}, "InvalidParameter", "watermark"),
        ({"stream": "true"}, "InvalidParameter", "stream"),
        ({"optimize_prompt_options": {"mode": "fast"}}, "InvalidParameter", "optimize_prompt_options"),
        (
            {"sequential_image_generation_options": {"max_images": 16}},
            "InvalidParameter",
            "sequential_image_generation_options.max_images",
        ),
        (
            {"image": ["https://a.b/c"] * 14, "sequential_image_generation_options": {"max_images": 2}},
            "InvalidParameter",
            "image",
        ),
    ],
)
def test_what_is_refused(changes: dict[str, Any], code: str, param: str) -> None:
    no = rules.refusal_of({name: value for name, value in (BODY | changes).items() if value is not ...})
    assert no is not None
    assert (no.code, no.param) == (code, param)


@pytest.mark.parametrize("size", ["2K", "4K", "1920x1920", "4096x4096", "7680x480", "480x7680", "3024x1296"])
def test_sizes_that_are_taken(size: str) -> None:
    assert rules.refusal_of(BODY | {"size": size}) is None


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), st.lists))
def test_no_value_of_a_field_breaks_the_rules(value: object) -> None:
    for name in rules.FIELDS:
        no = rules.refusal_of(rules.without_nulls(BODY | {name: value}))
        assert no is None or no.status in (400, 404)


@pytest.mark.parametrize(
    ("given_uri", "words"),
    [
        (uri(photograph(14, 20)), "more than 14"),
        (uri(photograph(400, 20)), "1/16"),
        (uri(photograph(6001, 6000)), "pixels"),
        (uri(photograph(64, 64)[:-200]), "decoded"),
        (uri(b"not a picture"), "not supported"),
        (uri(photograph(64, 64), "JPEG"), "lower case"),
        ("data:image/jpeg;base64,@@", "base64"),
        ("photo.jpg", "neither"),
        (uri(b"\0" * (10 * 1024 * 1024 + 1)), "10 MB"),
    ],
)
def test_photographs_that_are_refused(given_uri: str, words: str) -> None:
    no = rules.file_of(given_uri, 3)
    assert isinstance(no, No)
    assert (no.code, no.param) == ("InvalidParameter", "image[3]")
    assert words in no.message


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF"])
def test_kinds_of_photographs(form: str) -> None:
    content = photograph(320, 20, form)
    assert rules.file_of(uri(content, form.lower()), 0) == content


async def test_a_body_that_is_no_json(wire: Wire) -> None:
    path = "/api/v3/images/generations"
    answer = await wire.http.post(path, content=b"{", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "InvalidParameter")
    answer = await wire.http.post(path, content=b"x")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "MissingParameter")
