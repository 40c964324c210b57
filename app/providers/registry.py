"""Which vendors there are, and where each one's work goes: to the vendor itself when there is a key, else to
the sandbox. Only `compose` gives the list; nobody below asks the environment or the keyring."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from app.basics.faults import BadInput, Bug
from app.basics.words import listed, say
from app.providers.addresses import check_address, is_loopback
from app.providers.contract import Ticket, Vendor

SANDBOX_KEY = "sandbox"


class VendorFactory(Protocol):
    def __call__(self, *, address: str, key: str, draft: bool) -> Vendor: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorKind:
    """What is known of a vendor before it is spoken to. The two names are environment variables."""

    id: str
    title: str
    key_name: str
    address_name: str
    default_address: str
    make: VendorFactory


class Registry:
    """`find_key` gives a vendor's key by its id, or None; it may be slow (a system keyring) and is called in
    a thread. `environment` is read for addresses. `sandbox_url` starts the sandbox where it does not run.

    One vendor object for each account and address, kept until `close`: a changed key takes effect with the
    next run, while what is under way goes on with the old one.
    """

    def __init__(
        self,
        kinds: Iterable[VendorKind],
        *,
        find_key: Callable[[str], str | None],
        environment: Mapping[str, str],
        sandbox_url: Callable[[], Awaitable[str]],
    ) -> None:
        self._kinds = {kind.id: kind for kind in kinds}
        self._find_key = find_key
        self._environment = environment
        self._sandbox_url = sandbox_url
        self._made: dict[tuple[str, str, str, bool], Vendor] = {}

    @property
    def kinds(self) -> tuple[VendorKind, ...]:
        return tuple(self._kinds.values())

    def kind(self, id: str) -> VendorKind:
        """:raises BadInput: `vendor.unknown`"""
        kind = self._kinds.get(id)
        if kind is None:
            known = listed(self._kinds) or say("none")
            raise BadInput(
                say("Tagloom does not know the vendor “{id}”.", id=id),
                advice=say("Choose one of: {known}.", known=known),
                code="vendor.unknown",
            )
        return kind

    def address(self, id: str) -> str:
        """Where a vendor lives: its variable in the environment, else its own address.

        :raises BadInput: `address.bad`, naming the variable
        """
        kind = self.kind(id)
        given = self._environment.get(kind.address_name, "").strip()
        return check_address(given or kind.default_address, variable=kind.address_name)

    async def is_live(self, id: str) -> bool:
        """Whether work goes to the vendor itself and costs money; else to the sandbox."""
        return await self._key(self.kind(id)) is not None

    async def vendor(self, id: str) -> Vendor:
        """The vendor for new work: live where there is a key, else the sandbox, as a draft."""
        kind = self.kind(id)
        key = await self._key(kind)
        if key is not None:
            return self._one(kind, self.address(id), key, draft=False)
        address = check_address(await self._sandbox_url(), variable="the sandbox")
        return self._one(kind, address, SANDBOX_KEY, draft=True)

    async def vendor_of(self, ticket: Ticket) -> Vendor:
        """The vendor that can follow a ticket. A draft's is at its own address, where the sandbox may be
        gone: a look then says so. The key goes to no other address than the vendor's own.

        :raises BadInput: `vendor.no-key`, `vendor.other-address`
        """
        kind = self.kind(ticket.vendor)
        if ticket.draft:
            if not is_loopback(ticket.address):
                raise Bug(
                    say("A draft's ticket names an address that is not on this computer."),
                    advice=say("Please report this. Nothing was sent."),
                    code="vendor.draft-elsewhere",
                )
            return self._one(kind, ticket.address, SANDBOX_KEY, draft=True)
        key = await self._key(kind)
        if key is None:
            raise BadInput(
                say("A job at {title} is under way, but there is no key to ask for it.", title=kind.title),
                advice=say(
                    "Give the key with `tagloom keys set {id}` or in {key_name}; the "
                    "picture is then brought home for free.",
                    id=kind.id,
                    key_name=kind.key_name,
                ),
                code="vendor.no-key",
            )
        if ticket.address != self.address(kind.id):
            raise BadInput(
                say(
                    "A job at {title} was made at {address}, and the address is now another.",
                    title=kind.title,
                    address=ticket.address,
                ),
                advice=say("Set {address_name} back to follow it.", address_name=kind.address_name),
                code="vendor.other-address",
            )
        return self._one(kind, ticket.address, key, draft=False)

    async def close(self) -> None:
        made = tuple(self._made.values())
        self._made.clear()
        for vendor in made:
            await vendor.close()

    async def _key(self, kind: VendorKind) -> str | None:
        """:raises BadInput: `vendor.key-bad`: it could not stand in a header"""
        found = await asyncio.to_thread(self._find_key, kind.id)
        key = (found or "").strip()
        if not key:
            return None
        if not key.isascii() or not key.isprintable() or " " in key:
            raise BadInput(
                say("The key for {title} contains characters that no key has.", title=kind.title),
                advice=say(
                    "Copy it again, whole, into {key_name} or `tagloom keys set {id}`.",
                    key_name=kind.key_name,
                    id=kind.id,
                ),
                code="vendor.key-bad",
            )
        return key

    def _one(self, kind: VendorKind, address: str, key: str, *, draft: bool) -> Vendor:
        # A digest, so that no key stands in a table that a debugger prints.
        account = hashlib.sha256(key.encode()).hexdigest()
        place = (kind.id, address, account, draft)
        vendor = self._made.get(place)
        if vendor is None:
            vendor = self._made[place] = kind.make(address=address, key=key, draft=draft)
        return vendor
