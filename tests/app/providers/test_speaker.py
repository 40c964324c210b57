"""What a person reads when something goes wrong at a vendor, and what it says about money."""

from __future__ import annotations

import pytest

from app.basics.faults import Charged, Fault, Lost, Refused, Retry, Unreachable
from app.basics.secret import Secret
from app.providers.line import Answer, Break, LineBroke
from app.providers.refusals import Speaker, worded
from tests.app.providers.test_refusals import NOW, speaker

BUSY = Answer(status=503, headers={"retry-after": "7"}, text="come back")


def test_an_unsent_request_names_what_was_not_found() -> None:
    broke = LineBroke(Break.NAME, sent=False)
    fault = speaker().not_sent(broke)
    assert fault.title == "The name api.example was not found: Runway could not be reached."
    assert fault.advice.startswith("Check the internet connection")
    assert fault.advice.endswith("Nothing was sent, nothing is charged.")
    assert fault.code == "runway.not-sent.name"
    nameless = Speaker(vendor="runway", title="Runway", host="", usage_page="", draft=False)
    assert nameless.not_sent(broke).title.startswith("The name Runway was not found")
    assert "the sandbox on this computer is started anew" in speaker(draft=True).not_sent(broke).advice


@pytest.mark.parametrize(
    ("broke", "retry"),
    [
        (Break.NAME, Retry.NOW),
        (Break.REFUSED, Retry.NOW),
        (Break.CONNECT_TIMEOUT, Retry.NOW),
        (Break.TLS, Retry.NOW),
        (Break.BUSY, Retry.NOW),
        (Break.RESET, Retry.NOW),
        (Break.CERTIFICATE, Retry.ASK),
        (Break.PROXY, Retry.ASK),
        (Break.UNSENDABLE, Retry.ASK),
    ],
)
def test_what_a_person_has_to_mend_is_not_tried_again_by_itself(broke: Break, retry: Retry) -> None:
    assert speaker().create_broke(LineBroke(broke, sent=False)).retry is retry


def test_a_lost_answer_says_what_happened() -> None:
    slow = speaker().create_broke(LineBroke(Break.SLOW, sent=True))
    assert slow.title == "We sent this request, but no answer came from Runway in time."
    assert (slow.code, slow.charged) == ("runway.lost.slow", Charged.UNKNOWN)
    draft = speaker(draft=True).create_broke(LineBroke(Break.RESET, sent=True))
    assert draft.title == "We sent this request, but the connection broke before Runway answered."
    assert (draft.code, draft.charged) == ("runway.draft-lost.reset", Charged.NO)


@pytest.mark.parametrize(
    ("status", "text", "why", "code", "detail"),
    [
        (200, "<html>", "could not be read", "runway.lost.unreadable", "HTTP 200: <html>"),
        (500, "", "answered with an error of its own (500)", "runway.lost.500", "HTTP 500"),
        (302, "", "answered with an error of its own (302)", "runway.lost.302", "HTTP 302"),
    ],
)
def test_an_answer_that_does_not_say_whether_it_was_taken(
    status: int, text: str, why: str, code: str, detail: str
) -> None:
    fault = speaker().create_unknown(Answer(status=status, text=text))
    assert isinstance(fault, Lost)
    assert why in fault.title
    assert (fault.code, fault.detail) == (code, detail)


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (428, "runway.busy", "too busy"),
        (429, "runway.limit", "a limit of your account is reached"),
        (430, "runway.busy", "too busy"),
        (503, "runway.busy", "too busy"),
    ],
)
def test_a_limit_of_the_account_is_not_a_busy_vendor(status: int, code: str, words: str) -> None:
    fault = speaker().later(Answer(status=status, headers={"retry-after": "7"}), NOW)
    assert words in fault.title
    assert ("after the wait that was asked for" in fault.advice) == (status == 429)
    assert (fault.code, fault.charged, fault.retry) == (code, Charged.NO, Retry.LATER)
    assert fault.retry_after == 7.0


def test_a_refusal_is_free_and_final() -> None:
    fault = speaker().refused(Answer(status=400, text="bad"), "No.", "Change it.", code="bad")
    assert (fault.title, fault.advice) == ("No.", "Change it. Nothing was charged.")
    assert (fault.code, fault.charged, fault.retry) == ("runway.bad", Charged.NO, Retry.NEVER)
    assert fault.detail == "HTTP 400: bad"
    key = speaker().key_refused(Answer(status=401), variable="RUNWAYML_API_SECRET")
    assert "RUNWAYML_API_SECRET" in key.advice
    assert (key.code, key.charged, key.retry) == ("runway.key", Charged.NO, Retry.ASK)


