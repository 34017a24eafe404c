"""Forms for records, made from the fields of their class.

A field becomes a text field, a number, a choice, or lines of text; anything deeper is JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from mockidp.codec.kind import Choice, Kind, ListOf, Nullable, Scalar, bare
from mockidp.codec.schema import all_descriptions
from mockidp.codec.shape import FieldShape, shape_of
from mockidp.codec.write import to_wire
from mockidp.frozen import frozen, replace
from mockidp.resources.record import Record
from mockidp.resources.resource_type import ResourceType
from mockidp.web.keyed_hash import keyed_hash

Widget = Literal["text", "secret", "number", "choice", "lines", "json"]
EXTRA = "other_fields"
"""The field of a form with everything that has no field of its own."""
VERSIONS = "form_versions"
"""The hidden field of a form with a hash of each value, as it was when the form was opened."""
_YES_NO = ("true", "false")
_HASH_LENGTH = 12


@frozen
class FormField:
    """One field of a form.

    Attributes:
        name: Its name, which is that of the record's field.
        widget: How it is shown.
        text: Its value as text. That of a secret is empty.
        version: A hash of the value, also of a secret.
        note: What it means.
        words: The choices.
        is_required: Whether it must have a value.
        is_main: Whether it is shown at once, and not below "More fields".
        error: Why the last value was refused.
        saved: The value that somebody else has saved since the form was opened, if the form has
            another one; None without a conflict.
    """

    name: str
    widget: Widget
    text: str = ""
    version: str = ""
    note: str = ""
    words: tuple[str, ...] = ()
    is_required: bool = False
    is_main: bool = False
    error: str = ""
    saved: str | None = None


def form_of(kind: ResourceType[Any], record: Record | None) -> list[FormField]:
    """Return the fields of a form for a record, or for a new one."""
    fields = [
        _field(kind, one, record)
        for one in shape_of(kind.record).fields.values()
        if record is None or one.name != kind.key
    ]
    extra = {} if record is None else record.extra
    more = FormField(
        name=EXTRA,
        widget="json",
        text=_as_json(extra),
        version=version_of(_as_json(extra)),
        note="Fields that mockidp stores and does not act on, as a JSON object.",
        is_main=bool(extra),
    )
    return [*fields, more]


def normal(text: str) -> str:
    """Return a text as it was before a browser sent it."""
    return text.replace("\r\n", "\n").strip()


def version_of(text: str) -> str:
    """Return a hash of a value, which does not reveal a secret."""
    return keyed_hash("field", normal(text))[:_HASH_LENGTH]


def _field(kind: ResourceType[Any], one: FieldShape, record: Record | None) -> FormField:
    value = one.default if record is None else getattr(record, one.attribute)
    is_empty = one.is_required and record is None
    cls: object = kind.record
    made = field_of(one, None if is_empty else value, is_secret=one.name in kind.secrets)
    is_set = record is not None and value != one.default
    return replace(
        made,
        note=descriptions(cls).get(one.attribute, ""),
        is_main=one.is_required or is_set or one.name in _main(kind),
    )


def field_of(one: FieldShape, value: Any, *, is_secret: bool = False) -> FormField:
    """Return the field of a form for a value of a record. It is not yet described."""
    widget = "secret" if is_secret and _is_text(one.kind) else _widget(one.kind)
    text = _text(widget, value)
    return FormField(
        name=one.name,
        widget=widget,
        text="" if widget == "secret" else text,
        version=version_of(text),
        words=_words(one.kind),
        is_required=one.is_required,
    )


@cache
def descriptions(cls: Any) -> Mapping[str, str]:
    """Return the descriptions of a record's fields. The first call reads source files."""
    return all_descriptions(cls)


def _main(kind: ResourceType[Any]) -> tuple[str, ...]:
    """Return the fields that a form always shows: the first ones of a tenant file."""
    return tuple(shape_of(kind.record).fields)[:6]


def _is_text(kind: Kind) -> bool:
    return bare(kind) == Scalar(str)


def _widget(kind: Kind) -> Widget:
    match bare(kind):
        case Scalar(type=cls) if cls is str:
            return "text"
        case Scalar(type=cls) if cls is not bool:
            return "number"
        case Scalar() | Choice():
            return "choice"
        case ListOf(item=Scalar() | Choice()):
            return "lines"
    return "json"


def _words(kind: Kind) -> tuple[str, ...]:
    inner = bare(kind)
    words = _YES_NO if inner == Scalar(bool) else inner.words if isinstance(inner, Choice) else ()
    return ("", *words) if words and isinstance(kind, Nullable) else words


def _text(widget: Widget, value: Any) -> str:
    plain = to_wire(value)
    if plain is None:
        return ""
    if widget == "lines":
        return "\n".join(plain)
    if widget == "json":
        return _as_json(plain)
    return str(plain).lower() if isinstance(plain, bool) else str(plain)


def _as_json(value: Any) -> str:
    plain = to_wire(value)
    return json.dumps(plain, indent=2, ensure_ascii=False) if plain not in (None, {}, []) else ""
