from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import time
from pathlib import Path

import pytest

from app.basics.faults import BadInput, Charged, DiskTrouble
from app.providers.addresses import check_address, host_of, is_loopback, may_follow
from app.providers.bodies import form_body, json_body
from app.providers.line import Break, LineBroke
from app.providers.transport import Transport
from tests.app.providers.scripted import Act, Reply, Seen, dead_url, scripted

PICTURE = os.urandom(3_000_000)


def names_in(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


# --- asking ---------------------------------------------------------------------------------------


async def test_headers_of_a_request(transport: Transport) -> None:
    async with scripted({".*": Reply(json={"ok": True})}) as server:
        body = json_body({"text": "放在 😀"})
        answer = await transport.ask("POST", f"{server.url}/x", headers={"X-A": "b"}, body=body)
        seen = server.seen[0]
        assert answer.json == {"ok": True}
        assert seen.json() == {"text": "放在 😀"}
        assert seen.headers["content-length"] == str(len(seen.body)) == str(body.length)
        assert seen.headers["user-agent"] == "Tagloom/9.9"
        assert seen.headers["x-a"] == "b"
        assert "transfer-encoding" not in seen.headers
        assert " " not in seen.body.decode().replace("放在 😀", "")


async def test_no_proxy_for_this_computer(transport: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"):
        monkeypatch.setenv(name, dead_url())
    async with scripted({".*": Reply(json=1)}) as server:
        assert (await transport.ask("GET", server.url)).json == 1


async def test_a_proxy_that_cannot_be_used_is_said(
    transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "gopher://127.0.0.1:1")
    with pytest.raises(BadInput) as caught:
        await transport.ask("GET", "https://api.tagloom.invalid")
    assert caught.value.code == "proxy.bad"


async def test_redirects_are_not_followed(transport: Transport) -> None:
    async with scripted({"GET /there": Reply(json=1)}) as other:
        away = Reply(status=307, headers={"Location": f"{other.url}/there"})
        async with scripted({".*": away}) as server:
            answer = await transport.ask("GET", server.url, headers={"Authorization": "Bearer k"})
            assert answer.status == 307
            assert other.seen == []


async def test_no_cookie_comes_back(transport: Transport) -> None:
    async with scripted({".*": Reply(json=1, headers={"Set-Cookie": "track=me; Path=/"})}) as server:
        await transport.ask("GET", server.url)
        await transport.ask("GET", server.url)
        assert [("cookie" in one.headers) for one in server.seen] == [False, False]


async def test_an_endless_answer_is_bounded(transport: Transport) -> None:
    async with scripted({".*": Reply(body=b"x" * 200_000)}) as server:
        answer = await transport.ask("GET", server.url, most=50_000)
        assert (answer.status, answer.whole, len(answer.text)) == (200, False, 2000)


@pytest.mark.parametrize("body", [b"", b"{", b"<html>", b"\xff\xfe", b"[" * 200_000])
async def test_what_is_no_json_is_none(transport: Transport, body: bytes) -> None:
    async with scripted({".*": Reply(body=body)}) as server:
        answer = await transport.ask("GET", server.url)
        assert answer.json is None
        assert answer.mapping == {}


async def test_a_large_answer_is_parsed(transport: Transport) -> None:
    async with scripted({".*": Reply(json={"data": "x" * 600_000})}) as server:
        assert len(str((await transport.ask("GET", server.url)).mapping["data"])) == 600_000


async def test_logs_never_show_addresses_or_headers(
    transport: Transport, all_logs: pytest.LogCaptureFixture
) -> None:
    async with scripted({".*": Reply(json=1)}) as server:
        url = f"{server.url}/p?Signature=SIGNED"
        await transport.ask("GET", url, headers={"Authorization": "Bearer key_hidden"})
    assert "SIGNED" not in all_logs.text
    assert "key_hidden" not in all_logs.text


# --- forms ----------------------------------------------------------------------------------------


async def test_form_fields_first_file_last(transport: Transport, tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(PICTURE)
    fields = {"policy": "abc\r\nd", 'we"ird': "ü", "key": "x"}
    async with scripted({".*": Reply(status=204)}) as server:
        body = form_body(fields, file=file, filename='s"hoe.jpg', mime="image/jpeg")
        assert (await transport.ask("POST", server.url, body=body)).status == 204
        seen = server.seen[0]
    assert seen.headers["content-length"] == str(len(seen.body))
    boundary = seen.headers["content-type"].split("boundary=")[1].encode()
    parts = seen.body.split(b"--" + boundary)
    assert parts[0] == b""
    assert parts[-1] == b"--\r\n"
    names = [part.split(b'name="')[1].split(b'"')[0] for part in parts[1:-1]]
    assert names == [b"policy", b"we%22ird", b"key", b"file"]
    assert parts[1].endswith(b"\r\n\r\nabc\r\nd\r\n")
    assert b'filename="s%22hoe.jpg"\r\nContent-Type: image/jpeg\r\n\r\n' in parts[-2]
    assert parts[-2].endswith(PICTURE + b"\r\n")


def test_form_of_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DiskTrouble) as caught:
        form_body({}, file=tmp_path / "gone.jpg", filename="gone.jpg", mime="image/jpeg")
    assert caught.value.code == "upload.file-unreadable"


async def test_form_of_a_file_that_shrinks(transport: Transport, tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(PICTURE)
    body = form_body({}, file=file, filename="a.jpg", mime="image/jpeg")
    file.write_bytes(b"short")
    async with scripted({".*": Reply(status=204)}) as server:
        with pytest.raises(DiskTrouble):
            await transport.ask("POST", server.url, body=body)


# --- downloads ------------------------------------------------------------------------------------


async def test_download(transport: Transport, tmp_path: Path) -> None:
    target = tmp_path / "new.png"
    async with scripted({".*": Reply(body=PICTURE)}) as server:
        answer = await transport.download(f"{server.url}/p?sig=1", target, base=server.url)
        seen = server.seen[0]
    assert answer.status == 200
    assert target.read_bytes() == PICTURE
    assert "authorization" not in seen.headers
    assert seen.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("act", "broke"),
    [
        (Act.HALF_BODY, Break.RESET),
        (Act.HALF_BODY_RESET, Break.RESET),
        (Act.SLOW_BODY, Break.SLOW),
        (Act.SILENT, Break.SLOW),
        (Act.RESET_AFTER_BODY, Break.RESET),
    ],
)
async def test_download_that_breaks_leaves_nothing(
    transport: Transport, tmp_path: Path, act: Act, broke: Break
) -> None:
    async with scripted({".*": Reply(body=PICTURE, act=act)}) as server:
        began = time.monotonic()
        with pytest.raises(LineBroke) as caught:
            await transport.download(server.url, tmp_path / "new.png", base=server.url)
    assert caught.value.broke is broke
    assert time.monotonic() - began < 4
    assert names_in(tmp_path) == []


async def test_download_too_large(transport: Transport, tmp_path: Path) -> None:
    async with scripted({".*": Reply(body=PICTURE)}) as server:
        with pytest.raises(LineBroke) as caught:
            await transport.download(server.url, tmp_path / "new", base=server.url, most=2_999_999)
        assert caught.value.broke is Break.TOO_LARGE
        assert names_in(tmp_path) == []
        await transport.download(server.url, tmp_path / "new", base=server.url, most=3_000_000)
    assert (tmp_path / "new").stat().st_size == 3_000_000


async def test_download_cancelled_leaves_nothing(transport: Transport, tmp_path: Path) -> None:
    async with scripted({".*": Reply(body=PICTURE, act=Act.SLOW_BODY)}) as server:
        task = asyncio.create_task(transport.download(server.url, tmp_path / "new", base=server.url))
        await server.until(lambda: names_in(tmp_path) == ["new"])
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    assert names_in(tmp_path) == []


async def test_download_never_overwrites(transport: Transport, tmp_path: Path) -> None:
    (tmp_path / "mine").write_bytes(b"mine")
    async with scripted({".*": Reply(body=PICTURE)}) as server:
        with pytest.raises(DiskTrouble):
            await transport.download(server.url, tmp_path / "mine", base=server.url)
    assert (tmp_path / "mine").read_bytes() == b"mine"


async def test_download_to_a_full_disk(transport: Transport, tmp_path: Path) -> None:
    """A file limit takes a part of a write in silence, as some full disks do."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    async with scripted({".*": Reply(body=PICTURE)}) as server:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, hard))
        try:
            with pytest.raises(DiskTrouble) as caught:
                await transport.download(server.url, tmp_path / "new", base=server.url)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (caught.value.code, caught.value.charged) == ("disk.full", Charged.YES)
    assert names_in(tmp_path) == []


async def test_download_follows_redirects_within_reason(transport: Transport, tmp_path: Path) -> None:
    def hop(seen: Seen) -> Reply:
        step = int(seen.path.rsplit("/", 1)[1])
        return (
            Reply(body=b"end") if step == 0 else Reply(status=302, headers={"Location": f"/hop/{step - 1}"})
        )

    async with scripted(
        {"GET /hop/.*": hop, ".*": Reply(status=301, headers={"Location": "http://8.8.8.8/x"})}
    ) as server:
        assert (
            await transport.download(f"{server.url}/hop/3", tmp_path / "a", base=server.url)
        ).status == 200
        assert (
            await transport.download(f"{server.url}/hop/4", tmp_path / "b", base=server.url)
        ).status == 302
        assert (await transport.download(f"{server.url}/away", tmp_path / "c", base=server.url)).status == 301
    assert names_in(tmp_path) == ["a"]


# --- addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "base"),
    [
        ("https://api.dev.runwayml.com", "https://api.dev.runwayml.com"),
        (" https://API.example.com/some/Path/ ", "https://api.example.com/some/Path"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        ("http://127.9.9.9:1", "http://127.9.9.9:1"),
        ("http://[::1]:80/v", "http://[::1]:80/v"),
        ("http://localhost:9", "http://localhost:9"),
    ],
)
def test_addresses_taken(given: str, base: str) -> None:
    assert check_address(given, variable="X_BASE_URL") == base


@pytest.mark.parametrize(
    "given",
    [
        "http://api.example.com",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://127.0.0.1@example.com",
        "http://2130706433.example",
        "http://0.0.0.0:80",
        "http://10.0.0.1",
        "https://user:word@api.example.com",
        "https://api.example.com?x=1",
        "https://api.example.com#f",
        "ftp://api.example.com",
        "api.example.com",
        "https://",
        "https://a b.com",
        "https://a.com\\@b.com",
        "https://a.com:99999",
        "",
    ],
)
def test_addresses_refused_name_their_variable(given: str) -> None:
    with pytest.raises(BadInput) as caught:
        check_address(given, variable="X_BASE_URL")
    assert "X_BASE_URL" in caught.value.title
    assert "word" not in caught.value.sentence().split()


def test_given_addresses() -> None:
    here, there = "http://127.0.0.1:9", "https://api.dev.runwayml.com"
    assert may_follow("https://cdn.example.com/x?_jwt=1", base=there)
    assert may_follow("https://cdn.example.com/x", base=here)
    assert may_follow("http://127.0.0.1:8/x", base=here)
    assert not may_follow("http://127.0.0.1:8/x", base=there)
    assert not may_follow("http://cdn.example.com/x", base=here)
    assert not may_follow("file:///etc/passwd", base=here)
    assert not may_follow("https://a:b@cdn.example.com/x", base=here)
    assert not may_follow("https://cdn.example.com/" + "x" * 9000, base=here)
    assert not may_follow("", base=here)
    assert host_of(there) == "api.dev.runwayml.com"
    assert is_loopback("http://localhost")
    assert not is_loopback("nonsense")
