"""The sandbox as a process of its own: it starts, tells its address, and never outlives us."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import psutil
import pytest

from app.basics.faults import Bug
from app.sandbox.__main__ import main
from app.sandbox.child import SandboxChild, own_command, plain_environment
from tests.app.sandbox.conftest import BODY, HEADERS, HERE

ROOT = HERE.parents[2]


@pytest.fixture
async def child() -> AsyncIterator[SandboxChild]:
    made = SandboxChild(seconds=0.05)
    yield made
    await made.stop()


def gone(pid: int, within: float = 5.0) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False


async def answers(url: str) -> bool:
    async with httpx.AsyncClient() as client:
        try:
            return (await client.get(f"{url}/_sandbox/tally")).status_code == 200
        except httpx.TransportError:
            return False


async def test_start_gives_an_address_that_paints(child: SandboxChild) -> None:
    url = await child.start()
    assert child.url == url
    async with httpx.AsyncClient(base_url=url, headers=HEADERS) as client:
        made = (await client.post("/v1/text_to_image", json=BODY)).json()
        for _ in range(500):
            told = (await client.get(f"/v1/tasks/{made['id']}")).json()
            if told["status"] == "SUCCEEDED":
                break
            await asyncio.sleep(0.02)
        picture = await client.get(told["output"][0], headers={"Authorization": ""})
    assert picture.content.startswith(b"\x89PNG")
    assert b"tagloom:draft" in picture.content


async def test_start_twice_is_one_child_and_stop_ends_it(child: SandboxChild) -> None:
    one, two = await asyncio.gather(child.start(), child.start())
    assert one == two
    pid = child.pid
    assert pid is not None
    await child.stop()
    assert gone(pid)
    assert (child.pid, child.url) == (None, None)
    assert not await answers(one)
    await child.stop()


async def test_a_child_that_died_is_replaced(
    child: SandboxChild, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))  # a killed server cannot remove its folder
    first = await child.start()
    pid = child.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert await asyncio.to_thread(_is_noticed, child)
    second = await child.start()
    assert await answers(second)
    assert child.pid != pid
    assert not await answers(first) or first == second


def _is_noticed(child: SandboxChild, within: float = 5.0) -> bool:
    """A killed process stays a moment, until the last of its threads is gone."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if child.url is None:
            return True
        time.sleep(0.01)
    return False


async def test_stop_and_start_again(child: SandboxChild) -> None:
    await child.start()
    await child.stop()
    assert await answers(await child.start())


