"""Ending the browser's session, and where it goes then.

Spec: OpenID Connect RP-Initiated Logout 1.0 2 and 3.
Auth0: `/v2/logout` ignores the query string of `returnTo`; `/oidc/logout` compares all of
`post_logout_redirect_uri`. Scheme and host match in any case at both.
"""

from __future__ import annotations

from dataclasses import dataclass

from mockidp.flows.hints.clients import hint_for_unknown_client
from mockidp.flows.hints.urls import UrlList, why_not_listed
from mockidp.protocol.artifacts import Session
from mockidp.protocol.jwt import InvalidToken, decode, verify, verify_symmetric
from mockidp.protocol.oauth_error import InvalidRequest, LogoutUrlNotAllowed
from mockidp.protocol.parameters import Parameters
from mockidp.protocol.response_mode import AuthorizationResponse
from mockidp.protocol.url_differences import nearest_difference
from mockidp.protocol.url_rules import LOGOUT_URLS, LOGOUT_URLS_WITH_QUERY, UrlRule, first_url
from mockidp.tenant.directory import Directory
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.trace import cut

_NO_CLIENT = (
    ". Send the client_id, whose allowed_logout_urls are read then, or add the URL to "
    "`tenant.allowed_logout_urls` in the tenant file and run `mockidp push FILE`"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class LogoutAnswer:
    """What comes of it: `location` to go to, or None for a page that says so."""

    location: str | None
    confirm: bool = False
    """Whether the person is to be asked first; nothing has ended yet."""


def v2_logout(tenant: Tenant, base_url: str, parameters: Parameters) -> LogoutAnswer:
    """Answer `/v2/logout`; the caller ends the session.

    Raises:
        InvalidRequest: An unknown client, or a `returnTo` that is not allowed.
    """
    client_id, return_to = parameters.get("client_id"), parameters.get("returnTo")
    allowed = _allowed_urls(tenant, base_url, client_id)
    if return_to is None:
        return LogoutAnswer(location=first_url(allowed))
    with tenant.trace.check("returnTo", sent=return_to, allowed=allowed):
        if not tenant.directory.allows_logout(return_to, allowed, LOGOUT_URLS):
            sent = ("returnTo", return_to)
            raise _not_allowed(tenant.directory, sent, client_id, allowed, LOGOUT_URLS)
    return LogoutAnswer(location=return_to)


def oidc_logout(
    tenant: Tenant,
    base_url: str,
    parameters: Parameters,
    *,
    session: Session | None,
    confirmed: bool,
) -> LogoutAnswer:
    """Answer `/oidc/logout`; the caller ends the session unless the person is asked first.

    Raises:
        InvalidRequest: A hint that does not fit, an unknown client, or a URL not allowed.
    """
    client_id = _check_id_token_hint(tenant, parameters)
    _check_logout_hint(tenant, parameters, session)
    location = _post_logout_location(tenant, base_url, parameters, client_id)
    hinted = parameters.get("id_token_hint") or parameters.get("logout_hint")
    asks = tenant.directory.document.tenant.sessions.oidc_logout_prompt_enabled
    if asks and not hinted and not confirmed and session is not None:
        return LogoutAnswer(location=location, confirm=True)
    return LogoutAnswer(location=location)


def _check_id_token_hint(tenant: Tenant, parameters: Parameters) -> str | None:
    """Return the client: the one that the hint was made for, or that the request names."""
    client_id, hint = parameters.get("client_id"), parameters.get("id_token_hint")
    if hint is None:
        return client_id
    with tenant.trace.check("id_token_hint", sent=cut(hint), client_id=client_id):
        try:
            audience = _read_id_token_hint(tenant, hint)
        except InvalidToken as error:
            raise InvalidRequest("Invalid id_token_hint", hint=f"id_token_hint: {error}") from None
        if client_id not in (None, audience):
            raise InvalidRequest(
                "Invalid id_token_hint",
                hint=f"id_token_hint was made for client {audience} and client_id is {client_id}",
            )
    return audience


def _read_id_token_hint(tenant: Tenant, hint: str) -> str:
    """Return the client of an ID token of ours; it may have expired.

    Raises:
        InvalidToken: It is not ours.
    """
    header, claims = decode(hint)
    audience = str(claims.get("aud"))
    if header.get("alg") != "HS256":
        verify(hint, tenant.keys)
        return audience
    client = tenant.directory.client(audience)
    secret = client.signing_secret if client else None
    if not secret or not verify_symmetric(hint, secret):
        raise InvalidToken(f"the secret of client {audience} did not sign it")
    return audience


def _check_logout_hint(tenant: Tenant, parameters: Parameters, session: Session | None) -> None:
    hint = parameters.get("logout_hint")
    if hint is None or session is None:
        return
    with tenant.trace.check("logout_hint", sent=hint, sid=session.sid):
        if hint != session.sid:
            raise InvalidRequest(
                "Invalid logout_hint",
                hint="logout_hint is not the `sid` of the session that this browser has",
            )


def _post_logout_location(
    tenant: Tenant, base_url: str, parameters: Parameters, client_id: str | None
) -> str | None:
    url = parameters.get("post_logout_redirect_uri")
    allowed = _allowed_urls(tenant, base_url, client_id)
    if url is None:
        return None
    with tenant.trace.check("post_logout_redirect_uri", sent=url, allowed=allowed):
        if not tenant.directory.allows_logout(url, allowed, LOGOUT_URLS_WITH_QUERY):
            sent = ("post_logout_redirect_uri", url)
            raise _not_allowed(tenant.directory, sent, client_id, allowed, LOGOUT_URLS_WITH_QUERY)
    state = parameters.get("state")
    if state is None:
        return url
    response = AuthorizationResponse(redirect_uri=url, mode="query", parameters={"state": state})
    return response.location


def _allowed_urls(tenant: Tenant, base_url: str, client_id: str | None) -> tuple[str, ...]:
    if client_id is None:
        return tenant.directory.document.tenant.allowed_logout_urls
    tenant.trace.note(client=client_id)
    with tenant.trace.check("client_id", sent=client_id):
        client = tenant.directory.client(client_id, base_url=base_url)
        if client is None:
            raise InvalidRequest(
                f"Unknown client: {client_id}",
                hint=f"no client has the client_id {client_id!r}; "
                + hint_for_unknown_client(tenant.directory, client_id),
            )
    return client.allowed_logout_urls


def _not_allowed(
    directory: Directory,
    sent: tuple[str, str],
    client_id: str | None,
    allowed: tuple[str, ...],
    rule: UrlRule,
) -> InvalidRequest:
    parameter, url = sent
    if client_id is None:
        whose = "tenant.allowed_logout_urls (no client_id was sent)"
        why = nearest_difference(url, allowed, rule) + _NO_CLIENT
    else:
        whose = f"allowed_logout_urls of client {client_id}"
        listed = UrlList(field="allowed_logout_urls", entries=allowed, rule=rule)
        why = why_not_listed(directory, client_id, url, listed)
    return LogoutUrlNotAllowed(
        f'The "{parameter}" querystring parameter "{url}" is not defined as a valid URL in '
        '"Allowed Logout URLs".',
        hint=f"{url} is not in {whose}: {why}",
    )
