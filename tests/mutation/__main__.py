"""Mutation testing: a mistake in the code has to make a test fail. `python -m tests.mutation [GROUP …]`

Groups, their tests and the mutants that no test can tell from the code are in `groups.toml`. Works in a copy
of the tree, with one process for each mutant, forked here so that the libraries are loaded once.
AT_MOST=150 takes every k-th mutant of a group, so that no more are tried.
"""

from __future__ import annotations

import gc
import math
import os
import shutil
import signal
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import aiohttp  # noqa: F401  loaded before the fork
import httpx  # noqa: F401
import msgspec  # noqa: F401
import PIL.Image  # noqa: F401
import PySide6.QtTest
import PySide6.QtWidgets  # noqa: F401
import pytest
import sqlalchemy.dialects.sqlite.pysqlite  # noqa: F401
from hypothesis import Phase, settings

from tests.mutation.mutants import Mutant, mutants

ROOT = Path(__file__).parents[2]
COPIED = ("app", "widgets", "resources", "benchmarks", "tests", "pyproject.toml")
ENOUGH = 0.9
HANGS = 300.0
"""Seconds; a mutant that hangs is killed. Each test has its own, shorter time."""


class ExamplesFirst:
    """Most mutants die of a plain example in the tests of their own module, so those come first;
    properties, which take long, come last."""

    def __init__(self, module: str) -> None:
        self.own = f"test_{Path(module).name}"

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=self._place)

    def _place(self, item: pytest.Item) -> tuple[bool, bool]:
        return item.get_closest_marker("hypothesis") is not None, item.path.name != self.own


def main(names: Sequence[str]) -> int:
    groups = tomllib.loads(Path(__file__).with_name("groups.toml").read_text(encoding="utf-8"))
    for plugin in entry_points(group="pytest11"):
        plugin.load()  # once, before the fork
    gc.freeze()  # what is here stays; pytest's own collecting is quick then
    scores = []
    with tempfile.TemporaryDirectory(prefix="tagloom-mutation-") as folder:
        copy = Path(folder)
        for name in COPIED:
            _copy(ROOT / name, copy / name)
        for name in names or groups:
            scores.append(_group(copy, name, groups[name]))
    print("\ngroup       all  tried  equivalent  killed  survived  score")
    for name, everything, tried, equal, killed in scores:
        left, score = tried - equal - killed, _score(tried, equal, killed)
        print(f"{name:9} {everything:5} {tried:6} {equal:11} {killed:7} {left:9} {score:6.1%}")
    return int(any(_score(*one[2:]) < ENOUGH for one in scores))


def _score(tried: int, equal: int, killed: int) -> float:
    return killed / max(1, tried - equal)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


def _group(copy: Path, name: str, group: dict[str, Any]) -> tuple[str, int, int, int, int]:
    command = [*group["options"], *group["tests"]]
    if _tests_fail(copy, command):
        sys.exit(f"The tests of {name} fail on the code as it is:\n{(copy / 'said').read_text()[-3000:]}")
    known = {(one["before"], one["after"]): one["why"] for one in group.get("equivalent", ())}
    everything = [one for module in group["modules"] for one in mutants(copy, module)]
    step = math.ceil(len(everything) / int(os.environ.get("AT_MOST", len(everything))))
    tried = everything[::step]
    equal = killed = 0
    for number, one in enumerate(tried, 1):
        if (one.before, one.after) in known:
            equal += 1
        elif _dies(copy, one, command):
            killed += 1
        else:
            print(f"survived  {one.module}:{one.line}\n  - {one.before}\n  + {one.after}", flush=True)
        if number % 25 == 0:
            print(f"{name}: {number} of {len(tried)}, {killed} killed", file=sys.stderr, flush=True)
    return name, len(everything), len(tried), equal, killed


def _dies(copy: Path, mutant: Mutant, command: Sequence[str]) -> bool:
    path = copy / mutant.module
    for stale in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
        stale.unlink()
    as_it_is = path.read_text(encoding="utf-8")
    path.write_text(mutant.code, encoding="utf-8")
    try:
        return _tests_fail(copy, command, mutant.module)
    finally:
        path.write_text(as_it_is, encoding="utf-8")


def _tests_fail(copy: Path, command: Sequence[str], mutated: str = "") -> bool:
    child = os.fork()
    if child == 0:
        _test(copy, command, mutated)
    until = time.monotonic() + HANGS
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            break
        if time.monotonic() > until:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return True
        time.sleep(0.02)
    code = os.waitstatus_to_exitcode(status)
    if code == pytest.ExitCode.NO_TESTS_COLLECTED:
        sys.exit("No test was run.")
    return code != 0


def _test(copy: Path, command: Sequence[str], mutated: str) -> None:
    """In the child, which ends here. Bytecode is kept of the code as it is, never of a mutant."""
    os.setsid()
    said = os.open(copy / "said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(said, 1)
    os.dup2(said, 2)
    os.chdir(copy)
    sys.path[0] = str(copy)
    sys.dont_write_bytecode = bool(mutated)
    for name in [name for name in sys.modules if name.split(".")[0] in ("app", "tests")]:
        del sys.modules[name]
    settings.register_profile(
        "mutation", phases=(Phase.explicit, Phase.generate), database=None, derandomize=True
    )
    settings.load_profile("mutation")
    options = ["-x", "-q", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
    code = 1
    try:
        code = int(pytest.main([*options, *command], plugins=[ExamplesFirst(mutated)]))
    finally:
        sys.stdout.flush()
        os._exit(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
