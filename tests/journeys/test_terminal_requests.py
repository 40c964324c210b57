"""What leaves for Runway, recorded from `tagloom run`: the body, and the photographs behind it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from PIL import Image, ImageDraw

from tests.app.imaging.pictures import ADOBE_TO_XYZ_D50, matrix_profile, seen_in_srgb
from tests.support.capturing import Capturing, Sent, capturing
from tests.support.graphs import BLUE, COLOURS, GREEN, RED, document, model, paint
from tests.support.terminal import Ran, tagloom

pytestmark = [pytest.mark.journey, pytest.mark.timeout(120)]

SCHEMA = json.loads(
    (Path(__file__).parents[1] / "app" / "sandbox" / "data" / "runway_text_to_image.schema.json").read_text(
        "utf-8"
    )
)
WORDS = "The @red cup, the @green plate and the @blue wall, soft light"


@pytest.fixture
def runway() -> Iterator[Capturing]:
    with capturing() as server:
        yield server
        assert server.refused == []
        for body in server.creates:
            assert_valid(body)


def assert_valid(body: dict[str, Any]) -> None:
    """By Runway's own schema, and by the stricter reading of it."""
    for name in ("Gen4ImageRequest", "Gen4ImageRequestStrict"):
        Draft202012Validator(
            {"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]},
            format_checker=Draft202012Validator.FORMAT_CHECKER,
        ).validate(body)


@pytest.fixture
def shot(tmp_path: Path) -> Path:
    """Three photographs, each of its own colour, tagged with the names of the colours."""
    for name, colour in COLOURS.items():
        paint(tmp_path / f"{name}.png", colour)
    return document(
        tmp_path / "shot.tagloom",
        {name: f"{name}.png" for name in COLOURS},
        model("hero", WORDS, [(name, name) for name in COLOURS], {"aspect_ratio": "21:9"}),
    )


def ran(path: Path, runway: Capturing, *words: str) -> Ran:
    done = tagloom("run", path, "--yes", "--json", *words, environment=runway.environment())
    assert done.code == 0, done
    return done


def colour_of(sent: Sent) -> str:
    """The name of the colour in the middle of what was uploaded."""
    picture = sent.picture().convert("RGB")
    found = picture.getpixel((picture.width // 2, picture.height // 2))
    assert isinstance(found, tuple)
    return min(COLOURS, key=lambda name: sum(abs(a - b) for a, b in zip(found, COLOURS[name], strict=True)))


def tags(runway: Capturing) -> list[tuple[str, str]]:
    """Tag and colour of each reference, in the order in which they were sent."""
    return [(one.tag, colour_of(one)) for one in runway.references()]


def test_the_body_is_what_was_asked(runway: Capturing, shot: Path) -> None:
    ran(shot, runway)
    [body] = runway.creates
    references = body["referenceImages"]
    assert {name: value for name, value in body.items() if name != "referenceImages"} == {
        "model": "gen4_image",
        "promptText": WORDS,
        "ratio": "2112:912",
        "seed": 7,
        "contentModeration": {"publicFigureThreshold": "auto"},
    }
    assert [set(one) for one in references] == [{"uri", "tag"}] * 3
    assert tags(runway) == [("red", "red"), ("green", "green"), ("blue", "blue")]
    assert all(not Path(name).parent.name for name in runway.filenames)  # names, never paths


def swap(data: dict[str, Any]) -> None:
    links = [one for one in data["links"] if "tag" in one]
    others = [one for one in data["links"] if "tag" not in one]
    data["links"] = [*others, links[2], links[0], links[1]]


def remove_first(data: dict[str, Any]) -> None:
    data["links"] = [one for one in data["links"] if one.get("tag") != "red"]
    data["nodes"]["hero-words"]["values"]["text"] = "The @green plate and the @blue wall, soft light"


def rename(data: dict[str, Any]) -> None:
    for one in data["links"]:
        if one.get("tag") == "green":
            one["tag"] = "Plate"
    data["nodes"]["hero-words"]["values"]["text"] = "＠RED, @PLATE放 and @blue的墙, soft light"


def everything(data: dict[str, Any]) -> None:
    swap(data)
    data["links"] = [one for one in data["links"] if one.get("tag") != "red"]
    for one in data["links"]:
        if one.get("tag") == "green":
            one["tag"] = "blue"
        elif one.get("tag") == "blue":
            one["tag"] = "green"
    data["nodes"]["hero-words"]["values"]["text"] = "The @blue plate and the @green wall, soft light"


CASES: dict[str, tuple[Callable[[dict[str, Any]], None], list[tuple[str, str]], str]] = {
    "reordered": (swap, [("blue", "blue"), ("red", "red"), ("green", "green")], WORDS),
    "first removed": (
        remove_first,
        [("green", "green"), ("blue", "blue")],
        "The @green plate and the @blue wall, soft light",
    ),
    "renamed": (
        rename,
        [("red", "red"), ("plate", "green"), ("blue", "blue")],
        "@red, @plate放 and @blue的墙, soft light",
    ),
    "all at once": (
        everything,
        [("green", "blue"), ("blue", "green")],
        "The @blue plate and the @green wall, soft light",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_tag_stands_with_its_own_photograph(runway: Capturing, shot: Path, name: str) -> None:
    change, wanted, prompt = CASES[name]
    data = json.loads(shot.read_text("utf-8"))
    change(data)
    shot.write_text(json.dumps(data), "utf-8")
    ran(shot, runway)
    assert tags(runway) == wanted
    assert runway.creates[0]["promptText"] == prompt


def test_tags_and_photographs_given_on_the_command_line(
    runway: Capturing, shot: Path, tmp_path: Path
) -> None:
    other = paint(tmp_path / "elsewhere" / "another.png", BLUE)
    ran(
        shot,
        runway,
        *("--set", "hero.reference_tags=cup, plate, wall"),
        *("--set", "hero-words.text=@cup and @plate by the @wall, soft light"),
        *("--set", f"red.file={other}"),
        *("--set", "hero.seed="),
        *("--set", "hero.resolution=720p"),
        *("--set", "hero.content_moderation=low"),
    )
    assert tags(runway) == [("cup", "blue"), ("plate", "green"), ("wall", "blue")]
    [body] = runway.creates
    assert body["ratio"] == "1680:720"
    assert body["contentModeration"] == {"publicFigureThreshold": "low"}
    assert 0 <= body["seed"] < 2**32
    before = body["seed"]
    ran(shot, runway, "--set", "hero.seed=")
    assert runway.creates[1]["seed"] != before  # an empty seed is drawn anew


def test_a_prompt_alone(runway: Capturing, tmp_path: Path) -> None:
    path = document(tmp_path / "plain.tagloom", {}, model("hero", "A cup in soft light"))
    ran(path, runway)
    assert runway.creates[0].get("referenceImages", []) == []
    assert runway.uploads == {}


# --- photographs ---------------------------------------------------------------------------------


def quarters(width: int, height: int) -> Image.Image:
    """Red, green, blue and white from the top left, row by row."""
    image = Image.new("RGB", (width, height), (250, 250, 250))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width // 2 - 1, height // 2 - 1), fill=RED)
    draw.rectangle((width // 2, 0, width, height // 2 - 1), fill=GREEN)
    draw.rectangle((0, height // 2, width // 2 - 1, height), fill=BLUE)
    return image


def corners(image: Image.Image) -> list[tuple[int, ...]]:
    across, down = image.width // 4, image.height // 4
    shown = image.convert("RGB")
    places = [(across, down), (3 * across, down), (across, 3 * down), (3 * across, 3 * down)]
    return [tuple(shown.getpixel(place)) for place in places]  # type: ignore[arg-type]


UPRIGHT = [RED, GREEN, BLUE, (250, 250, 250)]


def near(found: list[tuple[int, ...]], wanted: list[tuple[int, ...]], within: int) -> bool:
    return all(
        abs(a - b) <= within
        for one, other in zip(found, wanted, strict=True)
        for a, b in zip(one, other, strict=True)
    )


def turned(path: Path) -> Path:
    """Stored on its side, as a camera held upright does, with where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SecretCam"
    exif.get_ifd(0x8825)[1] = "N"
    quarters(300, 400).transpose(Image.Transpose.ROTATE_90).save(path, "JPEG", exif=exif, quality=95)
    return path


def press(path: Path) -> Path:
    quarters(400, 300).convert("CMYK").save(path, "JPEG", quality=95)
    return path


def deep(path: Path) -> Path:
    """16 bits a channel, gray, dark to light from left to right."""
    image = Image.new("I;16", (256, 200))
    image.putdata([x * 257 for _ in range(200) for x in range(256)])
    image.save(path, "PNG")
    return path


def see_through(path: Path) -> Path:
    image = quarters(400, 300).convert("RGBA")
    image.putalpha(Image.radial_gradient("L").resize(image.size))
    image.save(path, "PNG")
    return path


def wide_gamut(path: Path) -> Path:
    """In Adobe RGB, whose greens sRGB has no numbers for."""
    quarters(400, 300).save(path, "PNG", icc_profile=matrix_profile(*ADOBE))
    return path


def large(path: Path) -> Path:
    quarters(6000, 4000).save(path, "JPEG", quality=90)
    return path


ADOBE = (ADOBE_TO_XYZ_D50, 563 / 256)
KINDS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "turned": (turned, "turned.jpg"),
    "press": (press, "press.jpg"),
    "deep": (deep, "deep.png"),
    "clear": (see_through, "clear.png"),
    "wide": (wide_gamut, "wide.png"),
    "large": (large, "large.jpg"),
}


def metadata(sent: Sent) -> set[str]:
    """What a file carries beside its pixels, of what should not leave."""
    with Image.open(io.BytesIO(sent.data)) as image:
        held = {
            name for name in ("exif", "icc_profile", "comment", "xmp", "photoshop") if image.info.get(name)
        }
        return held | ({"exif"} if len(image.getexif()) else set())


def test_photographs_of_every_kind_arrive_right(runway: Capturing, tmp_path: Path) -> None:
    before = {name: make(tmp_path / file).read_bytes() for name, (make, file) in KINDS.items()}
    names = list(KINDS)
    groups = {"one": names[:3], "two": names[3:]}
    path = document(
        tmp_path / "kinds.tagloom",
        {name: file for name, (_, file) in KINDS.items()},
        *(
            model(
                node,
                " and ".join(f"@{tag}" for tag in group) + " in soft light",
                [(tag, tag) for tag in group],
            )
            for node, group in groups.items()
        ),
    )
    ran(path, runway)
    sent = {one.tag: one for create in (0, 1) for one in runway.references(create)}
    pictures = {tag: one.picture() for tag, one in sent.items()}
    assert {tag: image.size for tag, image in pictures.items()} == {
        "turned": (300, 400),
        "press": (400, 300),
        "deep": (256, 200),
        "clear": (400, 300),
        "wide": (400, 300),
        "large": (6000, 4000),
    }
    assert {image.format for image in pictures.values()} <= {"JPEG", "PNG", "WEBP"}
    for tag in ("turned", "clear", "large"):
        assert near(corners(pictures[tag]), UPRIGHT, within=10), tag
    assert near(corners(pictures["wide"]), [seen_in_srgb(one, *ADOBE) for one in UPRIGHT], within=6)
    assert not near(corners(pictures["wide"]), UPRIGHT, within=10)
    assert near(corners(pictures["press"]), UPRIGHT, within=40)  # as the press would print it
    assert pictures["press"].mode == "RGB"
    assert pictures["clear"].mode == "RGBA"
    assert pictures["clear"].getchannel("A").getextrema()[0] < 40
    dark, middle, light = (pictures["deep"].convert("L").getpixel((x, 100)) for x in (2, 128, 253))
    assert (dark, middle, light) == (
        pytest.approx(2, abs=3),
        pytest.approx(128, abs=3),
        pytest.approx(253, abs=3),
    )
    for tag, one in sent.items():
        assert metadata(one) == set(), tag
        assert b"SecretCam" not in one.data
        assert len(one.data) <= 16_000_000
    assert {name: (tmp_path / file).read_bytes() for name, (_, file) in KINDS.items()} == before


def test_padded_and_cropped_as_the_link_says(runway: Capturing, tmp_path: Path) -> None:
    quarters(1200, 300).save(tmp_path / "strip.png")
    shown = model(
        "hero", "@pad and @crop and @tall in soft light", [("p", "pad"), ("q", "crop"), ("r", "tall")]
    )
    shown["links"][1] |= {"fit": "pad", "pad_color": "#102030"}
    shown["links"][2] |= {"fit": "crop", "focus": [1.0, 0.5]}
    shown["links"][3] |= {"fit": "crop", "focus": [0.0, 0.5]}
    path = document(tmp_path / "strip.tagloom", {id: "strip.png" for id in "pqr"}, shown)
    ran(path, runway)
    pad, right, left = (one.picture().convert("RGB") for one in runway.references())
    assert pad.size == (1200, 600)
    assert near([pad.getpixel((600, 20))], [(0x10, 0x20, 0x30)], 4)  # type: ignore[list-item]
    assert near([pad.getpixel((100, 200))], [RED], 8)  # type: ignore[list-item]
    assert right.size == left.size == (600, 300)
    assert near([right.getpixel((300, 50))], [GREEN], 8)  # type: ignore[list-item]
    assert near([left.getpixel((300, 50))], [RED], 8)  # type: ignore[list-item]
    assert len(runway.uploads) == 3


def test_the_same_photograph_is_uploaded_once(runway: Capturing, shot: Path) -> None:
    ran(shot, runway)
    uris = [one["uri"] for one in runway.creates[0]["referenceImages"]]
    ran(shot, runway, "--set", "hero.seed=8")
    assert [one["uri"] for one in runway.creates[1]["referenceImages"]] == uris
    assert len(runway.uploads) == 3
