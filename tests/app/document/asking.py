"""What the rules say of a document, for the tests of rules."""

from __future__ import annotations

from app.document.problems import Problem
from app.document.rules import check
from app.document.values import Document
from tests.app.document.samples import (
    SHAPES,
    product_shot,
)


def codes(of: Document) -> list[str]:
    return [one.code for one in check(of, SHAPES)]


def only(of: Document, code: str) -> Problem:
    (found,) = [one for one in check(of, SHAPES) if one.code == code]
    assert found.title.endswith(".")
    assert found.advice.endswith((".", "?"))
    return found


def mended(of: Document, code: str, fix: int = 0) -> Document:
    return only(of, code).fixes[fix].edit(of)


def text_of(of: Document) -> object:
    return of.nodes["words"].values["text"]


def said(words: str, tags: tuple[str, ...] = ("sneaker", "model", "studio")) -> Document:
    return product_shot(words, tags)
