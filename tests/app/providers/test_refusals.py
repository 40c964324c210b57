from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.basics.faults import Charged, Lost, Retry, Unreachable
from app.basics.secret import Secret
from app.providers.line import Answer, Break, LineBroke
from app.providers.refusals import Outcome, SendingPolicy, Speaker, retry_after

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def speaker(*, draft: bool = False) -> Speaker:
    return Speaker(
        vendor="runway",
        title="Runway",
        host="api.example",
        usage_page="https://usage.example/",
        draft=draft,
        secrets=(Secret("key_secretsecret"),),
    )


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "3600"}, 3600.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "Mon, 23 Nov 2026 12:02:00 GMT"}, 120.0),
        ({"retry-after": "Mon, 23 Nov 2026 14:02:00 +0200"}, 120.0),
        ({"retry-after": "Mon, 23 Nov 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after-ms": "soon", "retry-after": "9"}, 9.0),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "tomorrow"}, None),
        ({"retry-after": ""}, None),
        ({}, None),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds


@given(st.text(max_size=40))
def test_retry_after_takes_anything(text: str) -> None:
    seconds = retry_after({"retry-after": text}, NOW)
    assert seconds is None or seconds >= 0


def test_the_table_of_sending() -> None:
    policy = SendingPolicy()
    for status in (400, 401, 402, 403, 404, 405, 409, 413, 422, 418, 451, 499, 301, 307, 308):
        assert policy.outcome(status, own_words=True) is Outcome.REFUSED
        assert policy.outcome(status, own_words=False) is Outcome.REFUSED
    assert policy.outcome(429, own_words=False) is Outcome.LATER
    assert policy.outcome(503, own_words=True) is Outcome.LATER
    assert policy.outcome(503, own_words=False) is Outcome.UNKNOWN
    for status in (408, 500, 501, 502, 504, 520, 524, 599, 300, 302, 303, 304, 399, 199):
        assert policy.outcome(status, own_words=True) is Outcome.UNKNOWN
    for status in (200, 201, 202, 299):
        assert policy.outcome(status, own_words=False) is Outcome.ACCEPTED


def test_a_vendor_may_say_otherwise() -> None:
    policy = SendingPolicy(later=(420,), later_if_own_words=(529,), unknown=(400,), redirects=(302,))
    for status, outcome in (
        (420, Outcome.LATER),
        (429, Outcome.REFUSED),
        (529, Outcome.LATER),
        (503, Outcome.UNKNOWN),
        (400, Outcome.UNKNOWN),
        (408, Outcome.REFUSED),
        (302, Outcome.REFUSED),
        (301, Outcome.UNKNOWN),
    ):
        assert policy.outcome(status, own_words=True) is outcome


@pytest.mark.parametrize("broke", list(Break))
@pytest.mark.parametrize("draft", [False, True])
def test_every_break_has_words(broke: Break, draft: bool) -> None:
    unsent = speaker(draft=draft).create_broke(LineBroke(broke, sent=False))
    assert isinstance(unsent, Unreachable)
    assert unsent.charged is Charged.NO
    assert unsent.retry in (Retry.NOW, Retry.ASK)
    assert "{" not in unsent.sentence()
    sent = speaker(draft=draft).create_broke(LineBroke(broke, sent=True))
    assert "{" not in sent.sentence()
    if draft:
        assert (type(sent), sent.charged, sent.retry) == (Unreachable, Charged.NO, Retry.NOW)
    else:
        assert (type(sent), sent.charged, sent.retry) == (Lost, Charged.UNKNOWN, Retry.ASK)
        assert "https://usage.example/" in sent.advice


def test_detail_is_safe() -> None:
    answer = Answer(status=500, text="key_secretsecret https://x.example/y?sig=abcdef Bearer abcdefgh12345")
    detail = speaker().create_unknown(answer).detail
    assert detail.startswith("HTTP 500")
    for hidden in ("key_secretsecret", "abcdef", "abcdefgh12345"):
        assert hidden not in detail
