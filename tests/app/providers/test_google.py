"""What is Google's own: pictures inside the answer, in both spellings; answers without one; both versions."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.basics.faults import Charged, Refused
from app.providers.contract import Accepted, Forgotten, Over, Ready
from app.providers.transport import Transport
from app.providers.vendors.google import GoogleVendor
from app.providers.vendors.google.words import BLOCKED, ENDED
from tests.app.providers.contract_table import KEY
from tests.app.providers.fakes import StillClock
from tests.app.providers.google_table import CREATE, RESPONSE, answered, banana_request, picture
from tests.app.providers.scripted import Reply, scripted

CREATES = ".*generateContent"


def vendor_at(address: str, transport: Transport, folder: Path, *, draft: bool = False) -> GoogleVendor:
    return GoogleVendor(
        address=address,
        key=KEY,
        transport=transport,
        draft=draft,
        clock=StillClock(),
        place=lambda: folder / "picture.part",
    )


async def told(reply: Reply, transport: Transport, folder: Path) -> Accepted:
    async with scripted({CREATES: reply}) as server:
        return await vendor_at(server.url, transport, folder).submit(banana_request(folder), {})


async def test_the_request_that_leaves(transport: Transport, tmp_path: Path) -> None:
    request = banana_request(tmp_path)
    async with scripted({CREATE: answered(picture())}) as server:
        await vendor_at(server.url, transport, tmp_path).submit(request, {})
        (sent,) = server.seen
    body = json.loads(sent.body)
    photographs = [
        {
            "inlineData": {
                "mimeType": "image/jpeg",
                "data": base64.b64encode(one.photograph.path.read_bytes()).decode(),
            }
        }
        for one in request.references
    ]
    assert body == {
        "contents": [{"role": "user", "parts": [{"text": request.prompt}, *photographs]}],
        "generationConfig": {
            "responseModalities": ["TEXT", "IMAGE"],
            "imageConfig": {"aspectRatio": "16:9", "imageSize": "4K"},
            "seed": 42,
        },
    }


@pytest.mark.parametrize(
    ("ending", "version", "path"),
    [
        ("", None, "/v1/"),
        ("", "v1beta", "/v1beta/"),
        ("/v1beta", "v1", "/v1beta/"),
        ("/proxy", "v1", "/proxy/v1/"),
        ("", "v2", "/v1/"),
    ],
)
async def test_the_version(
    transport: Transport, tmp_path: Path, ending: str, version: str | None, path: str
) -> None:
    async with scripted({CREATES: answered(picture())}) as server:
        vendor = vendor_at(server.url + ending, transport, tmp_path)
        await vendor.submit(banana_request(tmp_path, settings={"version": version}), {})
        (sent,) = server.seen
    assert sent.path.startswith(f"{path}models/")


async def test_both_spellings_and_no_thoughts(transport: Transport, tmp_path: Path) -> None:
    data = base64.b64encode(b"the picture").decode()
    snake = {"inline_data": {"mime_type": "image/png", "data": data}}
    reply = answered(picture(b"a thought", thought=True), {"text": "Here."}, snake)
    accepted = await told(reply, transport, tmp_path)
    assert accepted.ticket.id == RESPONSE
    assert accepted.news == Ready(outputs=(), charge=None, inline=b"the picture")


async def test_a_large_picture_comes_as_a_file(transport: Transport, tmp_path: Path) -> None:
    content = bytes(range(256)) * 4000
    accepted = await told(answered(picture(content), thoughtSignature="x" * 90_000), transport, tmp_path)
    assert isinstance(accepted.news, Ready)
    assert accepted.news.file is not None
    assert accepted.news.file.read_bytes() == content


@pytest.mark.parametrize("reason", [*BLOCKED, "SOMETHING_NEW"])
async def test_a_blocked_prompt_is_an_answer(transport: Transport, tmp_path: Path, reason: str) -> None:
    accepted = await told(Reply(json={"promptFeedback": {"blockReason": reason}}), transport, tmp_path)
    assert isinstance(accepted.news, Over)
    fault = accepted.news.fault
    assert (fault.charged, fault.code.startswith("google.blocked.")) == (Charged.UNKNOWN, True)
    assert "does not say" in fault.advice
    assert reason not in fault.title


@pytest.mark.parametrize("reason", [*ENDED, "SOMETHING_NEW"])
async def test_an_end_without_a_picture_is_an_answer(
    transport: Transport, tmp_path: Path, reason: str
) -> None:
    accepted = await told(answered({"text": "No."}, finish=reason), transport, tmp_path)
    assert isinstance(accepted.news, Over)
    assert accepted.news.fault.code.startswith("google.ended.")


async def test_what_the_ticket_remembers(transport: Transport, tmp_path: Path) -> None:
    async with scripted({CREATES: [answered(finish="NO_IMAGE"), answered(picture())]}) as server:
        vendor = vendor_at(server.url, transport, tmp_path, draft=True)
        ended = await vendor.submit(banana_request(tmp_path), {})
        came = await vendor.submit(banana_request(tmp_path), {})
        news = await vendor.look(ended.ticket)
        assert isinstance(news, Over)
        assert news.fault.charged is Charged.NO
        assert await vendor.look(came.ticket) == Forgotten()
        assert len(server.seen) == 2, "there is nobody to ask"


async def test_a_request_that_is_too_heavy_names_the_photograph(transport: Transport, tmp_path: Path) -> None:
    request = banana_request(tmp_path)
    heavy = replace(request.references[1].photograph, bytes=90_000_000, name="shoe.jpg")
    references = (request.references[0], replace(request.references[1], photograph=heavy))
    with pytest.raises(Refused) as raised:
        await vendor_at("http://127.0.0.1:1", transport, tmp_path).prepare(
            replace(request, references=references)
        )
    assert "shoe.jpg" in raised.value.advice
    assert (raised.value.where.socket, raised.value.where.item) == ("reference_images", 1)
    assert raised.value.charged is Charged.NO
