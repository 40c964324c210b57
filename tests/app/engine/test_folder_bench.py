"""Pictures written under names of the artist's: byte for byte, never over another."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from pathlib import Path

import pytest

from app.basics.faults import BadInput, DiskTrouble
from app.document.name_template import Facts
from app.engine import bench as bench_module
from app.engine.bench import FolderBench, SeenLately
from app.imaging.facts import ImageFacts
from app.imaging.photographs import Photographs
from app.nodes.declare import Picture
from tests.app.engine.scripted import png


def made(folder: Path, number: int, *, name: str = "hero", seed: int | None = 42) -> Picture:
    data = png(number)
    path = folder / f"{number}.png"
    path.write_bytes(data)
    return Picture(
        path=path, sha256=hashlib.sha256(data).hexdigest(), name=name, width=16, height=9, seed=seed
    )


@pytest.fixture
def bench(tmp_path: Path):
    photographs = Photographs(tmp_path / "cache")
    yield FolderBench(
        resolve=lambda file: tmp_path / file,
        photographs=photographs,
        output=tmp_path / "out" / "deep",
        facts=lambda picture: Facts(
            node=picture.name,
            title="Hero shot" if picture.name == "hero" else picture.name,
            seed=picture.seed,
            tags={"shoe": "coffee"},
        ),
    )
    photographs.close()


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{node}-{seed}", "hero-42.png"),
        ("{title} {n}", "Hero shot 1.png"),
        ("plain", "plain.png"),
        ("../../etc/passwd", "etc-passwd.png"),
        ("a/b\\c:d*?", "a-b-c-d.png"),
        ("  .. ", "picture.png"),
        ("", "picture.png"),
        ("CON", "_CON.png"),
        ("产品 {seed}", "产品 42.png"),
        ("{tag:shoe} {{unknown}", "coffee {unknown}.png"),
        ("x" * 500, "x" * 120 + ".png"),
    ],
)
async def test_names(bench: FolderBench, tmp_path: Path, template: str, expected: str) -> None:
    path = await bench.save(made(tmp_path, 1), template)
    assert path == tmp_path / "out" / "deep" / expected
    assert path.read_bytes() == png(1)
    assert sorted(one.name for one in path.parent.iterdir()) == [expected]


@pytest.mark.parametrize("template", ["{unknown}", "{node.__class__}", "{tag:hat}", "{node"])
async def test_a_name_that_cannot_be_filled_in_is_said(
    bench: FolderBench, tmp_path: Path, template: str
) -> None:
    with pytest.raises(BadInput):
        await bench.save(made(tmp_path, 1), template)
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").rglob("*.png"))


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{node}-{seed}", ["hero", "hero-2"]),
        ("{seed}_{title}", ["_Hero shot", "_Hero shot-2"]),
        ("{seed}", ["picture", "2"]),
        ("{title} {seed} {n}", ["Hero shot 1", "Hero shot 2"]),
    ],
)
async def test_a_picture_without_a_seed_leaves_no_gap(
    bench: FolderBench, tmp_path: Path, template: str, expected: list[str]
) -> None:
    for number, name in enumerate(expected, 1):
        path = await bench.save(made(tmp_path, number, seed=None), template)
        assert path.stem == name


async def test_never_over_another_and_not_twice_the_same(bench: FolderBench, tmp_path: Path) -> None:
    first, second = made(tmp_path, 1), made(tmp_path, 2)
    paths = await asyncio.gather(*(bench.save(one, "{node}") for one in (first, second, first, second)))
    assert [path.name for path in paths] == ["hero.png", "hero-2.png", "hero.png", "hero-2.png"]
    assert paths[1].read_bytes() == png(2)
    assert (await bench.save(second, "{node}-{n}")).name == "hero-1.png"
    assert bench.saved[first.sha256] == paths[0]


@pytest.mark.parametrize(("theirs", "name"), [(1, "hero.png"), (2, "hero-2.png")])
async def test_another_process_was_quicker(
    bench: FolderBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, theirs: int, name: str
) -> None:
    """Between our look and our write a file of that name has come: the same picture, or another."""
    place = bench_module._place

    def late(source: Path, target: Path) -> Path:
        monkeypatch.setattr(bench_module, "_place", place)
        target.write_bytes(png(theirs))
        return place(source, target)

    monkeypatch.setattr(bench_module, "_place", late)
    path = await bench.save(made(tmp_path, 1), "{node}")
    assert (path.name, path.read_bytes()) == (name, png(1))
    assert (path.parent / "hero.png").read_bytes() == png(theirs)


async def test_the_ending_follows_the_bytes(bench: FolderBench, tmp_path: Path) -> None:
    picture = made(tmp_path, 1, seed=None)
    jpeg = tmp_path / "really.png"
    jpeg.write_bytes(b"\xff\xd8\xff\xe0 and so on")
    path = await bench.save(Picture(path=jpeg, sha256="0", name="hero", width=1, height=1), "{node}{seed}")
    assert path.name == "hero.jpg"
    assert (await bench.save(picture, "{node}{seed}")).name == "hero.png"


async def test_a_folder_that_cannot_be_written_is_said(bench: FolderBench, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file, where the folder should be")
    with pytest.raises(DiskTrouble) as raised:
        await bench.save(made(tmp_path, 1), "x")
    assert raised.value.code == "engine.save"


async def test_photographs_come_with_content_and_size(bench: FolderBench, tmp_path: Path) -> None:
    made(tmp_path, 7)
    picture = await bench.photograph("7.png")
    assert (picture.width, picture.height, picture.name) == (16, 9, "7.png")
    assert picture.sha256 == hashlib.sha256(png(7)).hexdigest()
    with pytest.raises(BadInput):
        await bench.photograph("missing.png")


class Counting:
    """A reader that counts, and waits."""

    def __init__(self, fault: BadInput | None = None) -> None:
        self.hashes = 0
        self.fault = fault

    async def content_hash(self, path: Path) -> str:
        self.hashes += 1
        await asyncio.sleep(0.01)
        if self.fault is not None:
            raise self.fault
        return "a" * 64

    async def facts(self, path: Path) -> ImageFacts:
        return ImageFacts(width=16, height=9, format="PNG", mode="RGB", bytes=1, has_alpha=False)


def shared(folder: Path, reader: Counting, lately: SeenLately) -> FolderBench:
    return FolderBench(
        resolve=lambda file: folder / file,
        photographs=reader,
        output=folder,
        facts=lambda picture: Facts(node=picture.name),
        lately=lately,
    )


async def test_rows_that_begin_together_look_into_a_photograph_once(tmp_path: Path) -> None:
    (tmp_path / "shoe.png").write_bytes(png(1))
    reader, lately = Counting(), SeenLately()
    benches = [shared(tmp_path, reader, lately) for _ in range(20)]
    seen = await asyncio.gather(*(one.photograph("shoe.png") for one in benches))
    assert reader.hashes == 1
    assert {one.sha256 for one in seen} == {"a" * 64}
    (tmp_path / "shoe.png").write_bytes(png(2) + b"longer")
    await benches[0].photograph("shoe.png")
    assert reader.hashes == 2


async def test_one_that_is_cancelled_leaves_the_others_their_look(tmp_path: Path) -> None:
    (tmp_path / "shoe.png").write_bytes(png(1))
    reader, lately = Counting(), SeenLately()
    first, second = (
        asyncio.create_task(shared(tmp_path, reader, lately).photograph("shoe.png")) for _ in range(2)
    )
    while not reader.hashes:  # noqa: ASYNC110
        await asyncio.sleep(0.001)
    first.cancel()
    assert (await second).width == 16
    assert first.cancelled()
    assert reader.hashes == 1


async def test_a_photograph_that_could_not_be_read_is_looked_into_again(tmp_path: Path) -> None:
    (tmp_path / "shoe.png").write_bytes(png(1))
    reader, lately = Counting(BadInput("torn", advice="", code="image.unreadable")), SeenLately()
    for expected in (1, 2):
        with pytest.raises(BadInput):
            await shared(tmp_path, reader, lately).photograph("shoe.png")
        assert reader.hashes == expected
    reader.fault = None
    assert (await shared(tmp_path, reader, lately).photograph("shoe.png")).height == 9


async def test_files_that_are_asked_for_together_are_found_together(tmp_path: Path) -> None:
    """And one that leads nowhere is only its own node's trouble, with a fault for each who asks."""
    for number in range(3):
        (tmp_path / f"{number}.png").write_bytes(png(number))
    threads: list[int] = []

    def resolve(file: str) -> Path:
        threads.append(threading.get_ident())
        if file == "outside":
            raise BadInput("outside", advice="", code="file.outside")
        return tmp_path / file

    one = FolderBench(
        resolve=resolve,
        photographs=Counting(),
        output=tmp_path,
        facts=lambda picture: Facts(node=picture.name),
    )
    files = ["0.png", "1.png", "outside", "2.png", "outside"]
    seen = await asyncio.gather(*(one.photograph(file) for file in files), return_exceptions=True)
    assert [getattr(picture, "name", "") for picture in seen] == ["0.png", "1.png", "", "2.png", ""]
    assert [fault.code for fault in seen if isinstance(fault, BadInput)] == ["file.outside"] * 2
    assert seen[2] is not seen[4]
    assert threading.get_ident() not in threads
    assert len(set(threads[:4])) == 1
