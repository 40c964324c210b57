"""What each kind does with what it is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.basics.faults import BadInput, Bug
from app.document.values import Value
from app.nodes.declare import Picture
from app.nodes.kinds import compare, preview, prompt, reference_image, save_image
from tests.app.document.samples import node

CUP = Picture(path=Path("cup.png"), sha256="c" * 64, name="cup.png", width=4, height=3, seed=7)


@dataclass(slots=True)
class FakeBench:
    """Gives a picture for any file, and remembers what was saved."""

    asked: list[str] = field(default_factory=list)
    saved: list[tuple[Picture, str]] = field(default_factory=list)

    async def photograph(self, file: str) -> Picture:
        self.asked.append(file)
        return CUP

    async def save(self, picture: Picture, name: str) -> Path:
        self.saved.append((picture, name))
        return Path(name)


@pytest.mark.parametrize("text", ["A cup", "", "  @Cup \n", "＠杯 放"])
def test_a_prompt_gives_its_words_as_they_are(text: str) -> None:
    assert prompt.words_of(node("prompt", text=text), {}) == {"text": text}


@pytest.mark.parametrize("text", [None, 7, True, ("a",)])
def test_what_is_no_text_in_a_file_is_no_words(text: Value) -> None:
    assert prompt.words_of(node("prompt", text=text), {}) == {"text": ""}
    assert prompt.words_of(node("prompt"), {}) == {"text": ""}


def test_a_preview_passes_on_what_it_is_given() -> None:
    assert preview.passed_on(node("preview"), {"image": (CUP,)}) == {"image": CUP}


async def test_a_reference_image_gives_its_photograph() -> None:
    bench = FakeBench()
    given = await reference_image.photograph_of(
        "cup", node("reference-image", file="refs/cup.png"), {}, bench
    )
    assert given == {"image": CUP}
    assert bench.asked == ["refs/cup.png"]


@pytest.mark.parametrize("file", ["", None, 7])
async def test_a_reference_image_without_a_photograph_says_so(file: Value) -> None:
    bench = FakeBench()
    with pytest.raises(BadInput, match="My cup has no photograph") as caught:
        await reference_image.photograph_of("cup", node("reference-image", "My cup", file=file), {}, bench)
    assert (caught.value.where.node, caught.value.where.parameter) == ("cup", "file")
    assert bench.asked == []


@pytest.mark.parametrize(
    ("values", "name"),
    [({"name": "hero-{n}"}, "hero-{n}"), ({"name": ""}, "{node}-{seed}"), ({}, "{node}-{seed}")],
)
async def test_save_image_saves_under_its_name(values: dict[str, Value], name: str) -> None:
    bench = FakeBench()
    assert await save_image.saved("keep", node("save-image", **values), {"image": (CUP,)}, bench) == {}
    assert bench.saved == [(CUP, name)]


async def test_save_image_does_not_save_words() -> None:
    bench = FakeBench()
    with pytest.raises(Bug) as caught:
        await save_image.saved("keep", node("save-image"), {"image": ("words",)}, bench)
    assert caught.value.where.node == "keep"
    assert bench.saved == []


def test_compare_makes_nothing_of_what_it_is_given() -> None:
    assert compare.only_looked_at(node("compare"), {"images": (CUP, CUP)}) == {}
    socket = compare.KIND.shape.inputs[0]
    assert (socket.most, socket.required, compare.KIND.shape.outputs) == (9, True, ())
    assert compare.KIND.card is None
