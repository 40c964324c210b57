"""Where everything stands in a draft, as shares of the frame; the seed moves, turns and mirrors it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from app.sandbox.casting import Part, Role
from app.sandbox.order import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """A part and its place: the middle of its foot, and the room it may fill. All in pixels;
    `turn` in degrees."""

    part: Part
    x: int
    foot: int
    width: int
    height: int
    turn: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """`stands` from the back to the front. `zoom` ≥ 1 and `pan` from 0 to 1 crop the place behind."""

    width: int
    height: int
    footer: int
    horizon: int
    place: Part | None
    stands: tuple[Stand, ...]
    zoom: float
    pan: tuple[float, float]
    mirrored: bool

    @property
    def short(self) -> int:
        return min(self.width, self.height)


def chance_of(order: Order) -> random.Random:
    """The same numbers for the same order, on every machine."""
    return random.Random(order.digest())


def laid_out(order: Order, parts: Sequence[Part]) -> Layout:
    chance = chance_of(order)
    width, height = order.width, order.height
    footer = max(30, round(min(width, height) * 0.05))
    mirrored = chance.random() < 0.5
    place = next((one for one in parts if one.role is Role.PLACE), None)
    front = [one for one in parts if one is not place]
    floor = height - footer
    stands = tuple(_stands(front, width, floor, mirrored, chance))
    return Layout(
        width=width,
        height=height,
        footer=footer,
        horizon=round(floor * chance.uniform(0.66, 0.74)),
        place=place,
        stands=stands,
        zoom=chance.uniform(1.0, 1.3),
        pan=(chance.random(), chance.uniform(0.2, 0.8)),
        mirrored=mirrored,
    )


def _stands(
    front: Sequence[Part], width: int, floor: int, mirrored: bool, chance: random.Random
) -> list[Stand]:
    people = [one for one in front if one.role is Role.PERSON]
    things = [one for one in front if one.role is Role.THING]
    if people:
        behind = _row(people, width, floor, mirrored, chance, crowded=bool(things))
        return behind + _foreground(things, width, floor, mirrored, chance)
    return _still_life(things, width, floor, mirrored, chance)


def _row(
    people: Sequence[Part],
    width: int,
    floor: int,
    mirrored: bool,
    chance: random.Random,
    *,
    crowded: bool,
) -> list[Stand]:
    """People stand at the foot of the frame, a little off the middle when something lies before them."""
    upright = floor > width
    stands = []
    for at, part in enumerate(people):
        room = width / len(people)
        lean = (0.0 if not crowded or upright else -0.07) + chance.uniform(-0.07, 0.06)
        x = room * (at + 0.5) + width * (lean if not mirrored else -lean)
        high = floor * (0.74 if upright else 0.9) * chance.uniform(0.95, 1.02)
        stands.append(_stand(part, x, floor, min(room * 1.06, high * 1.15), high, 0.0))
    return stands


def _foreground(
    things: Sequence[Part], width: int, floor: int, mirrored: bool, chance: random.Random
) -> list[Stand]:
    """Things in front of somebody: to one side and low, the first called the largest."""
    upright = floor > width
    stands = []
    for at, part in reversed(list(enumerate(things))):
        size = min(width, floor) * (0.56 if upright else 0.5) * 0.84**at * chance.uniform(0.88, 1.1)
        share = (0.66 if upright else 0.72) - 0.42 * at + chance.uniform(-0.05, 0.05)
        x = width * (1 - share if mirrored else share)
        foot = floor * (0.965 - 0.02 * at)
        stands.append(_stand(part, x, foot, size, size * 0.86, chance.uniform(-4, 4)))
    return stands


def _still_life(
    things: Sequence[Part], width: int, floor: int, mirrored: bool, chance: random.Random
) -> list[Stand]:
    """Things alone: the first is the hero in the middle, the others stand behind it to the sides."""
    short = min(width, floor)
    stands = []
    for at, part in reversed(list(enumerate(things))):
        if at == 0:
            size, x, foot = short * (0.78 if len(things) == 1 else 0.62), width / 2, floor * 0.92
            x += width * chance.uniform(-0.06, 0.06)
        else:
            side = 1 if (at % 2 == 1) != mirrored else -1
            reach = min(0.3, 0.46 * short / width)
            size, x = short * 0.46, width * (0.5 + side * (reach + chance.uniform(-0.02, 0.03)))
            foot = floor * 0.8
        stands.append(_stand(part, x, foot, size * 1.1, size * 0.9, chance.uniform(-3, 3)))
    return stands


def _stand(part: Part, x: float, foot: float, width: float, height: float, turn: float) -> Stand:
    return Stand(part=part, x=round(x), foot=round(foot), width=round(width), height=round(height), turn=turn)
