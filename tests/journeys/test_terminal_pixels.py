"""Every ratio and resolution gives exactly Runway's pixels, and a second run sends nothing."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from PIL import Image

from tests.support.capturing import capturing
from tests.support.graphs import document, model
from tests.support.terminal import EXAMPLE, tagloom

pytestmark = [pytest.mark.journey, pytest.mark.timeout(120)]

PIXELS = {
    "1080p 16:9": (1920, 1080),
    "1080p 9:16": (1080, 1920),
    "1080p 4:3": (1440, 1080),
    "1080p 3:4": (1080, 1440),
    "1080p 1:1": (1080, 1080),
    "1080p 21:9": (2112, 912),
    "720p 16:9": (1280, 720),
    "720p 9:16": (720, 1280),
    "720p 4:3": (960, 720),
    "720p 3:4": (720, 960),
    "720p 1:1": (720, 720),
    "720p 21:9": (1680, 720),
}


def node_of(pair: str) -> str:
    return pair.replace(" ", "-").replace(":", "x")


def the_example_twelve_times(path: Path) -> Path:
    """The example's own photographs, words and tags, once for each pair, all at the defaults."""
    shot = json.loads(EXAMPLE.read_text("utf-8"))
    photographs = {
        id: str(EXAMPLE.parent / one["values"]["file"])
        for id, one in shot["nodes"].items()
        if one["kind"] == "reference-image"
    }
    for file in photographs.values():
        target = path.parent / "refs" / Path(file).name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(Path(file).read_bytes())
    tags = [(one["from"].split(".")[0], one["tag"]) for one in shot["links"] if "tag" in one]
    words = shot["nodes"]["words"]["values"]["text"]
    return document(
        path,
        {id: f"refs/{Path(file).name}" for id, file in photographs.items()},
        *(model(node_of(pair), words, tags) for pair in PIXELS),
    )


def sets() -> list[str]:
    words = []
    for pair in PIXELS:
        resolution, ratio = pair.split()
        words += ["--set", f"{node_of(pair)}.aspect_ratio={ratio}"]
        words += ["--set", f"{node_of(pair)}.resolution={resolution}"]
    return words


def test_all_twelve_pairs_with_no_key_and_again_from_the_library(tmp_path: Path) -> None:
    path = the_example_twelve_times(tmp_path / "twelve.tagloom")
    words = ("run", path, *sets(), "--json", "--seconds", "0")
    ran = tagloom(*words)
    assert ran.code == 0, ran
    images = {one["node"]: one for one in ran.finished["images"]}
    found = {}
    for pair in PIXELS:
        image = images[node_of(pair)]
        data = Path(image["path"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == image["sha256"]
        assert (image["draft"], image["reused"]) == (True, False)
        with Image.open(image["path"]) as picture:
            found[pair] = picture.size
    assert found == PIXELS

    again = tagloom(*words)
    assert again.code == 0, again
    assert all(one["reused"] for one in again.finished["images"])
    assert {one["sha256"] for one in again.finished["images"]} == {one["sha256"] for one in images.values()}
    assert [one["event"] for one in again.events if one["event"] in ("queued", "running", "notice")] == []


def test_with_a_key_the_ratio_is_sent_in_pixels_and_a_second_run_sends_nothing(tmp_path: Path) -> None:
    path = the_example_twelve_times(tmp_path / "twelve.tagloom")
    words = ("run", path, *sets(), "--json", "--yes", "--live")
    with capturing() as runway:
        ran = tagloom(*words, environment=runway.environment())
        assert ran.code == 0, ran
        assert sorted(one["ratio"] for one in runway.creates) == sorted(
            f"{w}:{h}" for w, h in PIXELS.values()
        )
        assert (ran.finished["credits"], ran.finished["usd"]) == (1200, 0.78)
        assert len(runway.uploads) == 3  # each photograph once for all twelve
        sizes = {one["node"]: (one["width"], one["height"]) for one in ran.finished["images"]}
        assert sizes == {node_of(pair): size for pair, size in PIXELS.items()}
        runway.requests.clear()
        again = tagloom(*words, environment=runway.environment())
        assert again.code == 0, again
        assert all(one["reused"] for one in again.finished["images"])
        assert runway.requests == []
        assert runway.refused == []
