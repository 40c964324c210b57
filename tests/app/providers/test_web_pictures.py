"""Pictures from addresses: over a real TLS line on this computer, from hosts that mean well and others."""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.basics.faults import BadInput, Charged, DiskTrouble, Fault, Refused, Unreachable
from app.providers.clients import Patience
from app.providers.transport import Transport
from app.providers.web_pictures import WebPictures
from tests.app.imaging.carriers import CARRIERS
from tests.app.imaging.pictures import coded, quadrants
from tests.app.providers.scripted import Act, Reply, Scripted, dead_url, scripted

certificates = pytest.importorskip("tests.app.providers.certificates", exc_type=ImportError)
QUICK = Patience(connect=1.0, read=0.6, write=1.0, pool=0.5)
PICTURE = coded(quadrants(), "PNG")
SECRET = "signature=abcdef0123456789"


@pytest.fixture
def tls(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    made: tuple[ssl.SSLContext, ssl.SSLContext] = certificates.contexts(tmp_path)
    return made


@pytest.fixture
async def host(tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> AsyncIterator[Scripted]:
    async with scripted({}, tls=tls[0]) as server:
        yield server


@pytest.fixture
async def web(
    tls: tuple[ssl.SSLContext, ssl.SSLContext], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[WebPictures]:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    transport = Transport(version="9.9", patience=QUICK, trust=tls[1])
    yield WebPictures(transport, most=300_000, seconds=2.0)
    await transport.close()
    assert list(folder.iterdir()) == [], "nothing is left behind"


async def fault_of(web: WebPictures, address: str) -> Fault:
    with pytest.raises(Fault) as caught:
        await web.fetch(address)
    fault = caught.value
    said = f"{fault.title} {fault.advice} {fault.detail} {fault.code}"
    assert SECRET not in said, "what follows a ? may be somebody's key"
    assert fault.charged is Charged.NO
    assert fault.advice
    return fault


@pytest.mark.parametrize(("kind", "ending"), [("png", ".png"), ("jpeg", ".jpg"), ("webp", ".webp")])
async def test_a_picture_comes_as_it_is_and_is_called_what_it_is(
    web: WebPictures, host: Scripted, kind: str, ending: str
) -> None:
    host.routes[".*"] = Reply(body=CARRIERS[kind], headers={"Content-Type": "text/html"})
    made = await web.fetch(f"{host.url}/shoes/red%20shoe.php?{SECRET}")
    assert made.data == CARRIERS[kind]
    assert made.name == f"red shoe{ending}"
    assert (await web.fetch(f"{host.url}/")).name == f"127.0.0.1{ending}"


async def test_nobody_learns_more_than_the_address(web: WebPictures, host: Scripted) -> None:
    host.routes[".*"] = Reply(body=PICTURE, headers={"Set-Cookie": "track=me; Path=/"})
    await web.fetch(f"{host.url}/a.png")
    await web.fetch(f"{host.url}/a.png#part")
    for seen in host.seen:
        assert not {"cookie", "authorization", "referer"} & set(seen.headers)
        assert (seen.method, seen.path) == ("GET", "/a.png")


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/a.png", "ftp://a.invalid/a.png", "file:///etc/passwd", "https://me:pw@a.invalid/a.png",
     "https://", "https://a.invalid/" + "x" * 9000, "https://a.invalid/a b.png", "",
     "data:image/png;base64,AA"],
)  # fmt: skip
async def test_other_addresses_are_not_even_asked(web: WebPictures, address: str) -> None:
    fault = await fault_of(web, address)
    assert isinstance(fault, BadInput)
    assert fault.code == "web.address"


async def test_a_few_redirects_are_followed(web: WebPictures, host: Scripted) -> None:
    host.routes |= {
        "GET /first": Reply(status=301, headers={"Location": "/second"}),
        "GET /second": Reply(status=302, headers={"Location": f"{host.url}/third"}),
        "GET /third": Reply(body=PICTURE),
    }
    assert (await web.fetch(f"{host.url}/first")).data == PICTURE


async def test_round_and_round_ends(web: WebPictures, host: Scripted) -> None:
    host.routes[".*"] = Reply(status=302, headers={"Location": "/again"})
    fault = await fault_of(web, f"{host.url}/a?{SECRET}")
    assert isinstance(fault, Refused)
    assert fault.code == "web.302"
    assert len(host.seen) <= 5


async def test_from_https_nothing_leads_to_http(web: WebPictures, host: Scripted) -> None:
    """Not even on this computer, where a vendor's own addresses may."""
    async with scripted({".*": Reply(body=PICTURE)}) as plain:
        host.routes[".*"] = Reply(status=302, headers={"Location": f"{plain.url}/a.png"})
        fault = await fault_of(web, f"{host.url}/a.png")
        assert fault.code == "web.302"
        assert plain.seen == []
    for elsewhere in ("file:///etc/passwd", "//me:pw@127.0.0.1/", "", "https://"):
        host.routes[".*"] = Reply(status=302, headers={"Location": elsewhere})
        assert (await fault_of(web, f"{host.url}/a.png")).code == "web.302"


@pytest.mark.parametrize(
    ("status", "words"),
    [(404, "There is nothing at this address of 127.0.0.1 (404)."), (410, "nothing"), (403, "does not give"),
     (401, "does not give"), (429, "asks us to wait"), (503, "trouble of its own"), (418, "did not give"),
     (204, "did not give"), (206, "did not give")],
)  # fmt: skip
async def test_what_a_host_says_is_said_plainly(
    web: WebPictures, host: Scripted, status: int, words: str
) -> None:
    host.routes[".*"] = Reply(status=status, body=b"" if status == 204 else b"<html>no</html>")
    fault = await fault_of(web, f"{host.url}/a.png?{SECRET}")
    assert isinstance(fault, Refused)
    assert words in fault.title
    assert "127.0.0.1" in fault.title


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"<!DOCTYPE html><html>", "a web page"), (b"<svg xmlns='x'></svg>", "an SVG drawing"),
     (b'{"error": 1}', "a message for programs"), (b"\x00\x01\x02 what", "something else"),
     (b"%PDF-1.7", "a PDF document"), (b"\xff\x0a" + bytes(60), "a JPEG XL picture")],
)  # fmt: skip
async def test_what_is_no_picture_is_told(web: WebPictures, host: Scripted, body: bytes, words: str) -> None:
    host.routes[".*"] = Reply(body=body, headers={"Content-Type": "image/png"})
    fault = await fault_of(web, f"{host.url}/a.png?{SECRET}")
    assert fault.title == f"What 127.0.0.1 sent is {words}, not a picture."


