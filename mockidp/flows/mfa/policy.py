"""Decide whether a login needs a second factor.

Auth0: the policy `all-applications` requires one at every login. Otherwise a request
(`acr_values`) or an Action can require one; the setting `mfa_audiences` replaces such an Action.
A token for the MFA API needs one if its user has enrolled a factor.
"""

from __future__ import annotations

from collections.abc import Collection

from mockidp.flows.mfa.authenticators import enabled_factors, is_enrolled
from mockidp.frozen import frozen
from mockidp.protocol.errors.oauth_error import AccessDenied
from mockidp.protocol.mfa.guardian import ALL_APPLICATIONS
from mockidp.protocol.mfa.records import ACR_VALUES, MFA, MFA_API, MULTI_FACTOR, PASSWORD_CLASS
from mockidp.protocol.tokens.artifacts import AuthorizationRequest
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant


@frozen(kw_only=False)
class Demand:
    """The reason why a second factor is needed, as a sentence.

    Attributes:
        why: The sentence.
        is_step_up: Whether only this request needs it, so that a remembered browser does not help.
    """

    why: str
    is_step_up: bool = False


def demand_second_factor(
    tenant: Tenant,
    user: User,
    *,
    audience: str | None,
    acr_values: Collection[str] = (),
    chosen: Demand | None = None,
) -> Demand | None:
    """Return why a login needs a second factor; None if it does not.

    Args:
        tenant: The tenant.
        user: The user who logs in.
        audience: The API that the access token is for.
        acr_values: The parameter of that name.
        chosen: What the person has chosen on the login page.
    """
    demand = chosen or _demand(tenant, user, audience, acr_values)
    if demand is None or enabled_factors(tenant):
        return demand
    tenant.trace.advise(
        f"{demand.why} It was skipped, because no factor is enabled. Enable one in "
        "`guardianFactors`."
    )
    return None


def _demand(
    tenant: Tenant, user: User, audience: str | None, acr_values: Collection[str]
) -> Demand | None:
    if MULTI_FACTOR in acr_values:
        return Demand("Parameter `acr_values` requests a second factor.", is_step_up=True)
    if audience is not None and audience in tenant.settings.mfa_audiences:
        return Demand(
            f"Setting `mfa_audiences` requires a second factor for API {audience}.", is_step_up=True
        )
    if audience is not None and audience.endswith(MFA_API) and is_enrolled(tenant, user):
        return Demand(
            f"User {user.user_id} has enrolled a second factor, which a token for the MFA API "
            "needs.",
            is_step_up=True,
        )
    if ALL_APPLICATIONS in tenant.directory.configuration.guardian_policies.policies:
        return Demand("The policy `all-applications` requires a second factor at every login.")
    return None


def advise_on_acr_values(tenant: Tenant, acr_values: Collection[str]) -> None:
    """Explain that values of `acr_values` other than that for a second factor have no effect."""
    known = ACR_VALUES if tenant.settings.profile == "oidc" else (MULTI_FACTOR,)
    others = [one for one in acr_values if one not in known]
    if others:
        tenant.trace.advise(
            f"Value {others[0]!r} of parameter `acr_values` was ignored. Send {MULTI_FACTOR} to "
            "request a second factor."
        )


def reached_acr(tenant: Tenant, request: AuthorizationRequest, amr: Collection[str]) -> str | None:
    """Return the first of the requested `acr_values` that a login has; None if it has none.

    Raises:
        AccessDenied: The parameter `claims` requires one (OpenID Connect Core 5.5.1.1).
    """
    reached = {MULTI_FACTOR} if MFA in amr else set()
    if tenant.settings.profile == "oidc":
        reached.add(PASSWORD_CLASS)
    acr = next((one for one in request.acr_values if one in reached), None)
    if not request.claims.requires_acr:
        return acr
    with tenant.trace.check("acr", requested=request.claims.acr_values, reached=acr):
        if acr not in request.claims.acr_values:
            raise AccessDenied(
                "The requested acr was not reached",
                hint="Parameter `claims` requires one of the `acr` values "
                f"{', '.join(request.claims.acr_values)}, but the login has "
                f"{' and '.join(sorted(reached))}. Request one of {', '.join(ACR_VALUES)}.",
            )
    return acr
