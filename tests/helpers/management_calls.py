"""Which operations of the Management API tests call, as their source shows.

A test passes a method and a path, such as `idp.call("GET", f"{ONE}/members")`. Names of the module
and of the test are replaced by their values, once for each row of `parametrize` and each pass of a
loop. What remains unknown, such as an id, is the id of the operation's path.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise, product
from pathlib import Path

from mockidp.management.operation import Operation
from mockidp.management.operations import OPERATIONS

_METHODS = {one.method for one in OPERATIONS}
_ID = "{id}"
_Names = Mapping[str, frozenset[str]]
"""The strings that names may be."""
_Row = list[tuple[str, ast.expr]]
"""The names that a row of `parametrize` or a pass of a loop assigns."""


def operation_of(method: str, path: str) -> Operation | None:
    """Return the operation that a call reaches, given its path below `/api/v2`."""
    sent = path.partition("?")[0].split("/")
    found = [
        one for one in OPERATIONS if one.method == method and _matches(one.path.split("/"), sent)
    ]
    return min(found, key=lambda one: one.path.count(_ID), default=None)


def _matches(declared: list[str], sent: list[str]) -> bool:
    return len(declared) == len(sent) and all(
        wanted in (_ID, one) for wanted, one in zip(declared, sent, strict=True)
    )


def called_operations(module: Path) -> Iterator[Operation]:
    """Yield the operations that a test module calls."""
    tree = ast.parse(module.read_text())
    names = _assigned(tree.body, {})
    lists = {target: value for node in tree.body for target, value in _targets(node)}
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            nodes = list(ast.walk(function))
            for rows in product(*(_rows(node, lists) for node in nodes)):
                given = {name: _strings(value, names) for row in rows for name, value in row}
                yield from _calls(nodes, _assigned(nodes, {**names, **given}))


def _calls(nodes: Iterable[ast.AST], names: _Names) -> Iterator[Operation]:
    for node in nodes:
        arguments = node.args if isinstance(node, ast.Call) else []
        for first, second in pairwise(arguments):
            for method in _strings(first, names) & _METHODS:
                for path in _strings(second, names):
                    operation = operation_of(method, path.removeprefix("/api/v2"))
                    if operation:
                        yield operation


def _rows(node: ast.AST, lists: Mapping[str, ast.expr]) -> list[_Row]:
    """Return the rows of a loop or of `parametrize`; for other nodes, one that assigns nothing."""
    if isinstance(node, ast.For | ast.comprehension):
        targets, values = node.target, node.iter
    elif isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.parametrize":
        targets, values = node.args[:2]
    else:
        return [[]]
    found = lists.get(values.id, values) if isinstance(values, ast.Name) else values
    return [list(_pairs(targets, one)) for one in _items(found)] or [[]]


def _pairs(target: ast.expr, value: ast.expr) -> _Row:
    match target:
        case ast.Name(id=name) | ast.Constant(value=str(name)):
            return [(name, value)]
        case ast.Tuple(elts=targets):
            pairs = zip(targets, _items(value), strict=False)
            return [pair for one, item in pairs for pair in _pairs(one, item)]
    return []


def _items(value: ast.expr) -> list[ast.expr]:
    match value:
        case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
            return items
        case ast.Call(func=ast.Attribute(attr="param"), args=items):
            return items
    return []


def _assigned(nodes: Iterable[ast.AST], names: _Names) -> _Names:
    """Return the strings of names that the nodes assign, in addition to those of others."""
    found = dict(names)
    for node in nodes:
        for target, value in _targets(node):
            found[target] = found.get(target, frozenset()) | _strings(value, found)
    return found


def _targets(node: ast.AST) -> _Row:
    targets = node.targets if isinstance(node, ast.Assign) else []
    return [pair for one in targets for pair in _pairs(one, node.value)]


def _strings(node: ast.expr, names: _Names) -> frozenset[str]:
    """Return the strings that an expression may be. An unknown one is an id."""
    match node:
        case ast.Constant(value=str(text)):
            return frozenset({text})
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.FormattedValue(value=inner):
            return _strings(inner, names)
        case ast.JoinedStr(values=parts):
            strings = product(*(_strings(one, names) for one in parts))
            return frozenset(map("".join, strings))
    return frozenset({_ID})
