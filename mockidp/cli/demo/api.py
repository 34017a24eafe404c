"""The API of the demo. Like other resource servers, it accepts only JWTs for its audience."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import jwt

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Api:
    """A WSGI app that verifies bearer tokens with PyJWT and the tenant's JWKS.

    `fetch_keys` returns the JWKS. `jwt.PyJWKClient` is not used, because it would fetch the JWKS
    through a proxy that the environment configures.
    """

    def __init__(self, *, issuer: str, audience: str, fetch_keys: Callable[[], str]) -> None:
        self._issuer = issuer
        self._audience = audience
        self._fetch_keys = fetch_keys

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer 200 with the token's subject, or 401 with PyJWT's reason."""
        token = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
        try:
            key_id = jwt.get_unverified_header(token)["kid"]
            key = jwt.PyJWKSet.from_json(self._fetch_keys())[key_id]
            claims = jwt.decode(
                token, key, algorithms=["RS256"], audience=self._audience, issuer=self._issuer
            )
            status, body = "200 OK", {"hello": claims["sub"]}
        except (jwt.PyJWTError, KeyError) as error:
            status, body = "401 Unauthorized", {"error": f"{type(error).__name__}: {error}"}
        data = json.dumps(body).encode()
        start_response(
            status, [("Content-Type", "application/json"), ("Content-Length", str(len(data)))]
        )
        return [data]
