"""The watch that every test ends with sees what it is there for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.leaks import Leaks, secret_in


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer key_0123456789abcdef",
        "bearer? no: Bearer eyJhbGciOi.eyJrZXki.c2ln",
        "https://cdn.example.com/a.png?_jwt=eyJhbGciOi",
        "https://s3.example.com/a.png?X-Amz-Signature=51gn4tur3",
        '{"key":"key_5ecre75ecre7"}',
    ],
)
def test_a_secret_is_seen_wherever_it_lies(text: str) -> None:
    assert secret_in(b"\x00\xff" * 1000 + text.encode() + b"\x00")


@pytest.mark.parametrize(
    "text",
    [
        "Bearer [removed]",
        "?_jwt=[removed]",
        "Signature=[removed]&a=1",
        "node_key_of_the_graph",
        "key_test",
        "",
    ],
)
def test_what_was_removed_is_none(text: str) -> None:
    assert not secret_in(text.encode())


@pytest.mark.holds_secrets("to see that they are found")
def test_files_are_named_and_counted(tmp_path: Path) -> None:
    (tmp_path / "home" / "logs").mkdir(parents=True)
    (tmp_path / "home" / "logs" / "tagloom.log").write_text("GET /x?_jwt=eyJhbGciOi", "utf-8")
    (tmp_path / "home" / "ledger.sqlite").write_bytes(bytes(1000))
    (tmp_path / "home" / "link").symlink_to(tmp_path / "home" / "logs" / "tagloom.log")
    leaks = Leaks()
    (found,) = leaks.found([tmp_path, tmp_path / "not-there"])
    assert found == f"{tmp_path / 'home' / 'logs' / 'tagloom.log'}: _jwt=eyJhbGc…"
    assert (leaks.files, leaks.folders) == (2, 1)
