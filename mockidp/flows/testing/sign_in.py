"""A sign-in without a page: the user of a test answers an authorization request at once."""

from __future__ import annotations

from mockidp.errors import MockIdPError
from mockidp.flows.consent import remember_consent
from mockidp.flows.sessions import start_session
from mockidp.protocol.artifacts import AuthorizationRequest, Session
from mockidp.tenant.sign_ins import SignIn
from mockidp.tenant.tenant import Tenant


def sign_in_as(tenant: Tenant, user: str, *, client: str | None = None) -> None:
    """Let a user answer the next authorization request, of one client or of any.

    Raises:
        MockIdPError: No such user or client.
    """
    found = tenant.directory.name_user(user)
    if found is None:
        known = ", ".join(tenant.directory.users) or "none"
        raise MockIdPError(f"no user {user!r}; there are: {known}")
    if client is not None and tenant.directory.client(client) is None:
        known = ", ".join(tenant.directory.clients) or "none"
        raise MockIdPError(f"no client {client!r}; there are: {known}")
    tenant.sign_ins.add(SignIn(user_id=found.user_id, client_id=client))


def answer_sign_in(tenant: Tenant, request: AuthorizationRequest) -> Session | None:
    """Return the session of the user who signs in here next, who consents to all that is asked."""
    sign_in = tenant.sign_ins.take(request.client_id)
    user = tenant.directory.user(sign_in.user_id) if sign_in else None
    if user is None:
        return None
    remember_consent(tenant, user.user_id, request)
    return start_session(tenant, user)
