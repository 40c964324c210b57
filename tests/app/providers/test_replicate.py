"""What is Replicate's own: where its key may go, what leaves, photographs on their way, pictures gone."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

import pytest

from app.basics.clock import Clock
from app.basics.faults import Charged, Fault, Refused, Retry, Where
from app.providers.addresses import at_same_place
from app.providers.contract import Ready, Ticket
from app.providers.transport import Transport
from app.providers.vendors.replicate import ReplicateVendor
from app.providers.vendors.replicate.wire import TAKEN, create_body
from tests.app.providers.contract_table import KEY
from tests.app.providers.fakes import MemoryUploads, StillClock, photograph
from tests.app.providers.replicate_table import (
    CREATE,
    GONE,
    LOOK,
    READY,
    REMOVED,
    STARTING,
    TASK,
    invalid,
    replicate_request,
)
from tests.app.providers.scripted import Reply, Seen, scripted


def replicate(
    address: str, transport: Transport, clock: StillClock, *, draft: bool = False
) -> ReplicateVendor:
    return ReplicateVendor(
        address=address, key=KEY, transport=transport, uploads=MemoryUploads(clock), draft=draft, clock=clock
    )


def ticket(address: str, **changes: object) -> Ticket:
    plain = Ticket(vendor="replicate", id=TASK, address=address, draft=False)
    return replace(plain, **changes)  # type: ignore[arg-type]


def taken(clock: Clock, ago: timedelta) -> MappingProxyType[str, str]:
    return MappingProxyType({TAKEN: (clock.now() - ago).isoformat()})


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://api.replicate.com/v1/predictions/1", True),
        ("https://API.replicate.com/v1/predictions/1", True),
        ("http://api.replicate.com/v1/predictions/1", False),
        ("https://api.replicate.com:8443/v1/predictions/1", False),
        ("https://stream.replicate.com/v1/predictions/1", False),
        ("https://api.replicate.com.evil.example/v1", False),
        ("https://key@api.replicate.com/v1/predictions/1", False),
        ("http://127.0.0.1:9/v1/predictions/1", False),
        ("", False),
    ],
)
def test_where_the_key_may_go(address: str, good: bool) -> None:
    assert at_same_place(address, base="https://api.replicate.com") is good


async def test_a_foreign_polling_address_gets_no_key(transport: Transport, clock: StillClock) -> None:
    async with scripted({".*": READY}) as foreign, scripted({LOOK: READY, "GET /own": READY}) as server:
        vendor = replicate(server.url, transport, clock)
        for address in (f"{foreign.url}/v1", "https://api.replicate.com.evil.example/v1", ""):
            assert isinstance(await vendor.look(ticket(server.url, look_at=address)), Ready)
        assert foreign.seen == []
        assert server.count(LOOK) == 3
        assert isinstance(await vendor.look(ticket(server.url, look_at=f"{server.url}/own")), Ready)
        assert server.count("GET /own") == 1


def test_what_leaves(tmp_path: Path) -> None:
    request = replicate_request(tmp_path)
    uploads = {one.photograph.sha256: f"https://x/{one.tag}" for one in request.references}
    assert create_body(request, uploads) == {
        "input": {
            "prompt": request.prompt,
            "aspect_ratio": "16:9",
            "resolution": "1080p",
            "reference_images": ["https://x/sneaker", "https://x/model"],
            "reference_tags": ["sneaker", "model"],
            "seed": 42,
        }
    }


def test_without_references_and_seed_there_are_no_lists(tmp_path: Path) -> None:
    request = replicate_request(tmp_path, references=0, seed=None)
    given = {"prompt": request.prompt, "aspect_ratio": "16:9", "resolution": "1080p"}
    assert create_body(request, {}) == {"input": given}


async def test_a_create_never_waits(transport: Transport, clock: StillClock, tmp_path: Path) -> None:
    async with scripted({CREATE: STARTING}) as server:
        vendor = replicate(server.url, transport, clock)
        request = replicate_request(tmp_path)
        accepted = await vendor.submit(request, await vendor.prepare(request))
        assert "prefer" not in server.asked(CREATE)[0].headers
        assert accepted.news is None
        assert accepted.ticket.extras[TAKEN] == clock.now().isoformat()


def file_made(seen: Seen) -> Reply:
    return Reply(status=201, json={"id": "f1", "urls": {"get": f"http://{seen.headers['host']}/v1/files/f1"}})


async def test_small_photographs_go_inline_and_large_ones_once_by_the_files_api(
    transport: Transport, clock: StillClock, tmp_path: Path
) -> None:
    large = photograph(tmp_path, "large", content=b"\xff\xd8\xff" + b"x" * 300_000)
    request = replicate_request(tmp_path)
    small, other = request.references
    request = replace(request, references=(small, replace(other, photograph=large)))
    async with scripted({"POST /v1/files": file_made}) as server:
        vendor = replicate(server.url, transport, clock)
        uploads = await vendor.prepare(request)
        inline = uploads[small.photograph.sha256]
        assert b64decode(inline.removeprefix("data:image/jpeg;base64,")) == small.photograph.path.read_bytes()
        assert uploads[large.sha256] == f"{server.url}/v1/files/f1"
        (form,) = server.asked("POST /v1/files")
        assert b'name="content"; filename="' in form.body
        assert b"large.jpg" not in form.body  # no name of the artist's
        assert form.headers["authorization"] == f"Bearer {KEY}"
        assert await vendor.prepare(request) == uploads
        assert server.count("POST /v1/files") == 1


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(status=401, json={"detail": "no"}), "replicate.key"),
        (Reply(status=413), "replicate.too-large"),
        (Reply(status=429), "replicate.limit"),
        (Reply(status=503), "replicate.upload.503"),
        (Reply(status=201, json={"id": "f1"}), "replicate.upload.201"),
        (Reply(status=201, json={"urls": {"get": "http://evil.example/f"}}), "replicate.upload.201"),
    ],
)
async def test_an_upload_that_fails_says_which_photograph(
    transport: Transport, clock: StillClock, tmp_path: Path, reply: Reply, code: str
) -> None:
    large = photograph(tmp_path, "large", content=b"x" * 300_000)
    request = replicate_request(tmp_path)
    first, second = request.references
    request = replace(request, references=(first, replace(second, photograph=large)))
    async with scripted({"POST /v1/files": reply}) as server:
        with pytest.raises(Fault) as caught:
            await replicate(server.url, transport, clock).prepare(request)
    fault = caught.value
    assert (fault.code, fault.charged) == (code, Charged.NO)
    assert fault.where.item == 1


async def test_a_refusal_names_the_photograph_and_its_upload_is_not_trusted(
    transport: Transport, clock: StillClock, tmp_path: Path
) -> None:
    large = photograph(tmp_path, "large", content=b"x" * 300_000)
    request = replicate_request(tmp_path, references=1)
    request = replace(request, references=(replace(request.references[0], photograph=large),))
    no = Reply(status=422, json=invalid("input.reference_images.0", "The file does not exist"))
    async with scripted({"POST /v1/files": file_made, CREATE: no}) as server:
        vendor = replicate(server.url, transport, clock)
        with pytest.raises(Refused) as caught:
            await vendor.submit(request, await vendor.prepare(request))
        assert caught.value.where == Where(socket="reference_images", item=0)
        assert "reference photograph 1" in caught.value.title
        await vendor.prepare(request)
        assert server.count("POST /v1/files") == 2


@pytest.mark.parametrize(
    ("look", "ago", "code", "retry"),
    [
        (REMOVED, timedelta(minutes=5), "replicate.picture-gone", Retry.ASK),
        (READY, timedelta(hours=2), "replicate.picture-gone", Retry.ASK),
        (READY, timedelta(minutes=5), "replicate.address-expired", Retry.NOW),
        (Reply(status=503), timedelta(hours=2), "replicate.address-expired", Retry.NOW),
        (GONE, timedelta(minutes=5), "replicate.address-expired", Retry.NOW),
    ],
)
async def test_an_address_that_is_no_longer_good(
    transport: Transport,
    clock: StillClock,
    tmp_path: Path,
    look: Reply,
    ago: timedelta,
    code: str,
    retry: Retry,
) -> None:
    async with scripted({LOOK: look, "GET /out.*": Reply(status=404)}) as server:
        vendor = replicate(server.url, transport, clock)
        made = ticket(server.url, extras=taken(clock, ago))
        with pytest.raises(Refused) as caught:
            await vendor.fetch(made, f"{server.url}/out.png", tmp_path / "a")
    assert (caught.value.code, caught.value.retry) == (code, retry)
    if code.endswith("gone"):
        assert "one hour" in caught.value.title
    assert caught.value.charged is Charged.UNKNOWN
