"""What is BFL's own: where its key may go, what leaves, what it charged, and pictures that are gone."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

import pytest
from PIL import Image

from app.basics.clock import Clock
from app.basics.faults import Charged, Refused, Retry, Where
from app.basics.money import Money
from app.providers.contract import Charge, Over, Ready, Ticket
from app.providers.transport import Transport
from app.providers.vendors.bfl import BflVendor
from app.providers.vendors.bfl.vendor import may_carry_key
from app.providers.vendors.bfl.wire import TAKEN, create_body
from tests.app.providers.bfl_table import CREATE, CREATED, LOOK, OUTPUT, READY, TASK, flux_request, told
from tests.app.providers.contract_table import KEY
from tests.app.providers.fakes import StillClock
from tests.app.providers.scripted import Reply, scripted
from tests.support.bfl_schema import assert_valid


def bfl(address: str, transport: Transport, clock: Clock, *, draft: bool = False) -> BflVendor:
    return BflVendor(address=address, key=KEY, transport=transport, draft=draft, clock=clock)


def ticket(address: str, **changes: object) -> Ticket:
    plain = Ticket(vendor="bfl", id=TASK, address=address, draft=False)
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://api.bfl.ai/v1/get_result?id=1", True),
        ("https://api.eu2.bfl.ai/v1/get_result?id=1", True),
        ("https://API.EU2.BFL.AI/v1/get_result?id=1", True),
        ("https://bfl.ai/v1/get_result?id=1", True),
        ("http://api.eu2.bfl.ai/v1/get_result?id=1", False),
        ("https://api.bfl.ai:8443/v1/get_result?id=1", False),
        ("https://api.bfl.ai.example.com/v1/get_result?id=1", False),
        ("https://evilbfl.ai/v1/get_result?id=1", False),
        ("https://key@api.bfl.ai/v1/get_result?id=1", False),
        ("https://api.bfl.ai\\@evil.example/", False),
        ("http://127.0.0.1:9/v1/get_result?id=1", False),
        ("", False),
    ],
)
def test_where_the_key_may_go(address: str, good: bool) -> None:
    assert may_carry_key(address, base="https://api.bfl.ai") is good


def test_on_this_computer_the_key_goes_to_the_same_place_alone() -> None:
    base = "http://127.0.0.1:8000"
    assert may_carry_key(f"{base}/v1/get_result?id=1", base=base)
    assert not may_carry_key("http://127.0.0.1:8001/v1/get_result?id=1", base=base)
    assert not may_carry_key("https://api.bfl.ai/v1/get_result?id=1", base=base)


async def test_a_polling_address_on_this_server_is_followed(transport: Transport, clock: StillClock) -> None:
    async with scripted({"GET /elsewhere.*": READY}) as server:
        vendor = bfl(server.url, transport, clock)
        news = await vendor.look(ticket(server.url, look_at=f"{server.url}/elsewhere?id=9"))
        assert isinstance(news, Ready)
        assert server.seen[0].headers["x-key"] == KEY


async def test_a_foreign_polling_address_gets_no_key(transport: Transport, clock: StillClock) -> None:
    """The job is asked for at the vendor's own address instead."""
    async with scripted({".*": READY}) as foreign, scripted({LOOK: READY}) as server:
        vendor = bfl(server.url, transport, clock)
        for address in (
            f"{foreign.url}/v1/get_result?id={TASK}",
            "https://bfl.ai.evil.example/v1",
            "file:///a",
        ):
            assert isinstance(await vendor.look(ticket(server.url, look_at=address)), Ready)
        assert foreign.seen == []
        assert server.count(LOOK) == 3


async def test_the_charge_is_what_the_create_said(
    transport: Transport, clock: StillClock, tmp_path: Path
) -> None:
    created = CREATED | {"cost": 19.5, "input_mp": 8.0, "output_mp": 4.0, "polling_url": None}
    async with scripted({CREATE: Reply(json=created), LOOK: READY}) as server:
        vendor = bfl(server.url, transport, clock)
        request = flux_request(tmp_path)
        accepted = await vendor.submit(request, await vendor.prepare(request))
        news = await vendor.look(accepted.ticket)
        assert isinstance(news, Ready)
        assert news.charge == Charge(money=Money(195_000), vendor_amount=19.5, vendor_unit="BFL credits")
        draft = await bfl(server.url, transport, clock, draft=True).look(replace(accepted.ticket, draft=True))
        assert isinstance(draft, Ready)
        assert draft.charge is not None
        assert draft.charge.money == 0
        verdict = await vendor.cancel(accepted.ticket)
        assert (verdict.stopped, verdict.free) == (False, False)
        assert "BFL charged 19.5 BFL credits" in verdict.words


