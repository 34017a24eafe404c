"""The step `second factor`: the user proves with another factor who they are, or enrolls one.

Auth0: a session remembers that its user has passed a second factor. A remembered browser needs none
for 30 days, unless the request itself requires one.
"""

from __future__ import annotations

from collections.abc import Mapping

from mockidp.flows.mfa.authenticators import enabled_factors, is_enrolled, usable_authenticators
from mockidp.flows.mfa.policy import Demand, demand_second_factor
from mockidp.protocol.errors.oauth_error import LoginRequired
from mockidp.protocol.errors.refusal_texts import MFA_REQUIRED
from mockidp.protocol.mfa.guardian import EMAIL, OTP, PUSH, RECOVERY_CODE, SMS
from mockidp.protocol.mfa.records import MFA
from mockidp.protocol.tokens.artifacts import AuthorizationRequest, LoginTransaction
from mockidp.resources.client import Client
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant

CHALLENGES: Mapping[str, str] = {
    OTP: "mfa-otp-challenge",
    SMS: "mfa-sms-challenge",
    EMAIL: "mfa-email-challenge",
    PUSH: "mfa-push-challenge-push",
    RECOVERY_CODE: "mfa-recovery-code-challenge",
}
"""Auth0's name of the page on which a factor is used."""
ENROLLMENTS: Mapping[str, str] = {
    OTP: "mfa-otp-enrollment-qr",
    SMS: "mfa-phone-enrollment",
    EMAIL: "mfa-email-enrollment",
    PUSH: "mfa-push-enrollment-qr",
}
"""Auth0's name of the page on which a factor is enrolled."""
OTP_BY_HAND = "mfa-otp-enrollment-code"
OPTIONS = "mfa-login-options"
CHOSEN = Demand("On the login page, a second factor was chosen for this login.", is_step_up=True)
RECOVERY_ENROLLMENT = "mfa-recovery-code-enrollment"
NEW_RECOVERY_CODE = "mfa-recovery-code-challenge-new-code"


def is_pending(tenant: Tenant, _client: Client, login: LoginTransaction) -> bool:
    """Return whether the user still has to pass a second factor.

    Raises:
        LoginRequired: They have to, and the request forbids pages.
    """
    user = tenant.directory.user(login.user_id or "")
    chosen = CHOSEN if login.answer.asks_second_factor else None
    demand = _demand(tenant, user, login.request, chosen) if user else None
    if user is None or demand is None:
        return False
    session = tenant.sessions.get(login.session_id or "")
    amr = session.amr if session else ()
    remembered = is_remembered(tenant, login, demand)
    shown = login.second_factor.screen if login.second_factor else None
    shows_code = shown in (RECOVERY_ENROLLMENT, NEW_RECOVERY_CODE)
    pending = shows_code or (MFA not in amr and not remembered)
    with tenant.trace.check(
        "second_factor", amr=amr, remembered=remembered, prompt=login.request.prompt
    ):
        if pending and "none" in login.request.prompt:
            raise LoginRequired(
                MFA_REQUIRED,
                hint=f"Parameter prompt=none was sent, but a second factor is needed. {demand.why}",
            )
    return pending


def current_page(tenant: Tenant, login: LoginTransaction) -> str:
    """Return the path of the page of the second factor that a login has come to."""
    if login.second_factor is not None:
        return f"/u/{login.second_factor.screen}"
    user = tenant.directory.user(login.user_id or "")
    return f"/u/{first_screen(tenant, user) if user else OPTIONS}"


def first_screen(tenant: Tenant, user: User) -> str:
    """Return the page of the factor that was enrolled first, or on which one is enrolled."""
    if is_enrolled(tenant, user):
        usable = usable_authenticators(tenant, user)
        return CHALLENGES[next(one.factor for one in usable if one.factor != RECOVERY_CODE)]
    return ENROLLMENTS[enabled_factors(tenant)[0]]


def is_remembered(tenant: Tenant, login: LoginTransaction, demand: Demand) -> bool:
    """Return whether the user's browser was remembered and the request accepts that."""
    if login.browser is None or demand.is_step_up:
        return False
    return tenant.remembered_browsers.get(f"{login.browser} {login.user_id}") is not None


def amr_without_pages(tenant: Tenant, user: User, request: AuthorizationRequest) -> tuple[str, ...]:
    """Return the `amr` of a login that a test has prepared, as if it had gone through all pages."""
    return (MFA,) if _demand(tenant, user, request) else ()


def _demand(
    tenant: Tenant, user: User, request: AuthorizationRequest, chosen: Demand | None = None
) -> Demand | None:
    audience = request.audience or tenant.default_audience()
    return demand_second_factor(
        tenant, user, audience=audience, acr_values=request.acr_values, chosen=chosen
    )