@pytest.mark.parametrize("question", ["unanswered", "upload_failed", "look_failed", "fetch_failed"])
def test_what_may_be_asked_again_is_asked_when_the_vendor_says(question: str) -> None:
    ask = getattr(speaker(), question)
    answered: Fault = ask(BUSY, NOW)
    assert isinstance(answered, Unreachable)
    assert answered.code.endswith(".503")
    assert answered.retry_after == 7.0
    assert answered.detail.startswith("HTTP 503")
    broke: Fault = ask(LineBroke(Break.RESET, sent=True), NOW)
    assert isinstance(broke, Unreachable)
    assert broke.code.endswith(".reset")
    assert (broke.retry_after, broke.detail) == (None, "")
    assert {answered.retry, broke.retry} <= {Retry.NOW, Retry.LATER}
    assert answered.title == broke.title


@pytest.mark.parametrize(
    ("question", "code"), [("unanswered", "runway.ask.slow"), ("upload_failed", "runway.upload.slow")]
)
def test_a_free_question_that_never_left_is_said_so(question: str, code: str) -> None:
    ask = getattr(speaker(), question)
    assert ask(LineBroke(Break.SLOW, sent=True), NOW).code == code
    assert ask(LineBroke(Break.REFUSED, sent=False), NOW).code == "runway.not-sent.refused"


@pytest.mark.parametrize(("draft", "charged"), [(False, Charged.UNKNOWN), (True, Charged.NO)])
def test_a_job_that_exists_may_have_been_charged(draft: bool, charged: Charged) -> None:
    one = speaker(draft=draft)
    faults = [
        one.look_failed(BUSY, NOW),
        one.fetch_failed(BUSY, NOW),
        one.fetch_failed(LineBroke(Break.TOO_LARGE, sent=True), NOW),
        one.expired(403),
        one.deadline(900),
    ]
    assert [fault.charged for fault in faults] == [charged] * 5


@pytest.mark.parametrize("broke", list(Break))
def test_only_a_picture_that_is_too_large_is_not_fetched_again(broke: Break) -> None:
    fault = speaker().fetch_failed(LineBroke(broke, sent=True), NOW)
    if broke is Break.TOO_LARGE:
        assert isinstance(fault, Refused)
        assert (fault.code, fault.retry) == ("runway.picture-too-large", Retry.NEVER)
        assert "https://usage.example/" in fault.advice
    else:
        assert isinstance(fault, Unreachable)
        assert (fault.code, fault.retry) == (f"runway.fetch.{broke}", Retry.NOW)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (45, "after 45 seconds."),
        (119, "after 119 seconds."),
        (119.6, "after 120 seconds."),
        (120, "after 2 minutes."),
        (900, "after 15 minutes."),
        (7170, "after 120 minutes."),
        (7200, "after 120 minutes."),
    ],
)
def test_a_deadline_says_that_the_job_is_not_lost(seconds: float, said: str) -> None:
    late = speaker().deadline(seconds)
    assert late.title == f"Runway has not finished {said}"
    assert (late.charged, late.retry) == (Charged.UNKNOWN, Retry.LATER)


def test_what_a_vendor_says_is_shown_in_at_most_six_hundred_letters() -> None:
    assert speaker().safe("x " * 300) == ("x " * 300).strip()
    assert speaker().safe("x" * 600) == "x" * 600
    assert speaker().safe("x" * 601) == "x" * 599 + "…"
    assert speaker().safe("x" * 11, most=10) == "x" * 9 + "…"
    own = Speaker(
        vendor="v", title="V", host="h", usage_page="u", draft=False, secrets=(Secret("key_secretsecret"),)
    )
    assert "secret" not in own.safe("it is key_secretsecret")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"error": "no"}, "no"),
        ({"message": "m", "error": "e"}, "e"),
        ({"detail": "d", "error": "  "}, "d"),
        ({"error": {"message": "inside"}, "message": "m"}, "m"),
        ({"error": 5, "detail": None}, ""),
        ({"other": "x"}, ""),
        (["error"], ""),
        ("error", ""),
        (None, ""),
    ],
)
def test_the_vendors_own_words(value: object, said: str) -> None:
    assert worded(value) == said
    assert worded({"failure": "f", "error": "e"}, ("failure",)) == "f"
