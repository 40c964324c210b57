"""Runway's upload flow: a form with the file last, kept for a day, and every way to get it wrong."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from time import monotonic
from typing import Any

import httpx
import pytest

from app.sandbox import uploads
from tests.app.sandbox.conftest import Open, Wire, assert_valid, photograph

CUP = photograph(300, 200)


def form(parts: list[tuple[str, str | None, bytes]]) -> tuple[bytes, dict[str, str]]:
    """A multipart body with the parts in the order given: name, file name or None, content."""
    lines = []
    for name, filename, content in parts:
        head = f'form-data; name="{name}"' + (f'; filename="{filename}"' if filename else "")
        lines.append(b"--seam\r\nContent-Disposition: " + head.encode() + b"\r\n\r\n" + content + b"\r\n")
    return b"".join(lines) + b"--seam--\r\n", {"Content-Type": "multipart/form-data; boundary=seam"}


async def send(begun: dict[str, Any], parts: list[tuple[str, str | None, bytes]]) -> httpx.Response:
    body, headers = form(parts)
    async with httpx.AsyncClient() as anyone:
        return await anyone.post(begun["uploadUrl"], content=body, headers=headers)


def fields_of(begun: dict[str, Any]) -> list[tuple[str, str | None, bytes]]:
    return [(name, None, value.encode()) for name, value in begun["fields"].items()]


async def test_an_upload_becomes_a_reference(wire: Wire) -> None:
    uri = await wire.upload(CUP)
    assert uri.startswith("runway://")
    made = await wire.made(referenceImages=[{"uri": uri, "tag": "cup"}], promptText="@cup")
    (reference,) = wire.sandbox.stage.tasks.find(made).order.references  # type: ignore[union-attr]
    assert reference.sha256 == hashlib.sha256(CUP).hexdigest()
    assert reference.path is not None
    assert reference.path.read_bytes() == CUP
    tally = await wire.tally()
    assert (tally["uploads_begun"], tally["uploads_stored"], tally["keys_leaked"]) == (1, 1, 0)
    assert tally["bytes_received"] > len(CUP)


async def test_the_same_bytes_uploaded_or_inline_are_the_same_order(wire: Wire) -> None:
    inline = f"data:image/jpeg;base64,{base64.b64encode(CUP).decode()}"
    one = await wire.made(referenceImages=[{"uri": await wire.upload(CUP), "tag": "cup"}])
    two = await wire.made(referenceImages=[{"uri": inline, "tag": "cup"}])
    assert (await wire.picture(one)).content == (await wire.picture(two)).content


@pytest.mark.parametrize("name", ["a.png", "x" * 251 + ".jpg", "PHOTO.JPEG", "clip.mp4", "été 鞋.webp"])
async def test_good_file_names(wire: Wire, name: str) -> None:
    assert (await wire.begin(name))["uploadUrl"].startswith(wire.url)


@pytest.mark.parametrize(
    "body",
    [
        {"filename": "ab", "type": "ephemeral"},
        {"filename": "x" * 252 + ".jpg", "type": "ephemeral"},
        {"filename": "notes.txt", "type": "ephemeral"},
        {"filename": "picture", "type": "ephemeral"},
        {"filename": ".png", "type": "ephemeral"},
        {"filename": "a.png", "type": "permanent"},
        {"filename": "a.png"},
        {"type": "ephemeral"},
        {"filename": 5, "type": "ephemeral"},
        [],
    ],
)
async def test_bad_upload_requests(wire: Wire, body: object) -> None:
    answer = await wire.http.post("/v1/uploads", json=body)
    assert answer.status_code == 400
    assert_valid("ValidationErrorBody", answer.json())
    assert answer.json()["issues"]


async def test_the_file_must_come_last(wire: Wire) -> None:
    begun = await wire.begin()
    first = await send(begun, [("file", "cup.jpg", CUP), *fields_of(begun)])
    assert (first.status_code, b"AccessDenied" in first.content) == (403, True)
    after = await send(begun, [*fields_of(begun), ("file", "cup.jpg", CUP), ("more", None, b"x")])
    assert (after.status_code, b"must be the last field" in after.content) == (400, True)
    assert (await send(begun, [*fields_of(begun), ("file", "cup.jpg", CUP)])).status_code == 204


@pytest.mark.parametrize("at", range(4))
async def test_every_field_must_be_there_and_right(wire: Wire, at: int) -> None:
    begun = await wire.begin()
    fields = fields_of(begun)
    missing = await send(begun, [*fields[:at], *fields[at + 1 :], ("file", "cup.jpg", CUP)])
    fields[at] = (fields[at][0], None, b"forged")
    forged = await send(begun, [*fields, ("file", "cup.jpg", CUP)])
    assert (missing.status_code, forged.status_code) == (403, 403)
    assert (await wire.create(referenceImages=[{"uri": begun["runwayUri"]}])).status_code == 400


async def test_extra_fields_no_file_and_a_second_use_are_refused(wire: Wire) -> None:
    begun = await wire.begin()
    fields = fields_of(begun)
    assert (await send(begun, [*fields, ("acl", None, b"x"), ("file", "a.jpg", CUP)])).status_code == 403
    assert (await send(begun, fields)).status_code == 400
    assert (
        await send(begun, [*fields, ("metadata", None, b"{}"), ("file", "a.jpg", CUP)])
    ).status_code == 204
    again = await send(begun, [*fields, ("file", "a.jpg", CUP)])
    assert (again.status_code, b"already used" in again.content) == (403, True)


@pytest.mark.parametrize(("size", "status"), [(511, 400), (512, 204)])
async def test_the_smallest_file(wire: Wire, size: int, status: int) -> None:
    begun = await wire.begin()
    answer = await send(begun, [*fields_of(begun), ("file", "cup.jpg", b"x" * size)])
    assert answer.status_code == status


async def test_the_largest_file(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    assert uploads.LARGEST == 200 * 1024 * 1024
    monkeypatch.setattr(uploads, "LARGEST", 1_000_000)
    begun = await wire.begin()
    fine = await send(begun, [*fields_of(begun), ("file", "cup.jpg", b"x" * 1_000_000)])
    begun = await wire.begin()
    over = await send(begun, [*fields_of(begun), ("file", "cup.jpg", b"x" * 1_000_001)])
    assert (fine.status_code, over.status_code) == (204, 400)
    assert b"EntityTooLarge" in over.content
    folder = wire.sandbox.stage.uploads._folder
    assert len(list(folder.iterdir())) == 1, "what was refused is not kept"


async def test_a_chunked_body_is_refused_as_stores_do(wire: Wire) -> None:
    begun = await wire.begin()
    body, headers = form([*fields_of(begun), ("file", "cup.jpg", CUP)])

    async def pieces() -> Any:
        yield body

    async with httpx.AsyncClient() as anyone:
        answer = await anyone.post(begun["uploadUrl"], content=pieces(), headers=headers)
    assert (answer.status_code, b"MissingContentLength" in answer.content) == (411, True)


@pytest.mark.parametrize(
    "kind", ["application/json", "multipart/form-data", "multipart/form-data; boundary=other"]
)
async def test_a_form_that_is_none_is_refused(wire: Wire, kind: str) -> None:
    begun = await wire.begin()
    async with httpx.AsyncClient() as anyone:
        answer = await anyone.post(begun["uploadUrl"], content=b"{}" * 9, headers={"Content-Type": kind})
    assert 400 <= answer.status_code < 500
    assert b"<Error>" in answer.content


async def test_an_upload_expires(opened: Open) -> None:
    """Taken until its time is over, refused ever after; how fast this machine asks does not matter."""
    life = 0.3
    wire = await opened(upload_seconds=life)
    begun = monotonic()
    uri = await wire.upload(CUP)
    while (answer := await wire.create(referenceImages=[{"uri": uri}])).status_code == 200:
        assert monotonic() - begun < 60, "the upload never expires"
        await asyncio.sleep(0.05)
    assert monotonic() - begun >= life
    assert "does not exist or has expired" in answer.json()["issues"][0]["message"]


async def test_uploads_can_be_told_to_expire(wire: Wire) -> None:
    uri = await wire.upload(CUP)
    await wire.knobs(expire_uploads=True)
    assert (await wire.create(referenceImages=[{"uri": uri}])).status_code == 400


async def test_a_begun_upload_without_its_file_is_unknown(wire: Wire) -> None:
    begun = await wire.begin()
    assert (await wire.create(referenceImages=[{"uri": begun["runwayUri"]}])).status_code == 400


async def test_a_key_sent_to_the_store_is_noticed(wire: Wire) -> None:
    begun = await wire.begin()
    await wire.http.post(begun["uploadUrl"], data=begun["fields"], files={"file": ("cup.jpg", CUP)})
    assert (await wire.tally())["keys_leaked"] == 1


async def test_uploads_that_are_refused_or_lost(wire: Wire) -> None:
    await wire.knobs(refuse_uploads_next=1, uploads_status=403, lose_uploads_next=1)
    refused = await wire.http.post("/v1/uploads", json={"filename": "a.png", "type": "ephemeral"})
    assert refused.status_code == 403
    begun = await wire.begin()
    with pytest.raises(httpx.TransportError):
        await send(begun, [*fields_of(begun), ("file", "cup.jpg", CUP)])
    assert (await send(begun, [*fields_of(begun), ("file", "cup.jpg", CUP)])).status_code == 204
