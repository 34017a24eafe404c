"""The docstrings of a record's fields: the descriptions in reference pages and JSON Schema."""

from __future__ import annotations

import ast
import inspect
import textwrap
from itertools import pairwise
from typing import Any


def descriptions_of(cls: Any) -> dict[str, str]:
    """Return the docstring below each field of a dataclass, by attribute."""
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    body = definition.body if isinstance(definition, ast.ClassDef) else []
    return {
        ast.unparse(field.target): " ".join(str(below.value.value).split())
        for field, below in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
    }
