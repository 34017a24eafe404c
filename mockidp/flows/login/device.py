"""The step `confirm the device`: the person compares the code on the device with that on the page.

Spec: RFC 8628 3.3 and 3.3.1.
"""

from __future__ import annotations

from mockidp.flows.device.decide import UserCodeError, find_device, waiting_device
from mockidp.flows.login.identify import find_usable_session
from mockidp.flows.login.transaction import (
    login_client,
    login_not_found,
    new_login,
    refuse_login,
    store_login,
    update_login,
)
from mockidp.frozen import replace
from mockidp.protocol.discovery.document import ACTIVATE
from mockidp.protocol.errors.oauth_error import AccessDenied
from mockidp.protocol.oauth.response_mode import AuthorizationResponse
from mockidp.protocol.tokens.artifacts import AuthorizationRequest, LoginTransaction, Session
from mockidp.resources.client import Client
from mockidp.tenant.tenant import Tenant

CANCELED = "User cancelled the confirmation prompt."


def is_pending(_tenant: Tenant, _client: Client, login: LoginTransaction) -> bool:
    """Return whether the person has yet to confirm the device."""
    return login.device_code is not None and not login.is_device_confirmed


def begin(
    tenant: Tenant,
    base_url: str,
    typed: str | None,
    session: Session | None,
    *,
    remembered: str | None = None,
) -> str:
    """Begin the login for the device with a user code. Return its state.

    `remembered` is the browser, if it was remembered after a second factor.

    Raises:
        UserCodeError: No device of this domain is waiting with that code.
    """
    code, device = find_device(tenant, typed)
    request = device.request
    _check_domain(tenant, base_url, request)
    client = login_client(tenant, new_login(request, None))
    login = new_login(request, find_usable_session(tenant, client, request, session))
    return store_login(tenant, replace(login, device_code=code, browser=remembered))


def _check_domain(tenant: Tenant, base_url: str, request: AuthorizationRequest) -> None:
    begun_at, urls = request.base_url, tenant.urls
    with tenant.trace.check("domain", of_device=urls.domain_name(begun_at)):
        if not urls.are_one_domain(begun_at, base_url):
            raise UserCodeError(
                f"The device got this code at {urls.describe_domain(begun_at)}, and it was typed "
                f"at {urls.describe_domain(base_url)}. Open the device's `verification_uri`, "
                f"{urls.browser_url(begun_at)}{ACTIVATE}."
            )


def user_code_of(tenant: Tenant, login: LoginTransaction) -> str:
    """Return the user code of the device that a login is for.

    Raises:
        InvalidRequest: The login is not for a device.
        UserCodeError: The device is no longer waiting.
    """
    with tenant.trace.check("state", is_for_device=login.device_code is not None):
        if login.device_code is None:
            raise login_not_found("Parameter `state` is that of a login without a device.")
    return waiting_device(tenant, login.device_code).user_code


def confirm(tenant: Tenant, login: LoginTransaction) -> LoginTransaction:
    """Store that the device shows the same code. Return the changed login.

    Raises:
        OAuthError: The login is not for a device, or the device is no longer waiting.
    """
    user_code_of(tenant, login)
    confirmed = replace(login, is_device_confirmed=True)
    update_login(tenant, login, confirmed)
    return confirmed


def cancel(tenant: Tenant, login: LoginTransaction) -> AuthorizationResponse:
    """End a login whose device the person does not confirm.

    Raises:
        OAuthError: The login is not for a device, or the device is no longer waiting.
    """
    user_code = user_code_of(tenant, login)
    error = AccessDenied(
        CANCELED, hint=f"The user canceled the confirmation of user code {user_code}."
    )
    tenant.trace.refuse("user_code", error, confirmed=False)
    return refuse_login(tenant, login, error)
