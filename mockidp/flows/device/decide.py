"""Find a waiting device by its user code, and decide what it gets.

Spec: RFC 8628 3.3 and 3.5.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from mockidp.flows.authorization.response import Approval, make_code_record
from mockidp.flows.hints.timestamps import clock_time
from mockidp.flows.login.page_errors import INVALID_EXPIRED_CODE, PromptError
from mockidp.frozen import replace
from mockidp.protocol.errors.oauth_error import OAuthError
from mockidp.protocol.oauth.device_code import DeviceAuthorization
from mockidp.protocol.oauth.response_mode import AuthorizationResponse
from mockidp.protocol.oauth.user_code import normalize_user_code
from mockidp.storage.store import update
from mockidp.tenant.state.stores import USER_CODE
from mockidp.tenant.tenant import Tenant

SUCCESS_PAGE = "/u/device/success"
DENIED_PAGE = "/u/device/denied"


class UserCodeError(PromptError):
    """No device is waiting with a user code."""

    def __init__(self, hint: str) -> None:
        super().__init__({"code": INVALID_EXPIRED_CODE}, hint=hint)


def find_device(tenant: Tenant, typed: str | None) -> tuple[str, DeviceAuthorization]:
    """Return the waiting device with a user code, and its device code.

    Raises:
        UserCodeError: The code is unknown or has expired.
    """
    wanted = normalize_user_code(typed or "")
    with tenant.trace.check("user_code", sent=typed):
        found = tenant.device_codes.scan(USER_CODE, wanted) if wanted else ()
        waiting = [
            (key, entry.value) for key, entry in found if entry.value.is_waiting(tenant.now())
        ]
        if not waiting:
            raise UserCodeError(_why_not_found(typed, [entry.value for _, entry in found]))
    code, device = waiting[-1]
    tenant.trace.note(client=device.request.client_id)
    return code, device


def waiting_device(tenant: Tenant, code: str) -> DeviceAuthorization:
    """Return the device with a device code.

    Raises:
        UserCodeError: It is no longer waiting.
    """
    with tenant.trace.check("user_code"):
        return _check_waits(tenant, tenant.device_codes.get(code))


def approve_device(tenant: Tenant, code: str, approval: Approval) -> AuthorizationResponse:
    """Let a device have its tokens. Return the response for the browser.

    Raises:
        UserCodeError: It is no longer waiting.
    """
    with tenant.trace.check("user_code"):
        _decide(tenant, code, approval=make_code_record(tenant, approval))
    return _browser_response(SUCCESS_PAGE)


def deny_device(tenant: Tenant, code: str, error: OAuthError) -> AuthorizationResponse:
    """Refuse tokens to a device, if it still waits. Return the response for the browser."""
    with suppress(UserCodeError):
        _decide(tenant, code, denial=error.description)
    return _browser_response(DENIED_PAGE, error)


def _decide(tenant: Tenant, code: str, **decision: Any) -> None:
    """Store a decision about a device, which may poll at the same time."""
    update(
        tenant.device_codes,
        code,
        lambda device: replace(_check_waits(tenant, device), **decision),
    )


def _check_waits(tenant: Tenant, device: DeviceAuthorization | None) -> DeviceAuthorization:
    if device is None:
        raise UserCodeError("The device got its tokens, or its code expired.")
    if not device.is_waiting(tenant.now()):
        raise UserCodeError(_why_decided(device))
    return device


def _why_not_found(typed: str | None, devices: Sequence[DeviceAuthorization]) -> str:
    if devices:
        return _why_decided(devices[-1])
    if not typed:
        return "No user code was sent. Send the code that the device shows as `code`."
    return (
        f"No device of this tenant shows the user code {typed!r}. It is misspelled, or was "
        "issued before a reset. Enter the code that the device shows."
    )


def _why_decided(device: DeviceAuthorization) -> str:
    if device.approval is not None:
        return f"User code {device.user_code} was already confirmed by {device.approval.user_id}."
    why = "was denied"
    if device.denial is None:
        why = f"expired at {clock_time(device.expires_at)}"
    return f"User code {device.user_code} {why}. Start the login on the device again."


def _browser_response(page: str, error: OAuthError | None = None) -> AuthorizationResponse:
    return AuthorizationResponse(
        redirect_uri="", mode="query", parameters={}, page=page, refusal=error
    )