async def test_what_leaves(transport: Transport, clock: StillClock, tmp_path: Path) -> None:
    async with scripted({CREATE: Reply(json=CREATED)}) as server:
        vendor = bfl(server.url, transport, clock)
        request = flux_request(tmp_path)
        await vendor.submit(request, await vendor.prepare(request))
        body = server.seen[0].json()
    assert isinstance(body, dict)
    assert_valid("Flux2Inputs", body)
    assert list(body) == [
        "prompt", "input_image", "input_image_2", "width", "height", "seed", "safety_tolerance",
        "output_format",
    ]  # fmt: skip
    assert (body["prompt"], body["width"], body["height"]) == (request.prompt, 2048, 2048)
    assert (body["seed"], body["safety_tolerance"], body["output_format"]) == (42, 2, "png")
    first = request.references[0].photograph.path.read_bytes()
    assert b64decode(body["input_image"]) == first
    Image.open(request.references[1].photograph.path).verify()


def test_without_size_and_seed_nothing_is_said_of_them(tmp_path: Path) -> None:
    body = create_body(flux_request(tmp_path, references=0, width=0, height=0, seed=None), {})
    assert_valid("Flux2Inputs", body)
    assert not {"width", "height", "seed", "input_image"} & set(body)


async def test_a_photograph_that_cannot_be_read_is_named(
    transport: Transport, clock: StillClock, tmp_path: Path
) -> None:
    request = flux_request(tmp_path)
    request.references[1].photograph.path.unlink()
    with pytest.raises(Exception, match="could not be read") as caught:
        await bfl("https://api.bfl.ai", transport, clock).prepare(request)
    assert getattr(caught.value, "where", None) == Where(socket="reference_images", item=1)


@pytest.mark.parametrize(
    ("field", "where", "says"),
    [
        ("prompt", Where(socket="prompt"), "the prompt"),
        ("input_image", Where(socket="reference_images", item=0), "reference photograph 1"),
        ("input_image_8", Where(socket="reference_images", item=7), "reference photograph 8"),
        ("width", Where(parameter="resolution"), "the width"),
        ("safety_tolerance", Where(parameter="safety_tolerance"), "the safety tolerance"),
        ("surprise", Where(), "the request"),
    ],
)
async def test_a_refusal_names_its_place(
    transport: Transport, clock: StillClock, tmp_path: Path, field: str, where: Where, says: str
) -> None:
    wrong = {"detail": [{"loc": ["body", field], "msg": "Input should be better", "type": "value_error"}]}
    async with scripted({CREATE: Reply(status=422, json=wrong)}) as server:
        vendor, request = bfl(server.url, transport, clock), flux_request(tmp_path)
        pictures = await vendor.prepare(request)
        with pytest.raises(Refused) as caught:
            await vendor.submit(request, pictures)
    assert caught.value.where == where
    assert f"BFL refused {says} (422): Input should be better." == caught.value.title
    assert "Nothing was charged" in caught.value.advice


async def test_moderation_says_its_reasons(transport: Transport, clock: StillClock) -> None:
    reasons = {"Moderation Reasons": ["Derivative Works Filter", "Violence"]}
    async with scripted({LOOK: told("Request Moderated", details=reasons)}) as server:
        news = await bfl(server.url, transport, clock).look(ticket(server.url))
        draft = await bfl(server.url, transport, clock, draft=True).look(ticket(server.url, draft=True))
    assert isinstance(news, Over)
    assert news.fault.title.endswith("Derivative Works Filter, Violence.")
    assert "did not say what it charged" in news.fault.advice
    assert isinstance(draft, Over)
    assert draft.fault.charged is Charged.NO


async def test_a_picture_that_is_gone(transport: Transport, clock: StillClock, tmp_path: Path) -> None:
    """Its address was refused, its ten minutes are over, and a look gives the very same address."""
    async with scripted({"GET /out.*": Reply(status=403)}) as server:
        address = f"{server.url}/out?sig=1"
        server.routes = {**server.routes, LOOK: told("Ready", result={"sample": address})}
        vendor = bfl(server.url, transport, clock)
        taken = clock.now()
        job = ticket(server.url, estimate=4.5, extras=MappingProxyType({TAKEN: taken.isoformat()}))
        assert isinstance(await vendor.look(job), Ready)
        with pytest.raises(Refused, match="no longer good"):
            await vendor.fetch(job, address, tmp_path / "a")
        clock.time = timedelta(minutes=9).total_seconds()
        assert isinstance(await vendor.look(job), Ready)  # something on the way refuses it: not gone yet
        clock.time = timedelta(minutes=10).total_seconds()
        gone = await vendor.look(job)
        assert isinstance(gone, Over)
        assert (gone.fault.code, gone.fault.charged, gone.fault.retry) == (
            "bfl.picture-gone", Charged.YES, Retry.ASK,
        )  # fmt: skip
        assert "The picture is gone" in gone.fault.title
        assert "BFL charged 4.5 BFL credits" in gone.fault.advice
        server.routes = {**server.routes, LOOK: told("Ready", result={"sample": OUTPUT})}
        assert isinstance(await vendor.look(job), Ready)  # a fresh address
