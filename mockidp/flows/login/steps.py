"""The steps of a login, in order.

A login is a `LoginTransaction` from the authorization request to its response. A step is pending
until the transaction, or the tenant, contains its result. `/authorize` and
`/authorize/resume` both find the first pending step and redirect the person to its page. If no step
is pending, the client gets its response (`resume`).

1. confirm the device: compare its code, if a device waits for the login (`flows.device`).
2. select organization: the person names an organization, if the client asks before the login.
3. identify: find out who the user is, from a session, or from the name typed or picked.
4. authenticate: verify the password, or accept the pick, and start a session.
5. pick organization: the user has to be a member of the organization, or picks one.
6. second factor: the user enrolls one, or enters a code, if policy or request demand it.
7. passkey: the user is asked to create one, after a password.
8. Actions belong here. mockidp does not run any yet.
9. consent: the user allows the client what it requests.

To add a step, write a module with its `is_pending`, insert a `LoginStep` below, and serve its page
in `web.hosted`. The page changes the transaction with `transaction.update_login`.
"""

from __future__ import annotations

from collections.abc import Callable

from mockidp.flows.login import (
    authenticate,
    consent,
    device,
    identify,
    passkey,
    pick_organization,
    select_organization,
)
from mockidp.flows.login.second_factor import step as second_factor
from mockidp.frozen import frozen
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.resources.client import Client
from mockidp.tenant.tenant import Tenant

LOGIN_PAGE = "/u/login"
CLASSIC_PAGE = "/login"
IDENTIFIER_PAGE = "/u/login/identifier"
PASSWORD_PAGE = "/u/login/password"
PROVIDER_PAGE = "/u/login/provider"
SIGN_UP_PAGE = "/u/signup"
SIGN_UP_IDENTIFIER = "/u/signup/identifier"
SIGN_UP_PASSWORD = "/u/signup/password"
RESET_PAGE = "/u/reset-password/request"
CONSENT_PAGE = "/u/consent"
SELECTION_PAGE = "/u/organization/selection"
PICKER_PAGE = "/u/organization/picker"
SECOND_FACTOR_PAGE = "/u/mfa-login-options"
PASSKEY_PAGE = "/u/passkey-enrollment"
DEVICE_PAGE = "/u/device/confirmation"
VERIFY_PAGE = "/co/verify"


@frozen
class LoginStep:
    """One step.

    Attributes:
        name: Its name.
        page: The path of the page on which the person takes it.
        find_page: Returns the path, if it depends on the login.
        is_pending: Returns whether it still has to be taken. Raises an `OAuthError` if it has to
            be, and the request forbids pages (`prompt=none`), or if it cannot be taken.
    """

    name: str
    page: str
    is_pending: Callable[[Tenant, Client, LoginTransaction], bool]
    find_page: Callable[[Tenant, LoginTransaction], str] | None = None

    def page_for(self, tenant: Tenant, login: LoginTransaction) -> str:
        """Return the path of the page for a login."""
        return self.find_page(tenant, login) if self.find_page else self.page


STEPS = (
    LoginStep(name="confirm the device", page=DEVICE_PAGE, is_pending=device.is_pending),
    LoginStep(
        name="select organization", page=SELECTION_PAGE, is_pending=select_organization.is_pending
    ),
    LoginStep(name="identify", page=LOGIN_PAGE, is_pending=identify.is_pending),
    LoginStep(name="authenticate", page=LOGIN_PAGE, is_pending=authenticate.is_pending),
    LoginStep(name="pick organization", page=PICKER_PAGE, is_pending=pick_organization.is_pending),
    LoginStep(
        name="second factor",
        page=SECOND_FACTOR_PAGE,
        is_pending=second_factor.is_pending,
        find_page=second_factor.current_page,
    ),
    LoginStep(name="passkey", page=PASSKEY_PAGE, is_pending=passkey.is_pending),
    LoginStep(name="consent", page=CONSENT_PAGE, is_pending=consent.is_pending),
)


def next_step(tenant: Tenant, client: Client, login: LoginTransaction) -> LoginStep | None:
    """Return the first pending step; None if the client can be answered.

    Raises:
        OAuthError: A step is pending, and the request forbids pages, or it cannot be taken.
    """
    return next((step for step in STEPS if step.is_pending(tenant, client, login)), None)
