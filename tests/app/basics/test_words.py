"""What people read, in their language: said, counted, marked, kept in English, and said anew."""

from __future__ import annotations

import json
import struct
import timeit
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.basics import languages, words
from app.basics.catalogue_file import CatalogueFile
from app.basics.faults import BadInput
from app.basics.languages import Pseudo, catalogue_of, known, pseudo, speak_language, system_language
from app.basics.money import Money, show_credits, show_usd
from app.basics.units import measured
from app.basics.unsaid import Unsaid, every_text, spoken_again
from app.basics.words import (
    CLAUSES,
    ENGLISH,
    either,
    in_english,
    joined,
    listed,
    mark,
    say,
    say_many,
    speak,
    spoken,
)


class Shouting:
    """A language in which everything is loud, and one and many are told apart by another rule."""

    def gettext(self, message: str) -> str:
        return {"No file {name}.": "{name} IS NO FILE.", "the queue": "QUEUE"}.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return "{n} THINGS"

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    speak(ENGLISH)


def test_english_is_what_stands_in_the_code() -> None:
    assert say("No file {name}.", name="x") == "No file x."
    assert say("A {brace} without values") == "A {brace} without values"
    assert [say_many(n, "1 node", "{n} nodes") for n in (0, 1, 2)] == ["0 nodes", "1 node", "2 nodes"]
    assert joined("One.", "", "Two.") == "One. Two."
    assert spoken("Hero shot") == "Hero shot"
    assert spoken("") == ""


def test_another_language_is_spoken_from_then_on_and_what_was_said_is_said_anew() -> None:
    before, counted = say("No file {name}.", name=mark("the queue")), say_many(1, "1 thing", "{n} things")
    fault = BadInput(before, advice=say("Look there."), code="x")
    speak(Shouting())
    assert before == "No file the queue."
    assert spoken(before) == fault.title == "QUEUE IS NO FILE."
    assert spoken(counted) == "1 THINGS"
    assert say("No file {name}.", name="x") == "x IS NO FILE."
    assert fault.sentence() == "QUEUE IS NO FILE. Look there."
    assert in_english(say("No file {name}.", name=mark("the queue"))) == "No file the queue."
    speak(ENGLISH)
    assert fault.title == "No file the queue."


def test_a_text_of_ours_is_a_text_like_any_other() -> None:
    said = say("No file {name}.", name="x")
    assert json.dumps({"title": said}) == '{"title": "No file x."}'
    assert hash(said) == hash("No file x.")
    assert {said: 1}["No file x."] == 1


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *[(name, "zh_CN") for name in ("zh_CN", "zh_CN.UTF-8", "zh-Hans-CN", "zh", "zh_SG")],
        ("Chinese (Simplified)_China.936", "zh_CN"),
        *[(name, "en") for name in ("zh_TW.UTF-8", "zh_HK", "zh-Hant", "C", "", "de_DE", "en_GB.UTF-8")],
        ("xx", "xx"),
    ],
)
def test_which_language_a_name_means(name: str, code: str) -> None:
    assert known(name) == code


