"""Request a link.

Auth0: `docs/fidelity.md`, "Impersonation". A link is signed for the URL at which it will be opened.
Its parameters are stored, and the bewit carries only their id.
"""

from __future__ import annotations

from urllib.parse import quote

from mockidp.flows.audience import UnknownAudience, find_api
from mockidp.flows.hints.clients import hint_for_unknown_client
from mockidp.flows.hints.known import list_known
from mockidp.flows.hints.urls import why_not_a_callback
from mockidp.protocol.errors.refusal import ApiRefusal
from mockidp.protocol.impersonation.bewit import make_bewit
from mockidp.protocol.impersonation.link_request import ImpersonationRequest
from mockidp.protocol.oauth.scope import make_scope
from mockidp.protocol.tokens.artifacts import ImpersonatedBy, ImpersonationLink
from mockidp.protocol.urls.origin import origin_of
from mockidp.protocol.urls.rules import first_url
from mockidp.resources.client import Client
from mockidp.resources.user import User
from mockidp.tenant.journal.flow_index import LINK
from mockidp.tenant.tenant import Tenant


def make_link(
    tenant: Tenant, base_url: str, user_id: str, request: ImpersonationRequest
) -> ImpersonationLink:
    """Return a new link that logs the impersonator in as a user when it is opened at `base_url`.

    Raises:
        ApiRefusal: 403 where the feature is off, 404 for a user or client that does not exist,
            400 for a callback or connection that the client does not have.
    """
    settings = tenant.settings.impersonation
    _note(tenant, user_id, request)
    _check_enabled(tenant)
    user = _find_user(tenant, user_id, "user")
    impersonator = _find_user(tenant, request.impersonator_id, "impersonator_id")
    client = _find_client(tenant, base_url, user, request.client_id)
    callback_url = _find_callback(tenant, client, request.callback_url)
    _check_audience(tenant, base_url, request.audience)
    now = tenant.now()
    link_id = tenant.ids.opaque_id()
    expires_at = int(now) + (request.ttl or settings.ttl)
    unsigned_url = f"{base_url}/users/{quote(user.user_id, safe='')}/impersonate?"
    bewit = _sign(tenant, unsigned_url, expires_at=expires_at, link_id=link_id)
    link = ImpersonationLink(
        id=link_id,
        url=f"{unsigned_url}&bewit={bewit}",
        origin=origin_of(base_url),
        bewit=bewit,
        user_id=user.user_id,
        impersonated_by=ImpersonatedBy(
            user_id=impersonator.user_id, email=request.impersonator_email or impersonator.email
        ),
        client_id=client.client_id,
        response_type=request.response_type,
        scope=request.scope,
        state=request.state,
        callback_url=callback_url,
        audience=request.audience,
        created_at=now,
        expires_at=expires_at,
        response_mode=request.response_mode,
    )
    # The bewit has its own expiry. The entry never expires, so that a hint can name that time.
    tenant.links.put(link_id, link, expires_at=float("inf"))
    tenant.trace.made(LINK, link_id)
    return link


def _check_enabled(tenant: Tenant) -> None:
    with tenant.trace.check("impersonation", enabled=tenant.impersonates):
        if not tenant.impersonates:
            raise ApiRefusal(
                403,
                "Impersonation is not enabled for this tenant.",
                hint="Flag `tenant.flags.disable_impersonation` is true. Set it to false, or the "
                "setting `impersonation.enabled` to true."
                if tenant.settings.impersonation.enabled is None
                else "Setting `impersonation.enabled` is false.",
            )


def _note(tenant: Tenant, user_id: str, request: ImpersonationRequest) -> None:
    tenant.trace.note(
        client=request.client_id,
        user=user_id,
        impersonator=request.impersonator_id,
        audience=request.audience,
        scope=make_scope(request.scope),
    )


def _find_user(tenant: Tenant, user_id: str, name: str) -> User:
    user = tenant.directory.user(user_id)
    sent_as = "" if name == "user" else f", which was sent as `{name}`"
    with tenant.trace.check(name, sent=user_id):
        if user is None:
            raise ApiRefusal(
                404,
                "The user does not exist.",
                error_code="inexistent_user",
                hint=f"This tenant has no user {user_id!r}{sent_as}. "
                + list_known("users", user_id, tenant.directory.users),
            )
    return user


def _find_client(tenant: Tenant, base_url: str, user: User, client_id: str) -> Client:
    client, check = tenant.directory.client(client_id, base_url=base_url), tenant.trace.check
    with check("client_id", sent=client_id):
        if client is None:
            raise ApiRefusal(
                404,
                "The client does not exist",
                error_code="inexistent_client",
                hint=f"No client has the `client_id` {client_id!r}. "
                + hint_for_unknown_client(tenant.directory, client_id),
            )
    enabled = tenant.directory.connections_for(client)
    with check("connection", of_user=user.connection, enabled=enabled):
        if user.connection not in enabled:
            raise ApiRefusal(
                400,
                "The connection is not enabled for the client.",
                error_code="invalid_body",
                hint=f"Connection {user.connection} of user {user.user_id} is not enabled for "
                f"client {client_id}. Add the client to its `enabled_clients`.",
            )
    return client


def _find_callback(tenant: Tenant, client: Client, requested: str | None) -> str:
    with tenant.trace.check("callback_url", sent=requested, callbacks=client.callbacks):
        return _callback(tenant, client, requested)


def _callback(tenant: Tenant, client: Client, requested: str | None) -> str:
    """Return the URL that the link leads to: the requested callback, or the client's first."""
    if requested is None:
        first = first_url(client.callbacks)
        if first is None:
            raise ApiRefusal(
                400,
                "The client has no callback URL.",
                error_code="invalid_body",
                hint="Parameter `additionalParameters.callback_url` is empty or absent, and client "
                f"{client.client_id} has no callback to use instead.",
            )
        return first
    if not tenant.directory.allows_callback(client, requested):
        raise ApiRefusal(
            400,
            f"Callback URL mismatch. {requested} is not in the list of allowed callback URLs",
            error_code="invalid_body",
            hint=f"Property `additionalParameters.callback_url` {requested!r} is not among the "
            f"callbacks of client {client.client_id}. "
            + why_not_a_callback(tenant.directory, client, requested),
        )
    return requested


def _check_audience(tenant: Tenant, base_url: str, audience: str | None) -> None:
    """Refuse an unknown audience, if the tenant honors audiences."""
    if not tenant.settings.impersonation.honour_audience:
        return
    try:
        find_api(tenant, base_url, audience)
    except UnknownAudience as error:
        raise ApiRefusal(
            400, error.description, error_code="invalid_body", hint=error.hint
        ) from None


def _sign(tenant: Tenant, url: str, *, expires_at: int, link_id: str) -> str:
    with tenant.trace.check("bewit", key_id=tenant.bewit_key_id, expires_at=expires_at):
        try:
            return make_bewit(
                key=tenant.bewit_key, id=tenant.bewit_key_id, exp=expires_at, url=url, ext=link_id
            )
        except ValueError as error:
            raise ApiRefusal(
                400,
                "Impersonation is not available.",
                hint=f"A bewit cannot have the id {tenant.bewit_key_id!r}, which is "
                f"`impersonation.key_id` or the client_id of the global client: {error}.",
            ) from None
