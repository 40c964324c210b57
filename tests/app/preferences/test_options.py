from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.basics.faults import BadInput, DiskTrouble
from app.preferences import declared
from app.preferences.declared import (
    CAP_DAY_CREDITS,
    OPTIONS,
    PAGES,
    RECENT,
    RECENT_MOST,
    REDUCED_MOTION,
    TEXT_SCALE,
    THEME,
    TOLD_VENDORS,
)
from app.preferences.options import Changed, Option, Options


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings" / "options.json"


def on_disk(file: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(file.read_text(encoding="utf-8"))
    return found


def test_every_option_is_listed_once_and_explained() -> None:
    assert len({option.id for option in OPTIONS}) == len(OPTIONS) > 15
    named = [value for value in vars(declared).values() if isinstance(value, Option)]
    assert sorted(option.id for option in named) == sorted(option.id for option in OPTIONS)
    for option in OPTIONS:
        assert option.title
        assert option.help.endswith(".")
        assert option.id == option.id.lower()
        assert option.page in ("", *PAGES)
        assert not option.choices or option.default in option.choices
        assert set(option.labels) == (set(option.choices) if option.page else set()), "no ids for people"
        assert bool(option.words) == bool(option.page), option.id


def test_defaults_touch_no_disk(file: Path) -> None:
    options = Options(file)
    assert all(options.get(option) == option.default for option in OPTIONS)
    assert options.notes == ()
    assert not file.parent.exists()


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.id)
def test_every_default_can_be_written_and_read(option: Option[object], file: Path) -> None:
    Options(file).set(option, option.default)
    assert option.id in on_disk(file)
    again = Options(file)
    assert again.get(option) == option.default
    assert again.notes == ()


def test_a_change_is_kept_told_and_undone(file: Path) -> None:
    options = Options(file)
    told: list[Changed] = []
    options.changed.connect(told.append)
    options.set(THEME, "light")
    options.set(THEME, "light")
    options.set(TOLD_VENDORS, ("runway", "bfl"))
    assert told == [
        Changed(option="theme", before="dark", after="light"),
        Changed(option="told-vendors", before=(), after=("runway", "bfl")),
    ]
    again = Options(file)
    assert (again.get(THEME), again.get(TOLD_VENDORS)) == ("light", ("runway", "bfl"))
    options.reset(THEME)
    assert options.get(THEME) == "dark"
    assert told[-1] == Changed(option="theme", before="light", after="dark")
    assert on_disk(file) == {"told-vendors": ["runway", "bfl"]}


@pytest.mark.parametrize(
    ("option", "value"),
    [
        (THEME, "pink"),
        (THEME, None),
        (REDUCED_MOTION, 1),
        (CAP_DAY_CREDITS, -1),
        (CAP_DAY_CREDITS, True),
        (CAP_DAY_CREDITS, 1.5),
        (TEXT_SCALE, 0),
        (TEXT_SCALE, float("nan")),
        (RECENT, ("a\0b",)),
        (RECENT, (7,)),
    ],
)
def test_what_cannot_be_is_refused(option: Option[object], value: object, file: Path) -> None:
    options = Options(file)
    with pytest.raises(BadInput) as caught:
        options.set(option, value)
    assert caught.value.code == "options.value"
    assert option.title in caught.value.title
    assert options.get(option) == option.default
    assert not file.exists()


def test_recent_documents_are_few_and_each_once(file: Path) -> None:
    options = Options(file)
    options.set(RECENT, tuple(f"/{number % 30}.tagloom" for number in range(60)))
    assert options.get(RECENT) == tuple(f"/{number}.tagloom" for number in range(RECENT_MOST))


def test_what_another_tagloom_knows_is_kept(file: Path) -> None:
    file.parent.mkdir()
    file.write_text(json.dumps({"from-the-future": {"a": [1]}, "theme": "light"}))
    options = Options(file)
    options.set(REDUCED_MOTION, True)
    assert on_disk(file) == {"from-the-future": {"a": [1]}, "theme": "light", "reduced-motion": True}


def test_two_programs_keep_each_others_changes(file: Path) -> None:
    window, terminal = Options(file), Options(file)
    assert window.get(THEME) == terminal.get(THEME) == "dark"
    window.set(THEME, "light")
    terminal.set(REDUCED_MOTION, True)
    assert on_disk(file) == {"theme": "light", "reduced-motion": True}


@pytest.mark.parametrize("raw", ["pink", 7, None, ["light"], {"a": 1}])
def test_one_bad_value_costs_only_itself(file: Path, raw: object) -> None:
    file.parent.mkdir()
    file.write_text(json.dumps({"theme": raw, "reduced-motion": True}))
    options = Options(file)
    assert options.get(THEME) == "dark"
    assert options.get(REDUCED_MOTION)
    (note,) = options.notes
    assert "Theme" in note
    options.set(THEME, "light")
    assert options.notes == ()
    assert on_disk(file)["theme"] == "light"


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff\xfe\x00", b"null", b"[" * 100_000, b'{"theme": "li']
)
def test_a_bad_file_is_put_aside_not_lost(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    options = Options(file)
    assert options.get(THEME) == "dark"
    assert str(file) in options.notes[0]
    assert file.read_bytes() == content
    options.set(THEME, "light")
    assert on_disk(file) == {"theme": "light"}
    assert file.with_name("options.json.unreadable").read_bytes() == content


def test_a_read_only_folder_is_said_and_the_session_goes_on(read_only: Path) -> None:
    options = Options(read_only / "settings" / "options.json")
    told: list[Changed] = []
    options.changed.connect(told.append)
    with pytest.raises(DiskTrouble) as caught:
        options.set(THEME, "light")
    assert caught.value.code == "options.unwritable"
    assert options.get(THEME) == "light"
    assert len(told) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="no modes there")
def test_the_file_is_for_its_owner_and_leaves_nothing_beside(file: Path) -> None:
    Options(file).set(THEME, "light")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["options.json"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    content=st.dictionaries(
        st.sampled_from([option.id for option in OPTIONS]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
            ),
        ),
    )
)
def test_no_content_breaks_it(content: dict[str, object], file: Path) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(content))
    options = Options(file)
    for option in OPTIONS:
        value = options.get(option)
        assert type(value) is type(option.default) or option.default is None
        assert not option.choices or value in option.choices
