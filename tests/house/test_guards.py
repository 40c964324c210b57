"""The guards of `tests/conftest.py` do what they promise: each naughty test fails for its own reason."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import keyring
import pytest

from tests.support import clean_env
from tests.support.loopback import REFUSED_EXIT, LeftTheLoopback, command, is_loopback

ROOT = Path(__file__).parents[2]

# What a test does wrong, and the words with which it must fail.
NAUGHTY = {
    "connects": "never leave the loopback, but this one tried",
    "swallows_the_refusal": "never leave the loopback, but this one tried",
    "looks_up": "never leave the loopback, but this one tried",
    "leaves_a_thread": "thread left running: forgotten",
    "leaves_a_task": "task left running: forgotten",
    "loses_an_exception": "Task exception was never retrieved",
    "warns": "UserWarning: loud",
    "forgets_to_await": "was never awaited",
    "makes_qt_warn": "Qt messages with level WARNING",
}

SOURCE = """
import asyncio, contextlib, gc, socket, threading, time, warnings
import pytest

def test_connects():
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("192.0.2.1", 80), timeout=0.2)

async def test_swallows_the_refusal():
    with contextlib.suppress(OSError):
        await asyncio.open_connection("192.0.2.1", 443)

def test_looks_up():
    with contextlib.suppress(OSError):
        socket.getaddrinfo("example.org", 443)

def test_leaves_a_thread():
    threading.Thread(target=time.sleep, args=(6,), name="forgotten", daemon=True).start()

async def test_leaves_a_task():
    asyncio.create_task(asyncio.sleep(60), name="forgotten")

async def test_loses_an_exception():
    async def fail():
        raise ValueError("lost")
    task = asyncio.create_task(fail())
    await asyncio.sleep(0)
    del task
    gc.collect()

def test_warns():
    warnings.warn("loud")

def test_forgets_to_await():
    asyncio.sleep(0)
    gc.collect()

def test_makes_qt_warn():
    from PySide6.QtCore import qWarning
    qWarning("not good")

# These are as they should be.

async def test_good_tasks_end():
    asyncio.create_task(asyncio.sleep(0.01))

def test_good_thread_ends():
    threading.Thread(target=time.sleep, args=(0.1,)).start()

@pytest.mark.leaves_tasks("shown here")
async def test_good_says_so():
    asyncio.create_task(asyncio.sleep(60))

def test_good_loopback():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()

def test_good_unknown_name():
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("nothing.invalid", 443)
"""


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str]]:
    """Test name → (outcome, its part of the report), from a run of `SOURCE` under the real conftest."""
    folder = tmp_path_factory.mktemp("naughty")
    (folder / "test_naughty.py").write_text(SOURCE)
    plain = ["-p", "tests.conftest", "-p", "no:cacheprovider", "-p", "no:randomly", "-rA", "-v", "--tb=short"]
    place = ["-c", str(ROOT / "pyproject.toml"), f"--rootdir={folder}", str(folder)]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *plain, *place],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
    )
    text = run.stdout + run.stderr
    outcomes = dict(re.findall(r"test_naughty\.py::test_(\w+) (PASSED|FAILED|ERROR)", text))
    sections = re.split(r"\n_{3,} (?:ERROR at teardown of )?test_(\w+) _{3,}\n", text)
    told: dict[str, str] = {}
    for name, words in zip(sections[1::2], sections[2::2], strict=True):
        told[name] = told.get(name, "") + words
    failed = set(told)
    return {
        name: ("bad" if name in failed else outcome, told.get(name, "")) for name, outcome in outcomes.items()
    }


@pytest.mark.parametrize("name", NAUGHTY)
def test_a_naughty_test_fails_for_its_reason(name: str, verdicts: dict[str, tuple[str, str]]) -> None:
    outcome, words = verdicts[name]
    assert outcome == "bad"
    assert NAUGHTY[name] in words


def test_good_tests_pass(verdicts: dict[str, tuple[str, str]]) -> None:
    good = {name: outcome for name, (outcome, _) in verdicts.items() if name.startswith("good_")}
    assert len(good) == 5
    assert set(good.values()) == {"PASSED"}
    assert len(verdicts) == len(good) + len(NAUGHTY)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.9.9.9", "::1", "localhost", "a.localhost", "", "0.0.0.0", "::ffff:127.0.0.1"]
)
def test_loopback_is_known(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["192.0.2.1", "10.0.0.1", "::2", "example.org", "localhost.example.org", "::ffff:192.0.2.1"]
)
def test_the_rest_is_not_loopback(host: str) -> None:
    assert not is_loopback(host)


def test_a_child_is_guarded_and_gets_its_arguments(tmp_path: Path) -> None:
    script = """
        import socket, sys
        print(sys.argv[1:], __name__)
        if "out" in sys.argv:
            try: socket.create_connection(("192.0.2.1", 9), timeout=0.2)
            except OSError: pass
        raise SystemExit(3)
    """
    (tmp_path / "kid.py").write_text(textwrap.dedent(script))
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}

    def start(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command("kid", *words), env=env, cwd=tmp_path, capture_output=True, text=True, timeout=30
        )

    home, away = start("in"), start("out")
    assert (home.returncode, home.stdout) == (3, "['in'] __main__\n")
    assert away.returncode == REFUSED_EXIT
    assert "192.0.2.1 port 9 was refused" in away.stderr


def test_keys_addresses_and_proxies_are_taken_out() -> None:
    names = dict.fromkeys(
        (*clean_env.KEYS, *clean_env.ADDRESSES, "https_proxy", "NEW_VENDOR_BASE_URL", "PATH"), "x"
    )
    taken = clean_env.stripped(names)
    assert names == {"PATH": "x"}
    assert len(taken) == len(clean_env.KEYS) + len(clean_env.ADDRESSES) + 2


def test_this_run_has_no_keys_and_a_home_of_its_own(tagloom_home: Path) -> None:
    assert not set(clean_env.KEYS) & set(os.environ)
    assert os.environ["TAGLOOM_HOME"] == str(tagloom_home)
    assert not tagloom_home.exists()
    assert keyring.get_password("tagloom", "runway") is None


def test_the_refusal_is_an_os_error_with_words() -> None:
    assert issubclass(LeftTheLoopback, OSError)
    assert is_loopback(socket.gethostbyname("localhost"))