@pytest.mark.parametrize("body", [b"", PICTURE[:-30], PICTURE[:60], CARRIERS["jpeg"][:200]])
async def test_a_damaged_picture_is_told(web: WebPictures, host: Scripted, body: bytes) -> None:
    host.routes[".*"] = Reply(body=body)
    fault = await fault_of(web, f"{host.url}/a.png")
    assert fault.code == "web-damaged"
    assert "damaged" in fault.title


async def test_too_large_is_told_before_all_of_it_has_come(web: WebPictures, host: Scripted) -> None:
    host.routes[".*"] = Reply(act=Act.ENDLESS)
    fault = await fault_of(web, f"{host.url}/a.png?{SECRET}")
    assert fault.code == "web.too-large"
    host.routes[".*"] = Reply(body=PICTURE + bytes(300_000))
    assert (await fault_of(web, f"{host.url}/a.png")).code == "web.too-large"


@pytest.mark.parametrize(
    ("act", "code"),
    [(Act.SILENT, "web.slow"), (Act.SLOW_BODY, "web.slow"), (Act.SLOW_HEADERS, "web.slow"),
     (Act.HALF_BODY, "web.reset"), (Act.HALF_BODY_RESET, "web.reset"), (Act.GARBAGE, "web.reset")],
)  # fmt: skip
async def test_a_line_that_breaks_or_drips(web: WebPictures, host: Scripted, act: Act, code: str) -> None:
    host.routes[".*"] = Reply(body=PICTURE, act=act)
    fault = await fault_of(web, f"{host.url}/a.png?{SECRET}")
    assert isinstance(fault, Unreachable)
    assert (fault.code, "127.0.0.1" in fault.title) == (code, True)


async def test_nobody_there_and_no_such_name(web: WebPictures) -> None:
    dead = dead_url().replace("http:", "https:")
    assert (await fault_of(web, f"{dead}/a.png?{SECRET}")).code == "web.refused"
    fault = await fault_of(web, f"https://shoes.invalid/a.png?{SECRET}")
    assert fault.title == "The name shoes.invalid was not found."


async def test_a_certificate_that_is_not_trusted(host: Scripted) -> None:
    """Whom the system trusts: not this one."""
    transport = Transport(version="9.9", patience=QUICK)
    fault = await fault_of(WebPictures(transport, seconds=2.0), f"{host.url}/a.png?{SECRET}")
    await transport.close()
    assert fault.code == "web.certificate"
    assert host.seen == []


async def test_a_disk_without_room_is_told(
    web: WebPictures, host: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.routes[".*"] = Reply(body=PICTURE)
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
        fault = await fault_of(web, f"{host.url}/a.png")
    assert isinstance(fault, DiskTrouble)
    assert "paid" not in fault.sentence()
