"""Legacy impersonation: asking for a link, and opening it.

Auth0: `docs/fidelity.md`, "Impersonation". A link is signed for the origin at which it was
asked for; its parameters stay here, and the bewit carries only the id under which they do.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from mockidp.flows.audience import find_api
from mockidp.flows.bad_mac import Cause, Opening, explain_refusal, reused, without_state
from mockidp.flows.issue import Granted, issue_access_token, issue_id_token
from mockidp.flows.sessions import start_session
from mockidp.protocol.artifacts import (
    AuthorizationCode,
    ImpersonatedBy,
    ImpersonationLink,
    Session,
)
from mockidp.protocol.bewit import BewitError, check_bewit, make_bewit
from mockidp.protocol.callback import nearest_difference
from mockidp.protocol.client import Client
from mockidp.protocol.impersonation import ImpersonationRequest
from mockidp.protocol.oauth_error import AccessDenied
from mockidp.protocol.origin import origin_of
from mockidp.protocol.refusal import ApiRefusal
from mockidp.protocol.resource_server import ResourceServer
from mockidp.protocol.response_mode import AuthorizationResponse, ResponseMode
from mockidp.protocol.scope import OPENID, make_scope
from mockidp.protocol.user import User
from mockidp.tenant.tenant import Tenant

BAD_MAC = "Bad mac"


class ImpersonationRefused(AccessDenied):
    """A link that does not open: Hawk's words on the wire, and `cause` for a developer."""

    def __init__(self, words: str, cause: Cause, *, status: int = 401) -> None:
        super().__init__(f"Impersonation - {words}", hint=cause.hint, status=status)
        self.cause = cause


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedLink:
    """What comes of opening a link; `session` is for the browser, where the tenant starts one."""

    response: AuthorizationResponse
    session: Session | None = None


def make_link(
    tenant: Tenant, base_url: str, user_id: str, request: ImpersonationRequest
) -> ImpersonationLink:
    """Return a new link that logs the impersonator in as a user.

    Raises:
        ApiRefusal: 403 where the feature is off, 404 for a user or client that does not exist,
            400 for a callback or connection that the client has not.
    """
    settings = tenant.settings.impersonation
    if not settings.enabled:
        raise ApiRefusal(
            403,
            "Impersonation is not enabled for this tenant.",
            hint="the setting impersonation.enabled is false",
        )
    user = _find_user(tenant, user_id, "user")
    impersonator = _find_user(tenant, request.impersonator_id, "impersonator_id")
    client = _find_client(tenant, user, request.client_id)
    now = tenant.now()
    link_id = tenant.ids.opaque_id()
    expires_at = int(now) + (request.ttl or settings.ttl)
    bare = f"{base_url}/users/{quote(user.user_id, safe='')}/impersonate?"
    bewit = make_bewit(
        key=tenant.bewit_key, id=tenant.bewit_key_id, exp=expires_at, url=bare, ext=link_id
    )
    link = ImpersonationLink(
        id=link_id,
        url=f"{bare}&bewit={bewit}",
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
        callback_url=_callback(tenant, client, request.callback_url),
        audience=request.audience,
        created_at=now,
        expires_at=expires_at,
    )
    # Kept beyond its end: the bewit's own time decides, and a hint can say when it ended.
    tenant.links.put(link_id, link, expires_at=float("inf"))
    return link


def open_link(tenant: Tenant, base_url: str, opening: Opening) -> OpenedLink:
    """Log in through a link. HEAD answers as GET does, with a code that is good for nothing.

    Raises:
        ImpersonationRefused: The link does not open; it is not used up by that.
    """
    link = check_link(tenant, opening)
    client, user = tenant.directory.client(link.client_id), tenant.directory.user(link.user_id)
    if client is None or user is None:
        raise ImpersonationRefused(
            BAD_MAC,
            Cause(
                "removed", f"client {link.client_id} or user {link.user_id} was removed meanwhile"
            ),
        )
    is_head = opening.method == "HEAD"
    api = _api(tenant, base_url, link)
    if (
        tenant.settings.impersonation.single_use
        and not is_head
        and tenant.links.take(link.id) is None
    ):
        raise ImpersonationRefused(BAD_MAC, reused(tenant.links.history(link.id)))
    session = None
    if tenant.settings.impersonation.sso_session and not is_head:
        session = start_session(tenant, user)
    granted = Granted(
        client=client,
        user=user,
        scope=link.scope,
        api=api,
        sid=session.sid if session else None,
        impersonated_by=link.impersonated_by,
    )
    if link.response_type == "code":
        response = _with_code(tenant, link, granted, keep=not is_head)
    else:
        response = _with_tokens(tenant, base_url, link, granted)
    return OpenedLink(response=response, session=session)


