"""Exchange a refresh token, with rotation and reuse detection.

Spec: RFC 6749 6; RFC 9700 4.14.2.
Auth0: with rotation only the newest token of a family is valid, and within the leeway the one
before it. Any other use revokes the whole family. The decision is one atomic swap of the family,
so only one of several concurrent requests succeeds.
"""

from __future__ import annotations

from typing import Any

from mockidp.flows.grants.multi_resource import choose_target
from mockidp.flows.grants.request import GrantRequest
from mockidp.flows.hints.evicted import or_evicted
from mockidp.flows.hints.timestamps import clock_time
from mockidp.flows.hints.tokens import explain_refresh_token
from mockidp.flows.login.blocked import blocked_at_refresh
from mockidp.flows.login.consent import consent_key
from mockidp.flows.mfa.require import require_second_factor
from mockidp.flows.requests.other_domain import issuing_url
from mockidp.flows.session_transfer.issue import issue_transfer_token, wants_transfer
from mockidp.flows.tokens.granted import Granted
from mockidp.flows.tokens.issue import issue_refreshed_tokens
from mockidp.flows.tokens.refresh_token import put_refresh_token, refresh_expiry
from mockidp.frozen import replace
from mockidp.protocol.errors.oauth_error import InvalidGrant
from mockidp.protocol.errors.refusal_texts import INVALID_REFRESH_TOKEN
from mockidp.protocol.tokens.artifacts import RefreshToken, RefreshTokenFamily
from mockidp.protocol.tokens.custom_claim import readable_parameters
from mockidp.resources.organization import Organization
from mockidp.resources.user import User
from mockidp.storage.store import replace_value
from mockidp.tenant.journal.flow_index import REFRESH_FAMILY
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.trace import cut

REUSED = "Unsuccessful Refresh Token exchange, reused refresh token detected"


def exchange(request: GrantRequest) -> dict[str, Any]:
    """Return new tokens, with a new refresh token if those of the client rotate."""
    token, family = _find(request)
    user = find_owner(request, family)
    organization = find_organization(request, family.organization_id, user)
    if wants_transfer(request, family):
        used = _use(request, token, family)
        return issue_transfer_token(request, used) | _rotated(request, used)
    # These come first, because a request that is refused must not use the token up.
    target = choose_target(request, family, user, organization)
    granted = Granted(
        client=request.client,
        user=user,
        scope=target.scope,
        api=target.api,
        gty=("refresh_token", *family.gty) if family.gty else (),
        sid=family.sid,
        organization=organization,
        amr=family.amr,
        claims=family.claims,
        extra_claims=family.extra_claims,
        authorization_details=target.authorization_details,
        code=family.code,
        impersonated_by=family.impersonated_by,
        request=readable_parameters(request.parameters),
        certificate=request.certificate,
    )
    rotating = request.client.refresh_token.rotation_type == "rotating"
    if rotating and token.counter != family.latest_counter:
        _check_reuse(request, token, family)
    require_second_factor(request.tenant, granted, requested=target.scope, family_id=family.id)
    used = _use(request, token, family)
    base_url = issuing_url(request, family.base_url)
    return issue_refreshed_tokens(request.tenant, base_url, granted, used)


def _use(
    request: GrantRequest, token: RefreshToken, family: RefreshTokenFamily
) -> RefreshTokenFamily:
    """Use a refresh token, which is then replaced if those of the client rotate."""
    rotating = request.client.refresh_token.rotation_type == "rotating"
    return _check_reuse(request, token, family) if rotating else _touch(request, family)


def _rotated(request: GrantRequest, family: RefreshTokenFamily) -> dict[str, str]:
    """Return the new refresh token of a response without other tokens, if those rotate."""
    rotating = request.client.refresh_token.rotation_type == "rotating"
    return {"refresh_token": put_refresh_token(request.tenant, family)} if rotating else {}


def _find(request: GrantRequest) -> tuple[RefreshToken, RefreshTokenFamily]:
    sent, by = request.parameters.get("refresh_token"), request.client.client_id
    with request.tenant.trace.check("refresh_token", sent=cut(sent), client=by):
        token, family = find_refresh_token(request, request.parameters.require("refresh_token"))
        if family.is_legacy:
            raise InvalidGrant(
                INVALID_REFRESH_TOKEN,
                hint="A legacy endpoint, /oauth/ro or /oauth/access_token, issued the refresh "
                "token. Only /delegation accepts it.",
            )
        return token, family


def find_refresh_token(request: GrantRequest, text: str) -> tuple[RefreshToken, RefreshTokenFamily]:
    """Return a refresh token of the client, and its family.

    Raises:
        InvalidGrant: It is unknown, expired or revoked, or another client's.
    """
    tenant = request.tenant
    known = tenant.refresh_tokens.history(text)
    if known is None:
        raise InvalidGrant(
            INVALID_REFRESH_TOKEN,
            hint=explain_refresh_token(tenant, text)
            or "This tenant never issued such a refresh token. It was issued by another "
            "server or before a restart, or was changed."
            + or_evicted(tenant, tenant.refresh_tokens),
        )
    token = known.value
    tenant.trace.used(REFRESH_FAMILY, token.family_id)
    family = tenant.refresh_families.get(token.family_id)
    if family is None:
        raise InvalidGrant(INVALID_REFRESH_TOKEN, hint=_why_family_ended(request, token))
    _note(request, family)
    if family.client_id != request.client.client_id:
        raise InvalidGrant(
            INVALID_REFRESH_TOKEN,
            hint=f"The refresh token was issued to client {family.client_id}, but client "
            f"{request.client.client_id} sent it.",
        )
    return token, family


