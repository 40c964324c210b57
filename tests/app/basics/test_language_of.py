"""The language that is read."""

from __future__ import annotations

import pytest

from app.basics.languages import language_of


@pytest.mark.parametrize(
    ("wanted", "environment", "language"),
    [
        ("zh_CN", {}, "zh_CN"),
        ("zh-Hans", {"LANG": "en_US.UTF-8"}, "zh_CN"),
        ("en", {"LANG": "zh_CN.UTF-8"}, "en"),
        ("", {"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ("", {"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ("", {"LC_ALL": "", "LANG": "zh"}, "zh_CN"),
        ("zh_TW", {}, "en"),
        ("zh-Hant-HK", {}, "en"),
        ("de", {}, "en"),
        ("", {}, "en"),
    ],
)
def test_what_is_read(wanted: str, environment: dict[str, str], language: str) -> None:
    assert language_of(wanted, environment) == language
