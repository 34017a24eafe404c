"""Enroll a second factor with a ticket, on the pages that logins have for it.

Auth0: `/mfa/enrollment?ticket=`. A ticket enrolls one factor, and works once.
"""

from __future__ import annotations

from mockidp.flows.accounts.tickets import TicketError, find_ticket, take_ticket
from mockidp.flows.login.second_factor.step import ENROLLMENTS, OPTIONS
from mockidp.flows.login.transaction import login_not_found, store_login
from mockidp.flows.mfa.authenticators import enabled_factors, is_enrolled
from mockidp.protocol.login.login_results import Enrollment
from mockidp.protocol.mfa.guardian import EMAIL
from mockidp.protocol.tokens.artifacts import AuthorizationRequest, LoginTransaction
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant

KIND = "mfa-enrollment"


def begin_enrollment(tenant: Tenant, base_url: str, key: str | None) -> tuple[str, str]:
    """Return the state of a new enrollment, and the name of its first page.

    Raises:
        TicketError: The ticket cannot be used, or its user has a factor already.
    """
    found = find_ticket(tenant, KIND, key)
    factors = tuple(
        one
        for one in enabled_factors(tenant)
        if one != EMAIL and found.ticket.factor in (None, one)
    )
    enrolled = is_enrolled(tenant, found.user)
    with tenant.trace.check("enrollment", offered=factors, enrolled=enrolled):
        if not factors:
            named = found.ticket.factor or "otp, sms or push-notification"
            raise TicketError(
                "invalid", hint=f"No factor can be enrolled. Enable {named} in `guardianFactors`."
            )
        if enrolled and not found.ticket.adds_factor:
            raise TicketError(
                "invalid",
                hint=f"User {found.user.user_id} has a second factor. Create a ticket with "
                "`allow_multiple_enrollments: true` to add another one.",
            )
    enrollment = Enrollment(
        ticket=found.key, user_id=found.user.user_id, factor=found.ticket.factor
    )
    login = LoginTransaction(state="", request=_no_request(base_url), enrollment=enrollment)
    return store_login(tenant, login), ENROLLMENTS[factors[0]] if len(factors) == 1 else OPTIONS


def _no_request(base_url: str) -> AuthorizationRequest:
    return AuthorizationRequest(
        client_id="",
        redirect_uri="",
        redirect_uri_sent=False,
        response_type="code",
        response_mode="query",
        scope=(),
        audience=None,
        state=None,
        base_url=base_url,
    )


def enrolling_user(tenant: Tenant, enrollment: Enrollment, *, is_done: bool) -> User:
    """Return the user of an enrollment.

    Args:
        tenant: The tenant.
        enrollment: The enrollment.
        is_done: Whether the factor is enrolled, and only a recovery code is shown.

    Raises:
        InvalidRequest: The ticket was used or has expired meanwhile, or the user was deleted.
    """
    if not is_done:
        return find_ticket(tenant, KIND, enrollment.ticket).user
    user = tenant.directory.user(enrollment.user_id)
    with tenant.trace.check("user", id=enrollment.user_id, found=user is not None):
        if user is None:
            raise login_not_found(f"User {enrollment.user_id} was deleted meanwhile.")
    return user


def use_enrollment(tenant: Tenant, enrollment: Enrollment) -> None:
    """Use a ticket up, after its factor was enrolled.

    Raises:
        TicketError: Another request used it at the same time.
    """
    take_ticket(tenant, find_ticket(tenant, KIND, enrollment.ticket))
