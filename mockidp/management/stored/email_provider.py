"""The e-mail provider of the tenant. It is stored; all e-mails are in the outbox.

Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from mockidp.management.body import check_keys
from mockidp.management.collection import ordered
from mockidp.management.json_values import check_types
from mockidp.management.listing import FIELDS, select_fields
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import conflict, invalid_body, not_found
from mockidp.management.stored.section import Inside
from mockidp.protocol.errors.nearest import nearest

_PLACE = Inside("emailProvider")
_ORDER = ("name", "enabled", "default_from_address", "credentials", "settings")
_NAMES = (
    "mailgun", "mandrill", "sendgrid", "resend", "ses", "sparkpost", "smtp", "azure_cs", "ms365",
    "custom",
)  # fmt: skip
_SHOWN = frozenset({"smtp_host", "smtp_port", "smtp_user", "domain", "region"})
"""The credentials that Auth0 shows."""
_OF_ONE = ("credentials", "settings")
"""Members that belong to one provider, so that another one does not inherit them."""


def _read(call: Call) -> Mapping[str, Any]:
    """Return the provider.

    Raises:
        ApiRefusal: The tenant has no e-mail provider.
    """
    found = _PLACE.read(call.tenant)
    with call.tenant.trace.check("email_provider", found=bool(found)):
        if not found:
            raise not_found(
                "There is not a configured email provider",
                code="inexistent_email_provider",
                hint="The tenant has no e-mail provider. Create it with POST /emails/provider.",
            )
    return found


def _show(provider: Mapping[str, Any]) -> dict[str, Any]:
    credentials = provider.get("credentials")
    known = credentials if isinstance(credentials, Mapping) else {}
    shown = {name: one for name, one in known.items() if name in _SHOWN}
    return ordered({**provider, "credentials": shown}, _ORDER)


def _get(call: Call) -> Mapping[str, Any]:
    return select_fields(call.query, _show(_read(call)))


def _check_body(call: Call, required: tuple[str, ...] = ()) -> None:
    check_keys(call, _ORDER, required=required)
    check_types(
        call,
        {
            "name": "string", "enabled": "boolean", "default_from_address": "string",
            "credentials": "object", "settings": "object",
        },
    )  # fmt: skip
    name = call.body.get("name")
    with call.tenant.trace.check("name", sent=name):
        if name not in (*_NAMES, None):
            near = nearest(name, _NAMES)
            meant = f" Did you mean {near}?" if near else ""
            raise invalid_body(
                f"Expected one of {', '.join(_NAMES)}",
                at="name",
                hint=f"Auth0 has no e-mail provider {name!r}.{meant}",
            )


def _create(call: Call) -> Mapping[str, Any]:
    _check_body(call, required=("name", "credentials"))
    with call.tenant.backend.exclusive():
        known = _PLACE.read(call.tenant)
        with call.tenant.trace.check("new", known=bool(known)):
            if known:
                raise conflict(
                    f"An email provider is already configured: {known.get('name')}",
                    hint="The tenant has an e-mail provider. Change it with PATCH.",
                )
        made = {"enabled": True, **call.body}
        _PLACE.write(call, made)
    return _show(made)


def _patch(call: Call) -> Mapping[str, Any]:
    """Change the provider. One with another name does not inherit credentials and settings."""
    _check_body(call)
    with call.tenant.backend.exclusive():
        before = _read(call)
        if call.body.get("name", before.get("name")) != before.get("name"):
            before = {name: one for name, one in before.items() if name not in _OF_ONE}
        after = {**before, **call.body}
        kept = before.get("credentials"), after.get("credentials")
        if isinstance(kept[0], Mapping) and isinstance(kept[1], Mapping):
            secret = {name: one for name, one in kept[0].items() if name not in _SHOWN}
            after["credentials"] = {**secret, **kept[1]}
        after = {name: one for name, one in after.items() if one is not None}
        _PLACE.write(call, after)
    return _show(after)


def _delete(call: Call) -> None:
    with call.tenant.backend.exclusive():
        _PLACE.write(call, None)


_PATH = "/emails/provider"
OPERATIONS = (
    Operation(
        title="Get the email provider", method="GET", path=_PATH,
        scopes=("read:email_provider",), handler=_get, query=FIELDS,
    ),
    Operation(
        title="Configure the email provider", method="POST", path=_PATH,
        scopes=("create:email_provider",), handler=_create, status=HTTPStatus.CREATED,
    ),
    Operation(
        title="Update the email provider", method="PATCH", path=_PATH,
        scopes=("update:email_provider",), handler=_patch,
    ),
    Operation(
        title="Delete the email provider", method="DELETE", path=_PATH,
        scopes=("delete:email_provider",), handler=_delete, status=HTTPStatus.NO_CONTENT,
    ),
)  # fmt: skip
