"""The records of each type of resource: list, search, show, create, edit, delete.

All pages follow from the type, so that a new type has them without a line here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from http import HTTPStatus
from itertools import islice
from typing import Any

from mockidp.codec.mistakes import ConfigError
from mockidp.codec.write import to_file
from mockidp.protocol.errors.problem import Problem
from mockidp.resources.record import Record
from mockidp.resources.registry import TYPES
from mockidp.resources.resource_type import ResourceType
from mockidp.resources.user import USER
from mockidp.testing import records
from mockidp.testing.records import UnknownRecordError
from mockidp.web.console.navigation import area_of
from mockidp.web.console.records.form import FormField, form_of
from mockidp.web.console.records.form_changes import (
    FormConflict,
    InvalidField,
    changes_of,
    problem_of,
    status_of,
    with_sent,
)
from mockidp.web.console.records.sign_in_as import make_link, user_values
from mockidp.web.console.visit import Visit, changing, showing
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route
from mockidp.web.routing.route_table import ID

PAGE = 50
"""The number of records on a page."""
_MAX_DIGITS = 10
"""A number with that many digits or more is not read as a page number."""
_NEW, _EDIT, _DELETE = "new", "edit", "delete"


def _list(kind: ResourceType[Any], visit: Visit) -> Reply:
    asked, number = visit.query.get("q") or "", _page_number(visit)
    known = records.records_of(visit.tenant, kind)
    found = _matching(kind, known.values(), asked.lower()) if asked else known.values()
    total = sum(1 for _ in _matching(kind, known.values(), asked.lower())) if asked else len(known)
    rows = islice(iter(found), (number - 1) * PAGE, number * PAGE)
    return visit.page(
        "records",
        title=area_of(kind).title,
        area=area_of(kind).name,
        area_title=area_of(kind).title,
        kind=kind,
        asked=asked,
        total=total,
        number=number,
        pages=max(1, -(-total // PAGE)),
        rows=[(kind.key_of(one), _summary(kind, one)) for one in rows],
        columns=[*_summary(kind, next(iter(known.values())))] if known else [],
    )


def _page_number(visit: Visit) -> int:
    sent = visit.query.get("page") or "1"
    return max(1, int(sent)) if sent.isdecimal() and len(sent) < _MAX_DIGITS else 1


def _matching(kind: ResourceType[Any], known: Any, asked: str) -> Iterator[Any]:
    """Yield the records that contain a text in their names or their summary."""
    for one in known:
        shown = (
            *kind.names_of(one),
            *_summary(kind, one).values(),
            getattr(one, "name", None) or "",
        )
        if any(asked in text.lower() for text in shown):
            yield one


def _summary(kind: ResourceType[Any], record: Any) -> Mapping[str, str]:
    summary = kind.summarize(record)
    return {
        name: value if isinstance(value, str) else ", ".join(value)
        for name, value in summary.items()
    }


def _find(kind: ResourceType[Any], visit: Visit) -> Any:
    try:
        return records.find(visit.tenant, kind, visit.id)
    except UnknownRecordError as error:
        raise Problem(HTTPStatus.NOT_FOUND, str(error)) from None


def _show(kind: ResourceType[Any], visit: Visit) -> Reply:
    record = _find(kind, visit)
    own = {"user": user_values}.get(kind.name)
    return show_record(kind, visit, record, **(own(visit, record) if own else {}))


def show_record(
    kind: ResourceType[Any], visit: Visit, record: Any, *, status: int = 200, **more: object
) -> Reply:
    """Return the page of a record. A type with more to show has a template `record_NAME.html`."""
    shown = {name: one for name, one in to_file(record).items() if name not in kind.secrets}
    secrets = {name: getattr(record, name, None) for name in kind.secrets}
    return visit.page(
        f"record_{kind.name}" if more else "record",
        status=status,
        title=_title(kind, record),
        area=area_of(kind).name,
        area_title=area_of(kind).title,
        kind=kind,
        record=record,
        key=kind.key_of(record),
        facts={name: _fact(one) for name, one in shown.items() if _is_plain(one)},
        structures={
            name: json.dumps(one, indent=2, ensure_ascii=False)
            for name, one in shown.items()
            if not _is_plain(one)
        },
        # Passwords are never shown.
        secrets={name: one for name, one in secrets.items() if one and name not in _NEVER_SHOWN},
        **more,
    )


def _is_plain(value: Any) -> bool:
    """Return whether a value can be shown in a line: no object, and no list of objects."""
    items = value if isinstance(value, list) else [value]
    return not any(isinstance(one, dict | list) for one in items)


def _fact(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


_NEVER_SHOWN = frozenset({"password", "custom_password_hash", "mfa_factors", "connected_accounts"})


def _title(kind: ResourceType[Any], record: Record) -> str:
    return str(getattr(record, "name", None) or kind.key_of(record))


def _form(
    kind: ResourceType[Any],
    visit: Visit,
    fields: list[FormField],
    record: Record | None,
    *,
    status: int = HTTPStatus.OK,
    problem: str = "",
) -> Reply:
    return visit.page(
        "record_form",
        title=f"New {kind.title}" if record is None else f"Edit {_title(kind, record)}",
        area=area_of(kind).name,
        area_title=area_of(kind).title,
        status=status,
        kind=kind,
        key="" if record is None else kind.key_of(record),
        name="" if record is None else _title(kind, record),
        fields=fields,
        problem=problem,
    )


def _show_new(kind: ResourceType[Any], visit: Visit) -> Reply:
    return _form(kind, visit, form_of(kind, None), None)


def _show_edit(kind: ResourceType[Any], visit: Visit) -> Reply:
    record = _find(kind, visit)
    return _form(kind, visit, form_of(kind, record), record)


def _create(kind: ResourceType[Any], visit: Visit) -> Reply:
    fields = form_of(kind, None)

    def write() -> Any:
        changes = {name: one for name, one in changes_of(fields, visit.form).items() if one != ""}
        name = changes.pop(kind.key, None)
        if name is None and not kind.identity:
            raise InvalidField(kind.key, "A value is required.")
        known = records.records_of(visit.tenant, kind)
        if name is not None and kind.make_key(name) in known:
            raise InvalidField(kind.key, f"The {kind.title} {name!r} exists. Edit that one.")
        return records.add(visit.tenant, kind, name, changes)

    return _save(kind, visit, fields, None, write)


def _edit(kind: ResourceType[Any], visit: Visit) -> Reply:
    with visit.tenant.backend.exclusive():
        record = _find(kind, visit)
        fields = form_of(kind, record)

        def write() -> Any:
            changes = changes_of(fields, visit.form)
            key = kind.key_of(record)
            return records.patch(visit.tenant, kind, key, changes) if changes else record

        return _save(kind, visit, fields, record, write)


def _save(
    kind: ResourceType[Any],
    visit: Visit,
    fields: list[FormField],
    record: Record | None,
    write: Callable[[], Any],
) -> Reply:
    """Write a record and go to its page, or show the form again with the mistakes."""
    try:
        saved = write()
    except (InvalidField, ConfigError, FormConflict) as error:
        sent = with_sent(fields, visit.form, error)
        return _form(
            kind, visit, sent, record, status=status_of(error), problem=problem_of(error, sent)
        )
    return visit.go(visit.link(area_of(kind).name, kind.key_of(saved)))


def _delete(kind: ResourceType[Any], visit: Visit) -> Reply:
    records.remove(visit.tenant, kind, kind.key_of(_find(kind, visit)))
    return visit.go(visit.link(area_of(kind).name))


def _routes(kind: ResourceType[Any]) -> Iterator[Route]:
    name = area_of(kind).name
    yield showing(f"/{name}", partial(_list, kind))
    yield showing(f"/{name}/{ID}", partial(_show, kind))
    yield showing(f"/{_NEW}/{name}", partial(_show_new, kind))
    yield changing(f"/{_NEW}/{name}", partial(_create, kind))
    yield showing(f"/{_EDIT}/{name}/{ID}", partial(_show_edit, kind))
    yield changing(f"/{_EDIT}/{name}/{ID}", partial(_edit, kind))
    yield changing(f"/{_DELETE}/{name}/{ID}", partial(_delete, kind))


def _sign_in_as(visit: Visit) -> Reply:
    """Make a link, and show it on the page of the user."""
    user = _find(USER, visit)
    status, values = make_link(visit, user)
    return show_record(USER, visit, user, status=status, **values)


ROUTES = (
    *(route for kind in TYPES for route in _routes(kind)),
    changing(f"/sign-in-as/users/{ID}", _sign_in_as),
)
