from __future__ import annotations

import pytest

from app.basics.faults import BadInput, Bug
from app.providers.contract import Ticket, Vendor
from app.providers.registry import Registry, VendorKind


class FakeVendor:
    def __init__(self, address: str, key: str, draft: bool) -> None:
        self.id, self.title = "runway", "Runway"
        self.address, self.key, self.draft = address, key, draft
        self.closed = 0

    async def close(self) -> None:
        self.closed += 1


def make(*, address: str, key: str, draft: bool) -> Vendor:
    return FakeVendor(address, key, draft)  # type: ignore[return-value]


RUNWAY = VendorKind(
    id="runway",
    title="Runway",
    key_name="RUNWAYML_API_SECRET",
    address_name="RUNWAYML_BASE_URL",
    default_address="https://api.dev.runwayml.com",
    make=make,
)


class World:
    def __init__(self, key: str | None = None, **environment: str) -> None:
        self.key = key
        self.environment = environment
        self.started = 0
        self.registry = Registry(
            [RUNWAY], find_key=lambda id: self.key, environment=self.environment, sandbox_url=self.sandbox
        )

    async def sandbox(self) -> str:
        self.started += 1
        return "http://127.0.0.1:4711"

    async def facts(self) -> tuple[str, str, bool]:
        one = await self.registry.vendor("runway")
        assert isinstance(one, FakeVendor)
        return one.address, one.key, one.draft


def ticket(address: str, *, draft: bool) -> Ticket:
    return Ticket(vendor="runway", id="1", address=address, draft=draft)


async def test_no_key_is_the_sandbox() -> None:
    for key in (None, "", "  \n"):
        world = World(key, RUNWAYML_BASE_URL="https://api.example.com")
        assert not await world.registry.is_live("runway")
        assert await world.facts() == ("http://127.0.0.1:4711", "sandbox", True)
        assert world.started == 1


async def test_a_key_is_live_at_its_address() -> None:
    world = World("key_a\n")
    assert await world.registry.is_live("runway")
    assert await world.facts() == ("https://api.dev.runwayml.com", "key_a", False)
    world.environment["RUNWAYML_BASE_URL"] = "http://127.0.0.1:9/base/"
    assert await world.facts() == ("http://127.0.0.1:9/base", "key_a", False)
    assert world.started == 0


@pytest.mark.parametrize("key", ["key a", "key\x00a", "schlüssel", "a\r\nX-Evil: 1"])
async def test_a_key_that_cannot_stand_in_a_header(key: str) -> None:
    with pytest.raises(BadInput) as caught:
        await World(key).registry.vendor("runway")
    assert caught.value.code == "vendor.key-bad"
    assert key not in caught.value.sentence()


async def test_a_plain_http_address_is_refused() -> None:
    with pytest.raises(BadInput) as caught:
        await World("key_a", RUNWAYML_BASE_URL="http://api.example.com").registry.vendor("runway")
    assert "RUNWAYML_BASE_URL" in caught.value.title


async def test_one_vendor_for_an_account() -> None:
    world = World("key_a")
    first = await world.registry.vendor("runway")
    assert await world.registry.vendor("runway") is first
    world.key = "key_b"
    second = await world.registry.vendor("runway")
    assert second is not first
    assert "key_" not in repr(vars(world.registry)).replace("key_name", "").replace("find_key", "").replace(
        "_key", ""
    )
    await world.registry.close()
    assert isinstance(first, FakeVendor)
    assert isinstance(second, FakeVendor)
    assert (first.closed, second.closed) == (1, 1)
    await world.registry.close()
    assert first.closed == 1


async def test_who_follows_a_ticket() -> None:
    world = World("key_a")
    live = await world.registry.vendor_of(ticket("https://api.dev.runwayml.com", draft=False))
    assert live is await world.registry.vendor("runway")
    draft = await world.registry.vendor_of(ticket("http://127.0.0.1:4711", draft=True))
    assert isinstance(draft, FakeVendor)
    assert (draft.address, draft.key, draft.draft) == ("http://127.0.0.1:4711", "sandbox", True)
    assert world.started == 0
    with pytest.raises(BadInput) as elsewhere:
        await world.registry.vendor_of(ticket("https://old.example.com", draft=False))
    assert elsewhere.value.code == "vendor.other-address"
    with pytest.raises(Bug):
        await world.registry.vendor_of(ticket("https://old.example.com", draft=True))
    world.key = None
    with pytest.raises(BadInput) as without:
        await world.registry.vendor_of(ticket("https://api.dev.runwayml.com", draft=False))
    assert without.value.code == "vendor.no-key"


async def test_a_vendor_nobody_knows() -> None:
    world = World()
    assert [kind.id for kind in world.registry.kinds] == ["runway"]
    with pytest.raises(BadInput) as caught:
        await world.registry.vendor("acme")
    assert "acme" in caught.value.title
    assert "runway" in caught.value.advice
