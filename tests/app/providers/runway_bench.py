"""What the tests of Runway share."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from jsonschema import Draft202012Validator

from app.catalogue.request import ImageRequest, RequestReference
from app.providers.transport import Transport
from app.providers.vendors.runway import RunwayVendor
from tests.app.providers.fakes import MemoryUploads, gen4_request
from tests.app.providers.runway_table import TASK, begin_upload
from tests.app.providers.scripted import Reply, Routes

SCHEMA = json.loads((Path(__file__).parent / "data" / "runway_text_to_image.schema.json").read_text("utf-8"))
KEY = "key_" + "ab12" * 32
CREATED = Reply(json={"id": TASK, "estimatedCost": {"credits": 8}})
UPLOADS: Routes = {"POST /v1/uploads": begin_upload, "POST /store.*": Reply(status=204)}


def assert_valid(name: str, value: object) -> None:
    Draft202012Validator(
        {"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]},
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    ).validate(value)


def runway(
    address: str, transport: Transport, memory: MemoryUploads, *, draft: bool = False, key: str = KEY
) -> RunwayVendor:
    return RunwayVendor(
        address=address, key=key, transport=transport, uploads=memory, draft=draft, clock=memory.clock
    )


def with_references(request: ImageRequest, references: tuple[RequestReference, ...]) -> ImageRequest:
    return replace(request, references=references)


def any_uploads(count: int, folder: Path) -> dict[str, str]:
    request = gen4_request(folder, references=count)
    return {one.photograph.sha256: f"runway://{one.photograph.sha256}" for one in request.references}
