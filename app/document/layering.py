"""The order of a layered drawing (Sugiyama): in which column each box stands, and which stands above which,
so that few links cross. Boxes are numbers from 0; nothing here recurses, so that a chain may be long.

Written here because no kept library does it: networkx has no layered layout, grandalf recurses and has none
of the sockets' order.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Sequence

from msgspec import Struct

Edge = tuple[int, int, float, float]
"""From, to, and how far below the top of each the link leaves and arrives."""

_ROUNDS = 16
_PATIENCE = 4
"""Rounds without fewer crossings after which the order is taken as it is."""
_FEW = 2500
"""Links up to which neighbours are also tried the other way round, which takes longer."""
_BENDS = 6000
"""Bends that there may always be; beyond, one for each box: the longest links are then not kept clear of
boxes, so that thousands are laid out within a second."""

Neighbours = list[list[tuple[int, float]]]
"""Per box: who is beside it, and at which part (0 to 1) of that box's links this one stands."""


class Layered(Struct):
    """Columns from left to right, each from top to bottom. Numbers from `count` on are bends: the places at
    which a link crosses a column. `links` join neighbouring columns only."""

    count: int
    columns: list[list[int]]
    links: list[Edge]
    before: Neighbours
    after: Neighbours


def layered(count: int, edges: Sequence[Edge]) -> Layered:
    """Boxes in columns, sources left of what they feed. A link that closes a circle is left out."""
    forward = _without_circles(count, edges)
    level = _levels(count, forward)
    made = _with_bends(count, level, forward)
    given = [list(column) for column in made.columns]
    _first_order(made)
    _uncross(made)
    if len(made.links) <= _FEW:
        _try_from(made, given)
    _keep_socket_order(made)
    return made


# --- columns ---------------------------------------------------------------------------------


def _without_circles(count: int, edges: Sequence[Edge]) -> list[Edge]:
    """Depth first by hand: a link to a box that is still open would close a circle."""
    leaving: list[list[Edge]] = [[] for _ in range(count)]
    for edge in edges:
        leaving[edge[0]].append(edge)
    state = bytearray(count)
    kept: list[Edge] = []
    for root in range(count):
        if state[root]:
            continue
        state[root] = 1
        open_boxes = [(root, iter(leaving[root]))]
        while open_boxes:
            box, rest = open_boxes[-1]
            following = next(rest, None)
            if following is None:
                state[box] = 2
                open_boxes.pop()
            elif state[following[1]] != 1:
                kept.append(following)
                if not state[following[1]]:
                    state[following[1]] = 1
                    open_boxes.append((following[1], iter(leaving[following[1]])))
    return kept


def _levels(count: int, edges: Sequence[Edge]) -> list[int]:
    """The longest way from a source; then what feeds more than it is fed moves up to what it feeds."""
    targets: list[list[int]] = [[] for _ in range(count)]
    missing = [0] * count
    for source, target, *_ in edges:
        targets[source].append(target)
        missing[target] += 1
    fed = list(missing)
    level = [0] * count
    order = [box for box in range(count) if not missing[box]]
    for box in order:
        for target in targets[box]:
            level[target] = max(level[target], level[box] + 1)
            missing[target] -= 1
            if not missing[target]:
                order.append(target)
    for box in reversed(order):
        if targets[box] and fed[box] < len(targets[box]):
            level[box] = min(level[target] for target in targets[box]) - 1
    return level


def _with_bends(count: int, level: Sequence[int], edges: Sequence[Edge]) -> Layered:
    """Every link cut into pieces from one column to the next."""
    columns: list[list[int]] = [[] for _ in range(max(level, default=-1) + 1)]
    for box in range(count):
        columns[level[box]].append(box)
    room = max(_BENDS, count)
    links: list[Edge] = []
    following = count
    for source, target, out, into in sorted(edges, key=lambda one: level[one[1]] - level[one[0]]):
        bends = level[target] - level[source] - 1
        if bends > room:
            break
        room -= bends
        last, leaves = source, out
        for column in range(level[source] + 1, level[target]):
            columns[column].append(following)
            links.append((last, following, leaves, 0.0))
            last, leaves = following, 0.0
            following += 1
        links.append((last, target, leaves, into))
    before, after = _neighbours(following, links)
    return Layered(count, columns, links, before, after)


def _neighbours(count: int, links: Sequence[Edge]) -> tuple[Neighbours, Neighbours]:
    """Who is before and who is behind each box, its own sockets counted from the top."""
    arriving: list[list[int]] = [[] for _ in range(count)]
    leaving: list[list[int]] = [[] for _ in range(count)]
    for at, (source, target, _, _) in enumerate(links):
        leaving[source].append(at)
        arriving[target].append(at)
    door, exit = [0.0] * len(links), [0.0] * len(links)
    for held, place, offset in ((arriving, door, 3), (leaving, exit, 2)):
        for ends in held:
            ends.sort(key=lambda at: links[at][offset])
            rank, last = -1, float("nan")
            for at in ends:
                rank, last = (rank, last) if links[at][offset] == last else (rank + 1, links[at][offset])
                place[at] = rank / len(ends)
    before = [[(links[at][0], exit[at]) for at in ends] for ends in arriving]
    after = [[(links[at][1], door[at]) for at in ends] for ends in leaving]
    return before, after


