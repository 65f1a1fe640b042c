"""Every code of a problem or finding that the code can produce, read from the code itself.

A part that is only known at run time, such as the name of a field, is a `*`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PLACES = ("integrations", "accounting")
LEAVE_OUT = {"sandbox", "migrations"}
MAKERS = {"Problem", "Finding"}
# Makes a problem for other modules; the code is its second argument.
STOPPED, ITS_HOME = "stopped", "integrations.sending.sights"

Function = ast.FunctionDef | ast.AsyncFunctionDef


def codes_in(root: Path = ROOT) -> dict[str, str]:
    """By code: a file that produces it."""
    found: dict[str, str] = {}
    for place in PLACES:
        for path in sorted((root / place).rglob("*.py")):
            if not LEAVE_OUT & set(path.parts):
                found |= dict.fromkeys(codes_of(path.read_text()), str(path.relative_to(root)))
    return found


def codes_of(source: str) -> set[str]:
    return set(Module(ast.parse(source)).codes())


@dataclass
class Module:
    """What a module says about codes: its constants, its functions, and who makes problems."""

    tree: ast.Module

    def codes(self) -> Iterator[str]:
        yield from self.codes_made_by(MAKERS, given=())
        if self.takes_stopped():
            for function in self.functions():
                for call in calls(function, {STOPPED}):
                    yield from self.values(call.args[1], {})

    def takes_stopped(self) -> bool:
        taken = (each for each in self.tree.body if isinstance(each, ast.ImportFrom) and each.module == ITS_HOME)
        return any(alias.name == STOPPED for each in taken for alias in each.names)

    def codes_made_by(self, names: set[str], given: tuple[str, ...]) -> Iterator[str]:
        for function in self.functions():
            for call in calls(function, names):
                yield from self.codes_at(call, function)

    def codes_at(self, call: ast.Call, function: Function) -> Iterator[str]:
        code = next((each.value for each in call.keywords if each.arg == "code"), None)
        if code is None:
            return
        parameters = [name for name in names_in(code) if name in parameters_of(function)]
        if not parameters:
            yield from self.values(code, {})
            return
        callers = list(self.calls_of(function))
        for caller in callers:
            filled = {name: argument(caller, function, name) for name in parameters}
            yield from self.values(code, {name: value for name, value in filled.items() if value is not None})

    def calls_of(self, function: Function) -> Iterator[ast.Call]:
        for other in self.functions():
            yield from calls(other, {function.name})

    def values(self, node: ast.expr, filled: dict[str, ast.expr]) -> list[str]:
        """What the expression can be."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return [node.value]
        if isinstance(node, ast.IfExp):
            return self.values(node.body, filled) + self.values(node.orelse, filled)
        if isinstance(node, ast.Subscript):
            return self.values(self.constants().get(ast.unparse(node.value), node.value), filled)
        if isinstance(node, ast.Tuple):
            return [each for element in node.elts for each in self.values(element, filled)]
        if isinstance(node, ast.Name):
            known = filled.get(node.id) or self.constants().get(node.id)
            return self.values(known, {}) if known is not None else ["*"]
        if isinstance(node, ast.JoinedStr):
            return self.joined(node, filled)
        return ["*"]

    def joined(self, node: ast.JoinedStr, filled: dict[str, ast.expr]) -> list[str]:
        found = [""]
        for part in node.values:
            inner = part.value if isinstance(part, ast.FormattedValue) else part
            found = [begun + each for begun in found for each in self.values(inner, filled)]
        return found

    def functions(self) -> list[Function]:
        return [each for each in ast.walk(self.tree) if isinstance(each, Function)]

    def constants(self) -> dict[str, ast.expr]:
        """Those of the module itself, and those that it takes from other modules of ours."""
        return self.imported() | {
            target.id: each.value
            for each in self.tree.body
            if isinstance(each, ast.Assign)
            for target in each.targets
            if isinstance(target, ast.Name)
        }

    def imported(self) -> dict[str, ast.expr]:
        found: dict[str, ast.expr] = {}
        for each in self.tree.body:
            if not isinstance(each, ast.ImportFrom) or not (each.module or "").startswith(PLACES):
                continue
            names = {alias.name for alias in each.names if alias.name.isupper()}
            path = ROOT / f"{(each.module or '').replace('.', '/')}.py"
            if names and path.exists():
                there = Module(ast.parse(path.read_text())).constants()
                found |= {name: there[name] for name in names & there.keys()}
        return found


def calls(function: Function, names: set[str]) -> Iterator[ast.Call]:
    for each in ast.walk(function):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id in names:
            yield each


def names_in(node: ast.expr) -> list[str]:
    return [each.id for each in ast.walk(node) if isinstance(each, ast.Name)]


def parameters_of(function: Function) -> list[str]:
    spec = function.args
    return [each.arg for each in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)]


def argument(call: ast.Call, function: Function, name: str) -> ast.expr | None:
    """What this call gives for that parameter."""
    if named := next((each.value for each in call.keywords if each.arg == name), None):
        return named
    place = parameters_of(function).index(name)
    return call.args[place] if place < len(call.args) else None
