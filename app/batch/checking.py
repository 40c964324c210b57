"""All rows of a table held against the document before anything is sent: what is wrong, and at which cell."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from app.basics.faults import Fault, Where
from app.basics.words import say, spoken
from app.batch.filling import Attempt, attempted, columns_in, places
from app.batch.row_faults import BadRow, spot
from app.batch.standing import Resolve, Standing
from app.batch.table import Row, Table
from app.document.problems import Problem, Severity
from app.document.reach import giver
from app.document.values import Document
from app.imaging.facts import ImageFacts, read_facts
from app.nodes.check import PHOTOGRAPH, SAVING, Problems, Rules, above, below, checked, file_of

MOST_PROBLEMS = 200
_MOST_FACTS = 4096
"""Photographs that are remembered; one that comes again after so many others is looked at again."""
_TOLD_EVERY = 50
_NO_PROBLEMS: Problems = MappingProxyType({})
Spot = tuple[str | None, str | None, int | None]
"""A node, a parameter or socket of it, and a place in that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """`row` 0: the document itself, whatever the row. `column` is empty where no single one is the cause;
    `title` says row and column too; `called` is what people call the node."""

    row: int
    column: str
    node: str
    called: str
    code: str
    title: str
    advice: str
    parameter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRows:
    """`wrong` rows have a problem; `counts`: code → how many, of all there are; `problems` are the first.
    `hints` stop nothing, and are said once for each place. `stopped`: not all rows were looked at."""

    rows: int
    wrong: int
    problems: tuple[RowProblem, ...]
    counts: Mapping[str, int] = field(default_factory=dict)
    hints: tuple[RowProblem, ...] = ()
    stopped: bool = False

    @property
    def sound(self) -> bool:
        return not self.counts and not self.stopped

    @property
    def total(self) -> int:
        """So many problems; `problems` may be fewer."""
        return sum(self.counts.values())


def check_rows(
    table: Table,
    document: Document,
    rules: Rules,
    resolve: Resolve,
    *,
    standing: Standing | None = None,
    most: int = MOST_PROBLEMS,
    tell: Callable[[int], object] = lambda rows: None,
    stop: Callable[[], bool] = lambda: False,
) -> CheckedRows:
    """Every row filled in and held against the rules and the models' cards, each photograph looked at once.
    Nothing is sent. Memory does not grow with the table. Blocks: call it in a thread; `tell` hears now and
    then how many rows are done, and `stop` ends it early.

    :raises BadInput: the table itself cannot be read any more
    """
    checker = _Checker(table, document, rules, resolve, standing, most)
    stopped = False
    for row in table.rows():
        if stopped := stop():
            break
        checker.row(row)
        if checker.rows % _TOLD_EVERY == 0:
            tell(checker.rows)
    tell(checker.rows)
    return checker.done(stopped)


class PhotographFacts:
    """What is known of photographs by their path; those asked for last are kept."""

    def __init__(self, resolve: Resolve, most: int = _MOST_FACTS) -> None:
        self._resolve, self._most = resolve, most
        self._known: OrderedDict[str, ImageFacts | Fault] = OrderedDict()

    def of(self, file: str) -> ImageFacts | Fault:
        if file in self._known:
            self._known.move_to_end(file)
            return self._known[file]
        self._known[file] = found = self._look(file)
        if len(self._known) > self._most:
            self._known.popitem(last=False)
        return found

    def _look(self, file: str) -> ImageFacts | Fault:
        try:
            path: Path = self._resolve(file)
            return read_facts(path)
        except Fault as fault:
            fault.__traceback__ = None  # it is kept, and its frames hold the picture
            return fault


