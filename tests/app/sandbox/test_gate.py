"""Who is answered: programs on this machine that call us by our own address, and nobody's web page."""

from __future__ import annotations

import asyncio
import socket

import httpx
import psutil
import pytest

from app.basics.faults import BadInput
from app.sandbox.server import serve
from tests.app.sandbox.conftest import BODY, Open, Wire, flat_picture


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1", "localhost", ""]
)
async def test_a_foreign_host_is_refused(wire: Wire, host: str) -> None:
    answer = await wire.http.post("/v1/text_to_image", json=BODY, headers={"Host": host})
    assert answer.status_code == 403
    assert (await wire.tally())["creates"] == 0


async def test_localhost_with_our_port_is_our_name(wire: Wire) -> None:
    port = wire.url.rpartition(":")[2]
    answer = await wire.http.get("/v1/organization", headers={"Host": f"LOCALHOST:{port}"})
    assert answer.status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"])
@pytest.mark.parametrize("path", ["/_sandbox/knobs", "/v1/text_to_image", "/_uploads"])
async def test_a_web_page_is_refused(wire: Wire, origin: str, path: str) -> None:
    answer = await wire.http.post(path, json={"seconds": 5}, headers={"Origin": origin})
    assert answer.status_code == 403
    assert wire.sandbox.stage.knobs.seconds == 0.0


@pytest.mark.parametrize(("site", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 200)])
async def test_what_the_browser_says_of_the_page_counts(wire: Wire, site: str, status: int) -> None:
    answer = await wire.http.get("/_sandbox/tally", headers={"Sec-Fetch-Site": site})
    assert answer.status_code == status


async def test_our_own_origin_is_answered(wire: Wire) -> None:
    assert (await wire.http.get("/_sandbox/tally", headers={"Origin": wire.url})).status_code == 200


async def test_only_the_loopback_listens(wire: Wire) -> None:
    port = int(wire.url.rpartition(":")[2])
    listening = [
        one.laddr.ip
        for one in psutil.Process().net_connections("inet")
        if one.status == psutil.CONN_LISTEN and one.laddr.port == port
    ]
    assert listening == ["127.0.0.1"]


async def test_a_taken_port_is_said_in_words(wire: Wire) -> None:
    with pytest.raises(BadInput, match="cannot listen on port") as caught:
        await serve(int(wire.url.rpartition(":")[2]), paint=flat_picture)
    assert "another port" in caught.value.advice


async def test_closing_frees_the_port_and_the_files(opened: Open) -> None:
    sandbox = await serve(seconds=0, paint=flat_picture)
    port = int(sandbox.url.rpartition(":")[2])
    async with httpx.AsyncClient() as client:
        await client.get(f"{sandbox.url}/_sandbox/tally")
    folder = sandbox.stage.easel._folder.parent
    assert folder.is_dir()
    await sandbox.close()
    assert not folder.exists()
    with socket.create_server(("127.0.0.1", port)):
        pass


async def test_many_clients_at_once(opened: Open) -> None:
    wire = await opened(concurrency=200)
    made = await asyncio.gather(*(wire.made(seed=seed) for seed in range(100)))
    assert len(set(made)) == 100
    assert (await wire.tally())["accepted"] == 100
