"""The draft: the right pixels, the same for the same order, another for another, and marked as a draft."""

from __future__ import annotations

import hashlib
import io
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from app.sandbox.casting import Role, cast
from app.sandbox.composition import laid_out
from app.sandbox.cutout import cut_out, opened
from app.sandbox.lettering import Lettering
from app.sandbox.mood import mood_of
from app.sandbox.order import Order, Reference
from app.sandbox.painter import paint_draft, painted
from app.sandbox.ribbons import AMBER
from app.sandbox.runway_models import runway_models
from tests.app.sandbox.conftest import PHOTOGRAPHS

MAIN = (
    "Professional product photo of @sneaker worn by @model in @studio setting, dramatic lighting, "
    "commercial quality."
)

RATIOS = runway_models()["gen4_image"].ratios


def reference(tag: str, name: str = "coffee.png") -> Reference:
    path = PHOTOGRAPHS / name
    return Reference(tag=tag, path=path, label="", sha256=hashlib.sha256(path.read_bytes()).hexdigest())


TRIO = (reference("sneaker"), reference("model", "astronaut.png"), reference("studio", "brick.png"))


def order(
    prompt: str = MAIN,
    references: tuple[Reference, ...] = TRIO,
    ratio: str = "960:720",
    seed: int = 42,
) -> Order:
    width, height = (int(side) for side in ratio.split(":"))
    return Order(
        vendor="runway",
        model="gen4_image",
        prompt=prompt,
        width=width,
        height=height,
        seed=seed,
        seed_given=True,
        references=references,
    )


def roles(prompt: str, *tags: str) -> dict[str, Role]:
    return {one.reference.tag: one.role for one in cast(order(prompt, tuple(map(reference, tags))))}


@pytest.mark.parametrize("ratio", RATIOS)
def test_the_pixels_are_those_asked_for(ratio: str) -> None:
    with Image.open(io.BytesIO(paint_draft(order(ratio=ratio)))) as picture:
        assert f"{picture.width}:{picture.height}" == ratio
        assert (picture.format, picture.mode) == ("PNG", "RGB")
        assert picture.text["tagloom:draft"] == "1"  # type: ignore[attr-defined]
        assert picture.text["tagloom:seed"] == "42"  # type: ignore[attr-defined]
        picture.load()


