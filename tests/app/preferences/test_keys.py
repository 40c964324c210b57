from __future__ import annotations

import copy
import json
import os
import pickle
import subprocess
import sys
import threading
import time
from pathlib import Path

import keyring
import keyring.backend
import keyring.backends.chainer
import keyring.backends.fail
import keyring.errors
import pytest

from app.basics.faults import BadInput, DiskTrouble
from app.basics.secret import Secret
from app.preferences.keys import ENVIRONMENT, SERVICE, Keys, Source, clean

KEY = "key_" + "0a1b2c3d" * 16
OTHER = "key_" + "9f8e7d6c" * 16


class Ring(keyring.backend.KeyringBackend):
    """A keyring in memory, which may be locked."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False
        self.asked = 0

    def check(self) -> None:
        self.asked += 1
        if self.locked:
            raise keyring.errors.KeyringLocked(f"locked, was given {KEY}")

    def get_password(self, service: str, username: str) -> str | None:
        self.check()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.check()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.check()
        del self.kept[service, username]


def use(monkeypatch: pytest.MonkeyPatch, backend: object) -> None:
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)


def test_a_secret_does_not_show_itself() -> None:
    secret = Secret(KEY)
    for text in (repr(secret), str(secret), f"{secret}", f"{secret:>80}", f"{[secret]} { ({'a': secret}) }"):
        assert "0a1b" not in text
    assert secret.reveal() == KEY
    assert secret == Secret(KEY) != Secret(OTHER)
    assert hash(secret) == hash(Secret(KEY))
    assert not hasattr(secret, "__dict__")
    for writes in (pickle.dumps, copy.deepcopy, json.dumps):
        with pytest.raises(TypeError) as caught:
            writes(secret)
        assert "0a1b" not in str(caught.value)


@pytest.mark.parametrize(
    "text", [KEY, f"  {KEY}\n", f'"{KEY}"', f"'{KEY}'\r\n", f"“{KEY}”", f"\t'{KEY}' ", f'" {KEY} "']
)
def test_what_copying_brings_along_goes(text: str) -> None:
    assert clean(text) == KEY


@pytest.mark.parametrize(
    "text", ["", "  ", '""', f"{KEY}\n{KEY}", f"{KEY} x", "clé", "a\0b", "x" * 5000, "key\u200b"]
)
def test_what_is_no_key_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        clean(text)
    fault = caught.value
    assert fault.code == "keys.shape"
    assert "0a1b" not in f"{fault.sentence()}{fault.detail}{fault.args}"


def test_the_environment_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    ring = Ring()
    keys = Keys({"RUNWAYML_API_SECRET": f" {KEY}\n", "BFL_API_KEY": "", "ARK_API_KEY": " '' "}, backend=ring)
    assert keys.get("runway") == Secret(KEY)
    assert keys.source("runway") is Source.ENVIRONMENT
    assert (keys.get("bfl"), keys.source("bfl"), keys.get("byteplus")) == (None, None, None)
    stored = keys.store("runway", OTHER)
    assert stored.source is Source.KEYRING
    assert "RUNWAYML_API_SECRET in the environment" in stored.words
    assert keys.get("runway") == Secret(KEY)
    assert Keys({}, backend=ring).get("runway") == Secret(OTHER)


def test_a_bad_key_in_the_environment_is_named_not_shown() -> None:
    keys = Keys({"RUNWAYML_API_SECRET": f"{KEY} {KEY}"}, backend=Ring())
    assert keys.get("bfl") is None
    with pytest.raises(BadInput) as caught:
        keys.get("runway")
    assert "RUNWAYML_API_SECRET" in caught.value.title
    assert "0a1b" not in caught.value.sentence()


def test_the_keyring_keeps_it_for_the_next_start() -> None:
    ring = Ring()
    first = Keys({}, backend=ring)
    assert first.get("runway") is None
    assert first.store("runway", f'"{KEY}"').source is Source.KEYRING
    assert ring.kept == {(SERVICE, "runway"): KEY}
    assert first.source("runway") is Source.KEYRING
    second = Keys({}, backend=ring)
    assert second.get("runway") == Secret(KEY)
    assert second.remove("runway")
    assert second.get("runway") is None
    assert not second.remove("runway")
    assert ring.kept == {}
    assert second.notes == ()


def test_it_is_asked_once() -> None:
    ring = Ring()
    keys = Keys({}, backend=ring)
    for _ in range(3):
        assert keys.get("runway") is None
    assert ring.asked == 1


async def test_loading_asks_in_a_thread() -> None:
    class Slow(Ring):
        def check(self) -> None:
            seen.append(threading.current_thread())
            super().check()

    seen: list[threading.Thread] = []
    keys = Keys({}, backend=Slow())
    await keys.load()
    assert len(seen) == len(ENVIRONMENT)
    assert threading.main_thread() not in seen
    keys.get("runway")
    assert len(seen) == len(ENVIRONMENT)


def test_a_locked_keyring_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    ring = Ring()
    ring.kept[SERVICE, "runway"] = KEY
    ring.locked = True
    keys = Keys({}, backend=ring)
    assert keys.get("runway") is None
    assert keys.notes == ("Your system's keyring is locked.",)
    stored = keys.store("runway", OTHER)
    assert stored.source is Source.SESSION
    assert "until you close Tagloom" in stored.words
    assert keys.get("runway") == Secret(OTHER)
    assert keys.source("runway") is Source.SESSION
    assert ring.kept == {(SERVICE, "runway"): KEY}
    assert "0a1b" not in f"{keys.notes}{stored}"
    ring.locked = False
    assert keys.get("runway") == Secret(KEY), "unlocked, it is asked again"
    ring.locked = True
    with pytest.raises(DiskTrouble) as caught:
        keys.remove("runway")
    assert caught.value.code == "keys.locked"
    assert "0a1b" not in f"{caught.value.sentence()}{caught.value.detail}"


@pytest.mark.parametrize("unsafe", [keyring.backends.fail.Keyring(), object()])
def test_no_keyring_is_this_session_only(monkeypatch: pytest.MonkeyPatch, unsafe: object) -> None:
    if type(unsafe) is object:
        unsafe = type("PlaintextKeyring", (Ring,), {"__module__": "keyrings.alt.file"})()
    use(monkeypatch, unsafe)
    keys = Keys({})
    assert keys.get("runway") is None
    stored = keys.store("runway", KEY)
    assert stored.source is Source.SESSION
    assert "no keyring" in stored.words
    assert keys.get("runway") == Secret(KEY)
    assert keys.notes
    assert keys.remove("runway")
    assert keys.get("runway") is None
    assert not getattr(unsafe, "kept", None), "never in a plain file"


def test_of_a_chain_only_a_safe_keyring_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = type("PlaintextKeyring", (Ring,), {"__module__": "keyrings.alt.file"})()
    safe = Ring()
    chain = type("Chain", (), {"backends": [plain, safe], "__module__": "keyring.backends.chainer"})()
    use(monkeypatch, chain)
    Keys({}).store("runway", KEY)
    assert (plain.kept, safe.kept) == ({}, {(SERVICE, "runway"): KEY})


def test_a_keyring_that_breaks_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(Ring):
        def check(self) -> None:
            raise OSError(f"the bus is gone {KEY}")

    keys = Keys({}, backend=Broken())
    assert keys.get("runway") is None
    assert "OSError" in keys.notes[0]
    assert "0a1b" not in keys.notes[0]
    monkeypatch.setattr(keyring, "get_keyring", lambda: 1 / 0)
    keys = Keys({})
    assert keys.get("runway") is None
    assert "ZeroDivisionError" in keys.notes[0]
    assert keys.keyring == ""


def test_a_keyring_that_never_answers_holds_up_nobody() -> None:
    answers = threading.Event()

    class Mute(Ring):
        name = "The ring"

        def get_password(self, service: str, username: str) -> str | None:
            answers.wait(30)
            return super().get_password(service, username)

    ring = Mute()
    ring.kept[SERVICE, "runway"] = KEY
    keys = Keys({"BFL_API_KEY": KEY}, backend=ring, patience=0.2)
    begun = time.monotonic()
    assert keys.get("runway") is None
    assert keys.notes == ("Your system's keyring does not answer.",)
    assert keys.source("runway") is None
    assert keys.get("replicate") is None, "nobody is kept waiting behind it"
    assert keys.source("bfl") is Source.ENVIRONMENT
    stored = keys.store("google", KEY)
    assert (stored.source, keys.get("google")) == (Source.SESSION, Secret(KEY))
    assert keys.keyring == ""
    assert time.monotonic() - begun < 1
    answers.set()
    deadline = time.monotonic() + 5
    while keys.get("runway") is None:  # what comes late counts
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert keys.source("runway") is Source.KEYRING
    assert (keys.notes, keys.keyring) == ((), "The ring")


def test_vendors_that_are_not_there() -> None:
    keys = Keys({}, backend=Ring())
    assert keys.get("nobody") is None
    for call in (lambda: keys.store("nobody", KEY), lambda: keys.remove("nobody")):
        with pytest.raises(BadInput) as caught:
            call()
        assert caught.value.code == "keys.vendor"
        assert "runway" in caught.value.advice


def test_children_get_no_key() -> None:
    environment = {name: KEY for name in ENVIRONMENT.values()} | {"PATH": "/bin", "google_api_key": KEY}
    assert Keys(environment, backend=Ring()).without_keys(environment) == {"PATH": "/bin"}


def test_the_keyring_is_imported_late() -> None:
    code = "import sys, app.preferences.keys as k; k.Keys({}); print('keyring' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


WRITES = """
import asyncio, logging, os, sys
from pathlib import Path
from app.basics.faults import BadInput
from app.basics.logs import start_logs
from app.basics.places import find_places
from app.journal.operations import State
from app.preferences.declared import THEME
from app.preferences.keys import Keys
from app.preferences.options import Options
from tests.app.journal.make import operation
from app.journal.leases import FolderLeases
from app.journal.ledger import Ledger

