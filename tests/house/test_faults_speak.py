"""Every fault that the program can make has a title, advice and a stable code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from app.basics import faults
from tests.house.sources import Source, sources

KINDS = {kind.__name__ for kind in (*faults.TREE, faults.Fault)}
CODE = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
SENTENCE_END = (".", "!", "?", ".)", ".”", '."', "}")
"""Or a value, which may be a sentence itself."""


def constructions(one: Source) -> Iterator[ast.Call]:
    """Calls of the fault classes, by name or as `faults.X`."""
    if one.name == "app.basics.faults":
        return
    for node in ast.walk(one.tree):
        if isinstance(node, ast.Call):
            func = node.func
            by_name = isinstance(func, ast.Name) and func.id in KINDS
            by_module = (
                isinstance(func, ast.Attribute) and func.attr in KINDS and ast.unparse(func.value) == "faults"
            )
            if by_name or by_module:
                yield node


def complaints(call: ast.Call) -> Iterator[str]:
    """What is wrong with one construction."""
    given: dict[str | None, ast.expr] = {word.arg: word.value for word in call.keywords}
    if call.args:
        given["title"] = call.args[0]
    for word in ("title", "advice", "code"):
        if word not in given and None not in given:
            yield f"no {word}"
    for word in ("title", "advice"):
        text = _constant(given.get(word))
        if text is not None and not _is_sentence(text.strip()):
            yield f"{word} is no sentence: {text!r}"
    code = _constant(given.get("code"))
    if code is not None and not CODE.fullmatch(code):
        yield f"code is not lower case with dots: {code!r}"


def _is_sentence(text: str) -> bool:
    """Ends like one, or ends with an example to copy, which a full stop would spoil."""
    return text.endswith(SENTENCE_END) or re.search(r": \S[^.!?]*(\.\S+)*$", text) is not None


def _constant(node: ast.expr | None) -> str | None:
    """A literal, also one that is said in another language."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "say" and node.args:
        node = node.args[0]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def test_every_fault_says_what_to_do() -> None:
    calls = [(one, call) for one in sources("app", "widgets") for call in constructions(one)]
    bad = [f"{one.place(call)} {words}" for one, call in calls for words in complaints(call)]
    assert len(calls) > 10
    assert not bad


def test_a_mute_fault_is_seen() -> None:
    def of(text: str) -> list[str]:
        tree = ast.parse(text)
        statement = tree.body[0]
        assert isinstance(statement, ast.Expr)
        assert isinstance(statement.value, ast.Call)
        return list(complaints(statement.value))

    assert of("BadInput('It broke.', advice='Mend it.', code='a.b')") == []
    assert of("BadInput(say('It broke.'), advice=say('Mend it'), code='a.b')") == [
        "advice is no sentence: 'Mend it'"
    ]
    assert of("BadInput('It broke.')") == ["no advice", "no code"]
    assert of("BadInput('It broke', advice='', code='A B')") == [
        "title is no sentence: 'It broke'",
        "advice is no sentence: ''",
        "code is not lower case with dots: 'A B'",
    ]
