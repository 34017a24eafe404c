"""Answer an authorization request with a sign-in that a test has prepared."""

from __future__ import annotations

from mockidp.flows.login.consent import remember_consent
from mockidp.flows.sessions import start_session
from mockidp.protocol.artifacts import AuthorizationRequest, Session
from mockidp.tenant.tenant import Tenant


def answer_sign_in(tenant: Tenant, request: AuthorizationRequest) -> Session | None:
    """Return the session of the prepared user, who consents to all requested scopes.

    Return `None` if no sign-in is prepared for the client.
    """
    sign_in = tenant.sign_ins.take(request.client_id)
    user = tenant.directory.user(sign_in.user_id) if sign_in else None
    if user is None:
        return None
    remember_consent(tenant, user.user_id, request)
    return start_session(tenant, user)
