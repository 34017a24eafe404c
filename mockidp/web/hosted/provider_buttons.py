"""The buttons for identity providers on the login and sign-up pages, and what a click does."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from mockidp.flows.login.identity_provider.connections import find_provider
from mockidp.flows.login.identity_provider.login import LOGIN_CALLBACK
from mockidp.flows.login.login_connections import LoginConnections
from mockidp.flows.login.steps import PROVIDER_PAGE
from mockidp.frozen import frozen
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.resources.connection import Connection
from mockidp.web.hosted.prompt import page_url
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import redirect
from mockidp.web.response.reply import Reply

_PROVIDERS = {"google-oauth2": "google"}
"""Strategies for which `data-provider` has another value on Auth0's page."""


@frozen
class ProviderButton:
    """One button: `connection` is posted, and `name` is shown.

    Scripts select by `provider`, and on the classic page by `strategy`. There, a click leads to
    `provider_url` with `parameter` added.
    """

    connection: str
    name: str
    provider: str
    strategy: str
    parameter: str


def provider_buttons(exchange: Exchange, connections: LoginConnections) -> dict[str, Any]:
    """Return the values of `provider_buttons.html`, and whether the page has a primary form."""
    return {
        "providers": tuple(map(_button, connections.with_button)),
        "provider_url": page_url(PROVIDER_PAGE, exchange, connections.login),
        "has_form": connections.has_form,
    }


def _button(connection: Connection) -> ProviderButton:
    strategy = connection.strategy
    return ProviderButton(
        connection=connection.name,
        name=connection.shown_name,
        provider=_PROVIDERS.get(strategy, strategy),
        strategy=strategy,
        parameter=_parameter(connection),
    )


def answer_provider_button(exchange: Exchange, login: LoginTransaction) -> Reply | None:
    """Answer a click on a button. Return `None` if another form was posted.

    Raises:
        InvalidRequest: The connection is not enabled for the login.
    """
    form = exchange.body()
    name = form.get("connection")
    if name is None or form.get("action") is not None:
        return None
    return go_to_provider(exchange, login, find_provider(exchange.tenant, login, name))


def go_to_provider(exchange: Exchange, login: LoginTransaction, connection: Connection) -> Reply:
    """Redirect to the page in place of an identity provider."""
    url = page_url(PROVIDER_PAGE, exchange, login)
    return Reply(redirect(f"{url}&{_parameter(connection)}"))


def _parameter(connection: Connection) -> str:
    return f"connection={quote(connection.name)}"


def return_from_provider(exchange: Exchange, login: LoginTransaction, **sent: str) -> Reply:
    """Redirect to /login/callback with the parameters that an identity provider sends."""
    query = urlencode({**sent, "state": login.state})
    return Reply(redirect(f"{exchange.prefix}{LOGIN_CALLBACK}?{query}"))
