"""Notify apps that a session has ended.

Spec: OpenID Connect Back-Channel Logout 1.0.
Auth0: a client gets a logout token if it has logged in with the session and is subscribed to the
event that ended it (`backchannel_logout_initiators`).
"""

from __future__ import annotations

from functools import partial

from mockidp.flows.tokens.signing import sign_token
from mockidp.protocol.logout.logout_token import logout_token_claims
from mockidp.protocol.tokens.artifacts import Session
from mockidp.protocol.tokens.jwt import make_token
from mockidp.resources.client import Client
from mockidp.resources.client_logout import Initiator
from mockidp.tenant.logout.tokens import LogoutToken
from mockidp.tenant.tenant import Tenant


def send_logout_tokens(tenant: Tenant, session: Session, initiator: Initiator) -> None:
    """Send a logout token to each subscribed client of a session that has ended."""
    for login in session.clients:
        client = tenant.directory.clients.get(login.client_id)
        logout = client.backchannel_logout if client else None
        if client is None or logout is None or not logout.backchannel_logout_urls:
            continue
        if logout.is_notified_of(initiator):
            _send(tenant, session, client, login.issuer, initiator)
        else:
            tenant.trace.advise(
                f"Client {client.client_id} gets no logout token, because its "
                f"`backchannel_logout_initiators` do not include {initiator}. Add it to "
                "`selected_initiators`, or set `mode` to all."
            )


def _send(
    tenant: Tenant, session: Session, client: Client, issuer: str, initiator: Initiator
) -> None:
    with tenant.injection.delivery(client=client.client_id, user=session.user_id) as hits:
        token = _sign(tenant, session, client, issuer)
    for hit in hits:
        tenant.injection.note(hit, f"the delivery to client {client.client_id} was changed")
    (url,) = client.backchannel_logout.backchannel_logout_urls

    sent = LogoutToken(
        number=0,
        at=tenant.now(),
        token=token,
        client_id=client.client_id,
        user_id=session.user_id,
        sid=session.sid,
        initiator=initiator,
        url=url,
    )
    tenant.backend.after_commit(partial(tenant.logout_delivery.send, sent, hits))


def _sign(tenant: Tenant, session: Session, client: Client, issuer: str) -> str:
    claims = logout_token_claims(
        issuer=issuer,
        client_id=client.client_id,
        user_id=session.user_id,
        sid=session.sid,
        now=int(tenant.clock.issue_time()),
        jti=tenant.ids.uuid(),
        trace_id=tenant.ids.trace_id(),
    )
    token = make_token(
        claims,
        key=tenant.keys.current,
        secret=client.signing_secret,
        alg=client.jwt_configuration.alg,
        typ="JWT" if tenant.settings.profile == "auth0" else "logout+jwt",
    )
    return sign_token(
        tenant,
        token,
        kind="logout_token",
        client=client.client_id,
        user=session.user_id,
        audience=None,
    )
