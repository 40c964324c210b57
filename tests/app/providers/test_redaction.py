from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.basics.secret import Secret
from app.providers.redaction import safe_text

KEY = "key_" + "0123456789abcdef" * 8


@pytest.mark.parametrize(
    "text",
    [
        f"bad key {KEY}",
        f"Authorization: Bearer {KEY}",
        f'{{"authorization":"Bearer {KEY}"}}',
        f"x-key={KEY}",
        f"see https://cdn.example.com/a.png?X-Amz-Signature={KEY}&b=c for more",
        f"runway://{KEY}",
        f"data:image/png;base64,{'A' * 900}{KEY.replace('_', '/')}",
        "cut " + KEY[:60],
    ],
)
def test_hidden(text: str) -> None:
    shown = safe_text(text, [Secret(KEY)])
    for start in range(0, len(KEY) - 12, 4):
        assert KEY[start : start + 12] not in shown
    assert len(shown) < 120


@given(st.text(max_size=200), st.text(max_size=200), st.text("abcdefgh0123456789", min_size=12, max_size=40))
def test_a_key_never_survives(before: str, after: str, key: str) -> None:
    shown = safe_text(before + key + after, [Secret(key)], most=10_000)
    assert key not in shown
    assert shown.isprintable()


def test_cut_only_after_hiding() -> None:
    text = "x" * 590 + " " + KEY
    assert "key_" not in safe_text(text, [Secret(KEY)], most=600)
    assert len(safe_text("y" * 5000, most=600)) == 600


def test_a_secret_is_not_printed_or_stored() -> None:
    secret = Secret(KEY)
    assert KEY not in f"{secret} {secret!r} {[secret]}"
    assert secret.reveal() == KEY
    with pytest.raises(TypeError):
        pickle.dumps(secret)
