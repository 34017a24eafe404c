"""Read settings from texts: `--set impersonation.ttl=60`, `MOCKIDP_IMPERSONATION_TTL=60`.

Names, types and descriptions all come from the dataclasses in `tenant.settings`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from mockidp.codec.descriptions import descriptions_of
from mockidp.codec.kind import Choice, Kind, ListOf, Nullable, RecordOf, Scalar, bare, record_in
from mockidp.codec.mistakes import ConfigError, Mistake
from mockidp.codec.read import UNUSABLE, Reader
from mockidp.codec.report import Report
from mockidp.codec.shape import shape_of
from mockidp.frozen import frozen, replace
from mockidp.tenant.config.checks import rules
from mockidp.tenant.content.settings import Settings

_WORDS = {"true": True, "1": True, "yes": True, "on": True} | dict.fromkeys(
    ("false", "0", "no", "off"), False
)
"""The texts for booleans, the same as for options of the command line."""
_TYPE_NAMES = {bool: "true or false", int: "whole number", str: "string"}


@frozen
class Setting:
    """A setting, for reference pages."""

    name: str
    """The name for `--set` and below `mockidp:`, such as `impersonation.ttl`."""
    environment: str
    type_name: str
    default: str
    """The default as in a tenant file; empty if the setting has no default."""
    description: str


def settings_from(
    base: Settings,
    overrides: Mapping[str, str],
    *,
    source_of: Callable[[str], str] = lambda _name: "--set",
) -> Settings:
    """Return the settings with some replaced.

    Args:
        base: The settings to start with.
        overrides: Texts by name. The items of a list are separated by commas; an empty text unsets
            an optional setting.
        source_of: Returns the place where a setting was set, for error messages.

    Raises:
        ConfigError: A name is unknown, or a text does not fit its setting. The error contains all
            mistakes.
    """
    mistakes: list[Mistake] = []
    known = setting_names()
    for name, text in overrides.items():
        report = Report(source_of(name))
        if name in known:
            base = _override(base, name.split("."), text, Reader(report, rules()), name=name)
        else:
            found, expected = "an unknown setting", "a setting's name"
            suggestion = report.suggest(name, known)
            report.refuse(0, (name,), found=found, expected=expected, suggestion=suggestion)
        mistakes += report.mistakes
    if mistakes:
        raise ConfigError(mistakes)
    return base


def setting_names() -> tuple[str, ...]:
    """Return the names of all settings, in the order of the reference."""
    return tuple(name for name, _, _ in _fields(Settings, ""))


def environment_name(name: str) -> str:
    """Return the environment variable of a setting."""
    return "MOCKIDP_" + name.replace(".", "_").upper()


def describe_settings() -> tuple[Setting, ...]:
    """Return all settings for a reference page. This reads source files, so it is slow."""
    return tuple(
        Setting(
            name=name,
            environment=environment_name(name),
            type_name=_type_name(shape_of(cls).fields[key].kind),
            default=_default(shape_of(cls).fields[key].default),
            description=descriptions_of(cls)[key],
        )
        for name, cls, key in _fields(Settings, "")
    )


def _override(base: Any, path: Sequence[str], text: str, reader: Reader, *, name: str) -> Any:
    key, *rest = path
    if rest:
        inner = _override(getattr(base, key), rest, text, reader, name=name)
        return replace(base, **{key: inner})
    one = shape_of(type(base)).fields[key]
    value = reader.read_field(_value_of(text, one.kind), type(base), one, (name,))
    return base if value is UNUSABLE else replace(base, **{key: value})


def _value_of(text: str, kind: Kind) -> Any:
    """Return the value that a text represents, or the text if it does not fit the kind."""
    match kind:
        case ListOf():
            return [item.strip() for item in text.split(",") if item.strip()]
        case Scalar(type=name) if name is int and re.fullmatch(r"-?[0-9]{1,18}", text):
            return int(text)
        case Scalar(type=name) if name is bool:
            return _WORDS.get(text.lower(), text)
        case Nullable(inner):
            return _value_of(text, inner) if text else None
    return text


def _fields(cls: Any, prefix: str) -> Iterator[tuple[str, Any, str]]:
    """Yield the settings that a text can set: all except lists of mappings."""
    for key, one in shape_of(cls).fields.items():
        if isinstance(one.kind, RecordOf):
            yield from _fields(one.kind.cls, f"{prefix}{key}.")
        elif record_in(one.kind) is None:
            yield prefix + key, cls, key


def _type_name(kind: Kind) -> str:
    match bare(kind):
        case Choice(words):
            return "one of " + ", ".join(words)
        case Scalar(type=name):
            return _TYPE_NAMES[name]
    return "list of strings"


def _default(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None or value == () else str(value)