class _Checker:
    def __init__(
        self,
        table: Table,
        document: Document,
        rules: Rules,
        resolve: Resolve,
        standing: Standing | None,
        most: int,
    ) -> None:
        self.rows = 0
        self._document, self._standing, self._most = document, standing, most
        self._rules = replace(rules, columns=table.columns)
        self._facts = PhotographFacts(resolve)
        self._causes = causes(document, rules, table.columns)
        filled = {node for node, _, _ in self._causes if node}
        self._touched = above(document, below(document, filled))
        self._wrong, self._bad, self._counts = 0, False, Counter[str]()
        self._problems: list[RowProblem] = []
        self._hints: dict[tuple[str, str, str], RowProblem] = {}

    def done(self, stopped: bool) -> CheckedRows:
        return CheckedRows(
            rows=self.rows,
            wrong=self._wrong,
            problems=tuple(self._problems),
            counts=MappingProxyType(dict(self._counts)),
            hints=tuple(self._hints.values()),
            stopped=stopped,
        )

    def row(self, row: Row) -> None:
        attempt = attempted(self._document, row, self._rules.kinds, self._standing)
        facts = self._seen(attempt)
        if not self.rows:
            for problem in self._found(attempt.document, facts, self._document.nodes.keys() - self._touched):
                self._take(problem, 0)
        self.rows += 1
        self._bad = False
        for fault in attempt.faults:
            self._keep(_of_fault(fault, row, self._document, self._rules))
        faulty = {fault.where.node for fault in attempt.faults}
        for problem in self._found(attempt.document, facts, self._touched):
            if self._of_name(problem):
                if self.rows == 1:
                    self._take(problem, 0)
            elif problem.where.node not in faulty:
                self._take(problem, row.number)
        self._wrong += self._bad

    def _of_name(self, problem: Problem) -> bool:
        """The name of a Save Image node is wrong for all rows or for none."""
        node = self._document.nodes.get(problem.where.node or "")
        return node is not None and node.kind == SAVING and problem.where.parameter == "name"

    def _seen(self, attempt: Attempt) -> dict[str, ImageFacts | Fault]:
        """Of the photographs of a row; none of those whose cell is wrong."""
        faulty = {fault.where.node for fault in attempt.faults}
        files = {id: file_of(node) for id, node in attempt.document.nodes.items() if node.kind == PHOTOGRAPH}
        return {id: self._facts.of(file) for id, file in files.items() if file and id not in faulty}

    def _found(
        self, document: Document, facts: Mapping[str, ImageFacts | Fault], nodes: Collection[str]
    ) -> Iterator[Problem]:
        for found in checked(document, self._rules, facts, nodes, _NO_PROBLEMS).values():
            yield from found

    def _take(self, problem: Problem, row: int) -> None:
        if problem.severity is not Severity.HINT and len(self._problems) >= self._most:
            self._count(problem.code, row)
            return  # not worth its words
        made = self._of_problem(problem, row, self._cause(problem) if row else "")
        if problem.severity is not Severity.HINT:
            self._keep(made)
        elif len(self._hints) < self._most:
            self._hints.setdefault((made.code, made.node, made.column), made)

    def _keep(self, problem: RowProblem) -> None:
        self._count(problem.code, problem.row)
        if len(self._problems) < self._most:
            self._problems.append(problem)

    def _count(self, code: str, row: int) -> None:
        self._counts[code] += 1
        self._bad = self._bad or row > 0

    def _of_problem(self, problem: Problem, row: int, column: str) -> RowProblem:
        place = spot(row, column)
        title = spoken(problem.title)
        return RowProblem(
            row=row,
            column=column,
            node=problem.where.node or "",
            called=_called(self._document, problem.where, self._rules),
            code=problem.code,
            title=say("{place}: {what}", place=place, what=title) if row else title,
            advice=spoken(problem.advice),
            parameter=problem.where.parameter or problem.where.socket or "",
        )

    def _cause(self, problem: Problem) -> str:
        """The column that stands at the place of a problem, where it is one alone."""
        where = problem.where
        keys: list[Spot] = [(where.node, where.parameter or where.socket, where.item)]
        if where.node is not None and where.socket is not None and where.item is not None:
            links = self._document.links.into(where.node, where.socket)
            if where.item < len(links):
                photograph: Spot = (giver(self._document, links[where.item]), "file", None)
                keys.insert(len(keys) if problem.code.startswith("tag.") else 0, photograph)
        for key in keys:
            found = self._causes.get(key, ())
            if len(found) == 1:
                return found[0]
        return ""


def causes(document: Document, rules: Rules, columns: Sequence[str]) -> Mapping[Spot, tuple[str, ...]]:
    """The columns that stand at each place of the document."""
    found: dict[Spot, tuple[str, ...]] = {}
    for place in places(document, rules.kinds):
        where = place.where
        key = (where.node, where.parameter or where.socket, where.item)
        found[key] = (*found.get(key, ()), *columns_in(place.text, columns))
    return found


def _of_fault(fault: BadRow, row: Row, document: Document, rules: Rules) -> RowProblem:
    return RowProblem(
        row=fault.row or row.number,
        column=fault.column,
        node=fault.where.node or "",
        called=_called(document, fault.where, rules),
        code=fault.code,
        title=fault.title,
        advice=fault.advice,
        parameter=fault.where.parameter or fault.where.socket or "",
    )


def _called(document: Document, where: Where, rules: Rules) -> str:
    node = document.nodes.get(where.node or "")
    if node is None:
        return where.node or ""
    kind = rules.kinds.get(node.kind)
    return node.title or (spoken(kind.title) if kind else node.kind)