async def test_no_key_reaches_the_child(child: SandboxChild, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNWAYML_API_SECRET", "key_secret")
    monkeypatch.setenv("REPLICATE_API_TOKEN", "r8_secret")
    monkeypatch.setenv("SOME_NEW_VENDOR_KEY", "secret")
    monkeypatch.setenv("RUNWAYML_BASE_URL", "http://127.0.0.1:1")
    await child.start()
    assert child.pid is not None
    environment = psutil.Process(child.pid).environ()
    assert "PATH" in environment
    assert not any("secret" in value for value in environment.values())
    assert "RUNWAYML_BASE_URL" not in environment


def test_the_plain_environment_is_an_allow_list() -> None:
    given = {"PATH": "/bin", "LC_ALL": "C.UTF-8", "HOME": "/root", "BFL_API_KEY": "x", "ANYTHING": "y"}
    assert plain_environment(given) == {"PATH": "/bin", "LC_ALL": "C.UTF-8", "HOME": "/root"}


async def test_a_command_that_does_not_start_is_said_in_words() -> None:
    broken = SandboxChild([sys.executable, "-c", "import sys; sys.exit('no module of that name')"])
    with pytest.raises(Bug, match="did not start") as caught:
        await broken.start()
    assert "no module of that name" in caught.value.detail
    assert broken.pid is None


async def test_a_command_that_talks_nonsense_is_ended() -> None:
    odd = SandboxChild([sys.executable, "-c", "import time; print('hello', flush=True); time.sleep(60)"])
    with pytest.raises(Bug):
        await odd.start()
    assert not [one for one in psutil.Process().children() if "hello" in " ".join(one.cmdline())]


async def test_a_cancelled_start_leaves_nothing() -> None:
    slow = SandboxChild([sys.executable, "-c", "import time; time.sleep(60)  # slow start"])
    starting = asyncio.create_task(slow.start())
    assert await asyncio.to_thread(_appears, "slow start")
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert not _children("slow start")


def _children(words: str) -> list[psutil.Process]:
    found = []
    for one in psutil.Process().children():
        try:
            if words in " ".join(one.cmdline()):
                found.append(one)
        except psutil.Error:
            continue
    return found


def _appears(words: str, within: float = 5.0) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if _children(words):
            return True
        time.sleep(0.02)
    return False


async def test_it_works_from_any_folder(
    child: SandboxChild, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text("raise SystemExit('the wrong app')")
    monkeypatch.chdir(tmp_path)
    assert await answers(await child.start())


PARENT = """
import asyncio, sys, time
from app.sandbox.child import SandboxChild
async def go():
    child = SandboxChild(seconds=0)
    url = await child.start()
    print(child.pid, url, flush=True)
    time.sleep(60)
asyncio.run(go())
"""


def test_the_child_dies_with_its_parent_however_that_dies() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline().split()[0])
        assert psutil.pid_exists(pid)
        parent.kill()
        parent.wait()
        assert gone(pid)


def start(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*own_command(), *words],
        env=plain_environment(os.environ) | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _closed_input(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.close()


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda process: process.send_signal(signal.SIGTERM), id="SIGTERM"),
        pytest.param(lambda process: process.send_signal(signal.SIGINT), id="SIGINT"),
        pytest.param(_closed_input, id="end of input"),
    ],
)
def test_the_program_ends_cleanly(end: Callable[[subprocess.Popen[str]], None], tmp_path: Path) -> None:
    with start("--with-parent", "--knob", "fail_next=1") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        url = json.loads(process.stdout.readline())["url"]
        assert httpx.get(f"{url}/_sandbox/knobs").json()["fail_next"] == 1
        end(process)
        assert process.wait(10) == 0
        assert process.stdout.read() == ""
        assert process.stderr.read() == ""


def test_without_with_parent_the_end_of_input_is_ignored() -> None:
    with start() as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        _closed_input(process)
        time.sleep(0.3)
        assert httpx.get(f"{url}/_sandbox/tally").status_code == 200
        process.terminate()
        assert process.wait(10) == 0


@pytest.mark.parametrize(
    "words", [["--knob", "nonsense=1"], ["--seconds", "-1"], ["--picture", "/no/such/file"]]
)
def test_bad_arguments_exit_2_with_advice(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.strip()


def test_help_lists_the_knobs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--knob", "help"]) == 0
    assert "refuse_status=503" in capsys.readouterr().out.splitlines()


def test_a_picture_from_a_file_is_served(tmp_path: Path) -> None:
    picture = tmp_path / "fixed.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"x" * 100)
    with start("--seconds", "0", "--picture", str(picture)) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        with httpx.Client(base_url=url, headers=HEADERS) as client:
            made = client.post("/v1/text_to_image", json=BODY).json()
            while (told := client.get(f"/v1/tasks/{made['id']}").json())["status"] != "SUCCEEDED":
                time.sleep(0.02)
            assert client.get(told["output"][0]).content == picture.read_bytes()
        process.terminate()
        assert process.wait(10) == 0


@pytest.mark.parametrize("name", ["tagloom", "tagloom-window"])
def test_a_packaged_program_starts_its_own_command(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", f"/opt/tagloom/{name}")
    assert own_command() == ("/opt/tagloom/tagloom", "sandbox")
