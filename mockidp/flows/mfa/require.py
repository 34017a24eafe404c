"""Refuse a token request until its user has passed a second factor: `mfa_required`.

Auth0: the refusal has an `mfa_token`, and `mfa_requirements` with what the user can enroll. For
users who have enrolled, it has the types of their factors only if the request itself, not the
policy for all logins, needs the second factor.
"""

from __future__ import annotations

from mockidp.flows.mfa.authenticators import enabled_factors, is_enrolled, usable_authenticators
from mockidp.flows.mfa.policy import Demand, demand_second_factor
from mockidp.flows.tokens.granted import Granted
from mockidp.protocol.errors.extension_error import MfaRequired
from mockidp.protocol.errors.refusal_texts import MFA_REQUIRED
from mockidp.protocol.mfa.records import MFA, MFA_TOKEN_LIFETIME, MfaTransaction, requirements
from mockidp.tenant.tenant import Tenant


def require_second_factor(
    tenant: Tenant,
    granted: Granted,
    *,
    requested: tuple[str, ...],
    family_id: str | None = None,
) -> None:
    """Check that tokens may be issued without another factor.

    Call this before the tokens are issued, with what they would be made from.

    Args:
        tenant: The tenant.
        granted: The grant. Its `amr` says whether the user has passed a second factor before.
        requested: The scope that was requested.
        family_id: The family of the refresh token that was sent.

    Raises:
        MfaRequired: A second factor is needed first.
    """
    user, audience = granted.user, granted.api.identifier if granted.api else None
    demand = demand_second_factor(tenant, user, audience=audience)
    if demand is None:
        return
    with tenant.trace.check("second_factor", amr=granted.amr, audience=audience):
        if MFA in granted.amr:
            return
        token = _store(tenant, granted, requested, family_id)
        raise _refusal(tenant, granted, demand, token)


def _store(
    tenant: Tenant, granted: Granted, requested: tuple[str, ...], family_id: str | None
) -> str:
    """Store what the tokens will be made from. Return the `mfa_token`."""
    token = tenant.ids.mfa_token()
    transaction = MfaTransaction(
        client_id=granted.client.client_id,
        user_id=granted.user.user_id,
        scope=granted.scope,
        requested_scope=requested,
        audience=granted.api.identifier if granted.api else None,
        gty=granted.gty,
        sid=granted.sid,
        organization_id=granted.organization.id if granted.organization else None,
        family_id=family_id,
        impersonated_by=granted.impersonated_by,
        request=granted.request,
    )
    tenant.mfa_transactions.put(token, transaction, expires_at=tenant.now() + MFA_TOKEN_LIFETIME)
    return token


def _refusal(tenant: Tenant, granted: Granted, demand: Demand, token: str) -> MfaRequired:
    user = granted.user
    enrolled = is_enrolled(tenant, user)
    factors = [one.factor for one in usable_authenticators(tenant, user)]
    remedy = (
        f"Send the `mfa_token` to /mfa/challenge and with an MFA grant ({', '.join(factors)})."
        if enrolled
        else "The user has not enrolled one: send the `mfa_token` to /mfa/associate."
    )
    error = MfaRequired(MFA_REQUIRED, hint=f"{demand.why} {remedy}")
    error.mfa_token = token
    if not enrolled:
        error.requirements = requirements("enroll", enabled_factors(tenant))
    elif demand.is_step_up:
        error.requirements = requirements("challenge", factors)
    return error
