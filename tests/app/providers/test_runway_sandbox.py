"""The whole life of a job against our own sandbox: prepare, submit, follow, fetch, verify, cancel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.basics.clock import SystemClock
from app.basics.faults import Charged, Fault, Lost, Refused, Retry, Unreachable
from app.basics.money import Money
from app.imaging.verify import verify_result
from app.providers.contract import Forgotten, News, Over, Ready, Ticket, Waiting, Working
from app.providers.polling import LOOPBACK_FLOOR, Pace, follow
from app.providers.refusals import Speaker
from app.providers.transport import Transport
from app.providers.vendors.runway import RunwayVendor
from app.sandbox.knobs import Knobs
from app.sandbox.server import Sandbox, serve
from tests.app.providers.fakes import MemoryUploads, StillClock, gen4_request

SPEAKER = Speaker(vendor="runway", title="Runway", host="", usage_page="https://x.example/", draft=False)


class World:
    def __init__(self, sandbox: Sandbox, transport: Transport, *, draft: bool = False) -> None:
        self.sandbox = sandbox
        self.vendor = RunwayVendor(
            address=sandbox.url,
            key="key_test",
            transport=transport,
            uploads=MemoryUploads(StillClock()),
            draft=draft,
            clock=SystemClock(),
        )
        self.told: list[News] = []

    async def follow(self, ticket: Ticket) -> Ready | Over | Forgotten:
        return await follow(
            lambda: self.vendor.look(ticket),
            pace=Pace(first=0.05, floor=LOOPBACK_FLOOR),
            deadline=20,
            late=SPEAKER.deadline,
            clock=SystemClock(),
            told=self.told.append,
        )

    def turn(self, **knobs: object) -> None:
        self.sandbox.stage.board.turn(knobs)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    one = await serve(knobs=Knobs(seconds=0.4))
    yield one
    await one.close()


@pytest.fixture
def world(sandbox: Sandbox, transport: Transport) -> World:
    return World(sandbox, transport)


async def made(world: World, folder: Path) -> Ticket:
    request = gen4_request(folder)
    accepted = await world.vendor.submit(request, await world.vendor.prepare(request))
    return accepted.ticket


async def test_from_photographs_to_a_picture(world: World, tmp_path: Path) -> None:
    ticket = await made(world, tmp_path)
    assert ticket.estimate == 8
    news = await world.follow(ticket)
    assert isinstance(news, Ready)
    assert isinstance(world.told[0], Waiting | Working)  # a busy machine looks late
    assert any(isinstance(one, Working) and one.progress is not None for one in world.told)
    assert world.told[-1] is news
    assert news.charge is not None
    assert news.charge.money == Money(80_000)
    await world.vendor.fetch(ticket, news.outputs[0], tmp_path / "out")
    facts = verify_result(tmp_path / "out")
    assert (facts.width, facts.height) == (1920, 1080)
    tally = world.sandbox.stage.tally
    assert tally.keys_leaked == 0
    assert tally.uploads_stored == 2
    account = await world.vendor.account()
    assert account.concurrency["gen4_image"] == 20
    assert account.balance == 1_000_000 - 8


async def test_a_draft_is_free(sandbox: Sandbox, transport: Transport, tmp_path: Path) -> None:
    world = World(sandbox, transport, draft=True)
    ticket = await made(world, tmp_path)
    assert ticket.draft is True
    news = await world.follow(ticket)
    assert isinstance(news, Ready)
    assert news.charge is not None
    assert news.charge.money == 0


async def test_cancel_while_it_waits_and_while_it_runs(world: World, tmp_path: Path) -> None:
    world.turn(seconds=60)
    ticket = await made(world, tmp_path)
    verdict = await world.vendor.cancel(ticket)
    assert verdict.free is None
    assert "had not started" in verdict.words
    assert await world.vendor.look(ticket) == Forgotten()
    world.turn(seconds=2)
    ticket = await made(world, tmp_path)
    while not isinstance(await world.vendor.look(ticket), Working):  # noqa: ASYNC110 - time must pass there
        await asyncio.sleep(0.05)
    verdict = await world.vendor.cancel(ticket)
    assert verdict.free is False
    assert "had started" in verdict.words


async def test_a_finished_picture_survives_a_cancel(world: World, tmp_path: Path) -> None:
    ticket = await made(world, tmp_path)
    await world.follow(ticket)
    verdict = await world.vendor.cancel(ticket)
    assert (verdict.free, verdict.stopped) == (False, False)
    assert verdict.charge is not None
    assert verdict.charge.money == Money(80_000)
    assert isinstance(await world.vendor.look(ticket), Ready)


@pytest.mark.parametrize(
    ("knobs", "kind", "charged", "retry"),
    [
        ({"lose_next": 1}, Lost, Charged.UNKNOWN, Retry.ASK),
        ({"reset_next": 1}, Lost, Charged.UNKNOWN, Retry.ASK),
        ({"garble_next": 1}, Lost, Charged.UNKNOWN, Retry.ASK),
        ({"refuse_next": 1, "refuse_status": 502}, Lost, Charged.UNKNOWN, Retry.ASK),
        ({"refuse_next": 1, "refuse_html": True}, Lost, Charged.UNKNOWN, Retry.ASK),
        ({"refuse_next": 1, "retry_after": 90}, Refused, Charged.NO, Retry.LATER),
        ({"refuse_next": 1, "refuse_status": 429}, Refused, Charged.NO, Retry.LATER),
        ({"credit_balance": 7}, Refused, Charged.NO, Retry.ASK),
        ({"daily_generations": 0}, Refused, Charged.NO, Retry.LATER),
    ],
)
async def test_creates_that_go_wrong(
    world: World, tmp_path: Path, knobs: dict[str, object], kind: type[Fault], charged: Charged, retry: Retry
) -> None:
    request = gen4_request(tmp_path)
    uploads = await world.vendor.prepare(request)
    world.turn(**knobs)
    with pytest.raises(kind) as caught:
        await world.vendor.submit(request, uploads)
    assert (caught.value.charged, caught.value.retry) == (charged, retry)
    assert caught.value.retry_after == knobs.get("retry_after")
    assert world.sandbox.stage.tally.creates == 1


async def test_trouble_on_the_way_is_overcome(world: World, tmp_path: Path) -> None:
    world.turn(lose_uploads_next=2)
    ticket = await made(world, tmp_path)
    world.turn(lose_polls_next=1, refuse_polls_next=1, cut_downloads_next=1)
    news = await world.follow(ticket)
    assert isinstance(news, Ready)
    with pytest.raises(Unreachable):
        await world.vendor.fetch(ticket, news.outputs[0], tmp_path / "out")
    await world.vendor.fetch(ticket, news.outputs[0], tmp_path / "out")
    assert verify_result(tmp_path / "out").width == 1920


async def test_a_full_account_is_told_as_queued(world: World, tmp_path: Path) -> None:
    world.turn(throttle_next=1, throttle_seconds=0.4)
    assert isinstance(await world.follow(await made(world, tmp_path)), Ready)
    assert world.told[0] == Waiting(throttled=True)


async def test_a_moderated_prompt(world: World, tmp_path: Path) -> None:
    world.turn(moderated_words=("sneaker",))
    news = await world.follow(await made(world, tmp_path))
    assert isinstance(news, Over)
    assert news.fault.code == "runway.safety.input.text"
    assert news.fault.charged is Charged.NO


async def test_an_expired_address_is_made_fresh_by_a_look(world: World, tmp_path: Path) -> None:
    ticket = await made(world, tmp_path)
    news = await world.follow(ticket)
    assert isinstance(news, Ready)
    world.sandbox.stage.epoch += 1
    with pytest.raises(Refused) as caught:
        await world.vendor.fetch(ticket, news.outputs[0], tmp_path / "out")
    assert caught.value.code == "runway.address-expired"
    again = await world.vendor.look(ticket)
    assert isinstance(again, Ready)
    await world.vendor.fetch(ticket, again.outputs[0], tmp_path / "out")


async def test_uploads_refused_go_inline(world: World, tmp_path: Path) -> None:
    world.turn(refuse_uploads_next=2)
    assert isinstance(await world.follow(await made(world, tmp_path)), Ready)
    assert world.sandbox.stage.tally.uploads_stored == 0
