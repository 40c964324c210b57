"""Photographs reach Runway once, and nothing of Runway's reaches the store."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.basics.faults import Charged, DiskTrouble, Fault, Refused, Retry, Unreachable, Where
from app.catalogue.request import RequestReference
from app.providers.transport import Transport
from app.providers.vendors.runway import wire
from tests.app.providers.fakes import MemoryUploads, StillClock, gen4_request, photograph
from tests.app.providers.runway_bench import (
    CREATED,
    KEY,
    UPLOADS,
    assert_valid,
    runway,
    with_references,
)
from tests.app.providers.runway_table import INVALID, begin_upload, issue
from tests.app.providers.scripted import Act, Reply, Routes, scripted

# --- uploads --------------------------------------------------------------------------------------


async def test_the_upload_flow(transport: Transport, memory: MemoryUploads, tmp_path: Path) -> None:
    request = gen4_request(tmp_path)
    async with scripted(UPLOADS) as server:
        uploads = await runway(server.url, transport, memory).prepare(request)
        assert set(uploads) == {one.photograph.sha256 for one in request.references}
        assert all(uri.startswith("runway://") for uri in uploads.values())
        for asked in server.asked("POST /v1/uploads"):
            assert_valid("UploadCreateRequest", asked.json())
            assert asked.headers["x-runway-version"] == "2024-11-06"
        stored = server.asked("POST /store.*")
        assert len(stored) == 2
        bodies = b"".join(one.body for one in stored)
        for one in request.references:
            assert one.photograph.path.read_bytes() in bodies
        for one in stored:
            assert not any(name.startswith(("authorization", "x-runway")) for name in one.headers)
            assert KEY not in str(one.headers)
            assert one.body.rindex(b'name="file"') > one.body.index(b'name="policy"')


async def test_once_per_content_and_day(
    transport: Transport, memory: MemoryUploads, clock: StillClock, tmp_path: Path
) -> None:
    request = gen4_request(tmp_path)
    async with scripted(UPLOADS) as server:
        await runway(server.url, transport, memory).prepare(request)
        await runway(server.url, transport, memory).prepare(request)  # another process, the same memory
        assert server.count("POST /store.*") == 2
        clock.time += timedelta(hours=21, minutes=59).total_seconds()
        await runway(server.url, transport, memory).prepare(request)
        assert server.count("POST /store.*") == 2
        clock.time += timedelta(minutes=2).total_seconds()
        await runway(server.url, transport, memory).prepare(request)
        assert server.count("POST /store.*") == 4
        await runway(server.url, transport, memory, key="key_of_another_account").prepare(request)
        assert server.count("POST /store.*") == 6
        assert KEY not in repr(memory.known)


async def test_many_that_want_the_same_upload_once(
    transport: Transport, memory: MemoryUploads, tmp_path: Path
) -> None:
    shot = photograph(tmp_path)
    twice = tuple(RequestReference(tag=tag, photograph=shot) for tag in ("one", "two"))
    request = with_references(gen4_request(tmp_path), twice)
    slow: Routes = {"POST /v1/uploads": begin_upload, "POST /store.*": Reply(status=204, delay=0.1)}
    async with scripted(slow) as server:
        vendor = runway(server.url, transport, memory)
        first = asyncio.create_task(vendor.prepare(request))
        await server.until(lambda: server.count("POST /store.*") == 1)
        rest = [asyncio.create_task(vendor.prepare(request)) for _ in range(20)]
        await asyncio.gather(first, *rest)
        assert server.count("POST /store.*") == 1


async def test_a_cancelled_upload_leaves_it_to_the_next(
    transport: Transport, memory: MemoryUploads, tmp_path: Path
) -> None:
    request = gen4_request(tmp_path, references=1)
    routes: Routes = {
        "POST /v1/uploads": begin_upload,
        "POST /store.*": [Reply(act=Act.SILENT), Reply(status=204)],
    }
    async with scripted(routes) as server:
        vendor = runway(server.url, transport, memory)
        first = asyncio.create_task(vendor.prepare(request))
        await server.until(lambda: server.count("POST /store.*") == 1)
        second = asyncio.create_task(vendor.prepare(request))
        await asyncio.sleep(0.01)
        first.cancel()
        assert len(await second) == 1
        with pytest.raises(asyncio.CancelledError):
            await first


@pytest.mark.parametrize("trouble", [Reply(status=403), Reply(status=500), Reply(act=Act.RESET_IN_BODY)])
async def test_a_store_that_fails_is_asked_anew_from_the_start(
    transport: Transport, memory: MemoryUploads, tmp_path: Path, trouble: Reply
) -> None:
    routes: Routes = {
        "POST /v1/uploads": begin_upload,
        "POST /store.*": [trouble, trouble, Reply(status=204)],
    }
    async with scripted(routes) as server:
        await runway(server.url, transport, memory).prepare(gen4_request(tmp_path, references=1))
        assert server.count("POST /v1/uploads") == 3
    always: Routes = {"POST /v1/uploads": begin_upload, "POST /store.*": trouble}
    async with scripted(always) as server:
        with pytest.raises(Unreachable) as caught:
            await runway(server.url, transport, memory).prepare(gen4_request(tmp_path, references=1))
        assert server.count("POST /store.*") == 3
        assert (caught.value.charged, caught.value.retry) == (Charged.NO, Retry.LATER)
        assert caught.value.where == Where(socket="reference_images", item=0)


async def test_inline_where_uploads_are_refused(
    transport: Transport, memory: MemoryUploads, tmp_path: Path
) -> None:
    request = gen4_request(tmp_path)
    refused = Reply(status=400, json={"error": "Uploads need an account that has bought credits."})
    async with scripted({"POST /v1/uploads": refused, "POST /v1/text_to_image": CREATED}) as server:
        vendor = runway(server.url, transport, memory)
        uploads = await vendor.prepare(request)
        assert all(uri.startswith("data:image/jpeg;base64,") for uri in uploads.values())
        await vendor.submit(request, uploads)
        assert_valid("Gen4ImageRequestStrict", server.asked("POST /v1/text_to_image")[0].json())
        assert memory.known == {}


async def test_too_large_for_inline(transport: Transport, memory: MemoryUploads, tmp_path: Path) -> None:
    fits, large = 3_932_142, 3_932_145
    for size, taken in ((fits, True), (large, False)):
        shot = photograph(tmp_path, "large", content=b"x" * size)
        request = with_references(gen4_request(tmp_path), (RequestReference(tag="large", photograph=shot),))
        async with scripted({"POST /v1/uploads": Reply(status=403, json={"error": "no"})}) as server:
            vendor = runway(server.url, transport, memory)
            if taken:
                uri = (await vendor.prepare(request))[shot.sha256]
                assert len(uri) <= 5_242_880 < len(uri) + 4
                continue
            with pytest.raises(Refused) as caught:
                await vendor.prepare(request)
            assert caught.value.code == "runway.uploads-refused"
            assert caught.value.where.item == 0


async def test_a_tiny_photograph_is_below_what_uploads_take(
    transport: Transport, memory: MemoryUploads, tmp_path: Path
) -> None:
    shot = photograph(tmp_path, "tiny", content=b"x" * 511)
    request = with_references(gen4_request(tmp_path), (RequestReference(tag="tiny", photograph=shot),))
    async with scripted({}) as server:
        uploads = await runway(server.url, transport, memory).prepare(request)
        assert uploads[shot.sha256].startswith("data:")
        assert server.seen == []


@pytest.mark.parametrize(
    ("reply", "code", "retry"),
    [
        (Reply(status=401, json={"error": "no"}), "runway.key", Retry.ASK),
        (Reply(status=429, json={"error": "no"}), "runway.limit", Retry.LATER),
        (Reply(status=500), "runway.upload.500", Retry.LATER),
        (Reply(json={"uploadUrl": "x"}), "runway.upload.200", Retry.LATER),
        (
            Reply(json={"uploadUrl": "http://cdn.example.com/", "fields": {}, "runwayUri": "runway://abcd"}),
            "runway.upload.200",
            Retry.LATER,
        ),
        (Reply(act=Act.CLOSE_AFTER_BODY), "runway.upload.reset", Retry.LATER),
    ],
)
async def test_uploads_that_cannot_begin(
    transport: Transport, memory: MemoryUploads, tmp_path: Path, reply: Reply, code: str, retry: Retry
) -> None:
    async with scripted({"POST /v1/uploads": reply}) as server:
        with pytest.raises(Fault) as caught:
            await runway(server.url, transport, memory).prepare(gen4_request(tmp_path))
        assert (caught.value.code, caught.value.retry, caught.value.charged) == (code, retry, Charged.NO)


async def test_a_photograph_that_is_gone(transport: Transport, memory: MemoryUploads, tmp_path: Path) -> None:
    request = gen4_request(tmp_path)
    request.references[1].photograph.path.unlink()
    async with scripted(UPLOADS) as server:
        with pytest.raises(DiskTrouble) as caught:
            await runway(server.url, transport, memory).prepare(request)
    assert caught.value.where == Where(socket="reference_images", item=1)


async def test_uploads_that_runway_forgot_are_not_trusted_again(
    transport: Transport, memory: MemoryUploads, tmp_path: Path
) -> None:
    request = gen4_request(tmp_path)
    gone = Reply(status=400, json=issue(INVALID, ["referenceImages", 0, "uri"], "The upload does not exist."))
    async with scripted({**UPLOADS, "POST /v1/text_to_image": [gone, CREATED]}) as server:
        vendor = runway(server.url, transport, memory)
        with pytest.raises(Refused):
            await vendor.submit(request, await vendor.prepare(request))
        assert memory.known == {}
        await vendor.submit(request, await vendor.prepare(request))
        assert server.count("POST /store.*") == 4


async def test_the_sandbox_leaves_no_uploads_behind(
    transport: Transport, memory: MemoryUploads, tmp_path: Path
) -> None:
    async with scripted(UPLOADS) as server:
        vendor = runway(server.url, transport, memory, draft=True)
        await vendor.prepare(gen4_request(tmp_path))
        await vendor.prepare(gen4_request(tmp_path))
        assert server.count("POST /store.*") == 2
        assert memory.known == {}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("shoe.png", "shoe.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\\\Users\\\\ann\\\\shoe.png", "shoe.jpg"),
        ("鞋.jpg", "0123456789abcdef.jpg"),
        ('a"b\r\nc.jpeg', "a-b-c.jpg"),
        ("x" * 400 + ".jpg", "x" * 80 + ".jpg"),
        ("", "0123456789abcdef.jpg"),
    ],
)
def test_file_names_of_uploads(tmp_path: Path, name: str, wanted: str) -> None:
    shot = replace(photograph(tmp_path, content=b"x"), name=name, sha256="0123456789abcdef" * 4)
    assert wire.file_name(shot) == wanted
