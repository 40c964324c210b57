from __future__ import annotations

import platform
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.basics.recent import Line
from app.basics.reports import (
    MOST,
    Report,
    Reports,
    facts_of_program,
    report_of_error,
    report_of_fallen,
    report_of_nothing,
)
from app.basics.sessions import Fallen
from tests.app.basics.test_logs import KEY, SECRETS, TOKEN

WHEN = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
LINE = Line(bare="… tagloom.files: Could not read %s", whole="… Could not read /home/ana/shoe.png")
FACTS = (("Tagloom", "9.9"), ("System", "a test"))


def broken(words: str) -> ValueError:
    try:
        raise ValueError(words)
    except ValueError as error:
        return error


def test_both_forms_say_where_and_when() -> None:
    report = report_of_error(broken("a red shoe"), "the window", when=WHEN, facts=FACTS, lines=[LINE])
    for text in (report.short, report.long):
        assert text.startswith("An error arose in the window: ValueError\n2026-05-01")
        assert "Tagloom: 9.9\nSystem: a test\n" in text
        assert "tests/app/basics/test_reports.py:" in text
    assert "red shoe" not in report.short
    assert "shoe.png" not in report.short
    assert "Could not read %s" in report.short
    assert "ValueError: a red shoe" in report.long
    assert "shoe.png" in report.long


def test_the_same_mistake_has_the_same_mark() -> None:
    one, two = (report_of_error(broken(words), "x", when=WHEN, facts=FACTS) for words in ("one", "two"))
    assert one.mark == two.mark != ""
    other = report_of_error(KeyError(), "x", when=WHEN, facts=FACTS)
    assert other.mark != one.mark


@pytest.mark.parametrize("secret", SECRETS)
def test_no_key_in_any_form(secret: str, tmp_path: Path) -> None:
    line = Line(bare=secret, whole=secret)
    fallen = Fallen(version="1", process=1, ended=WHEN, trace=f"Fatal Python error: {secret}")
    for report in (
        report_of_error(broken(secret), "the window", when=WHEN, facts=(("Proxy", secret),), lines=[line]),
        report_of_fallen(fallen, facts=FACTS, lines=[line]),
        report_of_nothing(when=WHEN, facts=FACTS, lines=[line]),
    ):
        for text in (report.short, report.long):
            assert TOKEN not in text
            assert KEY not in text
        kept = Reports(tmp_path).keep(report)
        assert kept is not None
    data = b"".join(one.read_bytes() for one in tmp_path.iterdir())
    assert TOKEN.encode() not in data
    assert KEY.encode() not in data


def test_of_a_native_crash() -> None:
    trace = 'Fatal Python error: Segmentation fault\n\n  File "/home/ana/app/x.py", line 3 in f'
    fallen = Fallen(version="0.0.9", process=7, ended=WHEN, trace=trace)
    report = report_of_fallen(fallen, facts=facts_of_program(), lines=[LINE])
    assert report.short.startswith(
        "The program was ended by an error that it could not catch: Segmentation fault"
    )
    assert "Tagloom: 0.0.9" in report.short
    assert report.short.count("Tagloom: ") == 1
    assert 'File "x.py", line 3 in f' in report.short
    assert "/home/ana" not in report.short


def test_facts_name_versions_and_nobody() -> None:
    told = dict(facts_of_program())
    assert told["Python"] == platform.python_version()
    assert platform.node() not in told["System"].split()
    assert set(told) == {"Tagloom", "Python", "System", "Packaged"}


def test_a_report_is_no_longer_than_anybody_reads() -> None:
    report = report_of_error(broken("x" * 10), "the window", when=WHEN, facts=(("much", "y " * MOST),))
    assert len(report.short) <= MOST + 1


def test_old_reports_go(tmp_path: Path) -> None:
    reports = Reports(tmp_path / "reports", kept=3)
    kept = [reports.keep(Report(short=f"{number}", long="", mark="")) for number in range(7)]
    assert all(kept)
    left = sorted((tmp_path / "reports").iterdir())
    assert left == sorted(one for one in kept if one)[-3:]  # those of one millisecond have no order
    assert [one.stat().st_mode & 0o777 for one in left] == [0o600] * 3


def test_where_it_cannot_be_written_nothing_breaks(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("a file")
    assert Reports(tmp_path / "reports").keep(Report(short="x", long="x", mark="")) is None
