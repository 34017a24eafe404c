"""`/oidc/logout`: whether the session ends, and where the browser goes then.

Spec: OpenID Connect RP-Initiated Logout 1.0 2 and 3.
Auth0: all of `post_logout_redirect_uri` is compared; scheme and host match in any case.
"""

from __future__ import annotations

from typing import Literal

from mockidp.flows.login.language import advise_on_language
from mockidp.flows.logout.federated import advise_on_federated
from mockidp.flows.logout.hints import LogoutHints, read_hints
from mockidp.flows.logout.target import LogoutTarget, allowed_urls, check_target
from mockidp.flows.requests.parameters import check_parameters
from mockidp.frozen import frozen
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.oauth.response_mode import AuthorizationResponse
from mockidp.protocol.request_parameters.logout import OIDC_LOGOUT
from mockidp.protocol.tokens.artifacts import Session
from mockidp.protocol.urls.rules import LOGOUT_URLS_WITH_QUERY, first_url
from mockidp.tenant.tenant import Tenant


@frozen
class LogoutAnswer:
    """The answer to a logout request.

    Attributes:
        action: Whether the caller ends the session (`end`), asks the person (`ask`), or does
            neither, because the person declined (`stay`).
        location: Where the browser goes; None for a page that says what happened.
        client_id: The client that requests the logout, if it is known.
        ui_locales: The languages that the client requests for pages.
    """

    action: Literal["end", "ask", "stay"] = "end"
    location: str | None = None
    client_id: str | None = None
    ui_locales: tuple[str, ...] = ()


def oidc_logout(
    tenant: Tenant,
    base_url: str,
    parameters: Parameters,
    *,
    session: Session | None,
    decision: str | None = None,
) -> LogoutAnswer:
    """Return the answer to `/oidc/logout`.

    Args:
        tenant: The tenant.
        base_url: The URL of the tenant at which the request came in.
        parameters: The parameters.
        session: The browser's session.
        decision: The button on the confirmation page: `accept` or `deny`; None before it is shown.

    Raises:
        InvalidRequest: A hint is wrong, the client is unknown, or the URL is not allowed.
    """
    check_parameters(tenant, OIDC_LOGOUT, parameters)
    advise_on_federated(tenant, parameters)
    ui_locales = tuple((parameters.get("ui_locales") or "").split())
    advise_on_language(tenant, ui_locales)
    hints = read_hints(tenant, base_url, parameters, session)
    location = _location(tenant, base_url, parameters, hints.client_id)
    action = _action(tenant, hints, session, decision)
    return LogoutAnswer(
        action=action,
        location=None if action == "stay" else location,
        client_id=hints.client_id,
        ui_locales=ui_locales,
    )


def _action(
    tenant: Tenant, hints: LogoutHints, session: Session | None, decision: str | None
) -> Literal["end", "ask", "stay"]:
    if decision is not None:
        tenant.trace.note(decision=decision)
        return "end" if decision == "accept" else "stay"
    asks = tenant.directory.configuration.tenant.sessions.oidc_logout_prompt_enabled
    return "ask" if asks and session is not None and not hints.name(session) else "end"


def _location(
    tenant: Tenant, base_url: str, parameters: Parameters, client_id: str | None
) -> str | None:
    """Return where the browser goes: to the URL that is sent, or to the client's first one."""
    url = parameters.get("post_logout_redirect_uri")
    allowed = allowed_urls(tenant, base_url, client_id)
    if url is None:
        is_named = parameters.get("client_id") and not parameters.get("id_token_hint")
        return first_url(allowed) if is_named else None
    target = LogoutTarget(
        parameter="post_logout_redirect_uri",
        url=url,
        client_id=client_id,
        allowed=allowed,
        rule=LOGOUT_URLS_WITH_QUERY,
    )
    check_target(tenant, target)
    state = parameters.get("state")
    if state is None:
        return url
    response = AuthorizationResponse(redirect_uri=url, mode="query", parameters={"state": state})
    return response.location