# --- order -----------------------------------------------------------------------------------


def _first_order(made: Layered) -> None:
    """Depth first from the last boxes back, inputs from the top: a tree is drawn without a crossing."""
    rank: dict[int, int] = {}
    ends = [box for column in made.columns for box in column if not made.after[box]]
    for end in ends:
        open_boxes = [end]
        while open_boxes:
            box = open_boxes.pop()
            if box in rank:
                continue
            rank[box] = len(rank)
            open_boxes.extend(source for source, _ in reversed(made.before[box]))
    for column in made.columns:
        column.sort(key=lambda box: rank.get(box, 0))


def _uncross(made: Layered) -> None:
    """Sweeps to and fro, by the mean and by the median of the neighbours in turn; the best order is kept."""
    best, least = [list(column) for column in made.columns], crossings(made)
    small = len(made.links) <= _FEW
    rounds = _ROUNDS if len(made.links) <= 4 * _FEW else _ROUNDS // 4
    idle = 0
    for round in range(rounds):
        if not least or idle == _PATIENCE:
            break
        place = _places(made)
        middle = _mean if round % 4 != 3 else _median
        for at in range(1, len(made.columns)):
            _sort_column(made.columns[at], made.before, place, middle)
        for at in range(len(made.columns) - 2, -1, -1):
            _sort_column(made.columns[at], made.after, place, middle)
        if small:
            _swap_neighbours(made, place)
        now = crossings(made)
        idle = 0 if now < least else idle + 1
        if now < least:
            best, least = [list(column) for column in made.columns], now
    made.columns = best


def _try_from(made: Layered, given: list[list[int]]) -> None:
    """The same from the order in which the boxes were given: sometimes that ends better."""
    best, least = made.columns, crossings(made)
    if least:
        made.columns = given
        _uncross(made)
        if crossings(made) >= least:
            made.columns = best


def _places(made: Layered) -> list[int]:
    place = [0] * len(made.before)
    for column in made.columns:
        for at, box in enumerate(column):
            place[box] = at
    return place


def _mean(ends: list[float]) -> float:
    return sum(ends) / len(ends)


def _median(ends: list[float]) -> float:
    ends.sort()
    half = len(ends) // 2
    return ends[half] if len(ends) % 2 else (ends[half - 1] + ends[half]) / 2


def _sort_column(
    column: list[int], beside: Neighbours, place: list[int], middle: Callable[[list[float]], float]
) -> None:
    """Boxes by where their neighbours stand; those without any keep their place."""
    key = {box: middle([place[other] + part for other, part in beside[box]]) for box in column if beside[box]}
    moving = iter(sorted(key, key=key.__getitem__))
    for at, box in enumerate(column):
        if box in key:
            column[at] = next(moving)
    for at, box in enumerate(column):
        place[box] = at


def _swap_neighbours(made: Layered, place: list[int]) -> None:
    """Two that stand above each other change places where that leaves fewer crossings."""
    for _ in range(4):
        swapped = False
        for column in made.columns:
            for at in range(len(column) - 1):
                upper, lower = column[at], column[at + 1]
                gain = 0
                for beside in (made.before, made.after):
                    ups = sorted(place[other] + part for other, part in beside[upper])
                    lows = sorted(place[other] + part for other, part in beside[lower])
                    gain += _inversions(ups, lows) - _inversions(lows, ups)
                if gain > 0:
                    column[at], column[at + 1] = lower, upper
                    place[lower], place[upper] = at, at + 1
                    swapped = True
        if not swapped:
            return


def _inversions(upper: list[float], lower: list[float]) -> int:
    """Crossings of the links of two boxes above each other, both sorted."""
    count = at = 0
    for end in upper:
        while at < len(lower) and lower[at] < end:
            at += 1
        count += at
    return count


def _keep_socket_order(made: Layered) -> None:
    """What feeds one box alone and is fed by none stands in the order of its sockets: the first reference
    above the second. They share their one neighbour, so that nothing else crosses more."""
    for column in made.columns:
        groups: dict[int, list[int]] = {}
        for at, box in enumerate(column):
            if box < made.count and not made.before[box] and len(made.after[box]) == 1:
                groups.setdefault(made.after[box][0][0], []).append(at)
        for slots in groups.values():
            boxes = sorted((column[at] for at in slots), key=lambda box: made.after[box][0][1])
            for at, box in zip(slots, boxes, strict=True):
                column[at] = box


def crossings(made: Layered) -> int:
    """How many pairs of links cross, sockets taken into account."""
    place = _places(made)
    count = 0
    for column in made.columns:
        ends: list[float] = []
        for box in column:
            reached = [place[other] + part for other, part in made.after[box]]
            for end in reached:
                count += len(ends) - bisect_right(ends, end)
            if len(reached) == 1:
                insort(ends, reached[0])
            else:
                ends.extend(reached)
                ends.sort()
    return count