def check_link(tenant: Tenant, opening: Opening) -> ImpersonationLink:
    """Return the link that is opened, if it would open now. Nothing is used up.

    Raises:
        ImpersonationRefused: It would not; in Hawk's words and with Hawk's status.
    """
    try:
        bewit = check_bewit(
            method=opening.method,
            target=opening.target,
            origin=opening.origin,
            has_authorization=opening.has_authorization,
            keys={tenant.bewit_key_id: tenant.bewit_key},
            now=tenant.now(),
        )
    except BewitError as error:
        cause = explain_refusal(tenant, opening, error)
        raise ImpersonationRefused(error.message, cause, status=error.status) from None
    entry = tenant.links.history(bewit.ext)
    if entry is None:
        raise ImpersonationRefused(
            BAD_MAC,
            Cause(
                "unknown_link",
                f"the MAC is right, but this tenant has no link with the id {bewit.ext!r} in ext",
            ),
        )
    link = entry.value
    if opening.origin != link.origin:
        raise ImpersonationRefused(BAD_MAC, explain_refusal(tenant, opening, None))
    if tenant.settings.impersonation.require_state and link.state is None:
        raise ImpersonationRefused(BAD_MAC, without_state())
    if entry.taken_at is not None:
        raise ImpersonationRefused(BAD_MAC, reused(entry))
    return link


def _find_user(tenant: Tenant, user_id: str, name: str) -> User:
    user = tenant.directory.user(user_id)
    if user is None:
        known = ", ".join(list(tenant.directory.users)[:5])
        raise ApiRefusal(
            404,
            "The user does not exist.",
            error_code="inexistent_user",
            hint=f"{name} {user_id!r} is no user of this tenant; there are {known or 'none'}",
        )
    return user


def _find_client(tenant: Tenant, user: User, client_id: str) -> Client:
    client = tenant.directory.client(client_id)
    if client is None:
        raise ApiRefusal(
            404,
            "The client does not exist",
            error_code="inexistent_client",
            hint=f"client_id {client_id!r} is no client of this tenant",
        )
    if user.connection not in tenant.directory.connections_for(client):
        raise ApiRefusal(
            400,
            "The connection is not enabled for the client.",
            error_code="invalid_body",
            hint=f"connection {user.connection} of user {user.user_id} is not enabled for client "
            f"{client_id}: add the client to its enabled_clients",
        )
    return client


def _callback(tenant: Tenant, client: Client, wanted: str | None) -> str:
    """Return where the link leads: the callback asked for, or the client's first."""
    if wanted is None and client.callbacks:
        return client.callbacks[0]
    if wanted is None or not tenant.directory.allows_callback(client, wanted):
        raise ApiRefusal(
            400,
            f"Callback URL mismatch. {wanted} is not in the list of allowed callback URLs",
            error_code="invalid_body",
            hint=f"additionalParameters.callback_url {wanted!r}, client {client.client_id}: "
            + nearest_difference(wanted or "", client.callbacks),
        )
    return wanted


def _api(tenant: Tenant, base_url: str, link: ImpersonationLink) -> ResourceServer | None:
    """Return the API of the access token: none, unless the tenant honours an audience."""
    if not tenant.settings.impersonation.honour_audience:
        return None
    return find_api(tenant, base_url, link.audience)


def _with_code(
    tenant: Tenant, link: ImpersonationLink, granted: Granted, *, keep: bool
) -> AuthorizationResponse:
    code = tenant.ids.code()
    if keep:
        tenant.codes.put(
            code,
            AuthorizationCode(
                client_id=link.client_id,
                user_id=link.user_id,
                redirect_uri=link.callback_url,
                redirect_uri_sent=True,
                scope=link.scope,
                requested_scope=link.scope,
                audience=link.audience,
                sid=granted.sid,
                impersonated_by=link.impersonated_by,
            ),
            expires_at=tenant.now() + tenant.settings.authorization_code_lifetime,
        )
    return _response(link, {"code": code}, mode="query")


def _with_tokens(
    tenant: Tenant, base_url: str, link: ImpersonationLink, granted: Granted
) -> AuthorizationResponse:
    access_token, expires_in = issue_access_token(tenant, base_url, granted)
    parameters = {"access_token": access_token}
    if OPENID in link.scope:
        parameters["id_token"] = issue_id_token(
            tenant, base_url, granted, access_token=access_token
        )
    parameters["scope"] = make_scope(link.scope)
    parameters["expires_in"] = str(expires_in)
    parameters["token_type"] = "Bearer"
    return _response(link, parameters, mode="fragment")


def _response(
    link: ImpersonationLink, parameters: dict[str, str], *, mode: ResponseMode
) -> AuthorizationResponse:
    if link.state is not None:
        parameters["state"] = link.state
    return AuthorizationResponse(redirect_uri=link.callback_url, mode=mode, parameters=parameters)
