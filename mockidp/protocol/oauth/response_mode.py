"""Response modes: how an authorization response is sent to the client.

Spec: OAuth 2.0 Multiple Response Type Encoding Practices 2.1; Form Post Response Mode 1.0;
OAuth 2.0 Web Message Response Mode (draft 00).
Auth0: there is no `iss`; discovery does not list `web_message`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote, urlencode

from mockidp.frozen import frozen
from mockidp.protocol.errors.refusal import Refusal
from mockidp.protocol.urls.origin import origin_of

if TYPE_CHECKING:
    from mockidp.protocol.tokens.artifacts import Relay

ResponseMode = Literal["query", "fragment", "form_post", "web_message"]
RESPONSE_MODES: tuple[ResponseMode, ...] = ("query", "fragment", "form_post", "web_message")
ADVERTISED_RESPONSE_MODES = RESPONSE_MODES[:3]
"""The response modes in the discovery document."""


@frozen
class AuthorizationResponse:
    """Parameters for a redirect URI. `refusal` is set if they are an error.

    The client of a device (RFC 8628) polls for its response, so the browser shows a `page` of the
    tenant instead, which is a path.
    """

    redirect_uri: str
    mode: ResponseMode
    parameters: Mapping[str, str]
    refusal: Refusal | None = None
    relay: Relay | None = None
    page: str = ""

    @property
    def target_origin(self) -> str:
        """The origin of the redirect URI, to which a web message is posted."""
        return origin_of(self.redirect_uri)

    @property
    def location(self) -> str:
        """The redirect URI with the parameters added to its own."""
        encoded = urlencode(self.parameters, quote_via=quote)
        base, hash_sign, fragment = self.redirect_uri.partition("#")
        if self.mode == "fragment":
            return f"{base}#{encoded}"
        joiner = "" if base.endswith(("?", "&")) else "&" if "?" in base else "?"
        return f"{base}{joiner}{encoded}{hash_sign}{fragment}"
