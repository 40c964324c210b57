"""A key, wherever it is held."""

from __future__ import annotations

from typing import NoReturn


class Secret:
    """A key that does not show itself: not printed, not pickled, not compared by accident.

    `reveal` is for the header of a request and for the keyring alone.
    """

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        self.__text = text

    def reveal(self) -> str:
        return self.__text

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.__text == self.__text

    def __hash__(self) -> int:
        return hash((Secret, self.__text))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not written anywhere")
