"""JSON for programs on stdout, words for people on stderr, and nothing that steers a terminal."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest
from rich.console import Console

from app.basics.faults import BadInput, Charged, Retry, Where
from app.basics.money import Money
from app.cli.progress import Progress
from app.cli.speech import (
    Speech,
    fault_fields,
    fault_words,
    place_words,
    plain,
    problem_fields,
    problem_words,
)
from app.document.problems import Fix, Problem, Severity
from app.engine.events import (
    NodeCancelled,
    NodeDone,
    NodeFailed,
    NodeQueued,
    NodeRunning,
    RunFinished,
    RunStarted,
)
from app.engine.results import Notice, Result


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def speech(
    json_wanted: bool = True, err: io.StringIO | None = None
) -> tuple[Speech, io.StringIO, io.StringIO]:
    out, err = io.StringIO(), err or io.StringIO()
    return Speech(json_wanted=json_wanted, out=out, err=err), out, err


def test_with_json_programs_hear_events_and_people_words() -> None:
    said, out, err = speech()
    said.say("Hello.")
    said.answer("a table")
    said.event("done", node="hero")
    assert err.getvalue() == "Hello.\n"
    assert json.loads(out.getvalue()) == {"event": "done", "node": "hero"}


def test_without_json_a_list_goes_to_stdout_and_events_nowhere() -> None:
    said, out, err = speech(json_wanted=False)
    said.answer("a table")
    said.event("done")
    said.value([1])
    assert (out.getvalue(), err.getvalue()) == ("a table\n", "")


@pytest.mark.parametrize("text", ["a\nb", "\x1b[2J", "杯子 ＠", "\udcff", '"', "\u2028"])
def test_an_event_is_one_line_of_ascii_whatever_is_in_it(text: str) -> None:
    said, out, _ = speech()
    said.event("x", text=text)
    line = out.getvalue()
    assert line.isascii()
    assert line.count("\n") == 1
    assert json.loads(line)["text"] == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb\x07", "a�[31mb�"),
        ("a\nb\tc", "a\nb\tc"),
        ("1\u202f000 cr × 杯子 👟", "1\u202f000 cr × 杯子 👟"),
        ("exe\u202egnp.", "exe�gnp."),
        ("\x7f\x9b", "��"),
    ],
)
def test_nothing_from_a_document_steers_the_terminal(text: str, shown: str) -> None:
    assert plain(text) == shown
    said, _, err = speech()
    said.say(text)
    assert err.getvalue() == f"{shown}\n"


def test_a_terminal_that_knows_few_letters_gets_what_it_can_show() -> None:
    raw = io.BytesIO()
    err = io.TextIOWrapper(raw, encoding="ascii")
    Speech(json_wanted=False, err=err).say("杯子 × 2 \udcff")
    assert raw.getvalue() == b"\\u676f\\u5b50 \\xd7 2 \\udcff\n"


def test_a_reader_that_went_away_ends_nothing() -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as out:
        said = Speech(json_wanted=True, out=out, err=io.StringIO())
        for number in range(3):
            said.event("x", number=number)
        out.flush()


@pytest.mark.parametrize(
    ("where", "words"),
    [
        (Where(node="hero", socket="reference_images", item=1), "hero.reference_images[1]"),
        (Where(node="hero", parameter="seed"), "hero.seed"),
        (Where(node="hero"), "hero"),
        (Where(parameter="port"), "port"),
        (Where(), ""),
    ],
)
def test_places_in_words(where: Where, words: str) -> None:
    assert place_words(where) == words


FAULT = BadInput(
    "It is wide.",
    advice="Pad it.",
    code="reference.ratio",
    charged=Charged.NO,
    retry=Retry.NEVER,
    where=Where(node="hero", parameter="seed"),
)


def test_a_fault_as_words_and_as_fields() -> None:
    assert fault_words(FAULT) == "hero.seed: It is wide. Pad it."
    assert fault_fields(FAULT) == {
        "node": "hero",
        "field": "seed",
        "fault": "reference.ratio",
        "kind": "bad-input",
        "title": "It is wide.",
        "advice": "Pad it.",
        "charged": "no",
        "retry": "never",
    }


def test_a_problem_as_words_and_as_fields() -> None:
    problem = Problem(
        code="tag.unknown",
        severity=Severity.ERROR,
        where=Where(node="words", parameter="text"),
        title="No image.",
        advice="Give one.",
        fixes=(Fix(label="Use @cup", edit=lambda document: document),),
        span=(3, 7),
    )
    assert problem_words(problem) == "error  words.text: No image. Give one."
    fields = problem_fields(problem)
    assert json.loads(json.dumps(fields)) == fields
    assert (fields["fixes"], fields["span"], fields["node"]) == (["Use @cup"], [3, 7], "words")


RESULT = Result(node="hero", path=Path("a.png"), sha256="a", width=4, height=3, seed=7)
EVENTS = (
    RunStarted(run="r", nodes=("hero",), estimate=Money(80_000), credits=100, draft=False),
    Notice(run="r", code="engine.sandbox", text="There is no [key]."),
    NodeQueued(run="r", node="hero", reason="paused", until=3.0),
    NodeRunning(run="r", node="hero", progress=0.5, left=2.0),
    NodeRunning(run="r", node="hero", progress=None),
    NodeDone(run="r", node="words", result=None),
    NodeDone(run="r", node="hero", result=RESULT),
    NodeFailed(run="r", node="other", fault=FAULT, because="hero"),
    NodeCancelled(run="r", node="third", words="Not started, free."),
    RunFinished(run="r", results=(), failures=(), cancelled=False, credits=0, money=Money(0)),
)


def test_a_run_says_each_thing_once() -> None:
    said, out, err = speech()
    progress = Progress(said)
    progress.start()
    for event in EVENTS:
        progress.hear(event)
    progress.stop()
    told = [json.loads(line) for line in out.getvalue().splitlines()]
    names = [one["event"] for one in told]
    assert names == ["started", "notice", "queued", "running", "running", "done", "failed", "cancelled"]
    assert told[0] == {"event": "started", "run": "r", "nodes": ["hero"], "credits": 100, "usd": 0.08}
    assert told[5] == {
        "event": "done", "node": "hero", "sha256": "a", "seed": 7, "reused": False, "draft": False,
    }  # fmt: skip
    assert (told[6]["node"], told[6]["because"]) == ("other", "hero")
    assert err.getvalue() == "There is no [key].\n"


def test_a_terminal_gets_a_bar_and_names_are_no_markup() -> None:
    terminal = Terminal()
    said, _, _ = speech(json_wanted=False, err=terminal)
    progress = Progress(said)
    assert progress._bar is not None
    progress._bar.live.console = Console(file=terminal, force_terminal=True, width=80)
    progress.start()
    for event in (
        *EVENTS,
        NodeQueued(run="r", node="[red]odd[/red]\x1b[2J", reason="waiting"),
        NodeRunning(run="r", node="[/]", progress=0.25),
    ):
        progress.hear(event)
    progress._bar.refresh()
    progress.stop()
    assert "[red]odd[/red]�[2J" in terminal.getvalue()
    assert "There is no [key]." in terminal.getvalue()
