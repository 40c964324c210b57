"""What is ModelArk's own: the body, the answer that is the picture, and a ticket that remembers it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from app.basics.faults import BadInput, Charged, Fault, Lost, Refused, Retry, Unreachable, Where
from app.basics.money import NOTHING, Money
from app.engine.shelf import ticket_of, ticket_record
from app.providers.contract import Accepted, Forgotten, Over, Ready, Ticket
from app.providers.transport import Transport
from app.providers.vendors.byteplus import ADDRESS_NAME, DEFAULT_ADDRESS, KEY_NAME, ByteplusVendor
from tests.app.providers.byteplus_table import (
    CREATE,
    MODERATION,
    OUTPUT,
    SUCCEEDED,
    answered,
    error,
    seedream_request,
)
from tests.app.providers.fakes import StillClock
from tests.app.providers.scripted import Reply, Scripted, scripted

KEY = "ark-5ecre7-key"
PRICE = Money(40_000)


def shop(server: Scripted, transport: Transport, clock: StillClock, *, draft: bool = False) -> ByteplusVendor:
    return ByteplusVendor(address=server.url, key=KEY, transport=transport, draft=draft, clock=clock)


async def submitted(vendor: ByteplusVendor, folder: Path, **changes: Any) -> Accepted:
    request = seedream_request(folder, **changes)
    return await vendor.submit(request, await vendor.prepare(request))


# --- the create -----------------------------------------------------------------------------------


async def test_the_whole_request(transport: Transport, clock: StillClock, tmp_path: Path) -> None:
    async with scripted({CREATE: SUCCEEDED}) as server:
        await submitted(shop(server, transport, clock), tmp_path, references=2)
        (seen,) = server.seen
    body = seen.json()
    assert isinstance(body, dict)
    images = body.pop("image")
    assert body == {
        "model": "seedream-4-5-251128",
        "prompt": seedream_request(tmp_path).prompt,
        "sequential_image_generation": "disabled",
        "response_format": "url",
        "watermark": False,
        "size": "5120x2880",
    }
    assert [one.partition(",")[0] for one in images] == ["data:image/jpeg;base64"] * 2
    assert images[0] != images[1]
    assert {name: seen.headers[name] for name in seen.headers if name != "accept-encoding"} == {
        "host": server.url.removeprefix("http://"),
        "accept": "application/json",
        "connection": "keep-alive",
        "user-agent": "Tagloom/9.9",
        "authorization": f"Bearer {KEY}",
        "content-type": "application/json",
        "content-length": str(len(seen.body)),
    }


async def test_no_seed_and_no_empty_field(transport: Transport, clock: StillClock, tmp_path: Path) -> None:
    """Whatever a request carries: 4.5 takes no seed, and what it does with one is not known."""
    async with scripted({CREATE: SUCCEEDED}) as server:
        await submitted(shop(server, transport, clock), tmp_path, references=0, seed=42, width=0, height=0)
        body = server.seen[0].json()
    assert isinstance(body, dict)
    assert set(body) == {"model", "prompt", "sequential_image_generation", "response_format", "watermark"}


@pytest.mark.parametrize("base", ["", "/api/v3", "/api/v3/", "/proxy/ark"])
async def test_the_address_may_carry_its_path(
    transport: Transport, clock: StillClock, tmp_path: Path, base: str
) -> None:
    async with scripted({"POST .*": SUCCEEDED}) as server:
        vendor = ByteplusVendor(
            address=f"{server.url}{base}", key=KEY, transport=transport, draft=False, clock=clock
        )
        await submitted(vendor, tmp_path)
        assert server.seen[0].path == f"{base.rstrip('/') or '/api/v3'}/images/generations"


def test_addresses_and_names(transport: Transport, clock: StillClock) -> None:
    assert (KEY_NAME, ADDRESS_NAME) == ("ARK_API_KEY", "ARK_BASE_URL")
    assert DEFAULT_ADDRESS == "https://ark.ap-southeast.bytepluses.com/api/v3"
    with pytest.raises(BadInput) as caught:
        ByteplusVendor(
            address="http://ark.example.com", key=KEY, transport=transport, draft=False, clock=clock
        )
    assert "ARK_BASE_URL" in caught.value.title


# --- the answer -----------------------------------------------------------------------------------


async def test_the_answer_is_the_picture(transport: Transport, clock: StillClock, tmp_path: Path) -> None:
    async with scripted({CREATE: SUCCEEDED}) as server:
        vendor = shop(server, transport, clock)
        accepted = await submitted(vendor, tmp_path)
        assert isinstance(accepted.news, Ready)
        assert accepted.news.outputs == (OUTPUT,)
        assert accepted.news.charge is not None
        assert (accepted.news.charge.money, accepted.news.charge.vendor_amount) == (PRICE, 1.0)
        kept = ticket_of(ticket_record(accepted.ticket))
        assert await vendor.look(kept) == accepted.news, "the ledger's ticket is enough, for another process"
        assert len(server.seen) == 1
        verdict = await vendor.cancel(kept)
        assert (verdict.free, verdict.stopped) == (False, False)
        assert "already finished" in verdict.words


async def test_a_set_is_charged_by_what_came(transport: Transport, clock: StillClock, tmp_path: Path) -> None:
    for reply, money in (
        (answered({"url": OUTPUT}, images=None), PRICE),
        (answered({"url": OUTPUT}, {"url": OUTPUT}, images=2), Money(80_000)),
        (answered({"error": error("OutputImageRiskDetection")["error"]}, {"url": OUTPUT}), PRICE),
    ):
        async with scripted({CREATE: reply}) as server:
            accepted = await submitted(shop(server, transport, clock), tmp_path)
            assert isinstance(accepted.news, Ready)
            assert accepted.news.charge is not None
            assert accepted.news.charge.money == money


async def test_a_price_that_is_not_known_is_no_charge(
    transport: Transport, clock: StillClock, tmp_path: Path
) -> None:
    async with scripted({CREATE: SUCCEEDED}) as server:
        accepted = await submitted(shop(server, transport, clock), tmp_path, settings={})
        assert isinstance(accepted.news, Ready)
        assert accepted.news.charge is None


@pytest.mark.parametrize(("code", "told"), [*MODERATION, ("SomethingNew", "byteplus.failed")])
async def test_held_back_inside_an_answer_that_is_no_error(
    transport: Transport, clock: StillClock, tmp_path: Path, code: str, told: str
) -> None:
    for reply in (
        answered(error(code, f"Held back; key {KEY}."), images=0),
        Reply(json={"model": "m", "created": 1} | error(code)),
    ):
        async with scripted({CREATE: reply}) as server:
            vendor = shop(server, transport, clock)
            accepted = await submitted(vendor, tmp_path)
            news = accepted.news
            assert isinstance(news, Over)
            assert (news.fault.code, news.fault.charged) == (told, Charged.NO)
            assert "Nothing was charged" in news.fault.advice
            assert KEY not in f"{news.fault.sentence()} {news.fault.detail}"
            again = await vendor.look(ticket_of(ticket_record(accepted.ticket)))
            assert isinstance(again, Over)
            assert again.fault.code == told


@pytest.mark.parametrize(
    "data",
    [None, [], "url", [7], [{}], [{"url": ""}], [{"url": 7}], [{"size": "5120x2880"}], [{"error": "no"}]],
)
async def test_an_answer_without_a_picture_or_a_reason_is_unknown(
    transport: Transport, clock: StillClock, tmp_path: Path, data: object
) -> None:
    async with scripted({CREATE: Reply(json={"model": "m", "created": 1, "data": data})}) as server:
        with pytest.raises(Lost) as caught:
            await submitted(shop(server, transport, clock), tmp_path)
        assert caught.value.charged is Charged.UNKNOWN
        assert len(server.seen) == 1


async def test_without_an_id_in_its_head_an_answer_gets_a_name(
    transport: Transport, clock: StillClock, tmp_path: Path
) -> None:
    async with scripted({CREATE: Reply(json=SUCCEEDED.json)}) as server:
        vendor = shop(server, transport, clock)
        first, second = [(await submitted(vendor, tmp_path)).ticket.id for _ in range(2)]
        assert first == second
        assert first.startswith("answer-")


@pytest.mark.parametrize(
    ("param", "message", "where"),
    [
        ("prompt", "", Where(socket="prompt")),
        ("size", "", Where(parameter="aspect_ratio")),
        ("image", "", Where(socket="reference_images")),
        ("image[3]", "", Where(socket="reference_images", item=3)),
        ("", "The parameter `image[2]` is too large.", Where(socket="reference_images", item=2)),
        ("", "the parameter size is odd", Where(parameter="aspect_ratio")),
        ("model", "", Where()),
        ("[", "", Where()),
        ("", "", Where()),
    ],
)
async def test_a_refusal_points_to_its_place(
    transport: Transport, clock: StillClock, tmp_path: Path, param: str, message: str, where: Where
) -> None:
    refusal = Reply(status=400, json=error("InvalidParameter", message, param))
    async with scripted({CREATE: refusal}) as server:
        with pytest.raises(Refused) as caught:
            await submitted(shop(server, transport, clock), tmp_path)
        assert caught.value.where == where


# --- the picture ----------------------------------------------------------------------------------


async def test_a_day_later_the_picture_is_gone(
    transport: Transport, clock: StillClock, tmp_path: Path
) -> None:
    """There is no fresh address: within the day a refusal is tried again, after it that is the end."""
    async with scripted({CREATE: SUCCEEDED, "GET .*": Reply(status=403)}) as server:
        vendor = shop(server, transport, clock)
        ticket = ticket_of(ticket_record((await submitted(vendor, tmp_path)).ticket))
        clock.time += timedelta(hours=23, minutes=59).total_seconds()
        with pytest.raises(Refused) as early:
            await vendor.fetch(ticket, f"{server.url}/out", tmp_path / "a")
        assert (early.value.code, early.value.retry) == ("byteplus.address-expired", Retry.NOW)
        assert "fresh" not in early.value.sentence()
        clock.time += 120
        with pytest.raises(Refused) as late:
            await vendor.fetch(ticket, f"{server.url}/out", tmp_path / "a")
        assert (late.value.code, late.value.charged) == ("byteplus.picture-gone", Charged.YES)
        assert "24 hours" in late.value.title


async def test_a_draft_is_free_and_goes_with_its_sandbox(
    transport: Transport, clock: StillClock, tmp_path: Path
) -> None:
    async with scripted({"HEAD .*": [Reply(), Reply(status=403)]}) as server:
        server.routes[CREATE] = answered({"url": f"{server.url}/out.jpeg"})
        vendor = shop(server, transport, clock, draft=True)
        ticket = (await submitted(vendor, tmp_path)).ticket
        news = await vendor.look(ticket)
        assert isinstance(news, Ready)
        assert news.charge is not None
        assert news.charge.money == NOTHING
        assert await vendor.look(ticket) == Forgotten()
        assert "authorization" not in server.seen[-1].headers
    with pytest.raises(Unreachable) as caught:
        await vendor.look(ticket)
    assert caught.value.charged is Charged.NO


async def test_odd_tickets_are_forgotten(transport: Transport, clock: StillClock) -> None:
    vendor = ByteplusVendor(
        address="https://ark.example.com", key=KEY, transport=transport, draft=False, clock=clock
    )

    def ticket(**extras: str) -> Ticket:
        return Ticket(
            vendor="byteplus", id="x", address=vendor.address, draft=False, extras=MappingProxyType(extras)
        )

    assert await vendor.look(ticket()) == Forgotten()
    assert await vendor.look(ticket(images="many", usd="0.04")) == Forgotten()
    over = await vendor.look(ticket(code="OutputImageSensitiveContentDetected"))
    assert isinstance(over, Over)
    assert isinstance(over.fault, Fault)
    assert over.fault.charged is Charged.UNKNOWN
