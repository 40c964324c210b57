"""What goes wrong on a desk ends in words and a working window: keyring, disks, network, drawing, mistakes.

The real program in a process of its own (`tests.support.desk`); each journey edits a document and saves it
where there is room, whatever is broken.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.app.basics.disks import fill
from tests.app.basics.disks import read_only as read_only
from tests.app.basics.disks import tiny_disk as tiny_disk
from tests.support.captive import CaptiveProxy
from tests.support.desk import KEY
from tests.support.leaks import secret_in
from tests.support.loopback import command
from tests.support.screen import Screen
from tests.support.window import ROOT

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]


@dataclass(frozen=True, slots=True)
class Told:
    """What the program said on standard output, in order."""

    code: int
    lines: list[dict[str, Any]]
    errors: str

    def seen(self, where: str) -> str:
        return "\n".join(one["text"] for one in self.lines if one.get("seen") == where)

    def did(self, step: str) -> dict[str, Any]:
        return [one for one in self.lines if one.get("did") == step][-1]

    def works(self) -> None:
        """The window was painted, an edit was made, and the document is on a disk."""
        assert self.code == 0, self
        edit = self.did("edit")
        assert edit["edited"]
        assert edit["colours"] > 100
        assert self.did("save") == {"did": "save", "saved": True, "dirty": False}


@dataclass(frozen=True, slots=True)
class DeskOf:
    home: Path
    elsewhere: Path

    def __call__(
        self, *steps: str, at: Path | None = None, without: tuple[str, ...] = (), **environment: str
    ) -> Told:
        kept = {name: value for name, value in os.environ.items() if name not in without}
        ran = subprocess.run(
            command("tests.support.desk", *steps),
            cwd=ROOT,
            env={**kept, "TAGLOOM_HOME": str(at or self.home), **environment},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert not secret_in(f"{ran.stdout}\n{ran.stderr}".encode()), "a key was said"
        lines = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]
        return Told(ran.returncode, lines, ran.stderr)

    @property
    def save(self) -> str:
        return f"save={self.elsewhere / 'kept.tagloom'}"


@pytest.fixture
def desk(tmp_path: Path) -> DeskOf:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    return DeskOf(tmp_path / "home", elsewhere)


# --- keyring


def test_no_keyring(desk: DeskOf) -> None:
    told = desk(
        "edit", "store=runway", desk.save,
        without=("PYTHON_KEYRING_BACKEND",), DBUS_SESSION_BUS_ADDRESS="unix:path=/nowhere",
    )  # fmt: skip
    told.works()
    stored = told.did("store")
    assert stored["source"] == "session"
    assert stored["words"] == (
        "This system has no keyring that Tagloom may use. "
        "The key is kept until you close Tagloom, and nowhere else."
    )


def test_a_keyring_that_never_answers(desk: DeskOf) -> None:
    told = desk(
        "edit", "seen=does not answer", "store=runway", desk.save,
        PYTHON_KEYRING_BACKEND="tests.support.muted.Silent",
    )  # fmt: skip
    told.works()
    assert "Your system's keyring does not answer. Keys from the environment work" in told.seen("banner")
    assert told.did("store")["source"] == "session"


def test_a_keyring_that_breaks(desk: DeskOf) -> None:
    told = desk(
        "edit", "seen=did not work", "store=runway", desk.save,
        PYTHON_KEYRING_BACKEND="tests.support.muted.Broken",
    )  # fmt: skip
    told.works()
    assert "Your system's keyring did not work (ZeroDivisionError)." in told.seen("banner")
    assert told.did("store")["source"] == "session"


# --- disks


def test_a_home_that_cannot_be_written_goes_on_with_drafts(desk: DeskOf, read_only: Path) -> None:
    told = desk(
        "begin=begin-drafts", "edit", "run", "store=runway", desk.save, at=read_only, RUNWAYML_API_SECRET=KEY
    )
    assert "Tagloom cannot write to its folder" in told.seen("box")
    assert "free drafts only" in told.seen("box")
    assert told.did("begin")["home"] != str(read_only)
    assert told.did("run") == {"did": "run", "state": "done", "fault": ""}, (
        "the key in the environment is unused"
    )
    assert told.did("store")["words"].startswith("This session makes free drafts only: no key is used")
    told.works()


def test_a_home_on_a_full_disk_goes_on_with_drafts(desk: DeskOf, tiny_disk: Path) -> None:
    fill(tiny_disk)
    told = desk("begin=begin-drafts", "edit", desk.save, at=tiny_disk)
    assert "the disk is full" in told.seen("box")
    told.works()


def test_a_disk_that_fills_up_while_the_window_is_open(desk: DeskOf, tiny_disk: Path) -> None:
    bigger = ("mount", "-o", "remount,size=8m", str(tiny_disk))
    subprocess.run(bigger, check=True, capture_output=True)
    full = f"save={tiny_disk / 'there' / 'a.tagloom'}"
    told = desk(
        "wait=0.5", f"fill={tiny_disk}", "edit", "seen=recovery copy", full, "run", desk.save, at=tiny_disk
    )
    assert "the recovery copy cannot be written. Save the document often" in told.seen("banner")
    assert "no space left on device. Free some space or choose another folder" in told.seen("banner")
    assert told.did("run")["state"] == "failed"
    assert "Free some space on the disk" in told.did("run")["fault"]
    told.works()


# --- network


def test_no_network_leaves_drafts(desk: DeskOf) -> None:
    nowhere = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    told = desk("edit", "run", desk.save, **nowhere)
    assert told.did("run")["state"] == "done"
    told.works()


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"RUNWAYML_BASE_URL": "https://nothing.invalid"}, "The name nothing.invalid was not found"),
        ({"HTTPS_PROXY": "http://127.0.0.1:9"}, "Runway could not be reached. Check the internet connection"),
    ],
)
def test_no_network_is_said_by_a_live_run(desk: DeskOf, environment: dict[str, str], words: str) -> None:
    told = desk("edit", "run", desk.save, RUNWAYML_API_SECRET=KEY, **environment)
    assert told.did("run")["state"] == "failed"
    assert words in told.did("run")["fault"]
    assert "Nothing was sent, nothing is charged." in told.did("run")["fault"]
    told.works()


@pytest.fixture
def captive(tmp_path: Path) -> Iterator[CaptiveProxy]:
    certificates = pytest.importorskip("tests.app.providers.certificates", exc_type=ImportError)
    server, _ = certificates.contexts(tmp_path)
    made = CaptiveProxy(server)
    yield made
    made.close()


def test_a_network_that_stands_between(desk: DeskOf, captive: CaptiveProxy) -> None:
    """Its certificate is of no issuer that this computer knows: the key does not go there."""
    told = desk("edit", "run", desk.save, RUNWAYML_API_SECRET=KEY, HTTPS_PROXY=captive.url)
    assert captive.asked
    assert {one.partition(":")[0] for one in captive.asked} == {"api.dev.runwayml.com"}
    fault = told.did("run")["fault"]
    assert fault.startswith("The certificate of api.dev.runwayml.com is not trusted by this computer.")
    assert "in a company, its proxy may need a certificate of its own" in fault
    told.works()


# --- drawing


@pytest.mark.parametrize(
    "broken",
    [
        {"QT_XCB_GL_INTEGRATION": "none"},
        {
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "LIBGL_DRIVERS_PATH": "/nowhere",
            "__EGL_VENDOR_LIBRARY_FILENAMES": "/x",
        },
        {"QT_OPENGL": "nonsense", "QSG_RHI_BACKEND": "nonsense"},
    ],
)
def test_no_graphics_card(desk: DeskOf, screen: Screen, broken: dict[str, str]) -> None:
    desk("edit", desk.save, QT_QPA_PLATFORM="xcb", DISPLAY=screen.name, **broken).works()


# --- mistakes of ours


def test_an_error_in_a_slot_is_read_before_anybody_else_sees_it(desk: DeskOf) -> None:
    told = desk("edit", "crash", "seen=ValueError", "crash", "seen=Since then", "press=report-close", "edit",
                "wait=0.5", desk.save)  # fmt: skip
    shown = told.seen("report-dialog")
    assert "The window goes on, and a copy of your document is kept." in shown
    assert "tests/support/desk.py" in shown
    assert "shoe.png" not in shown
    assert "Since then another error has come" in shown
    [report] = (desk.home / "logs" / "reports").iterdir()
    assert "shoe.png" not in report.read_text()
    log = (desk.home / "logs" / "tagloom.log").read_text()
    assert "could not read /home/ana/shoe.png with key_[removed]" in log
    told.works()


def test_an_error_in_a_task_is_reported_too(desk: DeskOf) -> None:
    told = desk("bug", "seen=LookupError", "press=report-close", "edit", desk.save)
    assert "An error arose in a task: LookupError" in told.seen("report-dialog")
    told.works()


def test_after_a_native_crash_its_changes_and_its_report_are_offered(desk: DeskOf) -> None:
    """One dialog, then a quiet question: never two dialogs at once."""
    died = desk("edit", "wait=6", "die")
    assert died.code == -6
    [running] = (desk.home / "logs" / "sessions").glob("*.txt")
    assert "Fatal Python error: Aborted" in running.read_text()
    told = desk(
        "seen=before these changes were saved", "wait=0.3", "press=recovery-continue", "press=fallen-show",
        "seen=The program was ended", "press=report-close", "edit", desk.save,
    )  # fmt: skip
    places = [one["seen"] for one in told.lines if "seen" in one]
    assert places[:3] == ["recovery-dialog", "notice", "report-dialog"]
    assert "Tagloom was ended by an error that it could not catch (Aborted)." in told.seen("recovery-dialog")
    shown = told.seen("report-dialog")
    assert "The program was ended by an error that it could not catch: Aborted" in shown
    assert 'File "tests/support/desk.py"' in shown
    assert str(ROOT) not in shown
    told.works()
    assert list((desk.home / "logs" / "sessions").iterdir()) == []
    assert "ended" not in desk("wait=0.5", "edit", desk.save).seen("notice"), "said once"


def test_ended_from_outside_with_nothing_to_lose(desk: DeskOf) -> None:
    running = subprocess.Popen(
        command("tests.support.desk", "edit", desk.save, "wait=60"),
        cwd=ROOT,
        env={**os.environ, "TAGLOOM_HOME": str(desk.home)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    for line in running.stdout:
        if '"save"' in line:
            break
    running.kill()
    running.communicate(timeout=20)
    told = desk("seen=ended from outside", "edit", desk.save)
    assert "by the system, or by hand. Nothing was left that had not been saved." in told.seen("banner")
    told.works()
