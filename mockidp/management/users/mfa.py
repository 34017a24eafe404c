"""Enrollments, recovery codes and remembered browsers of users.

Source: docs/fidelity.md.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from mockidp.flows.mfa.authenticators import (
    authenticators_of,
    new_authenticator,
    remove_authenticator,
)
from mockidp.management.artifacts.artifact_fields import shown_time
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import not_found
from mockidp.management.users.users import find_user
from mockidp.protocol.mfa.guardian import EMAIL, OTP, PUSH, RECOVERY_CODE, SMS
from mockidp.protocol.mfa.records import Authenticator
from mockidp.resources.user import User
from mockidp.tenant.state.stores import USER

_METHODS = {OTP: "authenticator", PUSH: "guardian", SMS: "sms", EMAIL: "email"}
_PROVIDERS = ("duo", "google-authenticator")


def _list_enrollments(call: Call) -> Any:
    user = find_user(call.tenant, call.id)
    found = authenticators_of(call.tenant, user)
    return [show_enrollment(user, one) for one in found if one.factor != RECOVERY_CODE]


def show_enrollment(user: User, one: Authenticator) -> dict[str, Any]:
    """Return a factor of a user as an enrollment."""
    return {
        "id": one.id.partition("|")[2],
        "status": "confirmed" if one.is_active else "pending",
        "type": _METHODS[one.factor],
        "name": one.label or one.name,
        **({"phone_number": one.name} if one.factor == SMS else {}),
        "auth_method": _METHODS[one.factor],
        "enrolled_at": shown_time(one.created_at) if one.created_at else user.created_at,
    }


def _new_recovery_code(call: Call) -> Any:
    tenant, user = call.tenant, find_user(call.tenant, call.id)
    code = tenant.ids.recovery_code()
    with tenant.backend.exclusive():
        _remove(call, user, RECOVERY_CODE)
        new_authenticator(tenant, user.user_id, RECOVERY_CODE, secret=code, is_active=True)
    return {"recovery_code": code}


def _remove(call: Call, user: User, factor: str) -> None:
    for one in authenticators_of(call.tenant, user):
        if one.factor == factor:
            remove_authenticator(call.tenant, one)


def _delete_provider(call: Call) -> None:
    user, provider = find_user(call.tenant, call.id), call.ids[1]
    with call.tenant.trace.check("provider", sent=provider):
        if provider not in _PROVIDERS:
            raise not_found(
                "Not Found",
                hint=f"Provider {provider[:40]!r} is unknown. Send one of {', '.join(_PROVIDERS)}.",
            )
    if provider == "google-authenticator":
        _remove(call, user, OTP)


def _forget_browsers(call: Call) -> None:
    user = find_user(call.tenant, call.id)
    for key, _ in call.tenant.remembered_browsers.scan(USER, user.user_id):
        call.tenant.remembered_browsers.take(key)


_USER = "/users/{id}"
OPERATIONS = (
    Operation(
        title="Get the First Confirmed Multi-factor Authentication Enrollment", method="GET",
        path=f"{_USER}/enrollments", scopes=("read:users", "read:guardian_enrollments"),
        handler=_list_enrollments,
    ),
    Operation(
        title="Generate New Multi-factor Authentication Recovery Code", method="POST",
        path=f"{_USER}/recovery-code-regeneration", scopes=("update:guardian_enrollments",
        "update:users"), handler=_new_recovery_code,
    ),
    Operation(
        title="Delete a User's Multi-factor Provider", method="DELETE",
        path=f"{_USER}/multifactor/{{id}}", scopes=("update:users",), handler=_delete_provider,
        status=HTTPStatus.NO_CONTENT,
    ),
    Operation(
        title="Invalidate All Remembered Browsers for Multi-factor Authentication", method="POST",
        path=f"{_USER}/multifactor/actions/invalidate-remember-browser",
        scopes=("update:users",), handler=_forget_browsers, status=HTTPStatus.NO_CONTENT,
    ),
)  # fmt: skip
