"""What is Runway's own: the body, the headers, the uploads, and where a refusal points."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from app.basics.faults import BadInput, Charged, DiskTrouble, Fault, Refused, Retry, Unreachable, Where
from app.basics.money import NOTHING, Money
from app.catalogue.request import ImageRequest, RequestReference
from app.providers.contract import Ready
from app.providers.line import Answer
from app.providers.transport import Transport
from app.providers.vendors.runway import ADDRESS_NAME, DEFAULT_ADDRESS, KEY_NAME, RunwayVendor, wire
from tests.app.providers.fakes import MemoryUploads, StillClock, gen4_request, photograph
from tests.app.providers.runway_table import GONE, INVALID, PENDING, READY, TASK, begin_upload, issue
from tests.app.providers.scripted import Act, Reply, Routes, Seen, scripted

SCHEMA = json.loads((Path(__file__).parent / "data" / "runway_text_to_image.schema.json").read_text("utf-8"))
KEY = "key_" + "ab12" * 32
CREATED = Reply(json={"id": TASK, "estimatedCost": {"credits": 8}})
UPLOADS: Routes = {"POST /v1/uploads": begin_upload, "POST /store.*": Reply(status=204)}


def assert_valid(name: str, value: object) -> None:
    Draft202012Validator(
        {"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]},
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    ).validate(value)


@pytest.fixture
def memory(clock: StillClock) -> MemoryUploads:
    return MemoryUploads(clock)


def runway(
    address: str, transport: Transport, memory: MemoryUploads, *, draft: bool = False, key: str = KEY
) -> RunwayVendor:
    return RunwayVendor(
        address=address, key=key, transport=transport, uploads=memory, draft=draft, clock=memory.clock
    )


# --- the create -----------------------------------------------------------------------------------


async def test_the_whole_request(transport: Transport, memory: MemoryUploads, tmp_path: Path) -> None:
    request = gen4_request(tmp_path, references=3)
    async with scripted({"POST /base/v1/text_to_image": CREATED}) as server:
        vendor = runway(f"{server.url}/base", transport, memory)
        uploads = {one.photograph.sha256: f"runway://upload-{one.tag}" for one in request.references}
        await vendor.submit(request, uploads)
        seen = server.seen[0]
    body = seen.json()
    assert body == {
        "model": "gen4_image",
        "promptText": request.prompt,
        "ratio": "1920:1080",
        "referenceImages": [
            {"uri": "runway://upload-sneaker", "tag": "sneaker"},
            {"uri": "runway://upload-model", "tag": "model"},
            {"uri": "runway://upload-studio", "tag": "studio"},
        ],
        "contentModeration": {"publicFigureThreshold": "auto"},
        "seed": 42,
    }
    assert_valid("Gen4ImageRequestStrict", body)
    host = server.url.removeprefix("http://")
    assert {name: seen.headers[name] for name in seen.headers if name != "accept-encoding"} == {
        "host": host,
        "accept": "application/json",
        "connection": "keep-alive",
        "user-agent": "Tagloom/9.9",
        "authorization": f"Bearer {KEY}",
        "x-runway-version": "2024-11-06",
        "content-type": "application/json",
        "content-length": str(len(seen.body)),
    }
    assert "X-Runway-Version" in seen.raw_names


def test_a_body_leaves_out_what_is_not_asked(tmp_path: Path) -> None:
    request = gen4_request(tmp_path, references=0, seed=None, parameters={}, settings={})
    body = wire.create_body(request, {})
    assert body == {"model": "gen4_image", "promptText": request.prompt, "ratio": "1920:1080"}
    assert_valid("Gen4ImageRequestStrict", body)


def test_moderation_goes_only_where_the_card_says_so(tmp_path: Path) -> None:
    asked = {"content_moderation": "low"}
    assert "contentModeration" not in wire.create_body(
        gen4_request(tmp_path, parameters=asked, settings={}), _any(2, tmp_path)
    )
    body = wire.create_body(gen4_request(tmp_path, parameters=asked), _any(2, tmp_path))
    assert body["contentModeration"] == {"publicFigureThreshold": "low"}


def test_turbo(tmp_path: Path) -> None:
    request = gen4_request(tmp_path, references=1, model="gen4_image_turbo", width=720, height=720)
    assert_valid("Gen4ImageTurboRequest", wire.create_body(request, _any(1, tmp_path)))


@settings(max_examples=60, deadline=None)
@given(
    prompt=st.text(min_size=1, max_size=300),
    seed=st.none() | st.integers(0, 4_294_967_295),
    size=st.sampled_from([(1920, 1080), (1080, 1920), (720, 720), (2112, 912), (1680, 720)]),
    tags=st.lists(st.from_regex(r"\A[A-Za-z][A-Za-z0-9]{2,14}\Z"), max_size=3),
)
def test_bodies_are_what_the_schema_takes(
    shared_folder: Path, prompt: str, seed: int | None, size: tuple[int, int], tags: list[str]
) -> None:
    shot = photograph(shared_folder, "one", content=b"x" * 600)
    request = gen4_request(
        shared_folder,
        references=0,
        prompt=prompt,
        seed=seed,
        width=size[0],
        height=size[1],
    )
    references = tuple(RequestReference(tag=tag, photograph=shot) for tag in tags)
    body = wire.create_body(_with(request, references), {shot.sha256: "runway://abcdefgh"})
    assert_valid("Gen4ImageRequestStrict", body)
    assert body["promptText"] == prompt
    assert body.get("seed") == seed
    assert [one["tag"] for one in body.get("referenceImages", [])] == [tag.lower() for tag in tags]  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shared")


def _with(request: ImageRequest, references: tuple[RequestReference, ...]) -> ImageRequest:
    return replace(request, references=references)


def _any(count: int, folder: Path) -> dict[str, str]:
    request = gen4_request(folder, references=count)
    return {one.photograph.sha256: f"runway://{one.photograph.sha256}" for one in request.references}


@pytest.mark.parametrize(
    ("path", "message", "where"),
    [
        (["promptText"], "Too big", Where(socket="prompt")),
        (["ratio"], "Invalid option", Where(parameter="aspect_ratio")),
        (["seed"], "Too big", Where(parameter="seed")),
        (["contentModeration", "publicFigureThreshold"], "No", Where(parameter="content_moderation")),
        (["referenceImages", 1, "tag"], "Bad", Where(socket="reference_images", item=1)),
        (["referenceImages"], "Too big", Where(socket="reference_images")),
        (
            ["referenceImages", 0, "uri"],
            "Asset size exceeds 16.0MB",
            Where(socket="reference_images", item=0),
        ),
        ([], "Bad", Where()),
        (["something"], "Bad", Where()),
    ],
)
async def test_a_refusal_points_to_its_place(
    transport: Transport,
    memory: MemoryUploads,
    tmp_path: Path,
    path: list[str | int],
    message: str,
    where: Where,
) -> None:
    refusal = Reply(status=400, json=issue(INVALID, path, message))
    async with scripted({"POST /v1/text_to_image": refusal}) as server:
        with pytest.raises(Refused) as caught:
            await runway(server.url, transport, memory).submit(gen4_request(tmp_path), _any(2, tmp_path))
        assert caught.value.where == where


@pytest.mark.parametrize(
    "body",
    [
        {"error": 7},
        {"issues": "none"},
        {"error": "x", "issues": [7, None]},
        {"error": "x", "issues": [{"path": "ratio", "message": 3}]},
        {"error": "x", "issues": [{"path": [None]}]},
        [],
        "text",
    ],
)
async def test_odd_refusals_are_still_words(
    transport: Transport, memory: MemoryUploads, tmp_path: Path, body: object
) -> None:
    async with scripted({"POST /v1/text_to_image": Reply(status=400, json=body)}) as server:
        with pytest.raises(Refused) as caught:
            await runway(server.url, transport, memory).submit(gen4_request(tmp_path), _any(2, tmp_path))
        assert caught.value.code == "runway.refused.400"


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
    request = _with(gen4_request(tmp_path), twice)
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
        request = _with(gen4_request(tmp_path), (RequestReference(tag="large", photograph=shot),))
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
    request = _with(gen4_request(tmp_path), (RequestReference(tag="tiny", photograph=shot),))
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


# --- money ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cost", "money"),
    [
        ({"credits": 8}, 80_000),
        ({"credits": 0}, 0),
        ({"credits": 2.5}, 25_000),
        ({"credits": 0.1 + 0.2}, 3_000),
    ],
)
def test_a_credit_is_a_cent(cost: object, money: int) -> None:
    charge = wire.charge_of({"cost": cost}, draft=False)
    assert charge is not None
    assert charge.money == Money(money)
    assert isinstance(charge.money, int)


@pytest.mark.parametrize(
    "cost",
    [
        None,
        {},
        {"credits": None},
        {"credits": "8"},
        {"credits": True},
        {"credits": -1},
        {"credits": 1e400},
        8,
    ],
)
def test_a_cost_that_is_none(cost: object) -> None:
    assert wire.charge_of({"cost": cost}, draft=False) is None


async def test_a_draft_costs_no_money(transport: Transport, memory: MemoryUploads) -> None:
    async with scripted({"GET .*": READY}) as server:
        vendor = runway(server.url, transport, memory, draft=True)
        ticket = wire.created_ticket(Answer(status=200, json=CREATED.json), address=server.url, draft=True)
        assert ticket is not None
        news = await vendor.look(ticket)
        assert isinstance(news, Ready)
        assert news.charge is not None
        assert (news.charge.money, news.charge.vendor_amount) == (NOTHING, 8.0)


async def test_a_ticket_with_an_odd_id_stays_in_its_path(transport: Transport, memory: MemoryUploads) -> None:
    odd = Reply(json={"id": "../organization?x=1#y", "estimatedCost": {}})
    async with scripted({"GET .*": GONE}) as server:
        ticket = wire.created_ticket(Answer(status=200, json=odd.json), address=server.url, draft=False)
        assert ticket is not None
        assert ticket.estimate is None
        await runway(server.url, transport, memory).look(ticket)
        assert server.seen[0].path == "/v1/tasks/..%2Forganization%3Fx%3D1%23y"


async def test_cancel_looks_before_it_deletes(transport: Transport, memory: MemoryUploads) -> None:
    order: list[str] = []

    def seen(reply: Reply) -> object:
        def answer(one: Seen) -> Reply:
            order.append(one.method)
            return reply

        return answer

    routes = {"GET .*": seen(PENDING), "DELETE .*": seen(Reply(status=204))}
    async with scripted(routes) as server:  # type: ignore[arg-type]
        ticket = wire.created_ticket(Answer(status=200, json=CREATED.json), address=server.url, draft=False)
        assert ticket is not None
        await runway(server.url, transport, memory).cancel(ticket)
    assert order == ["GET", "DELETE", "GET"]


def test_addresses_and_names(transport: Transport, memory: MemoryUploads) -> None:
    assert (KEY_NAME, ADDRESS_NAME) == ("RUNWAYML_API_SECRET", "RUNWAYML_BASE_URL")
    assert runway(f"{DEFAULT_ADDRESS}/", transport, memory).address == DEFAULT_ADDRESS
    with pytest.raises(BadInput) as caught:
        runway("http://api.example.com", transport, memory)
    assert "RUNWAYML_BASE_URL" in caught.value.title
