"""Recognize a single file of the Deploy CLI's directory format in place of a tenant file."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from mockidp.codec.mistakes import Mistake
from mockidp.codec.node import Node
from mockidp.codec.shape import shape_of
from mockidp.resources.registry import TYPES
from mockidp.tenant.config.export_layout import LAYOUT
from mockidp.tenant.content.document import TenantDocument
from mockidp.tenant.content.tenant_settings import TenantSettings

STATE_KEY = "mockidp_snapshot"
"""A key that every exported state has, and no tenant file."""


def find_part(root: Node, source: str) -> Mistake | None:
    """Return a mistake if this is another kind of file; None if it may be a whole tenant."""
    keys = root.value if isinstance(root.value, dict) else {}
    if STATE_KEY in keys:
        return Mistake(
            file=source,
            line=root.line,
            found="a state that `mockidp export` printed",
            expected="a tenant file. To restore that state in a running mock: mockidp import "
            + source,
        )
    if keys.keys() <= _known(TenantDocument):
        return None
    directory = _directory_of(Path(source))
    part = describe_resource(keys)
    if part is None and (directory is None or Path(source).name == "tenant.json"):
        return None
    part = part or "a part of a tenant"
    return Mistake(
        file=source,
        line=root.line,
        found=f"{part} alone, as in the directory format of the Deploy CLI",
        expected="a tenant file, or the directory of the export"
        + (f": {directory}" if directory else ""),
    )


def describe_resource(keys: Collection[str]) -> str | None:
    """Return the name of the resource that has most of these fields, or None."""
    names: dict[type, str] = {TenantSettings: "the settings of a tenant"}
    names |= {kind.record: kind.with_article for kind in TYPES if kind.is_exported}
    counts = {kind: len(_known(kind).intersection(keys)) for kind in names}
    kind = max(counts, key=lambda one: counts[one])
    return names[kind] if 2 * counts[kind] > len(keys) else None


def _known(kind: type) -> frozenset[str]:
    shape = shape_of(kind)
    return shape.kept | shape.fields.keys()


def _directory_of(file: Path) -> Path | None:
    """Return the directory of the export to which a file belongs according to its path."""
    absolute = file.absolute()
    for pattern in LAYOUT:
        if file.is_file() and absolute.match(pattern):
            up = pattern.count("/")
            return file.parents[up] if len(file.parents) > up else absolute.parents[up]
    return None
