"""The shape of the code: small files, short functions, plain names, imports at the top, no work at import."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TypeGuard

import pytest

from tests.house.sources import OURS, PYTHON_ROOMS, Source, functions, sources

FILE_LINES = 400
FUNCTION_LINES = 50
NO_NAMES = ("manager", "helper", "utils")

# Functions that may import, and what: only what costs too much to load when it is not wanted.
# Ours: the window, so that `tagloom run` needs no Qt.
# The commands, so that the window is painted before engine and vendors are imported.
OURS_LATE = {
    ("app.__main__", "widgets.desktop"),
    ("app.__main__", "widgets.furnish"),
    ("app.__main__", "widgets.first_look"),
    ("app.__main__", "widgets.canvas.handling"),
    ("app.__main__", "widgets.loop"),
    ("app.__main__", "widgets.cannot_begin"),
    ("app.__main__", "app.cli.main"),
    ("app.__main__", "app.studio.carried"),
}
# Heavy packages of others.
HEAVY_LATE = {
    ("app.batch.reading_encoding", "charset_normalizer"),
    ("app.batch.reading_sheet", "openpyxl"),
    ("app.preferences.keys", "keyring"),
    ("app.imaging.signing", "c2pa"),
    ("app.imaging.signing", "cryptography.x509"),
    ("app.imaging.signing", "cryptography.hazmat.primitives.serialization"),
    ("app.imaging.signing", "cryptography.hazmat.primitives.serialization.pkcs12"),
    ("app.imaging.sheet_pdf", "fpdf"),
    ("app.imaging.psd", "psd_tools"),
    ("app.library.address", "fsspec.core"),
    ("app.batch.dask_package", "dask.config"),
    ("app.batch.dask_package", "distributed"),
}

# Where everything is caught on purpose: module:function. At most three in the whole program.
BROAD = {
    "app.basics.database_jobs:done",  # the error goes to whoever waits for the work
    "app.preferences.keys:_attempt",  # a keyring is a plug-in of the system's
    "app.cli.main:run_command",  # a program that listens is told of the end, whatever happened
}

# Calls that are work: they read, write, ask the system or start something.
WORK = {
    "open", "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "makedirs", "mkdtemp",
    "unlink", "exists", "iterdir", "glob", "rglob", "connect", "create_engine", "Popen", "check_output",
    "system", "getenv", "basicConfig", "urlopen", "Client", "AsyncClient", "QApplication", "Thread",
    "sleep", "import_module", "get_event_loop", "new_event_loop", "getlogin", "gethostname", "now",
    "today", "set_keyring", "simplefilter", "filterwarnings", "register_heif_opener",
    "register_avif_opener", "inject_into_ssl",
}  # fmt: skip


def test_files_are_small() -> None:
    looked = sources(*PYTHON_ROOMS)
    long = {one.where: n for one in looked if (n := len(one.text.splitlines())) > FILE_LINES}
    assert len(looked) > 50
    assert not long


def test_functions_are_short() -> None:
    looked = [(one, each) for one in sources(*PYTHON_ROOMS) for each in functions(one.tree)]
    long = {
        f"{one.place(each)} {each.name}": n for one, each in looked if (n := _length(each)) > FUNCTION_LINES
    }
    assert len(looked) > 100
    assert not long


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_names_have_found_their_subject() -> None:
    looked = 0
    bad: list[str] = []
    for one in sources(*PYTHON_ROOMS):
        named = [
            n
            for n in ast.walk(one.tree)
            if isinstance(n, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        words = [(one.where, part) for part in one.name.split(".")]
        words += [(one.place(node), node.name) for node in named]
        looked += len(words)
        bad += [f"{place} {word}" for place, word in words if any(no in _parts(word) for no in NO_NAMES)]
    assert looked > 200
    assert not bad


def _parts(name: str) -> set[str]:
    """`FooManagers` and `foo_managers` → {foo, manager, managers}."""
    words = {word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+", name)}
    return words | {word.removesuffix("s") for word in words}


# --- imports inside functions -------------------------------------------------------------------


def late_imports(one: Source) -> Iterator[tuple[int, str]]:
    """Line and dotted name of every import inside a function, by statement or by call."""
    for function in functions(one.tree):
        for node in ast.walk(function):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((node.lineno, _target(node, alias)) for alias in node.names)
            elif (
                isinstance(node, ast.Call) and _called(node) in ("import_module", "__import__") and node.args
            ):
                first = node.args[0]
                yield node.lineno, str(first.value) if isinstance(first, ast.Constant) else ast.unparse(first)


def _target(node: ast.ImportFrom, alias: ast.alias) -> str:
    base = "." * node.level + (node.module or "")
    return f"{base}.{alias.name}" if base in OURS or node.level else base


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def test_nothing_is_imported_inside_a_function() -> None:
    looked = sources("app", "widgets")
    found = {(one.name, name): f"{one.where}:{line}" for one in looked for line, name in late_imports(one)}
    allowed = OURS_LATE | HEAVY_LATE
    assert len(looked) > 40
    assert len(HEAVY_LATE) <= 12
    assert not {f"{place} imports {key[1]}" for key, place in found.items() if key not in allowed}
    assert not HEAVY_LATE - set(found), "the list names imports that are gone"


def test_late_imports_are_seen(made_source: type[MakeSource]) -> None:
    text = "def f():\n    import json\n    from app import studio\n    import_module('app.x')\n"
    assert [name for _, name in late_imports(made_source.of(text))] == ["json", "app.studio", "app.x"]


# --- work at import -----------------------------------------------------------------------------


def work_at_import(one: Source) -> Iterator[str]:
    """Every module-level statement that does more than define."""
    yield from _work_in(one, one.tree.body)


def _work_in(one: Source, body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(
            node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.Pass | ast.Delete
        ):
            continue
        if isinstance(node, ast.If):
            if not _is_main_guard(node):
                yield from _work_in(one, node.body + node.orelse)
        elif isinstance(node, ast.ClassDef) or _only_imports(node):
            yield from _work_in(one, node.body)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            yield from (f"{one.place(call)} {ast.unparse(call)}" for call in _working_calls(node))
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            yield f"{one.place(node)} {ast.unparse(node).splitlines()[0]}"


def _only_imports(node: ast.stmt) -> TypeGuard[ast.With]:
    """`with quietly(): import NodeGraphQt` silences what a package says while it loads."""
    return isinstance(node, ast.With) and all(
        isinstance(one, ast.Import | ast.ImportFrom) for one in node.body
    )


def _is_main_guard(node: ast.If) -> bool:
    return ast.unparse(node.test) == "__name__ == '__main__'"


def _working_calls(node: ast.AST) -> Iterator[ast.AST]:
    """Calls in an assignment that touch the world; what stands in a lambda is only defined."""
    if isinstance(node, ast.Lambda):
        return
    if isinstance(node, ast.Call) and _called(node) in WORK:
        yield node
    if isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.environ", "sys.argv"):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from _working_calls(child)


def test_importing_does_no_work() -> None:
    looked = sources("app", "widgets", "resources")
    found = [line for one in looked for line in work_at_import(one)]
    assert len(looked) > 40
    assert not found


@pytest.mark.parametrize(
    "line",
    [
        "print(1)",
        "X = open('a')",
        "HOME = os.environ['HOME']",
        "for a in b: pass",
        "class A:\n    x = Path('a').exists()",
    ],
)
def test_work_at_import_is_seen(line: str, made_source: type[MakeSource]) -> None:
    assert len(list(work_at_import(made_source.of(line)))) == 1


def test_definitions_are_no_work(made_source: type[MakeSource]) -> None:
    text = "'doc'\nimport os\nA = re.compile('a')\nB = lambda: open('a')\nif TYPE_CHECKING:\n    import x\n"
    assert list(work_at_import(made_source.of(text))) == []


# --- broad excepts ------------------------------------------------------------------------------


def broad_excepts(one: Source) -> Iterator[tuple[str, int]]:
    """`module:function` and line of every place that catches everything and keeps it."""
    for function in functions(one.tree):
        for node in ast.walk(function):
            broad = isinstance(node, ast.ExceptHandler) and _is_broad(node.type) and not _raises_on(node)
            if broad or (
                isinstance(node, ast.Call) and _called(node) == "suppress" and any(map(_is_broad, node.args))
            ):
                yield f"{one.name}:{function.name}", node.lineno


def _is_broad(kind: ast.expr | None) -> bool:
    if isinstance(kind, ast.Tuple):
        return any(map(_is_broad, kind.elts))
    return kind is None or (isinstance(kind, ast.Name) and kind.id in ("Exception", "BaseException"))


def _raises_on(handler: ast.ExceptHandler) -> bool:
    """Clean-up that ends with a bare `raise` keeps nothing."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_everything_is_caught_in_three_named_places_at_most() -> None:
    looked = sources("app", "widgets", "resources")
    found = {place: f"{one.where}:{line}" for one in looked for place, line in broad_excepts(one)}
    tries = sum(isinstance(node, ast.Try) for one in looked for node in ast.walk(one.tree))
    assert tries > 5
    assert len(BROAD) <= 3
    assert not {f"{line} in {place}" for place, line in found.items() if place not in BROAD}
    assert not BROAD - set(found), "the list names places that are gone"


@pytest.mark.parametrize("how", ["except:", "except Exception:", "except (ValueError, BaseException) as e:"])
def test_a_broad_except_is_seen(how: str, made_source: type[MakeSource]) -> None:
    kept = made_source.of(f"def f():\n    try:\n        pass\n    {how}\n        pass\n")
    raised = made_source.of(f"def f():\n    try:\n        pass\n    {how}\n        clean()\n        raise\n")
    assert [place for place, _ in broad_excepts(kept)] == ["made:f"]
    assert list(broad_excepts(raised)) == []


class MakeSource:
    """Sources out of thin air, to try the rules on."""

    @staticmethod
    def of(text: str) -> Source:
        path = sources("resources")[0].path
        return Source(path=path, name="made", text=text, tree=ast.parse(text))


@pytest.fixture
def made_source() -> type[MakeSource]:
    return MakeSource
