"""`/mfa/challenge`: challenge the user of an `mfa_token` with one of their factors.

Auth0: `challenge_type` lists the types that the client supports; without it, all are accepted.
Without an `authenticator_id`, the user's first matching factor is used (docs/fidelity.md).
"""

from __future__ import annotations

from mockidp.flows.clients.authentication import authenticate_client
from mockidp.flows.hints.known import list_known
from mockidp.flows.mfa.api_token import MfaCaller, read_mfa_token
from mockidp.flows.mfa.authenticators import usable_authenticators
from mockidp.flows.mfa.challenge import describe_challenge, send_challenge
from mockidp.flows.requests.parameters import check_parameters
from mockidp.protocol.errors.extension_error import UnsupportedChallengeType
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.mfa.guardian import RECOVERY_CODE
from mockidp.protocol.mfa.records import Authenticator
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.request_parameters.mfa import MFA_CHALLENGE
from mockidp.resources.client import Client
from mockidp.tenant.tenant import Tenant

NOT_ENROLLED = (
    "User is not enrolled. You can use /mfa/associate endpoint to enroll the first authenticator."
)


def challenge(
    tenant: Tenant, base_url: str, parameters: Parameters, authorization: str | None
) -> dict[str, str]:
    """Return the body of the response to a challenge request.

    Raises:
        OAuthError: Client or token are refused, or the user has no such factor.
    """
    client = authenticate_client(tenant, base_url, parameters, authorization)
    check_parameters(tenant, MFA_CHALLENGE, parameters)
    caller = find_caller(tenant, base_url, client, parameters)
    authenticator = _choose(tenant, caller, parameters)
    if not authenticator.is_oob:
        return {"challenge_type": authenticator.challenge_type}
    oob_code = send_challenge(tenant, authenticator, login=caller.token, client_id=client.client_id)
    return describe_challenge(authenticator, oob_code)


def find_caller(tenant: Tenant, base_url: str, client: Client, parameters: Parameters) -> MfaCaller:
    """Return the caller of a request with `mfa_token`, which was issued to the client.

    Raises:
        OAuthError: The token is missing, not accepted, or another client's.
    """
    with tenant.trace.check("mfa_token", is_sent=parameters.get("mfa_token") is not None):
        token = parameters.require("mfa_token")
    caller = read_mfa_token(tenant, base_url, token)
    owner = caller.transaction.client_id
    with tenant.trace.check("client_of_mfa_token", sent_by=client.client_id, issued_to=owner):
        if owner != client.client_id:
            raise InvalidRequest(
                "mfa_token not issued to this client",
                hint=f"The `mfa_token` was issued to client {owner}, but client "
                f"{client.client_id} sent it.",
            )
    return caller


def _choose(tenant: Tenant, caller: MfaCaller, parameters: Parameters) -> Authenticator:
    """Return the factor to challenge. A recovery code needs no challenge."""
    usable = [
        one for one in usable_authenticators(tenant, caller.user) if one.factor != RECOVERY_CODE
    ]
    types, wanted = parameters.get("challenge_type"), parameters.get("authenticator_id")
    with tenant.trace.check(
        "authenticator",
        challenge_type=types,
        authenticator_id=wanted,
        enrolled=[one.id for one in usable],
    ):
        if not usable:
            raise UnsupportedChallengeType(
                NOT_ENROLLED,
                hint=f"User {caller.user.user_id} has no factor that is enabled in "
                "`guardianFactors`.",
            )
        if wanted is not None:
            usable = [_named(usable, wanted)]
        accepted = (types or "otp oob").split()
        found = next((one for one in usable if one.challenge_type in accepted), None)
        if found is None:
            raise _unsupported(accepted, usable)
    return found


def _named(usable: list[Authenticator], wanted: str) -> Authenticator:
    found = next((one for one in usable if one.id == wanted), None)
    if found is None:
        known = list_known("authenticators", wanted, [one.id for one in usable])
        raise InvalidRequest(
            "Invalid authenticator_id",
            hint=f"The user has no active authenticator {wanted!r}. {known}",
        )
    return found


def _unsupported(accepted: list[str], usable: list[Authenticator]) -> UnsupportedChallengeType:
    supported = ", ".join(dict.fromkeys(one.challenge_type for one in usable))
    several = len(accepted) != 1
    which = "any of the requested challenge types" if several else "the requested challenge type"
    return UnsupportedChallengeType(
        f"The user does not support {which} ({', '.join(accepted)}). Supported type: {supported}.",
        hint=f"Parameter `challenge_type` allows {' and '.join(accepted)}, but the user's factors "
        f"are {', '.join(one.id for one in usable)}.",
    )
