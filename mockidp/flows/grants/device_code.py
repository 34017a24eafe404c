"""Exchange a device code for tokens, as soon as a user has confirmed the device.

Spec: RFC 8628 3.4 and 3.5.
Auth0: `docs/fidelity.md`, "Devices".
"""

from __future__ import annotations

from typing import Any

from mockidp.flows.grants.authorization_code import issue_for_code
from mockidp.flows.grants.request import GrantRequest
from mockidp.flows.hints.evicted import or_evicted
from mockidp.flows.hints.timestamps import clock_time
from mockidp.frozen import replace
from mockidp.protocol.errors.extension_error import AuthorizationPending, ExpiredToken, SlowDown
from mockidp.protocol.errors.oauth_error import AccessDenied, InvalidGrant
from mockidp.protocol.errors.refusal_texts import (
    DEVICE_EXPIRED,
    DEVICE_INVALID,
    DEVICE_PENDING,
    DEVICE_TOO_FAST,
)
from mockidp.protocol.oauth.device_code import INTERVAL, LIFETIME, DeviceAuthorization
from mockidp.protocol.oauth.scope import make_scope
from mockidp.protocol.tokens.artifacts import AuthorizationCode
from mockidp.resources.user import User
from mockidp.storage.store import Entry
from mockidp.tenant.journal.flow_index import DEVICE_CODE
from mockidp.tenant.trace import cut


def exchange(request: GrantRequest) -> dict[str, Any]:
    """Return the tokens for a device code, once.

    Raises:
        OAuthError: No user has decided, or a user has canceled, or the code is not valid.
    """
    code, device = _poll(request)
    approval = _check_decision(request, device)
    user = _find_user(request, approval.user_id)
    with request.tenant.trace.check("device_code", is_approved=True):
        if request.tenant.device_codes.take(code) is None:
            raise _invalid(request, code)
    return issue_for_code(request, approval, user)


def _poll(request: GrantRequest) -> tuple[str, DeviceAuthorization]:
    """Return the code and its device, and store that the device has polled.

    Raises:
        OAuthError: The code is not valid, has expired, or is polled too fast.
    """
    store, now = request.tenant.device_codes, request.tenant.now()
    while True:
        code, entry = _find(request)
        device = entry.value
        with request.tenant.trace.check("interval", polled_at=device.polled_at, now=now):
            _check_interval(device, now)
        if device.approval is not None:
            return code, device
        if store.swap(code, entry.version, replace(device, polled_at=now)):
            return code, device


def _find(request: GrantRequest) -> tuple[str, Entry[DeviceAuthorization]]:
    tenant, client_id = request.tenant, request.client.client_id
    sent = request.parameters.get("device_code")
    with tenant.trace.check("device_code", sent=cut(sent), client=client_id):
        code = request.parameters.require("device_code")
        tenant.trace.used(DEVICE_CODE, code)
        entry = tenant.device_codes.find(code)
        if entry is None:
            raise _invalid(request, code)
        issued_to, expires_at = entry.value.request.client_id, entry.value.expires_at
        if issued_to != client_id:
            raise InvalidGrant(
                DEVICE_INVALID,
                hint=f"The device code was issued to client {issued_to}, but client {client_id} "
                "sent it.",
            )
        if tenant.now() >= expires_at and tenant.device_codes.take(code) is not None:
            raise ExpiredToken(
                DEVICE_EXPIRED,
                hint=f"The device code expired at {clock_time(expires_at)}, {LIFETIME} seconds "
                "after it was issued. Request a new one. Auth0 answers expired_token once, and "
                "invalid_grant from then on.",
            )
    return code, entry


def _invalid(request: GrantRequest, code: str) -> InvalidGrant:
    entry = request.tenant.device_codes.history(code)
    if entry is None:
        hint = (
            "This tenant never issued such a device code. It was issued by another server or "
            "before a restart, or was changed on the way."
            + or_evicted(request.tenant, request.tenant.device_codes)
        )
    elif entry.taken_at is not None and entry.taken_at >= entry.value.expires_at:
        hint = f"The device code expired at {clock_time(entry.value.expires_at)}."
    else:
        hint = f"The device code was already used at {clock_time(entry.taken_at or 0)}. "
        hint += "A device code works only once."
    return InvalidGrant(DEVICE_INVALID, hint=hint)


def _check_interval(device: DeviceAuthorization, now: float) -> None:
    if device.polled_at is not None and 0 <= now - device.polled_at < INTERVAL:
        raise SlowDown(
            DEVICE_TOO_FAST,
            hint=f"The last poll was at {clock_time(device.polled_at)}, which is "
            f"{now - device.polled_at:.1f} seconds ago by the tenant's clock. Wait {INTERVAL} "
            "seconds between polls, or move the clock.",
        )


def _check_decision(request: GrantRequest, device: DeviceAuthorization) -> AuthorizationCode:
    """Return what the user of a device has approved."""
    tenant, approval = request.tenant, device.approval
    by = approval.user_id if approval else None
    tenant.trace.note(user=by, scope=make_scope(device.request.scope))
    with tenant.trace.check("user_code", confirmed_by=by, denied=device.denial):
        if device.denial is not None:
            raise AccessDenied(
                device.denial,
                hint=f"User code {device.user_code} was denied: {device.denial.rstrip('.')}.",
            )
        if approval is None:
            raise AuthorizationPending(
                DEVICE_PENDING,
                hint=f"No user has confirmed user code {device.user_code} yet. Open /activate and "
                "log in there, or call `approve_device` in a test.",
            )
    return approval


def _find_user(request: GrantRequest, user_id: str) -> User:
    user = request.tenant.directory.user(user_id)
    with request.tenant.trace.check("user", user=user_id):
        if user is None:
            raise InvalidGrant(DEVICE_INVALID, hint=f"User {user_id} was deleted.")
    return user
