"""The texts of Tagloom for translators: `make languages`.

    python packaging/languages.py update     texts of the sources → tagloom.pot → every .po → every .mo
    python packaging/languages.py check      says what is not fresh, and how much is translated; exit code 1

What counts as a text: the literal in `say("…")`, `say_many(n, "…", "…")`, `mark("…")`, `spoken("…")`,
`counted(n, "…", "…")`, `tr("…")`, `self.tr("…")`, and the fields of model cards and templates that people
read. A translator opens `resources/languages/zh_CN.po` in Qt Linguist, Poedit or a text editor, and runs
`make languages` again. Texts that are gone stay in the .po as comments; nothing is guessed.
"""

from __future__ import annotations

import ast
import io
import json
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
LANGUAGES = ROOT / "resources" / "languages"
TEMPLATE = LANGUAGES / "tagloom.pot"

NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
"""The same texts are the same bytes."""
SINGLE = {"say": 0, "mark": 0, "spoken": 0, "tr": 0}
"""Function → place of its text."""
PLURAL = {"say_many": (1, 2), "counted": (1, 2)}


@dataclass(frozen=True, slots=True)
class Text:
    one: str
    many: str
    file: str
    context: str = ""


def texts() -> Iterator[Text]:
    """Every text of the program, in the order of the files."""
    for room in ("app", "widgets"):
        for file in sorted((ROOT / room).rglob("*.py")):
            yield from of_python(file.read_text("utf-8"), file.relative_to(ROOT).as_posix())
    for file in sorted((ROOT / "resources" / "catalogue").glob("*.toml")):
        yield from of_card(file.read_text("utf-8"), file.relative_to(ROOT).as_posix())
    templates = ROOT / "resources" / "examples" / "templates.json"
    for one in json.loads(templates.read_text("utf-8")):
        for name in ("title", "summary"):
            yield Text(one[name], "", templates.relative_to(ROOT).as_posix())


def of_python(source: str, file: str) -> Iterator[Text]:
    """Literals in calls of the functions above; what is no literal is none of a catalogue's."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if isinstance(node.func, ast.Attribute) and name in ("say", "mark", "spoken", "counted"):
            continue  # somebody else's method
        literals = [_literal(one) for one in node.args]
        if name in PLURAL and len(literals) > 2:
            one, many = (literals[place] for place in PLURAL[name])
            if one and many:
                yield Text(one, many, file)
        elif name in SINGLE and literals and literals[0]:
            context = literals[1] if name == "tr" and len(literals) > 1 else ""
            yield Text(literals[0], "", file, context)


def _literal(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def of_card(source: str, file: str) -> Iterator[Text]:
    """What a card says to people. Its title is a name."""
    card = tomllib.loads(source)
    found = [
        card["summary"],
        " ".join(card["help"].split()),
        card.get("largest", ""),
        *card.get("advice", ()),
    ]
    for part in (card["prompt"], card["references"], *card.get("parameters", ())):
        found += [part["title"], part["help"]]
        for choice in part.get("choices", ()):
            found += [choice["title"], choice.get("note", "")]
    found += [one["text"] for one in card.get("limits", ())]
    for text in found:
        if any(sign.isalpha() for sign in text):
            yield Text(text, "", file)


def template() -> Catalog:
    made = Catalog(project="Tagloom", charset="utf-8", fuzzy=False)
    for one in texts():
        key = (one.one, one.many) if one.many else one.one
        made.add(key, locations=[(one.file, 0)], context=one.context or None)
    return made


def written(catalogue: Catalog) -> str:
    """Without dates and line numbers, sorted by text: a change of one text changes one place."""
    out = io.BytesIO()
    write_po(out, catalogue, width=100, sort_output=True, include_lineno=False)
    lines = out.getvalue().decode("utf-8").splitlines(keepends=True)
    dated = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', '"Last-Translator', '"Language-Team')
    return "".join(line for line in lines if not line.startswith(dated))


def compiled(catalogue: Catalog) -> bytes:
    catalogue.creation_date = catalogue.revision_date = NO_DATE
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def english(fresh: Catalog) -> bytes:
    """Every text as its own translation: for the way back from a finished text (`app.basics.unsaid`)."""
    every = Catalog(locale="en", charset="utf-8", fuzzy=False)
    for one in fresh:
        if one.id:
            every.add(one.id, string=one.id, context=one.context)
    return compiled(every)


def read(file: Path) -> Catalog:
    with file.open("rb") as opened:
        return read_po(opened, locale=file.stem if file.suffix == ".po" else None)


def languages() -> list[Path]:
    return sorted(LANGUAGES.glob("*.po"))


def updated(file: Path, fresh: Catalog) -> Catalog:
    """A language's catalogue with the texts of now; translations of those that stayed are kept."""
    catalogue = read(file)
    catalogue.update(fresh, no_fuzzy_matching=True)
    return catalogue


def translated(catalogue: Catalog) -> tuple[int, int]:
    """How many texts have a translation, of how many."""
    found = [one for one in catalogue if one.id]
    done = [one for one in found if not one.fuzzy and all(_strings(one.string))]
    return len(done), len(found)


def _strings(string: object) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, (tuple, list)) else (str(string or ""),)


def update() -> None:
    fresh = template()
    TEMPLATE.write_text(written(fresh), "utf-8")
    (LANGUAGES / "en.mo").write_bytes(english(fresh))
    for file in languages():
        catalogue = updated(file, fresh)
        file.write_text(written(catalogue), "utf-8")
        file.with_suffix(".mo").write_bytes(compiled(read(file)))
        print("{}: {} of {} texts".format(file.stem, *translated(catalogue)))


def stale() -> list[str]:
    """What `update` would change."""
    fresh = template()
    found = [] if TEMPLATE.read_text("utf-8") == written(fresh) else [TEMPLATE.name]
    if (LANGUAGES / "en.mo").read_bytes() != english(fresh):
        found.append("en.mo")
    for file in languages():
        if file.read_text("utf-8") != written(updated(file, fresh)):
            found.append(file.name)
        compiled_file = file.with_suffix(".mo")
        if not compiled_file.is_file() or compiled_file.read_bytes() != compiled(read(file)):
            found.append(compiled_file.name)
    return found


def main(words: list[str]) -> int:
    match words:
        case ["update"]:
            update()
            return 0
        case ["check"]:
            for file in languages():
                print("{}: {} of {} texts".format(file.stem, *translated(read(file))))
            for name in (found := stale()):
                print(f"{name} is not fresh: make languages")
            return 1 if found else 0
        case _:
            print(__doc__)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
