"""The second factor of /oauth/ro and /oauth/access_token: the code of an app, as `mfa_code`.

Auth0: the error codes begin with `a0.`; other factors cannot be used.
"""

from __future__ import annotations

from mockidp.flows.legacy.request import missing
from mockidp.flows.mfa.authenticators import usable_authenticators
from mockidp.flows.mfa.guesses import CodeRefusals
from mockidp.flows.mfa.policy import demand_second_factor
from mockidp.flows.mfa.verify import verify_otp
from mockidp.protocol.errors.extension_error import LegacyMfaError
from mockidp.protocol.errors.oauth_error import TooManyAttempts
from mockidp.protocol.errors.refusal_texts import TOO_MANY_CODES
from mockidp.protocol.mfa.guardian import OTP
from mockidp.protocol.mfa.records import MFA
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant

_REFUSALS = CodeRefusals(
    wrong=lambda hint: LegacyMfaError("a0.mfa_invalid_code", "Invalid MFA code.", hint=hint),
    too_many=lambda hint: TooManyAttempts(TOO_MANY_CODES, hint=hint),
)


def check_second_factor(tenant: Tenant, user: User, parameters: Parameters) -> tuple[str, ...]:
    """Return the `amr` of a login: `mfa` if it needed a second factor and has passed it.

    Raises:
        OAuthError: The code is missing or wrong, or the user has no authenticator app.
    """
    demand = demand_second_factor(tenant, user, audience=None)
    if demand is None:
        return ()
    factors = [one.factor for one in usable_authenticators(tenant, user)]
    code = parameters.get("mfa_code")
    with tenant.trace.check("second_factor", enrolled=factors, is_sent=code is not None):
        if OTP not in factors:
            raise LegacyMfaError(
                "a0.mfa_registration_required",
                "User is not enrolled with google-authenticator",
                hint=f"{demand.why} This endpoint accepts only the code of an authenticator app, "
                f"which user {user.user_id} has not enrolled. Enroll one, or log in at /authorize.",
            )
        if code is None:
            why = parameters.why_absent("mfa_code") or "Send the code of the user's app."
            raise LegacyMfaError(
                "a0.mfa_required",
                missing(parameters, "mfa_code").description,
                hint=f"{demand.why} Parameter `mfa_code` was not sent. {why}",
            )
    verify_otp(tenant, user, code, _REFUSALS)
    return (MFA,)
