"""ModelArk's vendor file against our own sandbox: the limits of the card, moderation, and what goes wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from app.basics.clock import SystemClock
from app.basics.faults import Charged, Fault, Lost, Refused, Retry, Unreachable
from app.basics.money import Money
from app.catalogue.reader import combinations, read_cards
from app.imaging.verify import verify_result
from app.providers.contract import Over, Ready
from app.providers.transport import Transport
from app.providers.vendors.byteplus import ByteplusVendor
from app.sandbox.knobs import Knobs
from app.sandbox.order import Order
from app.sandbox.painter import paint_draft
from app.sandbox.server import Sandbox, serve
from tests.app.providers.byteplus_table import seedream_request
from tests.app.sandbox.conftest import flat_picture

CARD = read_cards()["seedream-4-5"]


def painted(order: Order) -> bytes:
    """The real painter where there is little to paint."""
    return paint_draft(order) if order.width == 2048 and not order.references else flat_picture(order)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    one = await serve(knobs=Knobs(seconds=0.05), paint=painted)
    yield one
    await one.close()


@pytest.fixture
async def transport() -> AsyncIterator[Transport]:
    """With the patience that the program has: a picture is painted while the answer is waited for."""
    one = Transport(version="9.9")
    yield one
    await one.close()


@pytest.fixture
def vendor(sandbox: Sandbox, transport: Transport) -> ByteplusVendor:
    return ByteplusVendor(
        address=sandbox.url, key="key_test", transport=transport, draft=False, clock=SystemClock()
    )


async def test_fourteen_references_and_4k(vendor: ByteplusVendor, sandbox: Sandbox, tmp_path: Path) -> None:
    accepted = await vendor.submit(seedream_request(tmp_path, references=14), {})
    assert isinstance(accepted.news, Ready)
    assert accepted.news.charge is not None
    assert accepted.news.charge.money == Money(40_000)
    await vendor.fetch(accepted.ticket, accepted.news.outputs[0], tmp_path / "out")
    facts = verify_result(tmp_path / "out")
    assert (facts.width, facts.height) == (5120, 2880)
    tally = sandbox.stage.tally
    assert (tally.creates, tally.accepted, tally.keys_leaked) == (1, 1, 0)


async def test_a_draft_is_a_jpeg_as_the_vendor_gives_it(vendor: ByteplusVendor, tmp_path: Path) -> None:
    accepted = await vendor.submit(seedream_request(tmp_path, references=0, width=2048, height=2048), {})
    assert isinstance(accepted.news, Ready)
    await vendor.fetch(accepted.ticket, accepted.news.outputs[0], tmp_path / "out")
    with Image.open(tmp_path / "out") as picture:
        assert (picture.format, picture.size) == ("JPEG", (2048, 2048))
        assert picture.info["comment"] == b"tagloom:draft"


async def test_one_reference_too_many(vendor: ByteplusVendor, tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        await vendor.submit(seedream_request(tmp_path, references=15), {})
    assert (caught.value.charged, caught.value.where.socket) == (Charged.NO, "reference_images")
    assert "14" in caught.value.title


async def test_every_size_of_the_card_is_taken(
    vendor: ByteplusVendor, sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.stage.board.turn({"seconds": 0})
    sizes = [CARD.size_for(values) for values in combinations(CARD)]
    assert len(sizes) == 16
    for size in sizes:
        assert size is not None
        request = seedream_request(tmp_path, references=0, width=size.width, height=size.height)
        accepted = await vendor.submit(request, {})
        assert isinstance(accepted.news, Ready)
    assert sandbox.stage.tally.accepted == 16


def test_the_price_of_the_card_is_the_price_of_its_charge() -> None:
    offer = CARD.offer()
    assert offer is not None
    assert [str(price.money / 1_000_000) for price in offer.prices] == [offer.settings["image_usd"]]


@pytest.mark.parametrize(
    ("knobs", "kind", "charged", "retry"),
    [
        ({"lose_next": 1}, Lost, Charged.UNKNOWN, Retry.ASK),
        ({"reset_next": 1}, Lost, Charged.UNKNOWN, Retry.ASK),
        ({"garble_next": 1}, Lost, Charged.UNKNOWN, Retry.ASK),
        ({"refuse_next": 1, "refuse_status": 500}, Lost, Charged.UNKNOWN, Retry.ASK),
        ({"refuse_next": 1, "refuse_status": 500, "refuse_accepts": True}, Lost, Charged.UNKNOWN, Retry.ASK),
        ({"refuse_next": 1, "refuse_html": True}, Lost, Charged.UNKNOWN, Retry.ASK),
        ({"refuse_next": 1, "retry_after": 90}, Refused, Charged.NO, Retry.LATER),
        ({"refuse_next": 1, "refuse_status": 429}, Refused, Charged.NO, Retry.LATER),
        ({"credit_balance": 0}, Refused, Charged.NO, Retry.ASK),
        ({"daily_generations": 0}, Refused, Charged.NO, Retry.LATER),
        ({"keys_refused": True}, Refused, Charged.NO, Retry.ASK),
        ({"moderated_words": ("worn",)}, Refused, Charged.NO, Retry.NEVER),
    ],
)
async def test_creates_that_go_wrong(
    vendor: ByteplusVendor,
    sandbox: Sandbox,
    tmp_path: Path,
    knobs: dict[str, object],
    kind: type[Fault],
    charged: Charged,
    retry: Retry,
) -> None:
    sandbox.stage.board.turn(knobs)
    with pytest.raises(kind) as caught:
        await vendor.submit(seedream_request(tmp_path), {})
    assert (caught.value.charged, caught.value.retry) == (charged, retry)
    assert caught.value.retry_after == knobs.get("retry_after")
    assert sandbox.stage.tally.creates == (0 if "keys_refused" in knobs else 1)


async def test_held_back_after_it_was_made(vendor: ByteplusVendor, sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.stage.board.turn({"fail_next": 1})
    accepted = await vendor.submit(seedream_request(tmp_path), {})
    assert isinstance(accepted.news, Over)
    assert (accepted.news.fault.code, accepted.news.fault.charged) == ("byteplus.safety.output", Charged.NO)


async def test_an_address_that_is_no_longer_good(
    vendor: ByteplusVendor, sandbox: Sandbox, tmp_path: Path
) -> None:
    accepted = await vendor.submit(seedream_request(tmp_path), {})
    assert isinstance(accepted.news, Ready)
    sandbox.stage.epoch += 1
    with pytest.raises(Refused) as caught:
        await vendor.fetch(accepted.ticket, accepted.news.outputs[0], tmp_path / "out")
    assert caught.value.code == "byteplus.address-expired"
    sandbox.stage.board.turn({"cut_downloads_next": 1})
    accepted = await vendor.submit(seedream_request(tmp_path), {})
    assert isinstance(accepted.news, Ready)
    with pytest.raises(Unreachable):
        await vendor.fetch(accepted.ticket, accepted.news.outputs[0], tmp_path / "out")
    await vendor.fetch(accepted.ticket, accepted.news.outputs[0], tmp_path / "out")


async def test_a_key_is_tried_out_without_a_create(vendor: ByteplusVendor, sandbox: Sandbox) -> None:
    assert "key works" in (await vendor.account()).words
    sandbox.stage.board.turn({"keys_refused": True})
    with pytest.raises(Refused) as caught:
        await vendor.account()
    assert caught.value.code == "byteplus.key"
    assert sandbox.stage.tally.creates == 0
