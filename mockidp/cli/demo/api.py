"""The small API of the demo: it takes a JWT for its audience, as any resource server does."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

import jwt

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Api:
    """A WSGI app that verifies bearer tokens with PyJWT and the tenant's JWKS."""

    def __init__(self, *, issuer: str, audience: str) -> None:
        self._issuer = issuer
        self._audience = audience
        self._keys = jwt.PyJWKClient(f"{issuer}.well-known/jwks.json")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer 200 with the token's subject, or 401 with PyJWT's reason."""
        token = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
        try:
            key = self._keys.get_signing_key_from_jwt(token)
            claims = jwt.decode(
                token, key, algorithms=["RS256"], audience=self._audience, issuer=self._issuer
            )
            status, body = "200 OK", {"hello": claims["sub"]}
        except jwt.PyJWTError as error:
            status, body = "401 Unauthorized", {"error": f"{type(error).__name__}: {error}"}
        data = json.dumps(body).encode()
        start_response(
            status, [("Content-Type", "application/json"), ("Content-Length", str(len(data)))]
        )
        return [data]
