"""Letters can be read and edges be seen in every theme; who decides on high contrast."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from widgets.contrast import HIGH, HIGH_DARK, HIGH_LIGHT, VISIBLE, Contrasts, Wish
from widgets.theme import DARK, LEAST_CONTRAST, LIGHT, Choice, Theme, Themes, contrast, sheet

ALL = pytest.mark.parametrize("theme", [DARK, LIGHT, HIGH_DARK, HIGH_LIGHT], ids=lambda theme: theme.name)
BRIGHT = pytest.mark.parametrize("theme", [HIGH_DARK, HIGH_LIGHT], ids=lambda theme: theme.name)
GROUNDS = ("window", "canvas", "card", "field", "hover", "pill", "model_header")
LETTERS = (
    *((letters, ground) for letters in ("text", "muted") for ground in GROUNDS),
    *((letters, f"{letters}_ground") for letters in ("error", "warning")),
    *(("muted", f"{ground}_ground") for ground in ("error", "warning")),
    *((letters, ground) for letters in ("good", "error", "warning") for ground in ("window", "card")),
    ("on_accent", "accent"),
)
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
DIMMED = (":disabled", "::item:disabled")
"""What cannot be used may be dimmed (WCAG 2.2, 1.4.3); it still has to be seen."""


def least(theme: Theme) -> float:
    return HIGH if theme in (HIGH_DARK, HIGH_LIGHT) else LEAST_CONTRAST


@ALL
def test_every_role_of_letters_can_be_read_on_its_grounds(theme: Theme) -> None:
    roles = theme.roles
    poor = {
        pair: round(found, 2)
        for pair in LETTERS
        if (found := contrast(getattr(roles, pair[0]), getattr(roles, pair[1]))) < least(theme)
    }
    assert not poor


@ALL
def test_every_rule_of_the_sheet_that_names_letters_and_ground_can_be_read(theme: Theme) -> None:
    looked = 0
    poor: dict[str, float] = {}
    rules = {selector.strip(): body for selector, body in RULE.findall(sheet(theme))}  # the last one counts
    for selector, body in rules.items():
        colours = dict(re.findall(r"(?<![-\w])(color|background)\s*:\s*(#[0-9a-f]{6})", body))
        if len(colours) < 2:
            continue
        looked += 1
        wanted = VISIBLE if any(dim in selector for dim in DIMMED) else least(theme)
        if (found := contrast(colours["color"], colours["background"])) < wanted:
            poor[selector] = round(found, 2)
    assert looked > 8
    assert not poor


@ALL
def test_tags_can_be_read(theme: Theme) -> None:
    colours = [theme.tag(slot) for slot in range(50)]
    assert all(contrast(one.text, one.ground) >= least(theme) for one in colours)


@ALL
def test_the_focus_and_the_sockets_can_be_seen(theme: Theme) -> None:
    roles = theme.roles
    for ground in ("window", "canvas", "card", "field"):
        assert contrast(roles.accent, getattr(roles, ground)) >= VISIBLE, ground
    if theme.dark or theme is HIGH_LIGHT:  # the plain light theme draws sockets with an edge besides
        assert min(contrast(one, roles.card) for one in (roles.prompt, roles.image)) >= VISIBLE


@BRIGHT
def test_the_edges_of_all_that_can_be_used_can_be_seen(theme: Theme) -> None:
    roles = theme.roles
    for line in ("line", "line_strong", "accent", "neutral"):
        for ground in ("window", "canvas", "card", "field"):
            assert contrast(getattr(roles, line), getattr(roles, ground)) >= VISIBLE, (line, ground)
    assert contrast(roles.on_accent, roles.accent) >= HIGH


@pytest.fixture
def themes(qapp: QApplication) -> Iterator[Themes]:
    made = Themes(qapp, Choice.DARK)
    yield made
    made.deleteLater()


def test_the_setting_decides_and_either_theme_has_its_own(qapp: QApplication, themes: Themes) -> None:
    seen: list[Theme] = []
    themes.changed.connect(seen.append)
    contrasts = Contrasts(qapp, themes, Wish.HIGH)
    assert themes.theme is HIGH_DARK
    themes.choose(Choice.LIGHT)
    assert themes.theme is HIGH_LIGHT
    contrasts.choose(Wish.NORMAL)
    assert themes.theme is LIGHT
    contrasts.choose(Wish.HIGH)
    assert seen == [HIGH_DARK, HIGH_LIGHT, LIGHT, HIGH_LIGHT]
    assert qapp.palette().window().color() == QColor(HIGH_LIGHT.roles.window)


def test_where_the_system_says_nothing_it_is_the_plain_theme(qapp: QApplication, themes: Themes) -> None:
    contrasts = Contrasts(qapp, themes, Wish.SYSTEM)
    assert not contrasts.high
    assert themes.theme is DARK
