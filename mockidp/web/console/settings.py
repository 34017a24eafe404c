"""The settings of the mock and of the tenant: their values, defaults and descriptions."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from mockidp.codec.kind import RecordOf
from mockidp.codec.mistakes import ConfigError
from mockidp.codec.shape import shape_of
from mockidp.errors import DOCS_URL
from mockidp.frozen import frozen, replace
from mockidp.protocol.errors.problem import Problem
from mockidp.tenant.content.document import Configuration
from mockidp.web.console.records.form import FormField
from mockidp.web.console.records.form_changes import (
    FormConflict,
    InvalidField,
    changes_of,
    problem_of,
    status_of,
    with_sent,
)
from mockidp.web.console.records.nested_form import nest, nested_fields
from mockidp.web.console.visit import Visit, changing, showing
from mockidp.web.control.tenant import patch_document
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route_table import ID

_GROUPS = {
    "mockidp.impersonation": "Impersonation links",
    "mockidp": "mockidp",
    "tenant.flags": "Flags of the tenant",
    "tenant": "Tenant",
    "prompts": "Hosted pages",
    "attackProtection": "Attack protection",
    "guardianPolicies": "Second factors",
}
"""The titles of the groups, by the beginning of the names in them."""
_SECRETS = frozenset({"mockidp.impersonation.key"})


@frozen
class Group:
    """Some settings that are changed together."""

    name: str
    title: str
    fields: list[FormField]
    problem: str = ""


def _show(visit: Visit) -> Reply:
    return _page(visit, _groups(visit.tenant.directory.configuration))


def _page(visit: Visit, groups: list[Group], status: int = HTTPStatus.OK) -> Reply:
    return visit.page(
        "settings",
        title="Settings",
        area="settings",
        status=status,
        groups=groups,
        docs_url=DOCS_URL,
    )


def _groups(configuration: Configuration) -> list[Group]:
    """Return all settings, except lists of records that are sections of their own."""
    fields = list(_fields(configuration))
    return [
        Group(name=name, title=title, fields=[one for one in fields if _group_of(one) == name])
        for name, title in _GROUPS.items()
    ]


def _group_of(field: FormField) -> str:
    return next(name for name in _GROUPS if field.name.startswith(f"{name}."))


def _fields(configuration: Configuration) -> Iterator[FormField]:
    defaults = {one.name: one.text for one in _sections(Configuration())}
    for one in _sections(configuration):
        default = defaults.get(one.name, "").replace("\n", " ")
        yield replace(one, note=f"{one.note} Default: {default or 'not set'}.")


def _sections(configuration: Configuration) -> Iterator[FormField]:
    for one in shape_of(Configuration).fields.values():
        if isinstance(one.kind, RecordOf):
            section: Any = getattr(configuration, one.attribute)
            yield from nested_fields(section, prefix=f"{one.name}.", secrets=_SECRETS)


def _change(visit: Visit) -> Reply:
    with visit.tenant.backend.exclusive():
        return _change_group(visit, _groups(visit.tenant.directory.configuration))


def _change_group(visit: Visit, groups: list[Group]) -> Reply:
    group = next((one for one in groups if one.name == visit.id), None)
    if group is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"There are no settings {visit.id!r}.")
    try:
        patch_document(visit.tenant, nest(changes_of(group.fields, visit.form)))
    except (InvalidField, ConfigError, FormConflict) as error:
        sent = with_sent(group.fields, visit.form, error)
        refused = replace(group, fields=sent, problem=problem_of(error, sent))
        shown = [refused if one is group else one for one in groups]
        return _page(visit, shown, status_of(error))
    return visit.go(f"{visit.link('settings')}#{group.name}")


ROUTES = (showing("/settings", _show), changing(f"/settings/{ID}", _change))
