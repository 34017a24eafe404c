"""`/v2/logout` and `/oidc/logout`: whether the session ends, and where the browser goes then.

Spec: OpenID Connect RP-Initiated Logout 1.0 2 and 3.
Auth0: `/v2/logout` ignores the query string of `returnTo`; `/oidc/logout` compares all of
`post_logout_redirect_uri`. Scheme and host match in any case at both.
"""

from __future__ import annotations

from dataclasses import dataclass

from mockidp.flows.hints.clients import hint_for_unknown_client
from mockidp.flows.hints.urls import UrlList, why_not_listed
from mockidp.flows.request_parameters import check_parameters
from mockidp.protocol.artifacts import Session
from mockidp.protocol.jwt import InvalidToken, decode, verify, verify_symmetric
from mockidp.protocol.oauth_error import InvalidRequest, LogoutUrlNotAllowed
from mockidp.protocol.parameters import Parameters
from mockidp.protocol.request_parameters.logout import OIDC_LOGOUT, V2_LOGOUT
from mockidp.protocol.response_mode import AuthorizationResponse
from mockidp.protocol.url_differences import nearest_difference
from mockidp.protocol.url_rules import LOGOUT_URLS, LOGOUT_URLS_WITH_QUERY, first_url
from mockidp.tenant.directory import Directory
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.trace import cut

