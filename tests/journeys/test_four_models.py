"""One document, four models, five vendors: what `tagloom run` sends to each, recorded at the socket and kept
in files.

A photograph stands in them by the colour of its middle. `GOLDEN=write` writes the files anew: look at the
difference before it is committed.
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from google.genai import types
from jsonschema import Draft202012Validator
from PIL import Image

from app.catalogue.reader import read_cards
from app.document.edits import set_value
from app.document.file_reader import read_text
from app.document.file_writer import write_text
from app.nodes.models import switch
from app.nodes.registry import build_kinds
from app.sandbox.server import Sandbox, serve
from app.sandbox.uploads import UploadShelf
from tests.app.sandbox.conftest import flat_picture
from tests.support.bfl_schema import assert_valid as assert_bfl
from tests.support.graphs import COLOURS, document, model, paint
from tests.support.terminal import tagloom

pytestmark = [pytest.mark.journey, pytest.mark.timeout(120)]
KINDS = build_kinds(read_cards())
GOLDEN = Path(__file__).parent / "data" / "four_models"
RUNWAY = json.loads(
    (Path(__file__).parents[1] / "app" / "sandbox" / "data" / "runway_text_to_image.schema.json").read_text(
        "utf-8"
    )
)
WORDS = "The @red cup beside @green plate, @Blue wall behind; mail to a@red.example"
REPLICATE = "gen4-image at replicate"
CREATES = {
    "gen4-image": "POST /v1/text_to_image",
    "flux-2-pro": "POST /v1/flux-2-pro",
    "nano-banana-pro": "POST /v1/models/gemini-3-pro-image:generateContent",
    "seedream-4-5": "POST /api/v3/images/generations",
    REPLICATE: "POST /v1/models/runwayml/gen4-image/predictions",
}
KEY = "key_0123456789abcdef"
PROBE = b"{}"
"""By which ModelArk is asked whether a key is good: refused as no request at all."""
HOP = frozenset({"Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive"})
"""Headers of one line, not of what is handed on."""
KEY_HEADERS = ("authorization", "x-key", "x-goog-api-key")
DATA = re.compile(r"^(?:data:(image/[a-z]+);base64,)?([A-Za-z0-9+/]{200,}={0,2})$")


class Recorder:
    """Stands before the sandbox and hands everything on as it comes. `creates`: method and path, where the
    key was, the body."""

    def __init__(self, sandbox: Sandbox, line: ClientSession) -> None:
        self.creates: list[dict[str, Any]] = []
        self._sandbox, self._line = sandbox, line

    @property
    def uploads(self) -> UploadShelf:
        return self._sandbox.stage.uploads

    async def hand_on(self, request: web.Request) -> web.Response:
        data = await request.read()
        called = f"{request.method} {request.path}"
        if called in CREATES.values() and data != PROBE:
            keys = [name for name in KEY_HEADERS if KEY in request.headers.get(name, "")]
            self.creates.append({"request": called, "key in": keys, "body": json.loads(data)})
        headers = {name: value for name, value in request.headers.items() if name not in HOP}
        async with self._line.request(
            request.method, self._sandbox.url + request.path_qs, data=data or None, headers=headers,
            allow_redirects=False,
        ) as answer:  # fmt: skip
            kept = {name: value for name, value in answer.headers.items() if name not in HOP}
            return web.Response(status=answer.status, body=await answer.read(), headers=kept)


@asynccontextmanager
async def recorded() -> AsyncIterator[tuple[Recorder, str]]:
    """A recorder and its address, which is the sandbox's for whoever asks."""
    sandbox = await serve(seconds=0.1, paint=flat_picture)
    async with ClientSession(auto_decompress=False) as line:
        recorder = Recorder(sandbox, line)
        application = web.Application(client_max_size=2**26)
        application.router.add_route("*", "/{tail:.*}", recorder.hand_on)
        async with TestServer(application, host="127.0.0.1") as server:
            host = f"127.0.0.1:{server.port}"
            sandbox.stage.hosts |= {host}
            try:
                yield recorder, f"http://{host}"
            finally:
                await sandbox.close()


def shown(value: Any, recorder: Recorder) -> Any:
    """With the colours of photographs in their place."""
    if isinstance(value, dict):
        return {name: shown(one, recorder) for name, one in value.items()}
    if isinstance(value, list):
        return [shown(one, recorder) for one in value]
    if isinstance(value, str) and value.startswith("runway://"):
        upload = recorder.uploads.stored(value, 3600)
        assert upload is not None
        return f"uploaded: <{_colour(upload.path.read_bytes())}>"
    found = DATA.match(value) if isinstance(value, str) else None
    if found is None:
        return value
    said = f"data:{found[1]};base64," if found[1] else ""
    return f"{said}<{_colour(base64.b64decode(found[2]))}>"


