"""Plain Python data instead of a file: the same records, the same checks, no lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

from mockidp.resources.record import Record
from mockidp.tenant.config.leniency import Leniency, leniency_for
from mockidp.tenant.config.load import read_document
from mockidp.tenant.config.mistakes import ConfigError, Mistake, Path, show_path
from mockidp.tenant.config.node import Node
from mockidp.tenant.config.structure import Structurer
from mockidp.tenant.document import TenantDocument

T = TypeVar("T")


def structure_tenant(
    data: Mapping[str, Any], *, source: str = "<tenant>", leniency: Leniency | None = None
) -> TenantDocument:
    """Make a tenant from plain data in the layout of a tenant file.

    Args:
        data: The sections.
        source: What the mistakes call them.
        leniency: What is accepted with a note; by default what a file may contain.

    Raises:
        ConfigError: It has mistakes; all of them at once.
    """
    root = node_of(data, source)
    return read_document(root, Structurer(source, leniency=leniency or leniency_for(root)))


def structure_record(cls: type[T], data: Mapping[str, Any], *, source: str) -> T:
    """Make one record of what would stand in a file.

    Raises:
        ConfigError: It has mistakes; all of them at once.
    """
    structurer = Structurer(source)
    record = structurer.read_record(node_of(data, source), cls, ())
    if structurer.mistakes or not isinstance(record, cls):
        raise ConfigError(structurer.mistakes, more=structurer.more)
    return record


def node_of(value: Any, source: str, path: Path = ()) -> Node:
    """Return plain data as a file would have it.

    Raises:
        ConfigError: It holds something that no file can hold.
    """
    if isinstance(value, Mapping):
        entries = {str(key): one for key, one in value.items()}
        return Node(0, {key: node_of(one, source, (*path, key)) for key, one in entries.items()})
    if isinstance(value, list | tuple):
        return Node(0, [node_of(one, source, (*path, i)) for i, one in enumerate(value)])
    if isinstance(value, str | int | float | bool | None):
        return Node(0, value)
    expected = (
        "what JSON has: texts, numbers, true, false, null, lists, mappings with texts as keys"
    )
    raise ConfigError(
        [
            Mistake(
                file=source,
                path=show_path(path),
                steps=path,
                found=f"{value!r}",
                expected=expected,
            )
        ]
    )


def plain(value: Any) -> Any:
    """Return a record, or a whole document, as what a file would say; defaults are left out."""
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if not is_dataclass(value) or isinstance(value, type):
        return value
    said: dict[str, Any] = {}
    for one in fields(value):
        name, held = one.metadata.get("name", one.name), getattr(value, one.name)
        if name is None or (isinstance(value, Record) and one.name == "extra"):
            continue
        default = one.default_factory() if callable(one.default_factory) else one.default
        if held != default:
            said[name] = plain(held)
    return said | (plain(value.extra) if isinstance(value, Record) else {})
