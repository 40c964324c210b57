from __future__ import annotations

import pytest
from msgspec.structs import replace

from app.catalogue.reader import read_cards
from app.catalogue.sent import numbered, sent_words

GEN4 = read_cards()["gen4-image"]
NO_TAGS = replace(GEN4, tags=False)


@pytest.mark.parametrize(
    ("prompt", "tags", "leaves"),
    [
        ("@sneaker on @model in @studio", ("sneaker", "model", "studio"), "image 1 on image 2 in image 3"),
        ("@Model holds @SNEAKER, @model's own", ("sneaker", "model"), "image 2 holds image 1, image 2's own"),
        ("＠sneaker on white", ("sneaker",), "image 1 on white"),
        ("穿着@sneaker的@model，柔光", ("sneaker", "model"), "穿着image 1的image 2，柔光"),
        ("@sneaker and @nobody", ("sneaker",), "image 1 and @nobody"),
        ("mail ana@sneaker.com about @sneaker", ("sneaker",), "mail ana@sneaker.com about image 1"),
        ("@wall", ("", "wall"), "image 2"),
        ("@twice", ("twice", "Twice"), "image 1"),
        ("no call at all", ("sneaker",), "no call at all"),
    ],
)  # fmt: skip
def test_calls_become_numbers_in_the_order_of_the_references(
    prompt: str, tags: tuple[str, ...], leaves: str
) -> None:
    assert numbered(prompt, tags) == leaves
    assert sent_words(NO_TAGS, prompt, tags) == leaves


def test_a_model_with_tags_is_sent_the_tags() -> None:
    assert sent_words(GEN4, "@Sneaker worn by ＠Model", ("sneaker", "model")) == "@sneaker worn by @model"
