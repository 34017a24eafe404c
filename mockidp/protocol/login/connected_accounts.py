"""Connected accounts: the request of an app to connect an account of its user at a service.

Auth0: the My Account API (docs/fidelity.md, "My Account API").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from mockidp.frozen import frozen
from mockidp.protocol.oauth.pkce import CodeChallenge

LIFETIME = 300
"""Seconds until a request expires."""
CONNECT_PAGE = "/connected-accounts/connect"
"""The path of `connect_uri`."""


@frozen
class ConnectRequest:
    """A request to connect an account, which its `auth_session` identifies.

    Attributes:
        user_id: The user.
        client_id: The app.
        connection: The connection of the service.
        ticket: The ticket with which the browser opens `connect_uri`.
        redirect_uri: Where the browser goes afterwards.
        state: The parameter of that name.
        scopes: The scopes to request from the service.
        challenge: The challenge for the end of the request (RFC 7636).
        forwarded: Other parameters for the service.
        code: The `connect_code`, once the user has agreed.
        login_hint: The user's name at the service, once the user has agreed.
    """

    user_id: str
    client_id: str
    connection: str
    ticket: str
    redirect_uri: str
    state: str | None
    scopes: tuple[str, ...]
    challenge: CodeChallenge | None
    forwarded: Mapping[str, str] = field(default_factory=dict)
    code: str | None = None
    login_hint: str | None = None
