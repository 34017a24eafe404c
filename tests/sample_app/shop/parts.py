"""The security-relevant parts of the app, which `shop.bugs` replaces."""

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
    """The parts of the correct app."""

    states: type[FlaskIntegration] = FlaskIntegration
    """Stores state, nonce and verifier of a pending login."""
    client: type[FlaskOAuth2App] = IdpClient
    """Redeems the code and checks the ID token."""
    pkce: str | None = "S256"
    return_path: Callable[[str], str] = local_path
    """The path after the login, given the requested target."""
    refreshed: Callable[[dict, dict], dict] = refreshed
    """The tokens to keep, given the old ones and the response of a refresh."""
    jwks: type[Jwks] = Jwks
    token_check: type[TokenCheck] = TokenCheck
    retries: Retry = RETRIES
    leeway: int = 60
    """Seconds by which the identity provider's clock may differ."""
