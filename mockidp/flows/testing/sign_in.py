"""A sign-in without a page: the user of a test answers an authorization request at once."""

from __future__ import annotations

from mockidp.flows.consent import remember_consent
from mockidp.flows.sessions import start_session
from mockidp.flows.testing.named import named_client, named_user
from mockidp.protocol.artifacts import AuthorizationRequest, Session
from mockidp.tenant.sign_ins import SignIn
from mockidp.tenant.tenant import Tenant


def sign_in_as(tenant: Tenant, user: str, *, client: str | None = None) -> None:
    """Let a user answer the next authorization request, of one client or of any.

    Raises:
        MockIdPError: No such user or client.
    """
    if client is not None:
        named_client(tenant, client)
    user_id = named_user(tenant, user).user_id
    tenant.sign_ins.add(SignIn(user_id=user_id, client_id=client))


def answer_sign_in(tenant: Tenant, request: AuthorizationRequest) -> Session | None:
    """Return the session of the user who signs in here next, who consents to all that is asked."""
    sign_in = tenant.sign_ins.take(request.client_id)
    user = tenant.directory.user(sign_in.user_id) if sign_in else None
    if user is None:
        return None
    remember_consent(tenant, user.user_id, request)
    return start_session(tenant, user)
