from __future__ import annotations

import logging
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.basics.faults import DiskTrouble
from app.basics.logs import REMOVED, RedactingFilter, Spoken, redact, start_logs

KEY = "key_" + "0f1e2d3c4b5a" * 10
TOKEN = "abcdefghijklmnop0123456789"

SECRETS = [
    f"Authorization: Bearer {KEY}",
    f"{{'Authorization': 'Bearer {TOKEN}', 'Accept': '*/*'}}",
    f"[(b'authorization', b'Bearer {TOKEN}')]",
    f'{{"x-key": "{TOKEN}"}}',
    f"X-Key: {TOKEN}",
    f"x-goog-api-key: {TOKEN}",
    f"headers={{'x-api-key': '{TOKEN}'}}",
    f"authorization: Basic {TOKEN}",
    f"authorization: Token {TOKEN}",
    f"token is {KEY}",
    f"r8_{TOKEN}",
    f"AIza{TOKEN}abcdefgh",
    f"https://cdn.example.com/a.png?_jwt=eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.{TOKEN}",
    f"GET https://s3.example.com/x?X-Amz-Signature={TOKEN}&X-Amz-Date=1 HTTP/1.1",
    f"https://blob.example.net/y?sv=1&sig={TOKEN}%3D",
    f"/v1/result?id=1&sig={TOKEN}",
    f"?X-Amz-Credential={TOKEN}",
    f"http://ana:{TOKEN}@proxy.example.com:8080",
    f"redirected to eyJhbGciOiJIUzI1NiJ9.{TOKEN}.{TOKEN}",
    f"api_key={TOKEN}",
    f"Set-Cookie: session={TOKEN}; Path=/",
]
PLAIN = [
    "The key light stands left of @sneaker, basic lighting, a token of love, the bearer smiles.",
    "https://docs.example.com/a/b#part",
    "node hero: 404 Not Found",
    "C:\\pictures\\ana\\shoe.png",
    "Operation 01kx3m8f5z2b7c9d4e6g0h1j3k cannot go from settled to sending.",
]


@pytest.mark.parametrize("text", SECRETS)
def test_secrets_go(text: str) -> None:
    clean = redact(text)
    assert TOKEN not in clean
    assert KEY not in clean
    assert REMOVED in clean
    assert redact(clean) == clean


@pytest.mark.parametrize("text", PLAIN)
def test_everything_else_stays(text: str) -> None:
    assert redact(text) == text


@given(st.text(max_size=200), st.sampled_from(SECRETS), st.text(max_size=50))
def test_secrets_go_wherever_they_stand(before: str, secret: str, after: str) -> None:
    clean = redact(f"{before} {secret} {after}")
    assert TOKEN not in clean
    assert KEY not in clean


def test_a_line_keeps_what_is_not_secret() -> None:
    line = redact(f"POST https://api.example.com/v1/tasks?sig={TOKEN} 200 for node hero")
    assert line == f"POST https://api.example.com/v1/tasks?{REMOVED} 200 for node hero"


def test_the_address_of_a_database_loses_its_password() -> None:
    for scheme in ("postgresql", "postgresql+psycopg", "postgres"):
        line = redact(
            f"TAGLOOM_LEDGER={scheme}://ana:geheim@db.example.com:5432/shop?sslpassword=geheim failed"
        )
        assert line == f"TAGLOOM_LEDGER={scheme}://{REMOVED}@db.example.com:5432/shop?{REMOVED} failed"
    assert redact("host=db user=ana password=geheim dbname=shop") == (
        f"host=db user=ana password={REMOVED} dbname=shop"
    )


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "piece",
    ["x-key", "x-key: ", "https://", "https://a?b ", "a", "a.", "?", "bearer ", "eyJ-", "sk-", "api_key= "],
)
def test_long_lines_take_no_time(piece: str) -> None:
    begun = time.perf_counter()
    redact(piece * (1_000_000 // len(piece)))
    assert time.perf_counter() - begun < 3


def test_the_log_holds_no_key_even_in_tracebacks(tmp_path: Path) -> None:
    end = start_logs(tmp_path / "logs")
    log = logging.getLogger("tagloom.test")
    try:
        log.info("calling with %s", {"Authorization": f"Bearer {KEY}"})
        try:
            raise ValueError(f"bad header x-key: {TOKEN}")
        except ValueError:
            log.exception("while sending to https://a.example.com/?sig=%s", TOKEN)
        log.warning("完了 %s", "写真")
    finally:
        end()
    text = (tmp_path / "logs" / "tagloom.log").read_text(encoding="utf-8")
    assert KEY not in text
    assert TOKEN not in text
    assert "Traceback" in text
    assert "ValueError" in text
    assert "完了 写真" in text
    log.warning("after the end")
    assert (tmp_path / "logs" / "tagloom.log").read_text(encoding="utf-8") == text


def test_the_log_rotates(tmp_path: Path) -> None:
    end = start_logs(tmp_path, size=10_000, keep=2)
    for number in range(500):
        logging.getLogger("tagloom.test").info("line %d %s", number, "x" * 100)
    end()
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["tagloom.log", "tagloom.log.1", "tagloom.log.2"]
    assert all(path.stat().st_size <= 10_000 for path in tmp_path.iterdir())


def test_the_filter_cleans_records_for_other_handlers(caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.addFilter(RedactingFilter())
    try:
        raise ValueError(KEY)
    except ValueError:
        logging.getLogger("tagloom.test").exception("Bearer %s", TOKEN)
    assert TOKEN not in caplog.text
    assert KEY not in caplog.text
    assert "ValueError" in caplog.text


def test_a_log_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file")
    with pytest.raises(DiskTrouble) as caught:
        start_logs(tmp_path / "logs")
    assert caught.value.code == "logs.unwritable"
    assert logging.getLogger().handlers == [
        one for one in logging.getLogger().handlers if "tagloom" not in repr(one)
    ]


def test_a_program_without_a_console_says_its_errors_to_the_log(tmp_path: Path) -> None:
    end = start_logs(tmp_path)
    stream = Spoken("stderr")
    print("first line", file=stream)
    print(f"Bearer {TOKEN}", file=stream, end="")
    stream.flush()
    print(" and its end\n\n", file=stream)
    end()
    lines = (tmp_path / "tagloom.log").read_text(encoding="utf-8").splitlines()
    assert [one.partition("stderr: ")[2] for one in lines] == ["first line", f"Bearer {REMOVED} and its end"]


@pytest.mark.parametrize("secret", SECRETS)
def test_no_shape_of_a_key_reaches_the_disk_by_any_road(secret: str, tmp_path: Path) -> None:
    """Arguments, templates, errors, their causes, Qt's words and what is printed without a console."""
    end = start_logs(tmp_path, size=3000)
    log = logging.getLogger("tagloom.test")
    log.warning("value %s and %r", secret, {"headers": secret})
    log.warning(secret.replace("%", "%%"))
    logging.getLogger("qt").warning("%s", secret)
    print(secret, file=Spoken("stderr"))
    try:
        try:
            raise KeyError(secret)
        except KeyError as error:
            raise ValueError(secret) from error
    except ValueError:
        log.exception("broke %s", secret, stack_info=True)
    end()
    data = b"".join(one.read_bytes() for one in tmp_path.iterdir())
    assert b"Traceback" in data
    assert TOKEN.encode() not in data
    assert KEY.encode() not in data