def test_the_same_order_gives_the_same_bytes() -> None:
    assert paint_draft(order()) == paint_draft(order())


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of a channel, of 255, above the footer."""
    box = (0, 0, one.width, one.height - 60)
    return sum(ImageStat.Stat(ImageChops.difference(one.crop(box), other.crop(box))).mean) / 3


def test_another_seed_is_visibly_another_comp() -> None:
    first = painted(order())
    for seed in range(1, 7):
        assert difference(first, painted(order(seed=seed))) > 4


def test_words_references_tags_and_order_all_count() -> None:
    start = order()
    others = [
        replace(start, prompt=MAIN + " At night."),
        replace(start, references=TRIO[::-1]),
        replace(start, references=(reference("sneaker", "cat.png"), *TRIO[1:])),
        replace(start, references=(replace(TRIO[0], tag="shoe"), *TRIO[1:])),
        replace(start, references=()),
    ]
    assert len({paint_draft(one) for one in (start, *others)}) == 6


@pytest.mark.parametrize("ratio", ["1920:1080", "720:1280", "1680:720"])
def test_the_ribbon_lies_in_the_upper_right_corner(ratio: str) -> None:
    frame = painted(order(ratio=ratio))
    short = min(frame.size)
    corner = frame.crop((frame.width - short // 2, 0, frame.width, short // 2))
    pixels = corner.tobytes()
    amber = sum(1 for at in range(0, len(pixels), 3) if _near(pixels[at : at + 3], AMBER))
    assert amber > corner.width * corner.height * 0.04


def _near(pixel: bytes, colour: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 26 for a, b in zip(pixel, colour, strict=True))


def test_the_main_example_is_cast_as_an_art_director_would() -> None:
    parts = cast(order())
    assert [(one.reference.tag, one.role) for one in parts] == [
        ("sneaker", Role.THING),
        ("model", Role.PERSON),
        ("studio", Role.PLACE),
    ]
    layout = laid_out(order(), parts)
    assert layout.place is not None
    assert layout.place.reference.tag == "studio"
    assert [one.part.reference.tag for one in layout.stands] == ["model", "sneaker"], "back to front"


@pytest.mark.parametrize(
    ("prompt", "tags", "expected"),
    [
        ("@person holding @product in a modern kitchen", ("product", "person"), {"person": Role.PERSON}),
        ("Place @subject in @background scene", ("subject", "background"), {"background": Role.PLACE}),
        ("@shoe on @table near a window", ("shoe", "table"), {"table": Role.PLACE, "shoe": Role.THING}),
        ("把@shoe放在@temple里", ("temple", "shoe"), {"temple": Role.PLACE, "shoe": Role.THING}),
        ("＠Shoe in ＠Studio", ("shoe", "STUDIO"), {"STUDIO": Role.PLACE}),
        ("@one, @two, @three", ("one", "two", "three"), {"three": Role.PLACE, "one": Role.THING}),
        ("@one and @two", ("one", "two"), {"one": Role.THING, "two": Role.THING}),
        ("a mail to me@studio.com", ("studio", "cup"), {"studio": Role.PLACE, "cup": Role.THING}),
        ("@my_bag worn by @ann", ("my_bag", "ann"), {"ann": Role.PERSON, "my_bag": Role.THING}),
    ],
)
def test_parts_are_cast_from_the_words(prompt: str, tags: tuple[str, ...], expected: dict[str, Role]) -> None:
    assert expected.items() <= roles(prompt, *tags).items()


def test_parts_come_in_the_order_of_the_prompt_and_the_uncalled_last() -> None:
    parts = cast(order("@detail of @front", (reference("front"), reference("side"), reference("detail"))))
    assert [(one.reference.tag, one.number, one.called) for one in parts] == [
        ("detail", 3, True),
        ("front", 1, True),
        ("side", 2, False),
    ]


def test_light_follows_the_words() -> None:
    plain = mood_of("a shoe")
    assert mood_of("Dramatic lighting").vignette > plain.vignette
    assert mood_of("at golden hour").tint[2] < 255
    assert mood_of("neon night").tint[0] < 255
    assert mood_of("dramatic soft light").shade == mood_of("dramatic").shade
    assert mood_of("monochrome").saturation == 0
    night, sun = painted(order("A neon night", ())), painted(order("A golden sunset", ()))
    cold, warm = (ImageStat.Stat(one).mean for one in (night, sun))
    assert cold[2] - cold[0] > warm[2] - warm[0]


def test_a_pack_shot_is_cut_from_its_plain_ground(tmp_path: Path) -> None:
    picture = Image.new("RGB", (400, 300), (250, 250, 250))
    picture.paste((180, 30, 40), (120, 90, 280, 260))
    picture.save(tmp_path / "shot.png")
    cut = cut_out(opened(tmp_path / "shot.png", 400), Role.THING)
    assert cut.width == pytest.approx(160, abs=8)
    assert cut.height == pytest.approx(170, abs=8)


def test_alpha_is_kept_as_the_cut(tmp_path: Path) -> None:
    picture = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    picture.paste((10, 200, 30, 255), (50, 100, 150, 250))
    picture.save(tmp_path / "cut.png")
    cut = cut_out(opened(tmp_path / "cut.png", 300), Role.PERSON)
    assert cut.size == (100, 150)


def test_a_turned_photograph_stands_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (400, 200), "teal").save(tmp_path / "turned.jpg", exif=exif)
    assert opened(tmp_path / "turned.jpg", 400).size == (200, 400)


@pytest.mark.parametrize("mode", ["L", "1", "P", "LA", "I;16", "CMYK"])
def test_every_kind_of_pixel_is_painted(tmp_path: Path, mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    path = tmp_path / "odd"
    if mode == "I;16":
        Image.linear_gradient("L").convert("I").convert("I;16").save(path, form)
    else:
        Image.linear_gradient("L").convert("RGB" if mode == "P" else "L").convert(mode).save(path, form)
    odd = Reference(tag="cup", path=path, label="", sha256="x")
    assert paint_draft(order("@cup", (odd,), "720:720")).startswith(b"\x89PNG")


def test_a_photograph_on_the_web_gets_a_card_with_its_host() -> None:
    host = Reference(tag="cup", path=None, label="cdn.example.com", sha256="address:a")
    other = replace(host, label="pictures.example.org")
    assert difference(painted(order("@cup", (host,))), painted(order("@cup", (other,)))) > 0
    place = replace(host, tag="studio")
    assert paint_draft(order("in @studio", (place,), "720:720")).startswith(b"\x89PNG")


PROMPTS = [
    "一双@sneaker放在木桌上，戏剧性灯光。",
    "スニーカー 한국어 العربية ไทย हिन्दी",
    "emoji 👟🧑‍🚀 \U0010fffd \ue000 end",
    "lone \ud83d surrogate",
    "tab\tline\nbreak\r\x00\x07 bidi \u202e mark \u200d",
    " ",
    "W" * 1000,
]


@pytest.mark.parametrize("prompt", PROMPTS)
def test_any_words_are_written_or_left_out(prompt: str) -> None:
    assert paint_draft(order(prompt, TRIO[:1], "720:720")).startswith(b"\x89PNG")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(), max_size=60), st.integers(1, 400))
def test_lettering_fits_any_text_into_any_room(text: str, room: int) -> None:
    letters = Lettering()
    short = letters.shortened(text, 15, room)
    assert "\n" not in short
    assert short == "…" or letters.width(short, 15) <= room + 2
    assert letters.drawable(short) == short


def test_without_a_cjk_face_its_characters_are_left_out() -> None:
    assert Lettering(cjk_faces=()).drawable("鞋 shoe 👟") == "shoe"


def test_a_1080p_draft_takes_about_half_a_second() -> None:
    """The bound is loose: two cores are shared by all tests."""
    began = time.process_time()
    paint_draft(order(ratio="1920:1080"))
    assert time.process_time() - began < 2.0
