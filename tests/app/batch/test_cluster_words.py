"""What a cluster demands before anything is sent, in words."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import ModuleType

import pytest

from app.basics.faults import BadInput
from app.batch.dask_package import dask_package
from app.batch.dask_worker import demand_shared, is_near, post_of
from tests.support.s3 import free_port
from tests.support.terminal import tagloom


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("tcp://127.0.0.1:8786", True),
        ("localhost:8786", True),
        ("tls://[::1]:8786", True),
        ("tcp://192.168.1.20:8786", False),
        ("farm.test:8786", False),
    ],
)
def test_whether_a_cluster_is_of_one_machine(address: str, near: bool) -> None:
    assert is_near(address) is near


@pytest.mark.parametrize("address", ["", "127.0.0.1", "http://127.0.0.1:8787", "tcp://:8786", "tcp://a:b"])
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(BadInput) as caught:
        is_near(address)
    assert caught.value.code == "cluster.address"


@pytest.mark.parametrize(
    ("ledger", "library", "missing"),
    [
        ("", "", "TAGLOOM_LEDGER TAGLOOM_LIBRARY"),
        ("postgresql://db/tagloom", " ", "TAGLOOM_LIBRARY"),
        ("", "s3://shoes", "TAGLOOM_LEDGER"),
    ],
)
def test_several_machines_need_one_ledger_and_one_library(ledger: str, library: str, missing: str) -> None:
    demand_shared("tcp://127.0.0.1:8786", ledger, library)
    with pytest.raises(BadInput) as caught:
        demand_shared("tcp://192.168.1.20:8786", ledger, library)
    assert caught.value.code == "cluster.own-stores"
    assert f"Set {missing}, the same" in caught.value.advice
    demand_shared("tcp://192.168.1.20:8786", "postgresql://db/tagloom", "s3://shoes")


def test_a_worker_listens_on_its_own_machine_unless_told_otherwise() -> None:
    assert post_of("tcp://127.0.0.1:8786", 4, "", "").host == "127.0.0.1"
    assert post_of("tcp://192.168.1.20:8786", 4, "", "192.168.1.21").host == "192.168.1.21"
    with pytest.raises(BadInput) as caught:
        post_of("tcp://192.168.1.20:8786", 4, "", "")
    assert caught.value.code == "cluster.host"


def test_packages_that_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[..., ModuleType] = importlib.import_module

    def absent(name: str, package: str | None = None) -> ModuleType:
        if name.startswith(("dask", "distributed")):
            raise ModuleNotFoundError(name)
        return real(name, package)

    monkeypatch.setattr(importlib, "import_module", absent)
    with pytest.raises(BadInput) as caught:
        dask_package()
    assert "pip install 'tagloom[cluster]'" in caught.value.advice


@pytest.mark.journey
def test_the_command_says_what_it_needs() -> None:
    ran = tagloom("worker", "tcp://192.168.1.20:8786", "--host", "192.168.1.21")
    assert ran.code == 2
    assert "TAGLOOM_LEDGER TAGLOOM_LIBRARY" in ran.err
    nobody = tagloom("worker", f"tcp://127.0.0.1:{free_port()}", "--threads", "0")
    assert nobody.code == 2
