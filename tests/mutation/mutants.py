"""Small mistakes put into code, one at a time: cosmic-ray's, without those that change nothing."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

# They want arguments of their own.
_LEFT_OUT = ("core/VariableReplacer", "core/VariableInserter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """`module` is a path below the root; `before` and `after` are the changed lines, for people."""

    module: str
    code: str
    line: int
    before: str
    after: str


def mutants(root: Path, module: str) -> list[Mutant]:
    """Those that change what runs, in the order of their lines."""
    text = (root / module).read_text(encoding="utf-8")
    seen = {_meaning(text)}
    found = []
    for code in _mutated(text):
        meaning = _meaning(code)
        if meaning and meaning not in seen:
            seen.add(meaning)
            found.append(_mutant(module, text, code))
    return sorted(found, key=lambda one: (one.line, one.after))


def _mutated(text: str) -> Iterator[str]:
    tree = get_ast(text)
    for name in sorted(operator_names()):
        if name in _LEFT_OUT:
            continue
        operator = get_operator(name)()
        for occurrence in range(
            sum(len(list(operator.mutation_positions(node))) for node in ast_nodes(tree))
        ):
            if code := mutate_code(text, operator, occurrence):
                yield code


class _Unannotated(ast.NodeTransformer):
    """With `from __future__ import annotations` an annotation of a function is never evaluated; whether an
    argument is given by place or by name is for the type checker to say."""

    def visit_arguments(self, node: ast.arguments) -> ast.AST:
        node.args = [*node.posonlyargs, *node.args, *node.kwonlyargs]
        node.defaults = [*node.defaults, *(one or ast.Constant(value=...) for one in node.kw_defaults)]
        node.posonlyargs, node.kwonlyargs, node.kw_defaults = [], [], []
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(value=None)
        return self.generic_visit(node)


def _meaning(code: str) -> str:
    """Empty for what is no Python."""
    try:
        return ast.dump(_Unannotated().visit(ast.parse(code)))
    except SyntaxError:
        return ""


def _mutant(module: str, text: str, code: str) -> Mutant:
    old, new = text.splitlines(), code.splitlines()
    changes = [
        one for one in difflib.SequenceMatcher(None, old, new, False).get_opcodes() if one[0] != "equal"
    ]
    _, start, end, new_start, new_end = changes[0]
    return Mutant(
        module=module,
        code=code,
        line=start + 1,
        before=" ".join(line.strip() for line in old[start:end]),
        after=" ".join(line.strip() for line in new[new_start:new_end]),
    )
