"""Issue tokens for the answer to a passkey challenge: a sign-up or a login.

Auth0: grant type `urn:okta:params:oauth:grant-type:webauthn`. Errors of the answer are unknown
(docs/fidelity.md, "Passkeys"); scope and audience are as in the password grant.
"""

from __future__ import annotations

from typing import Any

from mockidp.flows.grants.request import GrantRequest
from mockidp.flows.grants.user_login import (
    check_not_blocked,
    find_api_or_deny,
    issue_to_user,
    require,
)
from mockidp.flows.organizations.connections import check_organization_connection
from mockidp.flows.organizations.membership import check_membership, join
from mockidp.flows.organizations.named import look_up
from mockidp.flows.passkeys.realm import passkey_connection
from mockidp.flows.passkeys.relying_party import check_installed
from mockidp.flows.passkeys.sign_up import sign_up_with_passkey
from mockidp.flows.passkeys.verify import read_response, take_challenge, verified_passkey
from mockidp.flows.sessions.login_count import count_login
from mockidp.protocol.errors.oauth_error import InvalidGrant, InvalidRequest
from mockidp.protocol.login.passkeys import CHALLENGE_LIFETIME, PasskeyChallenge
from mockidp.resources.connection import Connection
from mockidp.resources.organization import Organization
from mockidp.resources.user import User

INVALID_SESSION = "Invalid auth_session"
FAILED = "Passkey authentication failed"


def exchange(request: GrantRequest) -> dict[str, Any]:
    """Return tokens for a user who has answered a challenge. The challenge is used up."""
    check_installed(request.tenant)
    session = require(request, "auth_session")
    challenge = _find_challenge(request, session)
    connection = _find_connection(request, challenge)
    organization = _find_organization(request, challenge)
    api = find_api_or_deny(request)
    response = read_response(
        request.tenant,
        request.parameters.raw().get("authn_response"),
        is_new=challenge.purpose == "signup",
        malformed=lambda hint: InvalidRequest("Invalid authn_response", hint=hint),
    )
    with request.tenant.trace.check("auth_session", found=True):
        if not take_challenge(request.tenant, session, challenge):
            raise _no_session()
    user = (
        sign_up_with_passkey(
            request.tenant, request.base_url, challenge, connection, response, refuse=_failed
        )
        if challenge.purpose == "signup"
        else verified_passkey(request.tenant, challenge, response, _failed)[1]
    )
    user = count_login(request.tenant, user)
    check_not_blocked(request, user)
    if organization is not None:
        organization = _enter(request, organization, user, is_new=challenge.purpose == "signup")
    return issue_to_user(request, user, api, organization=organization)


def _failed(hint: str) -> InvalidGrant:
    return InvalidGrant(FAILED, hint=hint)


def _no_session() -> InvalidGrant:
    return InvalidGrant(
        INVALID_SESSION,
        hint=f"No challenge has this `auth_session`. It works once, for {CHALLENGE_LIFETIME} "
        "seconds. Request another at /passkey/challenge or /passkey/register.",
    )


def _find_challenge(request: GrantRequest, session: str) -> PasskeyChallenge:
    """Return the challenge of an `auth_session`."""
    entry = request.tenant.passkey_challenges.find(session)
    found = entry.value if entry and entry.is_good(request.tenant.now()) else None
    is_here = found is not None and found.purpose in ("signup", "login")
    with request.tenant.trace.check("auth_session", found=is_here):
        if found is None or not is_here:
            raise _no_session()
    owner, sent_by = found.client_id, request.client.client_id
    with request.tenant.trace.check("client_of_session", sent_by=sent_by, issued_to=owner):
        if owner != sent_by:
            raise InvalidGrant(
                INVALID_SESSION,
                hint=f"The `auth_session` was issued to client {owner}, but client {sent_by} sent "
                "it.",
            )
    return found


def _find_connection(request: GrantRequest, challenge: PasskeyChallenge) -> Connection:
    """Return the connection that the realm names, which is that of the challenge."""
    found = passkey_connection(request.tenant, request.client, request.parameters.get("realm"))
    with request.tenant.trace.check(
        "realm_of_session", sent=found.name, of_session=challenge.connection
    ):
        if found.name != challenge.connection:
            raise InvalidRequest(
                "Invalid realm",
                hint=f"The realm is {found.name}, but `auth_session` is for "
                f"{challenge.connection}. Send it as `realm`. Without one, the realm is the "
                "tenant's `default_directory`.",
            )
    return found


def _find_organization(request: GrantRequest, challenge: PasskeyChallenge) -> Organization | None:
    """Return the organization of the challenge. A parameter that names another is refused."""
    tenant, sent = request.tenant, request.parameters.get("organization")
    found = look_up(tenant, challenge.organization_id) if challenge.organization_id else None
    named = look_up(tenant, sent) if sent else found
    with tenant.trace.check("organization", sent=sent, of_session=challenge.organization_id):
        if (named.id if named else sent) != challenge.organization_id:
            raise InvalidRequest(
                "Invalid organization",
                hint=f"Parameter `organization` is {sent!r:.80}, but `auth_session` is for "
                f"{challenge.organization_id or 'none'}. Send the same in both requests.",
            )
    if found is not None:
        check_organization_connection(tenant, request.client, found, challenge.connection)
    return found


def _enter(
    request: GrantRequest, organization: Organization, user: User, *, is_new: bool
) -> Organization:
    """Return the organization, of which the user is a member. A new user becomes one."""
    if not is_new:
        check_membership(request.tenant, organization, user)
    is_member = organization.member(user.user_id) is not None
    return organization if is_member else join(request.tenant, organization, user)
