"""How the answer to an authorization request travels back to the client.

Spec: OAuth 2.0 Multiple Response Type Encoding Practices 2.1; Form Post Response Mode 1.0.
Auth0: `code` stands before `state`; there is no `iss`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlencode

from mockidp.protocol.refusal import Refusal

RESPONSE_MODES = ("query", "fragment", "form_post")
ResponseMode = Literal["query", "fragment", "form_post"]


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthorizationResponse:
    """Parameters on their way to a redirect URI; `refusal` is there if they are an error."""

    redirect_uri: str
    mode: ResponseMode
    parameters: Mapping[str, str]
    refusal: Refusal | None = None

    @property
    def location(self) -> str:
        """The redirect URI with the parameters added; what it had before is kept."""
        encoded = urlencode(self.parameters, quote_via=quote)
        base, hash_sign, fragment = self.redirect_uri.partition("#")
        if self.mode == "fragment":
            return f"{base}#{encoded}"
        joiner = "" if base.endswith(("?", "&")) else "&" if "?" in base else "?"
        return f"{base}{joiner}{encoded}{hash_sign}{fragment}"
