"""What is Runway's own: the body, the headers, the uploads, and where a refusal points."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.basics.faults import BadInput, Refused, Where
from app.basics.money import NOTHING, Money
from app.catalogue.request import RequestReference
from app.providers.contract import Ready
from app.providers.line import Answer
from app.providers.transport import Transport
from app.providers.vendors.runway import ADDRESS_NAME, DEFAULT_ADDRESS, KEY_NAME, wire
from tests.app.providers.fakes import MemoryUploads, gen4_request, photograph
from tests.app.providers.runway_bench import (
    CREATED,
    KEY,
    any_uploads,
    assert_valid,
    runway,
    with_references,
)
from tests.app.providers.runway_table import GONE, INVALID, PENDING, READY, issue
from tests.app.providers.scripted import Reply, Seen, scripted

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
        gen4_request(tmp_path, parameters=asked, settings={}), any_uploads(2, tmp_path)
    )
    body = wire.create_body(gen4_request(tmp_path, parameters=asked), any_uploads(2, tmp_path))
    assert body["contentModeration"] == {"publicFigureThreshold": "low"}


def test_turbo(tmp_path: Path) -> None:
    request = gen4_request(tmp_path, references=1, model="gen4_image_turbo", width=720, height=720)
    assert_valid("Gen4ImageTurboRequest", wire.create_body(request, any_uploads(1, tmp_path)))


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
    body = wire.create_body(with_references(request, references), {shot.sha256: "runway://abcdefgh"})
    assert_valid("Gen4ImageRequestStrict", body)
    assert body["promptText"] == prompt
    assert body.get("seed") == seed
    assert [one["tag"] for one in body.get("referenceImages", [])] == [tag.lower() for tag in tags]  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shared")


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
            await runway(server.url, transport, memory).submit(
                gen4_request(tmp_path), any_uploads(2, tmp_path)
            )
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
            await runway(server.url, transport, memory).submit(
                gen4_request(tmp_path), any_uploads(2, tmp_path)
            )
        assert caught.value.code == "runway.refused.400"


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
