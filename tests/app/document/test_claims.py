"""A document is open in one window at a time; the lock dies with its process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.document.claims import Claims, note_of, open_elsewhere
from tests.app.basics.disks import read_only as read_only

HOLDER = """
import sys
from pathlib import Path
from app.document.claims import Claims
print("ours" if Claims(Path(sys.argv[1])).take(Path(sys.argv[2])) else "theirs", flush=True)
sys.stdin.readline()
"""


@contextmanager
def another_window(locks: Path, document: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds a document until it is killed."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(locks), str(document)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ours\n"
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def test_another_process_holds_it_until_it_dies(tmp_path: Path) -> None:
    locks, document = tmp_path / "locks", tmp_path / "shoes.tagloom"
    claims = Claims(locks)
    with another_window(locks, document) as child:
        assert not claims.take(document)
        assert claims.elsewhere
        assert not claims.is_free(document)
        assert claims.take(tmp_path / "other.tagloom"), "another document is free"
        assert not claims.take(document)
        child.kill()
        child.wait()
        assert claims.is_free(document), "tried for again"
    assert not claims.elsewhere
    assert not Claims(locks).take(document), "it is ours now"
    claims.let_go()
    claims.let_go()
    assert list(locks.iterdir()) == []


def test_the_document_before_is_let_go(tmp_path: Path) -> None:
    one, other = Claims(tmp_path / "locks"), Claims(tmp_path / "locks")
    assert one.take(tmp_path / "a.tagloom")
    assert not other.is_free(tmp_path / "a.tagloom")
    assert one.take(tmp_path / "a.tagloom"), "opened again in the same window"
    assert one.take(None)
    assert other.is_free(tmp_path / "a.tagloom")
    assert other.take(tmp_path / "a.tagloom")
    other.let_go()


def test_nothing_is_left_beside_the_document(tmp_path: Path) -> None:
    folder = tmp_path / "artist"
    folder.mkdir()
    claims = Claims(tmp_path / "locks")
    assert claims.take(folder / "shoes.tagloom")
    assert list(folder.iterdir()) == []
    claims.let_go()


def test_where_no_lock_can_be_made_nobody_is_kept_out(read_only: Path) -> None:
    claims = Claims(read_only / "locks")
    assert claims.take(Path("/somewhere/shoes.tagloom"))
    assert claims.is_free(Path("/somewhere/other.tagloom"))


def test_the_words_say_what_to_do() -> None:
    assert note_of(Path("/a/shoes.tagloom")).startswith("shoes.tagloom is open in another window.")
    assert "Save as" in open_elsewhere(Path("/a/shoes.tagloom")).advice
