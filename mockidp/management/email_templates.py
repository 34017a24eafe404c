"""E-mail templates. The next e-mail of a kind follows its template.

Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.management.body import check_keys
from mockidp.management.collection import ordered
from mockidp.management.listing import FIELDS, select_fields
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import conflict, invalid_body, not_found
from mockidp.management.stored.section import SectionEntry
from mockidp.protocol.errors.nearest import nearest

_NAMES = (
    "verify_email", "verify_email_by_code", "reset_email", "reset_email_by_code", "welcome_email",
    "blocked_account", "stolen_credentials", "enrollment_email", "mfa_oob_code",
    "change_password", "password_reset", "user_invitation", "async_approval",
)  # fmt: skip
_ORDER = (
    "template", "body", "from", "resultUrl", "subject", "syntax", "urlLifetimeInSeconds",
    "includeEmailInRedirect", "enabled",
)  # fmt: skip


def _entry(name: str) -> SectionEntry:
    return SectionEntry("emailTemplates", {"template": name})


def _find(call: Call) -> Mapping[str, Any]:
    """Return the template that the path names.

    Raises:
        ApiRefusal: The tenant does not have it.
    """
    found = _entry(call.id).read(call.tenant)
    with call.tenant.trace.check("template", named=call.id, found=found is not None):
        if found is None:
            raise not_found(
                "The template does not exist.",
                code="inexistent_email_template",
                hint=f"The tenant has no template {call.id!r}. Create it with POST "
                "/email-templates.",
            )
    return found


def _show(name: str, held: Mapping[str, Any]) -> dict[str, Any]:
    return ordered({"template": name, "enabled": True, **held}, _ORDER)


def _get(call: Call) -> Mapping[str, Any]:
    return select_fields(call.query, _show(call.id, _find(call)))


def _check_name(call: Call, name: Any) -> str:
    with call.tenant.trace.check("template", sent=name):
        if name not in _NAMES:
            near = nearest(str(name), _NAMES)
            meant = f" Did you mean {near}?" if near else ""
            raise invalid_body(
                f"Expected one of {', '.join(_NAMES)}",
                at="template",
                hint=f"Auth0 has no e-mail template {name!r}.{meant}",
            )
    return str(name)


def _write(call: Call, name: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:
    kept = {key: one for key, one in fields.items() if one is not None and key != "template"}
    _entry(name).write(call, kept)
    return _show(name, kept)


def _create(call: Call) -> Mapping[str, Any]:
    check_keys(call, _ORDER, required=("template",))
    name = _check_name(call, call.body["template"])
    with call.tenant.backend.exclusive():
        known = _entry(name).read(call.tenant)
        with call.tenant.trace.check("new", template=name):
            if known is not None:
                raise conflict(
                    f"Template {name} already exists.",
                    hint=f"The tenant has the template {name}. Change it with PATCH.",
                )
        return _write(call, name, call.body)


def _patch(call: Call) -> Mapping[str, Any]:
    check_keys(call, _ORDER)
    _check_same(call)
    with call.tenant.backend.exclusive():
        return _write(call, call.id, {**_find(call), **call.body})


def _replace(call: Call) -> Mapping[str, Any]:
    check_keys(call, _ORDER, required=("template",))
    _check_same(call)
    with call.tenant.backend.exclusive():
        _find(call)
        return _write(call, call.id, call.body)


def _check_same(call: Call) -> None:
    sent = call.body.get("template", call.id)
    with call.tenant.trace.check("template", sent=sent, named=call.id):
        if sent != call.id:
            raise invalid_body(
                f"Expected the value {call.id}",
                at="template",
                hint=f"The path names the template {call.id!r}, and the body {sent!r}.",
            )


_ONE = "/email-templates/{id}"
OPERATIONS = (
    Operation(
        title="Create an email template", method="POST", path="/email-templates",
        scopes=("create:email_templates",), handler=_create,
    ),
    Operation(
        title="Get an email template", method="GET", path=_ONE,
        scopes=("read:email_templates",), handler=_get, query=FIELDS,
    ),
    Operation(
        title="Patch an email template", method="PATCH", path=_ONE,
        scopes=("update:email_templates",), handler=_patch,
    ),
    Operation(
        title="Update an email template", method="PUT", path=_ONE,
        scopes=("update:email_templates",), handler=_replace,
    ),
)  # fmt: skip
