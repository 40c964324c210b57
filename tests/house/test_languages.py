"""Every text of the program is in the catalogues, as fresh as the sources, and translated with its places."""

from __future__ import annotations

import ast
import importlib.util
import re
import string
import sys
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message

from tests.house.sources import ROOT, sources
from tests.house.test_faults_speak import KINDS

REQUIRED = {"zh_CN": 100.0}
"""Per cent of the texts that have a translation."""
SAYS_TO_PEOPLE = {"title", "advice", "label"}


def _languages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("languages", ROOT / "packaging" / "languages.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = made  # its dataclass looks itself up
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def languages() -> ModuleType:
    return _languages()


def test_the_catalogues_are_fresh(languages: ModuleType) -> None:
    assert languages.stale() == [], "run: make languages"
    assert len(languages.template()) > 1500


@pytest.mark.parametrize("code", REQUIRED)
def test_as_much_is_translated_as_is_asked_for(languages: ModuleType, code: str) -> None:
    done, all_ = languages.translated(languages.read(languages.LANGUAGES / f"{code}.po"))
    assert done / all_ * 100 >= REQUIRED[code]


@pytest.mark.parametrize("code", REQUIRED)
def test_a_translation_has_the_places_of_its_text(languages: ModuleType, code: str) -> None:
    assert complaints(languages.read(languages.LANGUAGES / f"{code}.po")) == []


def complaints(catalogue: Catalog) -> list[str]:
    return [f"{one.id!r}: {one.string!r}" for one in catalogue if one.id and not _fits(one)]


def _fits(one: Message) -> bool:
    """Each translation that is there has just the values of its text; with plurals `{n}` may be left out, and
    a mark for a key (`&`) and the keys after a tab stay."""
    sources = one.id if isinstance(one.id, (tuple, list)) else (one.id,)
    strings = one.string if isinstance(one.string, (tuple, list)) else (one.string,)
    wanted = set().union(*map(_places, sources))
    for text in filter(None, strings):
        places = _places(text)
        if places is None or (places | {"n"} if len(sources) > 1 else places) != (
            wanted | {"n"} if len(sources) > 1 else wanted
        ):
            return False
        if text.count("\t") != sources[0].count("\t"):
            return False
    return True


def _places(text: str) -> set[str] | None:
    if "{" not in text:
        return set()
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}
    except ValueError:
        return None


def test_a_wrong_translation_is_seen() -> None:
    def of(id: str | tuple[str, str], text: str | tuple[str, ...]) -> int:
        catalogue = Catalog(locale="zh_CN")
        catalogue.add(id, string=text)
        return len(complaints(catalogue))

    assert of("No file {name}.", "没有文件 {name}。") == 0
    assert of("No file {name}.", "没有文件 {nome}。") == 1
    assert of("No file {name}.", "没有文件 {name。") == 1
    assert of("No file {name}.", "") == 0
    assert of(("1 node", "{n} nodes"), ("{n} 个节点",)) == 0
    assert of(("1 node", "{n} nodes"), ("{count} 个节点",)) == 1


def test_what_is_said_to_people_is_said_by_a_function_of_words() -> None:
    """In `app`, a title, an advice or a label is no bare literal: nobody could translate it."""
    bare = []
    for one in sources("app"):
        if one.name.startswith(("app.sandbox", "app.catalogue.reader")):
            continue
        for node in ast.walk(one.tree):
            if isinstance(node, ast.Call):
                said = [word.value for word in node.keywords if word.arg in SAYS_TO_PEOPLE]
                if getattr(node.func, "id", "") in KINDS:
                    said += node.args[:1]
                bare += [f"{one.place(node)} {ast.unparse(text)}" for text in said if _bare(text)]
    assert bare == []


def _bare(node: ast.expr) -> bool:
    """A literal, or an f-string, with words in it."""
    match node:
        case ast.Constant(value=str(text)):
            return bool(re.search(r"[a-z]{2,} [a-z]{2,}", text))
        case ast.JoinedStr(values=parts):
            return any(_bare(part) for part in parts if isinstance(part, ast.Constant))
    return False
