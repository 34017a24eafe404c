"""What the form of a record changes, or why it is shown again.

A form changes only what the person has changed, so that a record keeps the defaults that it has,
and what others have changed since the form was opened.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from mockidp.codec.mistakes import ConfigError
from mockidp.frozen import replace
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.merge_patch import make_patch
from mockidp.protocol.oauth.parameters import Parameters, load_json
from mockidp.web.console.records.form import EXTRA, VERSIONS, FormField, normal, version_of


class InvalidField(Exception):  # noqa: N818 - a mistake of a person
    """A field of a form that cannot be read.

    Attributes:
        name: The field.
        text: What is expected, as a sentence.
    """

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text)
        self.name, self.text = name, text


class FormConflict(Exception):  # noqa: N818 - no mistake
    """Fields that somebody else has changed since the form was opened.

    Attributes:
        names: The fields that the form changes as well.
    """

    def __init__(self, names: Collection[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


FormError = InvalidField | ConfigError | FormConflict
"""Why a form is shown again."""


def with_sent(fields: list[FormField], form: Parameters, error: FormError) -> list[FormField]:
    """Return the fields with what a person has changed, and the mistakes at their fields."""
    mistakes = dict(_mistakes(error))
    conflicts = error.names if isinstance(error, FormConflict) else ()
    changed = {one.name for one, _ in _changed(fields, form)}
    return [
        replace(
            one,
            text=_sent(one, form) if one.name in changed and one.widget != "secret" else one.text,
            error=mistakes.get(one.name, ""),
            saved=one.text if one.name in conflicts else None,
            is_main=one.is_main or one.name in mistakes or one.name in conflicts,
        )
        for one in fields
    ]


def _mistakes(error: FormError) -> Iterator[tuple[str, str]]:
    if isinstance(error, FormConflict):
        return
    if isinstance(error, InvalidField):
        yield error.name, error.text
        return
    for one in reversed(error.mistakes):
        text = f"Found {one.found}, expected {one.expected}."
        path = ".".join(map(str, one.steps or ()))
        while path:
            yield path, text
            path = path.rpartition(".")[0]


def status_of(error: FormError) -> HTTPStatus:
    """Return the status of a form that is shown again."""
    is_conflict = isinstance(error, FormConflict)
    return HTTPStatus.CONFLICT if is_conflict else HTTPStatus.BAD_REQUEST


def problem_of(error: FormError, sent: list[FormField]) -> str:
    """Return why a form is shown again, as a sentence. `sent` has the mistakes at their fields."""
    if isinstance(error, FormConflict):
        return (
            "Nothing was saved, because somebody has changed the same fields since you opened the "
            "form. Both values are shown. Save again to replace theirs with yours."
        )
    at_field = any(one.error for one in sent)
    return "Nothing was saved. See the fields." if at_field else str(error)


def changes_of(fields: list[FormField], form: Parameters) -> dict[str, Any]:
    """Return what a form changes, as fields of a tenant file. None removes a value.

    Raises:
        FormConflict: Somebody else has changed the same fields since the form was opened.
        InvalidField: A field cannot be read.
    """
    sent_changes = list(_changed(fields, form))
    conflicts = [one.name for one, version in sent_changes if version != one.version]
    if conflicts:
        raise FormConflict(conflicts)
    changed: dict[str, Any] = {}
    for one, _ in sent_changes:
        value = _read(one, normal(_sent(one, form)))
        if one.name == EXTRA:
            changed |= _changed_members(one, value)
        elif one.widget == "json" and isinstance(value, dict):
            changed[one.name] = make_patch(_held(one), value)
        else:
            changed[one.name] = value
    return changed


def _changed(fields: list[FormField], form: Parameters) -> Iterator[tuple[FormField, str]]:
    """Yield the fields that a person has changed, with their versions in the opened form.

    The form of a new record has no versions.
    """
    opened = form.get(VERSIONS)
    versions = opened.split() if opened else [one.version for one in fields]
    known = dict(zip((one.name for one in fields), versions, strict=False))
    for one in fields:
        version = known.get(one.name, "")
        sent = normal(_sent(one, form))
        is_kept = not sent if one.widget == "secret" else version_of(sent) == version
        if not is_kept and sent != normal(one.text):
            yield one, version


def _sent(one: FormField, form: Parameters) -> str:
    return form.get(one.name) or ""


def _held(one: FormField) -> Any:
    """Return the JSON that a field shows."""
    return json.loads(one.text or "{}")


def _changed_members(one: FormField, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict | None):
        raise InvalidField(one.name, "Send a JSON object.")
    return make_patch(_held(one), value or {})


def _read(one: FormField, sent: str) -> Any:
    """Return the value of a text. An empty one removes the value."""
    if not sent:
        return None
    match one.widget:
        case "lines":
            return [line.strip() for line in sent.splitlines() if line.strip()]
        case "number":
            return _number(one, sent)
        case "choice" if "true" in one.words:
            return sent == "true"
        case "json":
            return _json(one, sent)
    return sent


def _number(one: FormField, sent: str) -> int | float:
    try:
        return float(sent) if "." in sent else int(sent)
    except ValueError:
        raise InvalidField(one.name, "Send a number.") from None


def _json(one: FormField, sent: str) -> Any:
    try:
        return load_json(sent)
    except ValueError as error:
        raise InvalidField(one.name, f"The text {error}.") from None
    except InvalidRequest as error:
        raise InvalidField(one.name, error.hint) from None