def _note(request: GrantRequest, family: RefreshTokenFamily) -> None:
    request.tenant.trace.note(
        user=family.user_id,
        audience=family.audience,
        impersonator=family.impersonated_by.user_id if family.impersonated_by else None,
    )


def _why_family_ended(request: GrantRequest, token: RefreshToken) -> str:
    entry = request.tenant.refresh_families.history(token.family_id)
    if entry is None:
        return "The refresh token's family is no longer stored, because it ended long ago."
    if entry.taken_at is not None:
        return (
            f"The refresh token's family was revoked at {clock_time(entry.taken_at)}, by "
            "/oauth/revoke, with the session or the user, or because a token or code that had been "
            "used before was used again."
        )
    absolute = entry.expires_at >= entry.value.absolute_expires_at
    field = "token_lifetime" if absolute else "idle_token_lifetime"
    return (
        f"The refresh token expired at {clock_time(entry.expires_at)} "
        f"(`refresh_token.{field}` of client {entry.value.client_id})."
    )


def find_owner(request: GrantRequest, family: RefreshTokenFamily) -> User:
    """Return the user of a refresh token.

    Raises:
        InvalidGrant: The user was deleted or is blocked.
    """
    user = request.tenant.directory.user(family.user_id)
    blocked = bool(user and user.blocked)
    with request.tenant.trace.check("user", user=family.user_id, blocked=blocked):
        if user is None:
            raise InvalidGrant(
                "The refresh_token was generated for a user who doesn't exist anymore.",
                hint=f"User {family.user_id} was deleted.",
            )
        if user.blocked:
            raise blocked_at_refresh(f"User {user.user_id} has `blocked: true`.")
    return user


def find_organization(request: GrantRequest, wanted: str | None, user: User) -> Organization | None:
    """Return the organization of the login, of which the user must still be a member.

    Raises:
        InvalidGrant: It was removed, or the user has left it.
    """
    if wanted is None:
        return None
    request.tenant.trace.note(organization=wanted)
    organization = request.tenant.directory.organization(wanted)
    is_member = organization is not None and organization.member(user.user_id) is not None
    with request.tenant.trace.check("membership", organization=wanted, is_member=is_member):
        if organization is None or not is_member:
            raise InvalidGrant(
                INVALID_REFRESH_TOKEN,
                hint=f"The refresh token is for organization {wanted}, and user "
                f"{user.user_id} is no longer a member of it.",
            )
    return organization


def _check_reuse(
    request: GrantRequest, token: RefreshToken, family: RefreshTokenFamily
) -> RefreshTokenFamily:
    leeway = request.client.refresh_token.leeway
    with request.tenant.trace.check(
        "refresh_token_reuse", sent=token.counter, latest=family.latest_counter, leeway=leeway
    ):
        return _rotate(request, token, family)


def _rotate(
    request: GrantRequest, token: RefreshToken, family: RefreshTokenFamily
) -> RefreshTokenFamily:
    """Advance the family, or revoke it if the token is not its latest."""
    tenant, now = request.tenant, request.tenant.now()
    if token.counter == family.latest_counter:
        moved = replace(family, latest_counter=family.latest_counter + 1, rotated_at=now)
        expires_at = refresh_expiry(request.client, moved, now)
        families = tenant.refresh_families
        if replace_value(families, family.id, family, moved, expires_at=expires_at):
            return moved
        raced = families.get(family.id)
        if raced is None:
            raise InvalidGrant(INVALID_REFRESH_TOKEN, hint=_why_family_ended(request, token))
        family = raced
    leeway = request.client.refresh_token.leeway
    if token.counter == family.latest_counter - 1 and now - family.rotated_at < leeway:
        return family
    revoke_family(tenant, family)
    reports_reuse = tenant.settings.refresh_token_reuse_error == "reused"
    raise InvalidGrant(
        REUSED if reports_reuse else INVALID_REFRESH_TOKEN,
        hint=f"Refresh token {token.counter} of its family was used again after token "
        f"{family.latest_counter} had been issued (at {clock_time(family.rotated_at)}, "
        f"leeway {leeway} s). The whole family is now revoked.",
    )


def revoke_family(tenant: Tenant, family: RefreshTokenFamily) -> None:
    """Revoke all tokens of a family, and the grant: the user's consent for client and API."""
    tenant.refresh_families.take(family.id)
    tenant.consents.take(
        consent_key(tenant, family.client_id, family.user_id, audience=family.audience)
    )


def _touch(request: GrantRequest, family: RefreshTokenFamily) -> RefreshTokenFamily:
    """Restart the idle lifetime of a token that does not rotate."""
    expires_at = refresh_expiry(request.client, family, request.tenant.now())
    families = request.tenant.refresh_families
    replace_value(families, family.id, family, family, expires_at=expires_at)
    return family
