"""The parts on which the app's safety rests: each can be exchanged for another."""

from collections.abc import Callable
from dataclasses import dataclass

from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App
from urllib3 import Retry

from shop.jwks import Jwks
from shop.login import IdpClient, local_path, refreshed
from shop.sessions import RETRIES
from shop.tokens import TokenCheck


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The sound app's."""

    states: type[FlaskIntegration] = FlaskIntegration
    """Remembers the state, nonce and verifier of a login that has begun."""
    client: type[FlaskOAuth2App] = IdpClient
    """Redeems the code and checks the ID token."""
    pkce: str | None = "S256"
    return_path: Callable[[str], str] = local_path
    """Where to go after the login, given where somebody wants to go."""
    refreshed: Callable[[dict, dict], dict] = refreshed
    """The tokens to keep, given the old ones and a refresh's answer."""
    jwks: type[Jwks] = Jwks
    token_check: type[TokenCheck] = TokenCheck
    retries: Retry = RETRIES
    leeway: int = 60
    """Seconds by which the identity provider's clock may differ from ours."""
