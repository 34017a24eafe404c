"""Open an impersonation link: log its admin in as the user.

Auth0: `docs/fidelity.md`, "Impersonation". A refusal has Hawk's text; only the hint names the
cause.
"""

from __future__ import annotations

from mockidp.flows.audience import find_api
from mockidp.flows.authorization.reply_to import error_response, reply_to_request
from mockidp.flows.authorization.response import Approval, make_authorization_response
from mockidp.flows.impersonation.causes import refusal_of, reused
from mockidp.flows.impersonation.check import Opening, check_link
from mockidp.flows.impersonation.refusal import Cause, ImpersonationRefused
from mockidp.flows.sessions.session import start_session
from mockidp.frozen import frozen
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.impersonation.bewit import BAD_MAC, BewitError
from mockidp.protocol.legacy.pipeline import with_id_token
from mockidp.protocol.oauth.response_mode import AuthorizationResponse, ResponseMode
from mockidp.protocol.oauth.response_type import CODE
from mockidp.protocol.oauth.scope import make_scope
from mockidp.protocol.tokens.artifacts import AuthorizationRequest, ImpersonationLink, Session
from mockidp.resources.client import Client
from mockidp.resources.resource_server import ResourceServer
from mockidp.resources.user import User
from mockidp.tenant.journal.flow_index import LINK
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.trace import cut


@frozen
class OpenedLink:
    """The result of opening a link. `session` is set if the tenant starts one for the browser."""

    response: AuthorizationResponse
    session: Session | None = None


def open_link(tenant: Tenant, base_url: str, opening: Opening) -> OpenedLink:
    """Log in through a link.

    The answer to HEAD has the same shape, but its code and tokens are not valid.

    Raises:
        ImpersonationRefused: The link does not open. It is not used up.
    """
    link = _find_link(tenant, opening)
    client, user = _find_both(tenant, link)
    api, settings = _api(tenant, base_url, link), tenant.settings.impersonation
    is_get = opening.method != "HEAD"
    if settings.single_use and is_get:
        _use_up(tenant, link)
    has_session = settings.sso_session and is_get
    session = start_session(tenant, base_url, user, is_login=False) if has_session else None
    request = _as_request(base_url, client, link)
    approval = Approval(
        request=request,
        client=client,
        user=user,
        api=api,
        session=session,
        impersonated_by=link.impersonated_by,
        is_usable=is_get,
    )
    try:
        response = make_authorization_response(tenant, base_url, approval)
    except InvalidRequest as error:
        response = error_response(error, reply_to_request(request))
    return OpenedLink(response=response, session=session)


def _find_link(tenant: Tenant, opening: Opening) -> ImpersonationLink:
    bewit = opening.target.partition("bewit=")[2]
    with tenant.trace.check("bewit", sent=cut(bewit), method=opening.method, origin=opening.origin):
        try:
            link = check_link(tenant, opening)
        except BewitError as error:
            if error.bewit is not None:
                tenant.trace.used(LINK, error.bewit.ext)
            raise refusal_of(tenant, opening, error) from None
    tenant.trace.used(LINK, link.id)
    tenant.trace.note(
        client=link.client_id,
        user=link.user_id,
        impersonator=link.impersonated_by.user_id,
    )
    return link


def _find_both(tenant: Tenant, link: ImpersonationLink) -> tuple[Client, User]:
    client, user = tenant.directory.client(link.client_id), tenant.directory.user(link.user_id)
    with tenant.trace.check("user", user=link.user_id, client=link.client_id):
        if client is None or user is None:
            hint = f"Client {link.client_id} or user {link.user_id} was removed in the meantime."
            raise ImpersonationRefused(BAD_MAC, (Cause("removed", hint),))
    return client, user


def _use_up(tenant: Tenant, link: ImpersonationLink) -> None:
    with tenant.trace.check("single_use", created_at=link.created_at):
        if tenant.links.take(link.id) is None:
            raise ImpersonationRefused(BAD_MAC, (reused(tenant.links.history(link.id)),))


def _api(tenant: Tenant, base_url: str, link: ImpersonationLink) -> ResourceServer | None:
    """Return the API of the access token; None unless the tenant honors an audience."""
    if not tenant.settings.impersonation.honour_audience:
        return None
    return find_api(tenant, base_url, link.audience)


def _as_request(base_url: str, client: Client, link: ImpersonationLink) -> AuthorizationRequest:
    """Return the authorization request that the link answers."""
    mode: ResponseMode = "query" if link.response_type == CODE else "fragment"
    response_type = link.response_type
    if not client.oidc_conformant:
        response_type = with_id_token(response_type)
    return AuthorizationRequest(
        client_id=link.client_id,
        redirect_uri=link.callback_url,
        redirect_uri_sent=True,
        response_type=response_type,
        response_mode=link.response_mode or mode,
        scope=link.scope,
        audience=link.audience,
        state=link.state,
        readable=_readable(link),
        base_url=base_url,
    )


def _readable(link: ImpersonationLink) -> dict[str, str]:
    """Return the parameters of the link as custom claims read those of a request."""
    parameters = {
        "client_id": link.client_id,
        "redirect_uri": link.callback_url,
        "response_type": link.response_type,
        "scope": make_scope(link.scope),
    }
    if link.audience is not None:
        parameters["audience"] = link.audience
    return parameters
