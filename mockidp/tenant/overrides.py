"""Settings from texts: `--set impersonation.ttl=60`, `MOCKIDP_IMPERSONATION_TTL=60`.

Names, types and descriptions all come from the dataclasses in `tenant.settings`.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, is_dataclass, replace
from itertools import pairwise
from typing import Any, Literal, get_args, get_origin

from mockidp.tenant.config.mistakes import ConfigError, Mistake, nearest
from mockidp.tenant.config.node import Node
from mockidp.tenant.config.shape import shape_of
from mockidp.tenant.config.structure import UNUSABLE, Structurer
from mockidp.tenant.config.values import CHECKS
from mockidp.tenant.settings import Settings

_WORDS = {"true": True, "1": True, "yes": True, "on": True} | dict.fromkeys(
    ("false", "0", "no", "off"), False
)
"""What a text says that an option of the command line would take as well."""
_TYPE_NAMES = {bool: "true or false", int: "whole number", str: "text"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """One setting, as a reference has it."""

    name: str
    """Its name for `--set` and below `mockidp:`, such as `impersonation.ttl`."""
    environment: str
    type_name: str
    default: str
    """The default as it is written in a tenant file; empty if it is not set."""
    description: str


def settings_from(
    base: Settings,
    overrides: Mapping[str, str],
    *,
    source_of: Callable[[str], str] = lambda _name: "--set",
) -> Settings:
    """Return the settings with some replaced.

    Args:
        base: What holds where nothing is said.
        overrides: Texts by name. A list is separated by commas; an empty text unsets what may
            be unset.
        source_of: Says for a name where it was set, for the message about a mistake.

    Raises:
        ConfigError: A name is unknown, or a text is not what the setting takes; all at once.
    """
    mistakes: list[Mistake] = []
    known = setting_names()
    for name, text in overrides.items():
        structurer = Structurer(source_of(name))
        if name in known:
            base = _override(base, tuple(name.split(".")), text, structurer, name=name)
        else:
            found, expected = "an unknown setting", "a setting's name"
            suggestion = nearest(name, known)
            structurer.note(0, (name,), found=found, expected=expected, suggestion=suggestion)
        mistakes += structurer.mistakes
    if mistakes:
        raise ConfigError(mistakes)
    return base


def setting_names() -> tuple[str, ...]:
    """Return every setting's name, in the order of the reference."""
    return tuple(name for name, _, _ in _fields(Settings, ""))


def environment_name(name: str) -> str:
    """Return the environment variable of a setting."""
    return "MOCKIDP_" + name.replace(".", "_").upper()


def describe_settings() -> tuple[Setting, ...]:
    """Return what a reference of the settings needs; reads their source, so not for every start."""
    return tuple(
        Setting(
            name=name,
            environment=environment_name(name),
            type_name=_type_name(shape_of(cls).fields[key][1]),
            default=_default(shape_of(cls).fields[key][0].default),
            description=descriptions_of(cls)[key],
        )
        for name, cls, key in _fields(Settings, "")
    )


def _override(base: Any, path: tuple[str, ...], text: str, notes: Structurer, *, name: str) -> Any:
    cls: Any = type(base)
    key, *rest = path
    if rest:
        inner = _override(getattr(base, key), tuple(rest), text, notes, name=name)
        return replace(base, **{key: inner})
    kind = shape_of(cls).fields[key][1]
    node = Node(0, _value_of(text, kind))
    value = notes.read_checked(node, kind, CHECKS.get((cls, key)), (name,))
    return base if value is UNUSABLE else replace(base, **{key: value})


def _value_of(text: str, kind: Any) -> Any:
    """Return the value that a text stands for, or the text if it is none of its kind."""
    if get_origin(kind) is tuple:
        return [Node(0, item.strip()) for item in text.split(",") if item.strip()]
    if kind is int and re.fullmatch(r"-?[0-9]{1,18}", text):
        return int(text)
    if kind is bool:
        return _WORDS.get(text.lower(), text)
    return None if not text and type(None) in get_args(kind) else text


def _fields(cls: Any, prefix: str) -> Iterator[tuple[str, Any, str]]:
    """Yield the settings that a text can set; a list of mappings is for files."""
    for key, (_, kind) in shape_of(cls).fields.items():
        if is_dataclass(kind):
            yield from _fields(kind, f"{prefix}{key}.")
        elif not any(map(is_dataclass, get_args(kind))):
            yield prefix + key, cls, key


def _type_name(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(get_args(kind))
    if get_origin(kind) is tuple:
        return "list of texts"
    (kind,) = (one for one in get_args(kind) or (kind,) if one is not type(None))
    return _TYPE_NAMES[kind]


def _default(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None or value == () else str(value)


def descriptions_of(cls: Any) -> dict[str, str]:
    """Return the text that stands below each field of a dataclass, by the field's name."""
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    body = definition.body if isinstance(definition, ast.ClassDef) else []
    return {
        ast.unparse(field.target): " ".join(str(below.value.value).split())
        for field, below in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
    }