def test_the_environment_is_asked_in_its_order() -> None:
    assert system_language({"LANG": "zh_CN.UTF-8"}) == "zh_CN.UTF-8"
    assert system_language({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US"}) == "en_US"
    assert system_language({"LC_MESSAGES": "zh_CN", "LC_ALL": "C"}) == "C"
    assert system_language({"LANG": ""}) == ""


def test_a_catalogue_that_is_damaged_or_not_there_is_english_and_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(languages, "languages_folder", lambda: tmp_path)
    assert speak_language("zh_CN") == "en"
    for damage in (b"", b"\xde\x12\x04\x95", b"nothing of the kind, but long enough"):
        (tmp_path / "zh_CN.mo").write_bytes(damage)
        assert catalogue_of("zh_CN") is None
    assert say("No file {name}.", name="x") == "No file x."
    assert len(caplog.records) == 4


def test_every_damage_of_a_catalogue_is_seen_or_harmless() -> None:
    whole = (languages.languages_folder() / "zh_CN.mo").read_bytes()
    for end in range(0, len(whole), max(1, len(whole) // 200)):
        try:
            read = CatalogueFile(whole[:end])
        except (ValueError, struct.error):
            continue
        assert isinstance(read.gettext("Run"), str)


def test_the_pseudo_language_keeps_places_and_space() -> None:
    assert pseudo("Save {name}") == "[!!! Sävë {name} ~ !!!]"
    assert pseudo(pseudo("Save")) == pseudo("Save")
    assert pseudo("  seed {seed}\n") == "  [!!! sëëd {seed} ~ !!!]\n"
    assert pseudo("{a} · {b}") == "{a} · {b}"
    assert len(pseudo("a text of a hundred letters " * 4)) > 130
    assert Pseudo({"Run"}).gettext("Walk") == "Walk"


def test_a_finished_text_finds_back_to_its_source() -> None:
    before = Unsaid(ENGLISH)
    speak(Pseudo({text for texts in every_text() for text in texts}))
    assert spoken(before.find("Nothing was sent.") or "") == pseudo("Nothing was sent.")
    told = before.find("Runway has not finished after 15 minutes.")
    assert told is not None
    assert spoken(told).startswith("[!!! Runway häs")
    assert "15" in spoken(told)
    assert before.find("sneaker.png") is None
    assert before.find("/home/ana/shoes") is None
    both = before.find("Nothing was sent. Somebody else said this.")
    assert both is not None
    assert spoken(both).endswith("Somebody else said this.")


def test_faults_of_the_ledger_are_said_in_the_language_of_now() -> None:
    assert spoken_again("The task was cancelled at Runway.") == "The task was cancelled at Runway."
    speak(Pseudo({text for texts in every_text() for text in texts}))
    assert spoken_again("The task was cancelled at Runway.").startswith("[!!! ")
    assert spoken_again("Words of a vendor") == "Words of a vendor"


def test_money_is_written_as_the_language_writes_it() -> None:
    assert show_usd(Money(80_000)) == "$0.08"
    assert show_credits(1000) == "1\u202f000 cr"

    class Chinese(Shouting):
        def gettext(self, message: str) -> str:
            return {"${amount}": "US${amount}", "{count} cr": "{count} 积分"}.get(message, message)

    speak(Chinese())
    assert show_usd(Money(1_234_560_000)) == "US$1,234.56"
    assert show_credits(1000) == "1\u202f000 积分"


def test_a_catalogue_is_read_fast_enough_for_every_start() -> None:
    data = (languages.languages_folder() / "en.mo").read_bytes()
    assert min(timeit.repeat(lambda: CatalogueFile(data), number=1, repeat=20)) < 0.02


def test_there_is_one_voice() -> None:
    assert words.spoken_now() is ENGLISH
    assert not words.foreign()


def test_lists_and_sentences_are_joined_as_the_language_writes_them() -> None:
    names, either_of = listed(["a", "b", "c"]), either(["a", "b", "c"])
    both = joined(say("Nothing was charged."), say("Run again to make it here."))
    assert (names, either_of, either(["a"])) == ("a, b, c", "a, b or c", "a")
    assert listed(["a", "b"], sep=CLAUSES) == "a; b"
    assert listed([]) == ""
    speak_language("zh_CN")
    assert spoken(names) == listed(["a", "b", "c"]) == "a、b、c"
    assert spoken(either_of) == "a、b 或 c"
    assert " " not in spoken(both)
    assert spoken(both).count("。") == 2
    assert in_english(both) == "Nothing was charged. Run again to make it here."


def test_a_short_chinese_text_finds_its_way_back() -> None:
    catalogue = catalogue_of("zh_CN")
    assert catalogue is not None
    said = Unsaid(catalogue).find("改用 @hero")
    assert said is not None
    assert in_english(said) == "Use @hero"


def test_a_vendors_units_are_said_and_strange_ones_stay() -> None:
    assert [measured(8.0, "Runway credits"), measured(1.0, "pictures"), measured(1.5, "beans")] == [
        "8 Runway credits",
        "1 picture",
        "1.5 beans",
    ]
    speak_language("zh_CN")
    assert [measured(8.0, "Runway credits"), measured(2.0, "pictures"), measured(1.5, "beans")] == [
        "8 Runway 积分",
        "2 张图片",
        "1.5 beans",
    ]