async def main():
    places = find_places(os.environ).ensure()
    end = start_logs(places.logs, level=logging.DEBUG)
    keys = Keys(os.environ)
    secret = keys.get("runway")
    log = logging.getLogger("tagloom")
    log.info("%s %r %s", secret, keys.__dict__, keys.store("bfl", secret.reveal()))
    log.info("Authorization: Bearer %s", secret.reveal())
    try:
        keys.store("runway", secret.reveal() + " x")
    except BadInput:
        log.exception("not stored")
    Options(places.options).set(THEME, "light")
    ledger = Ledger(places.ledger, FolderLeases(places.leases))
    made = await ledger.intend(operation())
    await ledger.advance(made.id, State.SENDING)
    await ledger.advance(made.id, State.REFUSED, fault_title=f"401 Bearer {secret.reveal()}")
    await ledger.close()
    end()

asyncio.run(main())
"""


def test_no_key_in_any_file_that_is_written(tmp_path: Path) -> None:
    environment = {**os.environ, "TAGLOOM_HOME": str(tmp_path / "home"), "RUNWAYML_API_SECRET": KEY}
    done = subprocess.run([sys.executable, "-c", WRITES], env=environment, capture_output=True, check=True)
    written = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert {"tagloom.log", "ledger.sqlite", "options.json"} <= {path.name for path in written}
    for content in (done.stdout, done.stderr, *(path.read_bytes() for path in written)):
        assert b"0a1b2c3d" not in content


def test_of_googles_two_variables_its_own_tools_first_one_wins() -> None:
    both = {"GEMINI_API_KEY": "key_second", "GOOGLE_API_KEY": "key_first"}
    first = Keys(both).get("google")
    assert first is not None
    assert first.reveal() == "key_first"
    for name in both:
        alone = Keys({name: both[name]})
        found = alone.get("google")
        assert found is not None
        assert found.reveal() == both[name]
        assert alone.without_keys(both | {"HOME": "/"}) == {"HOME": "/"}
