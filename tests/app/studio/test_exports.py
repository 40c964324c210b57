"""Many pictures written out: kinds, formats, sizes, profiles, names; and that one bad one stops nobody."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from app.basics.faults import BadInput
from app.document.collisions import Exists, Fate
from app.document.name_template import Facts
from app.document.sharing import NAME, read_shared, shareable
from app.document.values import Document
from app.imaging.carrying_text import text_in
from app.imaging.clean_copy import clean_copy
from app.imaging.measures import PrintSize, Unit
from app.imaging.orders import Compression, Format, Order
from app.imaging.profiles import Profile, icc_of
from app.imaging.signing import Signatory, credential_of, signatory, signed
from app.imaging.sniffing import sniff
from app.preferences import export_options
from app.preferences.options import Options
from app.studio import export_choices
from app.studio.export_kinds import Kind
from app.studio.exports import Outcome, Request, Subject, export_all, lines_of, made_of
from tests.app.document.samples import product_shot
from tests.app.imaging.carriers import CARRIERS, coded_pixels, decoded
from tests.app.imaging.pictures import coded, quadrants
from tests.support.certificates import Authority

FORMATS = {Format.PNG: ".png", Format.JPEG: ".jpg", Format.WEBP: ".webp", Format.TIFF: ".tif"}
TRACES = (
    *(
        b"tagloom",
        b"Tagloom",
        b"TGLM",
        b"Secret",
        b"XMP",
        b"xmp",
        b"tEXt",
        b"iTXt",
        b"caBX",
        b"jumb",
        b"c2pa",
    ),
    *(b"Pillow", b"PIL", b"Software", b"photoshop", b"gen4", b"prompt"),
)
"""Words that nothing clean has in it."""


@pytest.fixture(scope="module")
def ada(tmp_path_factory: pytest.TempPathFactory) -> Signatory:
    folder = tmp_path_factory.mktemp("ada")
    artist = Authority().artist()
    return signatory(artist.chain_file(folder), artist.key_file(folder))


def subject(folder: Path, name: str = "png", *, document: Document | None = None, seed: int = 42) -> Subject:
    path = folder / f"vendor-{name}-{seed}"
    path.write_bytes(CARRIERS[name])
    facts = Facts(document="Spring", node="hero", title="Hero", seed=seed, day=date(2026, 3, 14))
    with Image.open(path) as image:
        return Subject(path=path, facts=facts, size=image.size, document=document or product_shot())


def request(folder: Path, kind: Kind, **changes: object) -> Request:
    order = {name: changes.pop(name) for name in tuple(changes) if name in Order.__dataclass_fields__}
    return Request(folder=folder / "out", kind=kind, order=Order(**order), **changes)  # type: ignore[arg-type]


async def exported(one: Subject, wanted: Request, by: Signatory | None = None) -> Path:
    lines = await asyncio.to_thread(lines_of, [one], wanted)
    (outcome,) = await export_all(lines, wanted, by=by)
    assert outcome.fault is None, outcome.fault
    assert outcome.made is not None
    return outcome.made.path


@pytest.mark.parametrize("format", [Format.KEEP, *FORMATS])
@pytest.mark.parametrize("source", ["png", "jpeg", "webp", "tiff"])
async def test_a_re_openable_one_gives_the_equal_document(
    tmp_path: Path, source: str, format: Format
) -> None:
    one = subject(tmp_path, source)
    path = await exported(one, request(tmp_path, Kind.REOPENABLE, format=format))
    text = text_in(path.read_bytes(), NAME)
    assert text is not None
    assert read_shared(text).document == shareable(product_shot())
    assert one.path.read_bytes() == CARRIERS[source]
    if format is not Format.KEEP:
        assert path.suffix == FORMATS[format]
    if format is Format.KEEP:
        assert coded_pixels(path.read_bytes()) == coded_pixels(CARRIERS[source])


@pytest.mark.parametrize("format", [Format.KEEP, *FORMATS])
@pytest.mark.parametrize("source", ["png", "jpeg", "webp", "tiff"])
async def test_a_clean_copy_has_no_trace(tmp_path: Path, source: str, format: Format) -> None:
    one = subject(tmp_path, source)
    carrying = await exported(one, request(tmp_path, Kind.REOPENABLE))
    for profile in (Profile.KEEP, Profile.SRGB):
        wanted = request(tmp_path, Kind.CLEAN, format=format, profile=profile)
        data = (await exported(replace(one, path=carrying), wanted)).read_bytes()
        assert not [word for word in TRACES if word in data]
        assert sniff(data[:512]) == (format.upper() if format is not Format.KEEP else source.upper())
    if format is not Format.JPEG and source != "jpeg":
        same = (await exported(one, request(tmp_path, Kind.CLEAN, format=format, lossless=True))).read_bytes()
        shown = [
            Image.open(BytesIO(one)).convert("RGBA").tobytes() for one in (same, clean_copy(CARRIERS[source]))
        ]
        assert shown[0] == shown[1] or source == "webp", "without loss"


@pytest.mark.parametrize("name", sorted(CARRIERS))
async def test_as_it_came_is_never_coded_anew(tmp_path: Path, name: str) -> None:
    wanted = request(
        tmp_path, Kind.CAME, format=Format.TIFF, dpi=300, size=PrintSize(width=9), profile=Profile.P3
    )
    path = await exported(subject(tmp_path, name), wanted)
    assert path.read_bytes() == CARRIERS[name]
    assert path.suffix == FORMATS[Format(name.split("-")[0])]


@pytest.mark.parametrize("name", ["png", "jpeg", "webp", "tiff"])
async def test_a_vendors_credential_stays_valid_as_it_came(tmp_path: Path, name: str, ada: Signatory) -> None:
    kind, bare = name.upper(), clean_copy(CARRIERS[name])
    vendors = signed(bare, kind, parent=bare, parent_kind=kind, title="made", by=ada)
    path = tmp_path / "vendors"
    path.write_bytes(vendors)
    one = replace(subject(tmp_path, name), path=path)
    came = await exported(one, request(tmp_path, Kind.CAME))
    told = credential_of(came.read_bytes(), kind)
    assert told is not None
    assert told.valid
    carrying = made_of(one, request(tmp_path, Kind.REOPENABLE))
    broken = credential_of(carrying.data, kind)
    assert broken is None or not broken.valid
    assert any("no longer valid" in note for note in carrying.notes)
    anew = made_of(one, request(tmp_path, Kind.REOPENABLE, size=PrintSize(width=20)))
    assert any("does not go along" in note for note in anew.notes)
    assert credential_of(made_of(one, request(tmp_path, Kind.CLEAN)).data, kind) is None


@pytest.mark.parametrize("format", [Format.KEEP, *FORMATS])
async def test_a_signed_one_validates_with_the_original_as_parent(
    tmp_path: Path, format: Format, ada: Signatory
) -> None:
    one = subject(tmp_path, "png")
    path = await exported(one, request(tmp_path, Kind.SIGNED, format=format, size=PrintSize(width=20)), ada)
    data = path.read_bytes()
    told = credential_of(data, sniff(data[:512]) or "")
    assert told is not None
    assert (told.valid, told.signer, told.parents) == (True, "Ada Artist", 1)
    assert b"Secret" not in data
    with pytest.raises(BadInput) as caught:
        made_of(one, request(tmp_path, Kind.SIGNED))
    assert caught.value.code == "signing.none"


@pytest.mark.parametrize("format", FORMATS)
async def test_print_size_resolution_and_profile_are_in_the_file(tmp_path: Path, format: Format) -> None:
    wanted = request(
        tmp_path,
        Kind.CLEAN,
        format=format,
        size=PrintSize(width=2.54, unit=Unit.CM),
        dpi=300,
        profile=Profile.P3,
    )
    one = subject(tmp_path, "png")
    made = made_of(one, wanted)
    with Image.open(BytesIO(made.data)) as image:
        assert (image.size[0], made.size) == (300, image.size)
        assert image.size[1] == round(300 * one.size[1] / one.size[0])
        assert image.info["icc_profile"] == icc_of(Profile.P3)
        if format is Format.WEBP:
            exif = image.getexif()
            assert (float(exif[282]), float(exif[283]), exif[296]) == (300.0, 300.0, 2)
        else:
            assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    assert any("Enlarged from" in note for note in made.notes)


def test_colours_are_the_same_in_every_profile(tmp_path: Path) -> None:
    one = subject(tmp_path, "png")
    one.path.write_bytes(coded(quadrants(), "PNG"))
    shown = []
    for profile in Profile:
        made = made_of(one, request(tmp_path, Kind.CLEAN, format=Format.PNG, profile=profile))
        again = replace(one, path=tmp_path / "again")
        again.path.write_bytes(made.data)
        back = made_of(again, request(tmp_path, Kind.CLEAN, format=Format.PNG, profile=Profile.SRGB))
        shown.append(Image.open(BytesIO(back.data)).convert("RGB").tobytes())
    for other in shown[1:]:
        assert max(abs(a - b) for a, b in zip(shown[0], other, strict=True)) <= 3


def test_quality_and_compression_weigh(tmp_path: Path) -> None:
    one = subject(tmp_path, "png")
    Image.effect_noise((300, 200), 60).convert("RGB").save(one.path, "PNG")

    def weight(**order: object) -> int:
        return len(made_of(one, request(tmp_path, Kind.CLEAN, size=PrintSize(width=290), **order)).data)

    for format in (Format.JPEG, Format.WEBP):
        assert weight(format=format, quality=30) < weight(format=format, quality=95)
    for format in (Format.PNG, Format.TIFF):
        small = weight(format=format, compression=Compression.SMALL)
        assert small < weight(format=format, compression=Compression.NONE)


def test_a_jpeg_says_that_it_has_no_transparency(tmp_path: Path) -> None:
    one = subject(tmp_path)
    Image.new("RGBA", (20, 10), (255, 0, 0, 0)).save(one.path, "PNG")
    made = made_of(one, request(tmp_path, Kind.CLEAN, format=Format.JPEG))
    assert any("no transparency" in note for note in made.notes)
    assert Image.open(BytesIO(made.data)).getpixel((3, 3)) == (255, 255, 255)


async def test_one_failure_does_not_stop_the_others(tmp_path: Path) -> None:
    good = [subject(tmp_path, seed=seed) for seed in (1, 2)]
    gone = replace(good[0], path=tmp_path / "gone")
    torn = subject(tmp_path, "jpeg", seed=9)
    torn.path.write_bytes(CARRIERS["jpeg"][:40])
    wanted = request(tmp_path, Kind.CLEAN, name="{title}-{seed}")
    lines = lines_of([good[0], gone, torn, good[1]], wanted)
    told: list[Outcome] = []
    outcomes = await export_all(lines, wanted, tell=told.append)
    assert tuple(told) == outcomes
    assert [one.made.path.name if one.made else "" for one in outcomes] == [
        "Hero-1.png",
        "",
        "",
        "Hero-2.png",
    ]
    assert [one.fault.code if one.fault else "" for one in outcomes][1:3] == [
        "image.missing",
        "image.unreadable",
    ]
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == ["Hero-1.png", "Hero-2.png"]


async def test_a_stop_ends_it_between_two_pictures(tmp_path: Path) -> None:
    wanted = request(tmp_path, Kind.CLEAN)
    lines = lines_of([subject(tmp_path, seed=seed) for seed in (1, 2, 3)], wanted)
    told: list[Outcome] = []
    outcomes = await export_all(lines, wanted, tell=told.append, stopped=lambda: bool(told))
    assert len(outcomes) == 1


@pytest.mark.parametrize(
    ("rule", "fates", "kept"),
    [
        (Exists.NUMBER, [Fate.NUMBERED, Fate.NUMBERED], True),
        (Exists.REPLACE, [Fate.REPLACES, Fate.NUMBERED], False),
        (Exists.SKIP, [Fate.SKIPPED, Fate.NUMBERED], True),
        (Exists.ASK, [Fate.TAKEN, Fate.NUMBERED], True),
    ],
)
async def test_what_lies_there(tmp_path: Path, rule: Exists, fates: list[Fate], kept: bool) -> None:
    (tmp_path / "out").mkdir()
    there = tmp_path / "out" / "HERO.png"
    there.write_text("mine")
    wanted = request(tmp_path, Kind.CLEAN, name="HERO", exists=rule)
    lines = lines_of([subject(tmp_path, seed=seed) for seed in (1, 2)], wanted)
    assert [one.fate for one in lines] == fates
    outcomes = await export_all(lines, wanted)
    assert (there.read_bytes() == b"mine") == kept
    codes = [one.fault.code if one.fault else "" for one in outcomes]
    assert codes[0] == ("export.exists" if rule is Exists.ASK else "")
    assert (outcomes[0].made is None) == (rule in (Exists.SKIP, Exists.ASK))


async def test_folders_and_numbers_in_names(tmp_path: Path) -> None:
    wanted = request(tmp_path, Kind.CAME, name="{document}/{title} {n}")
    lines = lines_of([subject(tmp_path, seed=seed) for seed in range(11)], wanted)
    assert [str(one.name) for one in lines][::10] == ["Spring/Hero 01.png", "Spring/Hero 11.png"]
    outcomes = await export_all(lines, wanted)
    assert all(one.made for one in outcomes)
    with pytest.raises(BadInput):
        lines_of([], request(tmp_path, Kind.CAME, name="{nonsense}"))


def test_a_picture_that_lacks_a_tag_says_so_and_the_others_have_names(tmp_path: Path) -> None:
    one, two = subject(tmp_path, seed=1), subject(tmp_path, seed=2)
    two = replace(two, facts=replace(two.facts, tags={"shoe": "coffee"}))
    lines = lines_of([one, two], request(tmp_path, Kind.CLEAN, name="{tag:shoe}"))
    assert lines[0].fault is not None
    assert str(lines[1].name) == "coffee.png"


def test_without_its_document_a_picture_is_not_re_openable(tmp_path: Path) -> None:
    one = replace(subject(tmp_path), document=None)
    with pytest.raises(BadInput) as caught:
        made_of(one, request(tmp_path, Kind.REOPENABLE))
    assert caught.value.code == "export.no-document"


def test_the_picture_itself_is_never_replaced(tmp_path: Path) -> None:
    one = subject(tmp_path)
    other = one.path.rename(tmp_path / "hero.png")
    wanted = replace(request(tmp_path, Kind.CLEAN, name="hero", exists=Exists.REPLACE), folder=tmp_path)
    lines = lines_of([replace(one, path=other)], wanted)
    (outcome,) = asyncio.run(export_all(lines, wanted))
    assert outcome.fault is not None
    assert outcome.fault.code == "export.itself"
    assert other.read_bytes() == CARRIERS["png"]


def test_choices_are_remembered_and_junk_is_forgotten(tmp_path: Path) -> None:
    options = Options(tmp_path / "options.json")
    assert export_choices.chosen(options, tmp_path).kind is Kind.CLEAN
    wanted = request(
        tmp_path, Kind.SIGNED, name="{seed}", format=Format.TIFF, quality=50, compression=Compression.NONE,
        size=PrintSize(height=20, unit=Unit.CM), dpi=300, profile=Profile.ADOBE, notes=True,
        exists=Exists.SKIP,
    )  # fmt: skip
    export_choices.keep(options, wanted)
    assert export_choices.chosen(Options(tmp_path / "options.json"), Path("/else")) == wanted
    assert export_choices.template_of(options) == "{seed}"
    options.set(
        export_options.EXPORT, {"kind": "x", "dpi": "many", "width": -3, "folder": "rel", "quality": True}
    )
    assert export_choices.chosen(options, tmp_path) == Request(folder=tmp_path)


async def test_every_alpha_survives(tmp_path: Path) -> None:
    one = subject(tmp_path)
    Image.new("RGBA", (40, 20), (200, 30, 7, 128)).save(one.path, "PNG")
    for format in (Format.PNG, Format.WEBP, Format.TIFF):
        wanted = request(tmp_path, Kind.CLEAN, format=format, size=PrintSize(width=20), lossless=True)
        mode, size, pixels, _ = decoded(made_of(one, wanted).data)
        assert (mode, size, pixels[:4]) == ("RGBA", (20, 10), bytes((200, 30, 7, 128)))