_FIELD = "allowed_logout_urls"
_NO_CLIENT = (
    "Send `client_id`, so that the `allowed_logout_urls` of the client apply, or add the URL to "
    "`tenant.allowed_logout_urls` in the tenant file and run `mockidp push FILE`."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class LogoutAnswer:
    """The answer to a logout request."""

    location: str | None
    """Where the browser goes; None for a page that says that the session has ended."""
    confirm: bool = False
    """Whether the person has to confirm first, so that the session has not ended yet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Target:
    """Where a request sends the browser, and the list in which that has to be.

    Attributes:
        parameter: The parameter that has the URL.
        url: The URL.
        client_id: The client whose list it is; None for the tenant's.
        listed: The list.
    """

    parameter: str
    url: str
    client_id: str | None
    listed: UrlList


def v2_logout(tenant: Tenant, base_url: str, parameters: Parameters) -> LogoutAnswer:
    """Return the answer to `/v2/logout`. The caller ends the session.

    Raises:
        InvalidRequest: The client is unknown, or `returnTo` is not allowed.
    """
    check_parameters(tenant, V2_LOGOUT, parameters)
    client_id, return_to = parameters.get("client_id"), parameters.get("returnTo")
    allowed = _allowed_urls(tenant, base_url, client_id)
    if return_to is None:
        return LogoutAnswer(location=first_url(allowed))
    listed = UrlList(field=_FIELD, entries=allowed, rule=LOGOUT_URLS)
    _check_target(
        tenant,
        _Target(parameter="returnTo", url=return_to, client_id=client_id, listed=listed),
    )
    return LogoutAnswer(location=return_to)


def oidc_logout(
    tenant: Tenant,
    base_url: str,
    parameters: Parameters,
    *,
    session: Session | None,
    confirmed: bool,
) -> LogoutAnswer:
    """Return the answer to `/oidc/logout`. The caller ends the session unless it asks first.

    Raises:
        InvalidRequest: A hint is wrong, the client is unknown, or the URL is not allowed.
    """
    check_parameters(tenant, OIDC_LOGOUT, parameters)
    client_id = _check_id_token_hint(tenant, parameters)
    _check_logout_hint(tenant, parameters, session)
    location = _post_logout_location(tenant, base_url, parameters, client_id)
    hinted = parameters.get("id_token_hint") or parameters.get("logout_hint")
    asks = tenant.directory.configuration.tenant.sessions.oidc_logout_prompt_enabled
    if asks and not hinted and not confirmed and session is not None:
        return LogoutAnswer(location=location, confirm=True)
    return LogoutAnswer(location=location)


def _check_id_token_hint(tenant: Tenant, parameters: Parameters) -> str | None:
    """Return the client of the hint or, without a hint, of the request."""
    client_id, hint = parameters.get("client_id"), parameters.get("id_token_hint")
    if hint is None:
        return client_id
    with tenant.trace.check("id_token_hint", sent=cut(hint), client_id=client_id):
        try:
            audience = _read_id_token_hint(tenant, hint)
        except InvalidToken as error:
            raise InvalidRequest(
                "Invalid id_token_hint", hint=f"Parameter `id_token_hint` is invalid. {error}"
            ) from None
        if client_id not in (None, audience):
            raise InvalidRequest(
                "Invalid id_token_hint",
                hint=f"Parameter `id_token_hint` was issued to client {audience}, but "
                f"`client_id` is {client_id}.",
            )
    return audience


def _read_id_token_hint(tenant: Tenant, hint: str) -> str:
    """Return the client of an ID token of this tenant. It may have expired.

    Raises:
        InvalidToken: This tenant did not sign it.
    """
    header, claims = decode(hint)
    audience = str(claims.get("aud"))
    if header.get("alg") != "HS256":
        verify(hint, tenant.keys)
        return audience
    client = tenant.directory.client(audience)
    secret = client.signing_secret if client else None
    if not secret or not verify_symmetric(hint, secret):
        raise InvalidToken(f"The secret of client {audience} did not sign it.")
    return audience


def _check_logout_hint(tenant: Tenant, parameters: Parameters, session: Session | None) -> None:
    hint = parameters.get("logout_hint")
    if hint is None or session is None:
        return
    with tenant.trace.check("logout_hint", sent=hint, sid=session.sid):
        if hint != session.sid:
            raise InvalidRequest(
                "Invalid logout_hint",
                hint="Parameter `logout_hint` is not the `sid` of this browser's session.",
            )


def _post_logout_location(
    tenant: Tenant, base_url: str, parameters: Parameters, client_id: str | None
) -> str | None:
    url = parameters.get("post_logout_redirect_uri")
    allowed = _allowed_urls(tenant, base_url, client_id)
    if url is None:
        return None
    listed = UrlList(field=_FIELD, entries=allowed, rule=LOGOUT_URLS_WITH_QUERY)
    _check_target(
        tenant,
        _Target(parameter="post_logout_redirect_uri", url=url, client_id=client_id, listed=listed),
    )
    state = parameters.get("state")
    if state is None:
        return url
    response = AuthorizationResponse(redirect_uri=url, mode="query", parameters={"state": state})
    return response.location


def _allowed_urls(tenant: Tenant, base_url: str, client_id: str | None) -> tuple[str, ...]:
    if client_id is None:
        return tenant.directory.configuration.tenant.allowed_logout_urls
    tenant.trace.note(client=client_id)
    with tenant.trace.check("client_id", sent=client_id):
        client = tenant.directory.client(client_id, base_url=base_url)
        if client is None:
            raise InvalidRequest(
                f"Unknown client: {client_id}",
                hint=f"No client has the `client_id` {client_id!r}. "
                + hint_for_unknown_client(tenant.directory, client_id),
            )
    return client.allowed_logout_urls


def _check_target(tenant: Tenant, target: _Target) -> None:
    listed = target.listed
    with tenant.trace.check(target.parameter, sent=target.url, allowed=listed.entries):
        if not tenant.directory.allows_logout(target.url, listed.entries, listed.rule):
            raise LogoutUrlNotAllowed(
                f'The "{target.parameter}" querystring parameter "{target.url}" is not defined as '
                'a valid URL in "Allowed Logout URLs".',
                hint=f"URL {target.url} is not in {_why_not_allowed(tenant.directory, target)}",
            )


def _why_not_allowed(directory: Directory, target: _Target) -> str:
    """Return whose list it is, how the URL differs from its entries, and how to allow it."""
    listed, client_id = target.listed, target.client_id
    if client_id is None:
        difference = nearest_difference(target.url, listed.entries, listed.rule)
        whose = f"`tenant.{_FIELD}` (no client_id was sent)"
        return f"{whose}. {difference} {_NO_CLIENT}"
    why = why_not_listed(directory, client_id, target.url, listed)
    return f"`{_FIELD}` of client {client_id}. {why}"
