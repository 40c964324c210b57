"""The newest version, from a page that means well, a network that stands between, and pages that do not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.basics.faults import BadInput, Unreachable
from app.providers.news import MOST_BYTES, MOST_WORDS, News, Release
from app.providers.transport import Transport
from tests.app.providers.scripted import Act, Reply, Scripted, dead_url, scripted

RELEASE: dict[str, Any] = {
    "tag_name": "v0.2.0",
    "html_url": "https://example.com/releases/0.2.0",
    "body": "- Frames in frames\n- Two new models",
    "prerelease": False,
    "draft": False,
}


def news(transport: Transport, url: str, seconds: float = 0.8) -> News:
    return News(transport, {"TAGLOOM_UPDATES_URL": f"{url}/latest"}, seconds=seconds)


async def test_a_release_is_read(transport: Transport) -> None:
    async with scripted({"GET /latest": Reply(json=RELEASE, headers={"ETag": '"abc"'})}) as page:
        heard = await news(transport, page.url).ask()
        assert heard.mark == '"abc"'
        assert heard.release == Release(
            version="v0.2.0",
            page="https://example.com/releases/0.2.0",
            words="- Frames in frames\n- Two new models",
        )


async def test_nothing_about_the_person_is_sent(
    transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNWAYML_API_SECRET", "key_" + "0" * 40)
    answer = Reply(json=RELEASE, headers={"Set-Cookie": "who=ana", "ETag": '"1"'})
    async with scripted({"GET /latest": answer}) as page:
        asked = news(transport, page.url)
        await asked.ask()
        await asked.ask('"1"')
        for seen in page.seen:
            assert seen.body == b""
            assert seen.headers["user-agent"] == "Tagloom/9.9"
            assert set(seen.headers) <= {
                "host", "accept", "accept-encoding", "connection", "user-agent", "if-none-match",
            }  # fmt: skip
        assert page.seen[1].headers["if-none-match"] == '"1"'


async def test_what_is_known_costs_no_body(transport: Transport) -> None:
    async with scripted({"GET /latest": Reply(status=304)}) as page:
        heard = await news(transport, page.url).ask('"1"')
        assert (heard.mark, heard.release) == ('"1"', None)
        with pytest.raises(Unreachable):
            await news(transport, page.url).ask()  # not asked for, so no answer


JUNK = {
    "no json": Reply(body=b"<html>Welcome to the hotel</html>"),
    "a list": Reply(json=[RELEASE]),
    "no version": Reply(json={**RELEASE, "tag_name": None}),
    "an empty version": Reply(json={**RELEASE, "tag_name": ""}),
    "an endless version": Reply(json={**RELEASE, "tag_name": "9" * 61}),
    "huge": Reply(json={**RELEASE, "body": "x" * (MOST_BYTES + 1)}),
    "without an end": Reply(act=Act.ENDLESS),
    "half": Reply(json=RELEASE, act=Act.HALF_BODY),
    "not http": Reply(act=Act.GARBAGE),
    "silent": Reply(act=Act.SILENT),
    "dripping": Reply(json=RELEASE, act=Act.SLOW_BODY),
    "not found": Reply(status=404, json={"message": "Not Found"}),
    "too often": Reply(status=403, json={"message": "API rate limit exceeded"}),
    "broken": Reply(status=500),
}


@pytest.mark.parametrize("name", JUNK)
async def test_junk_is_answered_politely(transport: Transport, name: str) -> None:
    async with scripted({"GET /latest": JUNK[name]}) as page:
        with pytest.raises(Unreachable) as caught:
            await news(transport, page.url).ask()
    fault = caught.value
    assert fault.code.startswith("updates.")
    assert "127.0.0.1" in fault.title
    assert fault.advice.startswith("Nothing has changed here.")


@pytest.mark.parametrize("status", [301, 302, 307, 511])
async def test_a_network_that_wants_a_login(transport: Transport, status: int) -> None:
    elsewhere = Reply(status=status, headers={"Location": "http://login.invalid/"})
    async with scripted({"GET /latest": elsewhere}) as page:
        with pytest.raises(Unreachable) as caught:
            await news(transport, page.url).ask()
    assert "login page of a network" in caught.value.title
    assert len(page.seen) == 1, "nobody goes there"


async def test_a_certificate_of_nobody(transport: Transport, tmp_path: Path) -> None:
    certificates = pytest.importorskip("tests.app.providers.certificates", exc_type=ImportError)
    server, _ = certificates.contexts(tmp_path)
    async with scripted({"GET /latest": Reply(json=RELEASE)}, tls=server) as page:
        with pytest.raises(Unreachable) as caught:
            await news(transport, page.url).ask()
        assert page.seen == []
    assert "is not trusted by this computer: somebody stands between" in caught.value.title


async def test_nobody_there(transport: Transport) -> None:
    with pytest.raises(Unreachable) as caught:
        await news(transport, dead_url()).ask()
    assert "could not be reached" in caught.value.title
    with pytest.raises(Unreachable) as caught:
        await news(transport, "https://nothing.invalid").ask()
    assert caught.value.title == "The name nothing.invalid was not found."


async def test_what_is_shown_is_short_and_plain(transport: Transport) -> None:
    words = "\x1b[31mred\n" + "long " * 2000 + "\n" + "\n".join(["line"] * 100)
    odd = {**RELEASE, "body": words, "html_url": "file:///etc/passwd", "prerelease": True}
    async with scripted({"GET /latest": [Reply(json=odd), Reply(json={**odd, "body": None})]}) as page:
        asked: Scripted = page
        first = (await news(transport, asked.url).ask()).release
        second = (await news(transport, asked.url).ask()).release
    assert first is not None
    assert first.early
    assert first.page == ""
    assert len(first.words) <= MOST_WORDS
    assert "\x1b" not in first.words
    assert second is not None
    assert second.words == ""


@pytest.mark.parametrize("address", ["http://example.com/x", "ftp://x", "nonsense"])
async def test_an_address_that_is_none_is_said_when_it_is_asked(transport: Transport, address: str) -> None:
    with pytest.raises(BadInput) as caught:
        await News(transport, {"TAGLOOM_UPDATES_URL": address}).ask()
    assert "TAGLOOM_UPDATES_URL" in caught.value.title
