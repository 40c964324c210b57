"""Lists, keys and percent as the language of now writes them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.basics.languages import speak_language
from app.basics.words import ENGLISH, speak
from widgets.messages import keyed, listed, percent, told


@pytest.fixture
def chinese() -> Iterator[None]:
    speak_language("zh_CN")
    yield
    speak(ENGLISH)


def test_in_english() -> None:
    assert listed(("shoe", "model")) == "shoe, model"
    assert told(["taken by Run", "changed"]) == "taken by Run; changed"
    assert keyed("Run", "Ctrl+R") == "Run (Ctrl+R)"
    assert keyed("Run", "") == "Run"
    assert [percent(share) for share in (1.0, 0.254, 0.0)] == ["100 %", "25 %", "0 %"]


@pytest.mark.usefixtures("chinese")
def test_in_chinese() -> None:
    assert listed(("鞋", "模特")) == "鞋、模特"
    assert told(["一", "二"]) == "一；二"
    assert keyed("运行", "Ctrl+R") == "运行（Ctrl+R）"
    assert percent(0.95) == "95%"
