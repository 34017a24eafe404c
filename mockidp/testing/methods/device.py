"""The test methods `approve_device` and `deny_device`: decide for the user of a device."""

from __future__ import annotations

from mockidp.errors import MockIdPError
from mockidp.flows.device.decide import UserCodeError, approve_device, deny_device, find_device
from mockidp.flows.login.consent import remember_consent
from mockidp.flows.login.device import CANCELED
from mockidp.flows.login.resume import approve_request
from mockidp.flows.login.transaction import new_login
from mockidp.flows.sessions.session import start_session
from mockidp.frozen import frozen
from mockidp.protocol.errors.oauth_error import AccessDenied, OAuthError
from mockidp.protocol.oauth.device_code import DeviceAuthorization
from mockidp.testing.method import NO_ANSWER, Method, Target, parameters
from mockidp.testing.named import named_user


@frozen
class ApproveDevice:
    """The user who logs in for a device and confirms it."""

    user_code: str
    """The code that the device shows."""
    user: str
    """By id, the id's last part, or e-mail."""


@frozen
class DenyDevice:
    """A device that its user does not confirm."""

    user_code: str
    """The code that the device shows."""


def _approve_device(target: Target, request: ApproveDevice) -> None:
    """Confirm a device for a user, without a page."""
    tenant = target.tenant
    user = named_user(tenant, request.user)
    code, device = _find(target, request.user_code)
    remember_consent(tenant, user.user_id, device.request)
    session = start_session(tenant, device.request.base_url, user)
    try:
        approval = approve_request(tenant, target.url, new_login(device.request, session), session)
    except OAuthError as error:
        raise MockIdPError(f"The login fails: {error.description}. {error.hint}") from None
    approve_device(tenant, code, approval)


def _deny_device(target: Target, request: DenyDevice) -> None:
    """Cancel the confirmation of a device, without a page."""
    code, _ = _find(target, request.user_code)
    deny_device(target.tenant, code, AccessDenied(CANCELED))


def _find(target: Target, user_code: str) -> tuple[str, DeviceAuthorization]:
    try:
        return find_device(target.tenant, user_code)
    except UserCodeError as error:
        raise MockIdPError(error.hint) from None


APPROVE_DEVICE = Method(
    name="approve_device",
    http="POST /devices/approve",
    function=_approve_device,
    parameters=parameters(ApproveDevice),
    answer=NO_ANSWER,
    status=204,
)
DENY_DEVICE = Method(
    name="deny_device",
    http="POST /devices/deny",
    function=_deny_device,
    parameters=parameters(DenyDevice),
    answer=NO_ANSWER,
    status=204,
)
