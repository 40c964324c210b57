from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app import compose
from app.basics.places import places_under
from app.preferences.keys import Keys
from app.studio import diagnosis as module
from app.studio.diagnosis import Diagnosis
from app.studio.findings import Finding
from app.studio.stock import look_at_stores
from app.studio.studio import Studio
from tests.app.providers.scripted import Reply, dead_url, scripted

KEY = "key_" + "0123456789abcdef" * 8
SECRET = "hunter2hunter2"


async def found(
    home: Path, environment: dict[str, str] | None = None, *, offline: bool = True
) -> dict[str, Finding]:
    given = environment or {}
    async with compose.vendors(given) as (held, registry, probe):
        look = Diagnosis(places_under(home), held, registry, probe, given).look(offline=offline)
        return {one.what: one async for one in look}


async def test_all_is_named(tmp_path: Path) -> None:
    told = await found(tmp_path / "home")
    assert list(told)[:1] == ["versions"]
    assert all(one.well for one in told.values())
    assert "Tagloom " in told["versions"].words
    assert "GB free" in told["library folder"].words
    assert told["recovery copies"].words == "none is waiting"
    assert told["proxies"].words == "none in the environment"
    assert told["key for Runway"].words == "none: free drafts from the sandbox"


async def test_a_shared_library_is_named_without_its_secrets(tmp_path: Path) -> None:
    told = await found(tmp_path / "home", {"TAGLOOM_LIBRARY": f"memory://ana:{SECRET}@shop/shoes"})
    assert told["library shared with other machines"].words == "memory://shop/shoes"
    assert "GB free" in told["index of the library"].words
    assert "library folder" not in told
    wrong = (await found(tmp_path / "home", {"TAGLOOM_LIBRARY": "shoes"}))["library"]
    assert not wrong.well
    assert "TAGLOOM_LIBRARY" in wrong.words


async def test_where_machines_share_is_said_without_secrets(tmp_path: Path) -> None:
    home = places_under(tmp_path / "home")
    given = {
        "TAGLOOM_LIBRARY": f"memory://ana:{SECRET}@shop/shoes",
        "TAGLOOM_LEDGER": f"postgresql://ana:{SECRET}@db.example/shoes",
    }
    async with compose.vendors({}) as (held, registry, probe):
        ledger, library = Diagnosis(home, held, registry, probe, given).elsewhere()
        assert Diagnosis(home, held, registry, probe, {}).elsewhere() == ("", "")
        assert Diagnosis(home, held, registry, probe, {"TAGLOOM_LEDGER": "x"}).elsewhere() == ("", "")
    assert "db.example" in ledger
    assert library == "memory://shop/shoes"
    assert SECRET not in ledger + library


async def test_no_keyring_is_worth_knowing_and_no_fault(tmp_path: Path) -> None:
    told = (await found(tmp_path / "home"))["keyring"]
    assert (told.well, told.note) == (True, True)
    assert told.words == "This system has no keyring that Tagloom may use."
    assert "environment" in told.advice


async def test_no_key_and_no_password_of_a_proxy_is_shown(tmp_path: Path) -> None:
    told = await found(
        tmp_path / "home",
        {
            "RUNWAYML_API_SECRET": KEY,
            "HTTPS_PROXY": f"http://ana:{SECRET}@proxy.example:8080/{SECRET}",
            "ALL_PROXY": "nonsense:::",
            "NO_PROXY": "localhost",
        },
    )
    assert told["key for Runway"].words == "from the environment"
    assert told["proxies"].words.startswith("HTTPS_PROXY http://proxy.example:8080, ALL_PROXY http://")
    everything = "\n".join(f"{one.what} {one.told()}" for one in told.values())
    assert KEY not in everything
    assert SECRET not in everything


async def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    told = (await found(tmp_path / "home"))["folders"]
    assert not told.well
    assert "cannot write" in told.words
    assert told.advice


async def test_little_room_is_worth_knowing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LITTLE", 10**18)
    told = (await found(tmp_path / "home"))["library folder"]
    assert (told.well, told.note) == (True, True)
    assert told.advice.startswith("Make room")


async def test_the_first_step_that_fails_is_the_last_that_is_said(tmp_path: Path) -> None:
    environment = {"RUNWAYML_API_SECRET": KEY, "RUNWAYML_BASE_URL": dead_url()}
    told = await found(tmp_path / "home", environment, offline=False)
    steps = [what for what in told if what.startswith("Runway ")]
    assert steps == ["Runway name", "Runway connection"]
    assert not told["Runway connection"].well
    assert "a firewall or a proxy" in told["Runway connection"].advice


async def test_a_network_that_stands_between(tmp_path: Path) -> None:
    certificates = pytest.importorskip("tests.app.providers.certificates", exc_type=ImportError)
    server: ssl.SSLContext = certificates.contexts(tmp_path)[0]
    async with scripted({".*": Reply(json={})}, tls=server) as page:
        environment = {"RUNWAYML_API_SECRET": KEY, "RUNWAYML_BASE_URL": page.url}
        told = await found(tmp_path / "home", environment, offline=False)
        assert page.seen == [], "the key went nowhere"
    wrong = told["Runway certificate"]
    assert not wrong.well
    assert "not by a public authority" in wrong.words
    assert "Ask who runs the network" in wrong.advice


async def test_an_address_that_is_none(tmp_path: Path) -> None:
    environment = {"RUNWAYML_API_SECRET": KEY, "RUNWAYML_BASE_URL": "http://example.com"}
    told = await found(tmp_path / "home", environment, offline=False)
    assert not told["Runway name"].well


@pytest.fixture
async def studio(tagloom_home: Path) -> AsyncIterator[Studio]:
    made = await compose.build({"TAGLOOM_HOME": str(tagloom_home)})
    yield made
    await made.close()


async def test_the_stores_of_an_open_studio(studio: Studio) -> None:
    told = {one.what: one for one in await look_at_stores(studio)}
    assert set(told) == {"ledger", "library", "paid pictures"}
    assert all(one.well for one in told.values())
    upkeep = [one.what async for one in studio.upkeep.diagnosis.look(offline=True)]
    assert "settings folder" in upkeep
    assert isinstance(studio.keys, Keys)
