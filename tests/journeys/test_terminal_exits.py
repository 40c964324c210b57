"""`tagloom` as a real process: each exit code, and that its last event is always `finished`."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.capturing import KEY, Capturing, capturing
from tests.support.terminal import EXAMPLE, Ran, ended, line_with, sandbox, start, stop, tagloom, until

pytestmark = [pytest.mark.journey, pytest.mark.timeout(120)]

PICTURE = EXAMPLE.parent / "refs" / "coffee.png"
FLAT = ("--seconds", "0", "--picture", str(PICTURE))
FINISHED = {"event", "images", "failures", "credits", "usd", "cancelled"}
IMAGE = {
    "node", "path", "sha256", "seed", "credits", "usd", "reused", "draft", "width", "height",
}  # fmt: skip
FAILURE = {"node", "field", "fault", "kind", "title", "advice", "charged", "retry"}


@pytest.fixture
def runway() -> Iterator[Capturing]:
    with capturing() as server:
        yield server
        assert server.refused == []


def checked(ran: Ran, code: int) -> Ran:
    """Ended as it should: code, last event with its fields, JSON alone on stdout, words alone on stderr."""
    assert ran.code == code, ran
    assert set(ran.finished) == FINISHED
    assert all(set(one) == IMAGE for one in ran.finished["images"])
    assert all(set(one) >= FAILURE for one in ran.finished["failures"])
    assert len(ran.events) == len(ran.out.splitlines())
    assert [one["event"] for one in ran.events].count("finished") == 1
    assert "Traceback" not in ran.err
    assert KEY not in ran.out + ran.err
    return ran


def test_0_a_draft_and_then_the_same_reused(tmp_path: Path) -> None:
    words = ("run", EXAMPLE, "-o", tmp_path / "out", "--json", "--seconds", "0.1")
    first = checked(tagloom(*words), 0)
    [image] = first.finished["images"]
    assert (image["node"], image["seed"], image["width"], image["height"]) == ("picture", 42, 1920, 1080)
    assert (image["draft"], image["reused"], image["credits"], image["usd"]) == (True, False, 0, 0)
    path = Path(image["path"])
    assert path.parent == tmp_path / "out"
    assert path.name == "picture-42.png"
    assert [one["event"] for one in first.events][:2] == ["estimate", "started"]
    assert "no key" in first.err.lower()

    again = checked(tagloom(*words), 0)
    [reused] = again.finished["images"]
    assert reused == {**image, "reused": True}
    assert not again.named("queued")
    assert not again.named("notice")  # no sandbox was started
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["picture-42.png"]


def test_people_read_stderr_and_stdout_stays_empty(tmp_path: Path) -> None:
    ran = tagloom("run", EXAMPLE, "-o", tmp_path, "--seconds", "0")
    assert (ran.code, ran.out) == (0, "")
    assert f"picture: draft {tmp_path / 'picture-42.png'} (1920 × 1080, seed 42)" in ran.err


def test_1_a_step_failed(tmp_path: Path) -> None:
    with sandbox(*FLAT, "--knob", "fail_next=1") as runway:
        ran = checked(
            tagloom("run", EXAMPLE, "-o", tmp_path, "--yes", "--json", environment=runway.environment()), 1
        )
        [failure] = [one for one in ran.finished["failures"] if not one["because"]]
        assert (failure["node"], failure["charged"], failure["retry"]) == ("picture", "no", "ask")
        assert ran.finished["images"] == []
        assert [one["node"] for one in ran.named("failed")] == ["picture", "keep"]
        # The vendor has answered: it is made anew when it is asked for, not by itself.
        assert runway.tally()["creates"] == 1
        words = ("run", EXAMPLE, "-o", tmp_path, "--yes", "--json")
        [image] = checked(tagloom(*words, environment=runway.environment()), 0).finished["images"]
        assert (image["draft"], image["credits"], image["usd"]) == (False, 100, 0.08)
        assert runway.tally()["creates"] == 2


def test_2_wrong_words_and_wrong_documents(runway: Capturing, tmp_path: Path) -> None:
    words = ("--set", "picture.seed=-1", "--set", "cup.file=/none.png")
    ran = checked(tagloom("run", EXAMPLE, "--yes", "--json", *words, environment=runway.environment()), 2)
    assert {one["node"] for one in ran.finished["failures"]} == {"picture", "cup"}
    assert {one["charged"] for one in ran.finished["failures"]} == {"no"}
    assert runway.requests == []
    unknown = tagloom("frob")
    assert (unknown.code, unknown.out) == (2, "")
    assert "frob" in unknown.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--yes", "--max-credits", "99"), "100 cr, over the cap of 99 cr"),
        (("--yes", "--max-usd", "0.07"), "$0.08, over the cap of $0.07"),
        (("--yes", "--max-credits", "0"), "cap of 0 cr"),
        ((), "There is no terminal to ask at"),
    ],
)
def test_3_refused_before_anything_is_sent(runway: Capturing, words: tuple[str, ...], said: str) -> None:
    ran = checked(tagloom("run", EXAMPLE, "--json", *words, environment=runway.environment()), 3)
    assert said in ran.err
    assert ran.finished["failures"][0]["kind"] == "refused"
    assert runway.requests == []


def test_within_the_caps_it_runs(runway: Capturing, tmp_path: Path) -> None:
    words = ("--yes", "--max-credits", "100", "--max-usd", "0.08", "--live")
    ran = checked(
        tagloom("run", EXAMPLE, "-o", tmp_path, "--json", *words, environment=runway.environment()), 0
    )
    assert (ran.finished["credits"], ran.finished["usd"]) == (100, 0.08)
    assert "Runway" in ran.err  # what is uploaded, to whom, for how long
    before = len(runway.requests)
    again = checked(
        tagloom("run", EXAMPLE, "-o", tmp_path, "--json", "--live", environment=runway.environment()), 0
    )
    assert [one["reused"] for one in again.finished["images"]] == [True]
    assert (again.finished["credits"], again.finished["usd"]) == (0, 0)
    assert len(runway.requests) == before


def test_live_takes_no_draft_from_the_library(tmp_path: Path) -> None:
    assert tagloom("run", EXAMPLE, "-o", tmp_path / "out", "--seconds", "0").code == 0
    ran = checked(tagloom("run", EXAMPLE, "-o", tmp_path / "live", "--live", "--json"), 2)
    assert [one["fault"] for one in ran.finished["failures"]] == ["cli.live"]
    assert not (tmp_path / "live").exists()


def test_4_an_answer_that_was_lost_is_never_sent_again_by_itself(tmp_path: Path) -> None:
    with sandbox(*FLAT, "--knob", "lose_next=1") as runway:
        words = ("run", EXAMPLE, "-o", tmp_path, "--yes", "--json")
        for _ in range(2):
            ran = checked(tagloom(*words, environment=runway.environment()), 4)
            [lost] = [one for one in ran.finished["failures"] if not one["because"]]
            assert (lost["node"], lost["kind"], lost["charged"], lost["retry"]) == (
                "picture", "lost", "unknown", "ask",
            )  # fmt: skip
            assert runway.tally()["creates"] == 1
        ran = checked(tagloom(*words, "--retry-unknown", environment=runway.environment()), 0)
        assert len(ran.finished["images"]) == 1
        assert runway.tally()["creates"] == 2


def test_4_wins_over_1(tmp_path: Path) -> None:
    document = json.loads(EXAMPLE.read_text("utf-8"))
    nodes: dict[str, Any] = {}
    for name in ("one", "two", "three"):
        words = "A good cup" if name == "one" else "A naughty cup"
        nodes[f"{name}-words"] = {"kind": "prompt", "values": {"text": f"{words} in soft light"}}
        nodes[name] = {"kind": "gen4-image", "values": {"seed": 1}}
    document |= {"nodes": nodes, "frames": {}, "layout": {}}
    document["links"] = [
        {"from": f"{name}-words.text", "to": f"{name}.prompt"} for name in ("one", "two", "three")
    ]
    path = tmp_path / "three.tagloom"
    path.write_text(json.dumps(document))
    knobs = ("--knob", "lose_next=1", "--knob", 'moderated_words=["naughty"]')
    with sandbox(*FLAT, *knobs) as runway:
        ran = checked(tagloom("run", path, "--yes", "--json", environment=runway.environment()), 4)
        kinds = [one["kind"] for one in ran.finished["failures"]]
        assert kinds.count("lost") == 1
        assert len(kinds) > 1
        assert runway.tally()["creates"] == 3


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_130_stopped_while_it_runs(runway: Capturing, tmp_path: Path, number: signal.Signals) -> None:
    runway.holding = True
    words = ("run", EXAMPLE, "-o", tmp_path, "--yes", "--json")
    process = start(*words, environment=runway.environment())
    before = line_with(process, "running")
    stop(process, number)
    ran = ended(process)
    assert ran.code == 130, ran
    assert ran.finished["cancelled"] is True
    assert ran.finished["images"] == []
    assert "picture" in {one["node"] for one in ran.named("cancelled")}
    assert before[0]["event"] == "estimate"
    assert "Traceback" not in ran.err
    assert len(runway.creates) == len(runway.deleted) == 1


def test_130_stopped_at_the_question(runway: Capturing, tmp_path: Path) -> None:
    """On a terminal, where it asks; Ctrl+C is a no, and nothing is waited for."""
    master, slave = pty.openpty()
    words = ("run", EXAMPLE, "-o", tmp_path, "--json")
    process = start(*words, environment=runway.environment(), stdin=slave, stderr=slave)
    os.close(slave)
    said = _read_until(master, b"[y/N]")
    assert b"$0.08" in said
    stop(process)
    ran = _ended(process, master)
    assert ran.code == 130, ran
    assert ran.finished["cancelled"] is True
    assert runway.requests == []


@pytest.mark.parametrize(("answer", "code", "creates"), [(b"n\n", 3, 0), (b"\n", 3, 0), (b"y\n", 0, 1)])
def test_the_question_is_answered(
    runway: Capturing, tmp_path: Path, answer: bytes, code: int, creates: int
) -> None:
    master, slave = pty.openpty()
    words = ("run", EXAMPLE, "-o", tmp_path, "--json")
    process = start(*words, environment=runway.environment(), stdin=slave, stderr=slave)
    os.close(slave)
    _read_until(master, b"[y/N]")
    os.write(master, answer)
    ran = _ended(process, master)
    assert ran.code == code, ran
    assert ran.events[-1]["event"] == "finished"
    assert len(runway.creates) == creates


def test_a_second_stop_ends_at_once(runway: Capturing, tmp_path: Path) -> None:
    runway.holding = True
    process = start("run", EXAMPLE, "-o", tmp_path, "--yes", "--json", environment=runway.environment())
    line_with(process, "running")
    stop(process)
    stop(process)
    ran = ended(process)
    assert ran.code in (130, -signal.SIGINT), ran


def test_a_reader_that_goes_away_ends_nothing(tmp_path: Path) -> None:
    process = start("run", EXAMPLE, "-o", tmp_path, "--json", "--seconds", "0.1")
    process.stdout.readline()
    process.stdout.close()
    process.wait(60)
    said = process.stderr.read()
    process.stderr.close()
    assert process.returncode == 0, said
    assert "Traceback" not in said
    assert "BrokenPipe" not in said
    assert (tmp_path / "picture-42.png").is_file()


def test_a_list_that_is_cut_short() -> None:
    process = start("models", "--json", stdout=subprocess.PIPE)
    process.stdout.close()
    process.wait(60)
    said = process.stderr.read()
    process.stderr.close()
    assert said == ""


def test_only_what_is_wanted_runs(runway: Capturing, tmp_path: Path) -> None:
    document = json.loads(EXAMPLE.read_text("utf-8"))
    document["nodes"]["other"] = {"kind": "gen4-image", "values": {"seed": 1}}
    document["links"].append({"from": "plain.text", "to": "other.prompt"})
    document["nodes"]["plain"] = {"kind": "prompt", "values": {"text": "A cup in soft light"}}
    path = tmp_path / "two.tagloom"
    path.write_text(json.dumps(document))
    ran = checked(
        tagloom("run", path, "--only", "other", "--yes", "--json", environment=runway.environment()), 0
    )
    assert [one["node"] for one in ran.finished["images"]] == ["other"]
    assert [one["promptText"] for one in runway.creates] == ["A cup in soft light"]
    assert runway.uploads == {}
    assert (tmp_path / "out" / "other-1.png").is_file()


def test_a_bar_on_a_terminal(tmp_path: Path) -> None:
    master, slave = pty.openpty()
    process = start(
        "run",
        EXAMPLE,
        "-o",
        tmp_path,
        "--seconds",
        "0.5",
        stdin=slave,
        stderr=slave,
        environment={"TERM": "xterm"},
    )
    os.close(slave)
    said = _drained(master)
    out, _ = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, "")
    assert b"picture" in said
    assert "━".encode() in said


def test_the_sandbox_says_where_it_is_first() -> None:
    process = start("sandbox", "--seconds", "0")
    first = json.loads(process.stdout.readline())
    assert list(first) == ["url"]
    assert first["url"].startswith("http://127.0.0.1:")
    stop(process, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    assert out == ""
    assert process.returncode in (0, 130)


def _read_until(master: int, wanted: bytes) -> bytes:
    said = bytearray()

    def seen() -> bool:
        said.extend(os.read(master, 4096))
        return wanted in said

    until(seen, f"{wanted!r} on the terminal")
    return bytes(said)


def _drained(master: int) -> bytes:
    """All that is still said, until the other end is closed."""
    said = bytearray()
    while True:
        try:
            piece = os.read(master, 4096)
        except OSError:  # how Linux says that nobody holds the other end
            break
        if not piece:
            break
        said.extend(piece)
    os.close(master)
    return bytes(said)


def _ended(process: Any, master: int) -> Ran:
    out, _ = process.communicate(timeout=60)
    said = _drained(master).decode("utf-8", "replace")
    events = tuple(json.loads(line) for line in out.splitlines())
    return Ran(code=process.returncode, out=out, err=said, events=events)