def _colour(data: bytes) -> str:
    image = Image.open(io.BytesIO(data)).convert("RGB")
    middle = image.getpixel((image.width // 2, image.height // 2))
    assert isinstance(middle, tuple)
    name = min(COLOURS, key=lambda one: sum(abs(a - b) for a, b in zip(middle, COLOURS[one], strict=True)))
    return f"{name} {image.width} x {image.height}"


def environment(url: str) -> dict[str, str]:
    keys = ("RUNWAYML_API_SECRET", "REPLICATE_API_TOKEN", "BFL_API_KEY", "GEMINI_API_KEY", "ARK_API_KEY")
    bases = ("RUNWAYML_BASE_URL", "REPLICATE_BASE_URL", "BFL_BASE_URL", "GOOGLE_GEMINI_BASE_URL")
    return dict.fromkeys(keys, KEY) | dict.fromkeys(bases, url) | {"ARK_BASE_URL": f"{url}/api/v3"}


def shot(folder: Path, kind: str) -> Path:
    """The one document with this model in Gen4 Image's place; the links are in another order than the tags
    in the prompt."""
    for name, colour in COLOURS.items():
        paint(folder / f"{name}.png", colour)
    order = [("blue", "blue"), ("red", "red"), ("green", "green")]
    path = document(
        folder / "shot.tagloom",
        {name: f"{name}.png" for name in COLOURS},
        model("hero", WORDS, order, {"aspect_ratio": "16:9"}),
    )
    one = read_text(path.read_text("utf-8")).document
    if kind == REPLICATE:
        elsewhere = set_value(one, "hero", "vendor", "replicate")
        path.write_text(write_text(elsewhere), "utf-8")
    elif kind != "gen4-image":
        path.write_text(write_text(switch(one, KINDS, ("hero",), kind)), "utf-8")
    return path


def assert_valid(kind: str, body: dict[str, Any]) -> None:
    """By the vendor's own schema, or its own SDK's types. The sandbox has refused whatever else is wrong."""
    if kind == "gen4-image":
        schema = {"$ref": "#/$defs/Gen4ImageRequestStrict", "$defs": RUNWAY["$defs"]}
        Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(body)
    elif kind == "flux-2-pro":
        assert_bfl("Flux2Inputs", body)
    elif kind == "nano-banana-pro":
        for content in body["contents"]:
            types.Content.model_validate(content)
        types.GenerationConfig.model_validate(
            {name: one for name, one in body["generationConfig"].items() if name != "imageConfig"}
        )
        types.ImageConfig.model_validate(body["generationConfig"]["imageConfig"])


@pytest.mark.parametrize("kind", CREATES)
async def test_what_leaves_for_each_model(kind: str, tmp_path: Path) -> None:
    async with recorded() as (recorder, url):
        path = shot(tmp_path, kind)
        ran = await asyncio.to_thread(tagloom, "run", path, "--yes", "--json", environment=environment(url))
        assert ran.code == 0, ran
        (create,) = recorder.creates
        sent = shown(create, recorder)
    assert create["request"] == CREATES[kind]
    assert len(create["key in"]) == 1
    assert_valid(kind, create["body"])
    kept = golden(kind)
    if os.environ.get("GOLDEN") == "write":
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(sent, indent=2, ensure_ascii=False) + "\n", "utf-8")
    assert sent == json.loads(kept.read_text("utf-8"))


def golden(kind: str) -> Path:
    return GOLDEN / f"{kind.replace(' ', '-')}.json"


def test_the_words_name_the_photographs_in_their_order() -> None:
    """What the files say, in short: tags for Gen4 Image, numbers in the order of the links for the others."""
    said = {kind: golden(kind).read_text("utf-8") for kind in CREATES}
    for kind in ("gen4-image", REPLICATE):
        assert WORDS.replace("@Blue", "@blue") in said[kind], "as the tag is spelt"
    translated = "The image 2 cup beside image 3 plate, image 1 wall behind; mail to a@red.example"
    for kind in ("flux-2-pro", "nano-banana-pro", "seedream-4-5"):
        assert translated in said[kind], kind
        places = [said[kind].index(f"<{colour} 320") for colour in ("blue", "red", "green")]
        assert places == sorted(places), kind
