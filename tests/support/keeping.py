"""Every test of a room whose database may be a file or on a server, with both: a `conftest.py` takes
`kept_in` and `pytest_generate_tests` from here. A test that is about files alone is marked `in_files`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.postgres import BINARIES, MISSING, Server, server

FILE, SERVER = "sqlite", "postgresql"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "kept_in" in metafunc.fixturenames:
        files = metafunc.definition.get_closest_marker("in_files") is not None
        metafunc.parametrize("kept_in", [FILE] if files else [FILE, SERVER], indirect=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """One for all tests of this process that need it."""
    if not BINARIES:
        pytest.skip(MISSING)
    with server() as running:
        yield running


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    """One that the tests of a file may stop, and start again."""
    if not BINARIES:
        pytest.skip(MISSING)
    with server() as running:
        yield running


@pytest.fixture(autouse=True)
def kept_in(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """`sqlite` or `postgresql`: then TAGLOOM_LEDGER is the address of an empty place."""
    kind: str = getattr(request, "param", FILE)
    if kind == SERVER:
        running: Server = request.getfixturevalue("postgres")
        monkeypatch.setenv("TAGLOOM_LEDGER", running.fresh())
    return kind
