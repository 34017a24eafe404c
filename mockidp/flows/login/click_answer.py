"""What a click on a user of the login page does: log in as usual, or what a test needs once.

Auth0 has nothing like it. `claims` changes the claims of the ID token, `blocked` refuses the login
as if the user were blocked, and `mfa` asks for a second factor. All of it ends with the login.
"""

from __future__ import annotations

from mockidp.flows.login.blocked import blocked_at_callback
from mockidp.flows.login.page_errors import (
    ANSWER_NOT_OFFERED,
    NO_FACTOR,
    NO_FIELD,
    LoginPageError,
)
from mockidp.flows.login.transaction import refuse_login
from mockidp.flows.mfa.authenticators import enabled_factors
from mockidp.protocol.oauth.response_mode import AuthorizationResponse
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant

USUAL, CLAIMS, BLOCKED, SECOND_FACTOR = "usual", "claims", "blocked", "mfa"
ANSWERS = (USUAL, CLAIMS, BLOCKED, SECOND_FACTOR)


def check_answer(tenant: Tenant, sent: str | None) -> str:
    """Return what a click does.

    Raises:
        LoginPageError: There is no such answer, or no second factor that could be asked for.
    """
    answer = sent or USUAL
    factors = enabled_factors(tenant)
    with tenant.trace.check("answer", chosen=answer, enabled_factors=factors):
        if answer not in ANSWERS:
            raise LoginPageError(
                {NO_FIELD: ANSWER_NOT_OFFERED},
                hint=f"Field `answer` is {answer!r}. Send one of {', '.join(ANSWERS)}.",
            )
        if answer == SECOND_FACTOR and not factors:
            raise LoginPageError(
                {NO_FIELD: NO_FACTOR},
                hint="No second factor is enabled. Enable one in `guardianFactors`.",
            )
    return answer


def refuse_as_blocked(tenant: Tenant, login: LoginTransaction, user: User) -> AuthorizationResponse:
    """End a login as if its user were blocked. The user is not changed."""
    error = blocked_at_callback(
        f"On the login page, user {user.user_id} was chosen to be blocked for this login only."
    )
    tenant.trace.note(user=user.user_id)
    tenant.trace.refuse("user", error, user=user.user_id, answer=BLOCKED)
    return refuse_login(tenant, login, error)
