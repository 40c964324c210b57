"""What holds for every test: no way out, no keys, no leftovers. The work is in `tests/support`."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support import clean_env, silence
from tests.support.leaks import Leaks
from tests.support.loopback import Guard

# Before any module of ours or a library of theirs reads the environment.
HOMES = Path(tempfile.mkdtemp(prefix="tagloom-tests-"))
clean_env.settle(os.environ, HOMES / "session")

# `make test` says the same twice; `make soak` looks for new examples (`--hypothesis-profile exploring`).
settings.register_profile("exploring", settings.get_profile("default"), print_blob=True)
settings.register_profile("repeatable", settings.get_profile("default"), derandomize=True)
settings.load_profile("repeatable")

GUARD = Guard()
TASKS = silence.TaskWatch()
QT_MESSAGES = silence.QtMessages()
LEAKS = Leaks()
_numbers = count(1)


def pytest_configure(config: pytest.Config) -> None:
    """The guards stand before the first test module is imported."""
    GUARD.install()
    TASKS.install()
    config.addinivalue_line(
        "markers", "holds_secrets(reason): the test writes keys or signed addresses itself"
    )


def pytest_sessionstart(session: pytest.Session) -> None:
    """After pytest-qt has loaded Qt, if it has."""
    QT_MESSAGES.install()


def pytest_unconfigure(config: pytest.Config) -> None:
    """The folders the tests lived in go."""
    shutil.rmtree(HOMES, ignore_errors=True)


@pytest.fixture(autouse=True)
def tagloom_home(monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own for each test: settings, ledger, library, cache and logs. Not made yet."""
    home = HOMES / str(next(_numbers))
    monkeypatch.setenv("TAGLOOM_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that one test has put into the environment for good does not reach the next."""
    for name in clean_env.stripped(dict(os.environ)):
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def no_way_out() -> Iterator[None]:
    """Fails a test that tried to leave the loopback, even when the program swallowed the refusal."""
    yield
    tried = GUARD.take()
    assert not tried, f"tests never leave the loopback, but this one tried: {tried}"


@pytest.fixture(autouse=True)
def no_secret_on_disk(request: pytest.FixtureRequest, tagloom_home: Path) -> Iterator[None]:
    """Fails a test after which a key, a bearer token or a signed address lies in its home or its folder."""
    yield
    item = request.node
    if item.get_closest_marker("holds_secrets") is not None:
        return
    before = LEAKS.files
    folders = {tagloom_home, item.funcargs.get("tmp_path", tagloom_home)}
    found = LEAKS.found(folders)
    assert not found, "left on the disk:\n" + "\n".join(found)
    looked = LEAKS.files > before
    assert looked or not any((one / "ledger.sqlite").is_file() for one in folders), "no file was looked at"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How much was searched for secrets; with several workers each has its own count."""
    if LEAKS.files:
        terminalreporter.write_line(f"no secret in {LEAKS.files} files of {LEAKS.folders} folders")


@pytest.fixture(autouse=True)
def no_leftovers(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that leaves threads, tasks, Qt timers or Qt warnings behind.

    It is set up first and so ends last, after the test's own fixtures and its event loop.
    """
    item = request.node
    threads = silence.threads_now()
    timers = silence.running_timers() if _in_widgets(item) else {}
    QT_MESSAGES.take()
    TASKS.take()
    yield
    left: list[str] = []
    if item.get_closest_marker("leaves_threads") is None:
        left += [f"thread left running: {name}" for name in silence.threads_left(threads)]
    if item.get_closest_marker("leaves_tasks") is None:
        left += TASKS.take()
    if _in_widgets(item) and item.get_closest_marker("leaves_timers") is None:
        now = silence.running_timers()
        left += [f"timer left running: {now[one]}" for one in now.keys() - timers.keys()]
    left += [f"Qt said during the clean-up: {text}" for text in QT_MESSAGES.take()]
    assert not left, "left behind:\n" + "\n".join(left)


def _in_widgets(item: pytest.Item) -> bool:
    return item.path.is_relative_to(item.config.rootpath / "tests" / "widgets")
