"""Find the client of an authorization request, and where and how the response is sent.

Errors here are shown on a page, because they cannot be sent to a callback.

Spec: RFC 6749 3.1.2 and 4.1.2.1.
"""

from __future__ import annotations

from mockidp.flows.authorization.web_message import check_web_origin, read_relay
from mockidp.flows.hints.clients import hint_for_unknown_client
from mockidp.flows.hints.urls import why_not_a_callback
from mockidp.flows.organizations.requested import client_in_organization
from mockidp.frozen import frozen
from mockidp.protocol.errors.oauth_error import InvalidRequest, OAuthError, UnauthorizedClient
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.oauth.response_mode import AuthorizationResponse, ResponseMode
from mockidp.protocol.oauth.response_type import choose_response_mode
from mockidp.protocol.tokens.artifacts import AuthorizationRequest, Relay
from mockidp.protocol.urls.rules import first_url
from mockidp.resources.client import Client
from mockidp.tenant.tenant import Tenant


@frozen
class ReplyTo:
    """Where and how a response is sent."""

    redirect_uri: str
    mode: ResponseMode
    state: str | None
    relay: Relay | None = None


def known_client(tenant: Tenant, base_url: str, parameters: Parameters) -> Client:
    """Return the client of a request.

    Raises:
        InvalidRequest: `client_id` is missing or unknown. The error is shown on a page.
    """
    with tenant.trace.check("client_id", sent=parameters.get("client_id")):
        client_id = parameters.require("client_id")
        client = tenant.directory.client(client_id, base_url=base_url)
        if client is None:
            raise InvalidRequest(
                f"Unknown client: {client_id}",
                status=tenant.settings.unknown_client_status,
                hint=f"No client has the `client_id` {client_id!r}. "
                + hint_for_unknown_client(tenant.directory, client_id),
            )
    tenant.trace.note(client=client.client_id)
    return client


def read_reply_to(tenant: Tenant, client: Client, parameters: Parameters) -> ReplyTo:
    """Return where and how the response to a request is sent.

    Raises:
        OAuthError: It cannot be sent, so the error is shown on a page.
    """
    client = client_in_organization(tenant, client, parameters)
    redirect_uri = _checked_redirect_uri(tenant, client, parameters)
    mode = choose_response_mode(parameters)
    relay = None
    if mode == "web_message":
        check_web_origin(tenant, client, "redirect_uri", redirect_uri)
        relay = read_relay(tenant, client, parameters)
    state = parameters.raw().get("state")
    return ReplyTo(
        redirect_uri=redirect_uri,
        mode=mode,
        state=state if isinstance(state, str) and state else None,
        relay=relay,
    )


def _checked_redirect_uri(tenant: Tenant, client: Client, parameters: Parameters) -> str:
    sent = parameters.get("redirect_uri")
    with tenant.trace.check("redirect_uri", sent=sent, callbacks=client.callbacks):
        return _redirect_uri(tenant, client, sent)


def _redirect_uri(tenant: Tenant, client: Client, sent: str | None) -> str:
    if sent is None:
        first = None
        if tenant.settings.profile == "auth0":
            first = first_url(client.callbacks)
        if first is not None:
            return first
        raise InvalidRequest(
            "Missing required parameter: redirect_uri",
            hint=_why_required(tenant, client),
        )
    if not tenant.directory.allows_callback(client, sent):
        raise UnauthorizedClient(
            f"Callback URL mismatch. {sent} is not in the list of allowed callback URLs",
            hint=f"Parameter `redirect_uri` {sent} is not among the callbacks of client "
            f"{client.client_id}. " + why_not_a_callback(tenant.directory, client, sent),
        )
    return sent


def _why_required(tenant: Tenant, client: Client) -> str:
    if tenant.settings.profile == "oidc":
        return (
            "Parameter `redirect_uri` was not sent. OpenID Connect requires it (setting `profile` "
            "is oidc)."
        )
    return (
        f"Parameter `redirect_uri` was not sent, and client {client.client_id} has no callback "
        "without a wildcard to fall back to."
    )


def refuse_client(
    client: Client | None, error: OAuthError, reply_to: ReplyTo
) -> AuthorizationResponse:
    """Return the response that carries an error to a client that may get it.

    Raises:
        OAuthError: The client is a strict one, whose `redirection_policy` is by default
            `open_redirect_protection`, so the error is shown on a page.
    """
    if client is not None and client.is_strict and client.redirection_policy != "allow_always":
        raise error
    return error_response(error, reply_to)


def error_response(error: OAuthError, reply_to: ReplyTo) -> AuthorizationResponse:
    """Return the response that carries an error to the client."""
    parameters = {"error": error.error, "error_description": error.description}
    if reply_to.state is not None:
        parameters["state"] = reply_to.state
    return AuthorizationResponse(
        redirect_uri=reply_to.redirect_uri,
        mode=reply_to.mode,
        parameters=parameters,
        refusal=error,
        relay=reply_to.relay,
    )


def reply_to_request(request: AuthorizationRequest) -> ReplyTo:
    """Return where and how the response to a request that was read is sent."""
    return ReplyTo(
        redirect_uri=request.redirect_uri,
        mode=request.response_mode,
        state=request.state,
        relay=request.relay,
    )
