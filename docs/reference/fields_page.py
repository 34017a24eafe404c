"""The page of the tenant file's fields, from the records that it is read into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Any, get_args

from mockidp.protocol.unsupported import Differs
from mockidp.tenant.config.shape import Shape, shape_of
from mockidp.tenant.document import TenantDocument

_OWN = "mockidp"
_INTRODUCTION = """\
Every field of a tenant file that mockidp knows, record by record. Any other key is an error.

- *acted on*: where an answer of Auth0's depends on it, mockidp's does too.
- *in part*: acted on, apart from what the last column says.
- *differs*: not acted on, although Auth0's answers depend on it. The last column says what Auth0
  does. `mockidp check`, the banner of `mockidp serve`, and a hint at the first request for such a
  client, API or user name the field, but only if its value makes a difference: defaults, `false`
  and empty values mostly do not.
- *no effect*: not acted on, and no answer of Auth0's Authentication API depends on it. These are
  logos, texts, descriptions, metadata, settings of the dashboard, and settings of endpoints that
  mockidp refuses by name ([what is not done](../fidelity.md#what-is-not-done)).

`databases[]` stands for each entry of the list `databases`. A name with dots is a path into a
field. What is below `mockidp:` is in [settings](settings.md)."""


def fields_page(note: str) -> str:
    """Return the page."""
    lines = ["# Fields of a tenant file", "", note, "", _INTRODUCTION]
    for cls, paths in records().items():
        heading = ", ".join(f"`{path}`" for path in paths) or "The file"
        lines += ["", f"## {heading}", "", *_table(shape_of(cls))]
    return "\n".join(lines) + "\n"


def records() -> dict[type, list[str]]:
    """Return every record of a tenant file with the paths at which it is found."""
    found: dict[type, list[str]] = {}
    _collect(TenantDocument, "", found)
    return found


def _collect(cls: type, path: str, found: dict[type, list[str]]) -> None:
    found.setdefault(cls, []).extend([path] if path else [])
    for name, (_, kind) in shape_of(cls).fields.items():
        inner = _record_in(kind)
        if inner is not None and (path or name != _OWN):
            suffix = "[]" if _is_list(kind) else ""
            _collect(inner, f"{path}.{name}{suffix}".removeprefix("."), found)


def _record_in(kind: Any) -> type | None:
    """Return the record that a field holds, alone, optional or in a list."""
    if is_dataclass(kind) and isinstance(kind, type):
        return kind
    return next((one for one in map(_record_in, get_args(kind)) if one is not None), None)


def _is_list(kind: Any) -> bool:
    return getattr(kind, "__origin__", None) is tuple


def _table(shape: Shape) -> Iterator[str]:
    yield from ("| field | mockidp | Auth0 |", "|---|---|---|")
    for name in shape.fields:
        partly = shape.differs.get(name)
        yield _row(name, "in part" if partly else "acted on", partly)
    for name, one in shape.differs.items():
        if name not in shape.fields:
            yield _row(name, "differs", one)
    for name in sorted(shape.kept - shape.differs.keys()):
        if not any(one.startswith(f"{name}.") for one in shape.differs):
            yield _row(name, "no effect", None)
    if shape.keeps_anything:
        yield "| any other | no effect, or unknown | |"


def _row(name: str, what: str, differs: Differs | None) -> str:
    text = differs.text if differs else ""
    return f"| `{name}` | {what} | {text} |"
