"""The setting of the language, and what has to be said anew where it changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from app.basics.unsaid import Unsaid
from app.preferences import declared
from app.preferences.options import Changed
from app.studio.studio import Studio
from widgets.language import Language
from widgets.retelling import again_from, retell


class Keeps(Protocol):
    """Whoever keeps words that are shown later."""

    def say_anew(self, again: Callable[[str], str]) -> None: ...


def follow_language(
    studio: Studio, language: Language, keeping: Sequence[Keeps], made_anew: Callable[[], None]
) -> Callable[[], None]:
    """`made_anew`: what is easier made than said. Returns what ends it, and gives English back."""

    def chosen(change: Changed) -> None:
        if change.option != declared.LANGUAGE.id:
            return
        before = language.choose(studio.options.get(declared.LANGUAGE))
        if before is not None:
            again = again_from(Unsaid(before))
            retell(language.app, again)
            for one in keeping:
                one.say_anew(again)
            made_anew()

    stop = studio.options.changed.connect(chosen)

    def end() -> None:
        stop()
        language.close()

    return end
