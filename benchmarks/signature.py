"""Verification of a token with PyJWT and the keys that its server publishes."""

import json

import jwt
from process import RunningServer
from servers import parse_token_response
from wire import body_of, connect, expect, get, send


def check(server: RunningServer, token_response: bytes) -> None:
    """Verify the token of a response with the current JWKS.

    Raises:
        jwt.PyJWTError: The token is invalid, and so is the measurement.
    """
    token = parse_token_response(token_response)[server.measured.signed_token]
    with connect(server.port) as sock:
        jwks = body_of(expect(send(sock, get(server.measured.jwks_path, server.port)), 200))
    keys = jwt.PyJWKSet.from_dict(json.loads(jwks))
    kid = jwt.get_unverified_header(token).get("kid")
    if kid is None:  # oidc-provider-mock sends no kid, and has one key
        (key,) = keys.keys
    else:
        key = keys[kid]
    jwt.decode(token, key, algorithms=["RS256"], options={"verify_aud": False})


def get_token(server: RunningServer) -> bytes:
    """Get a token with the shortest flow of the server."""
    flow = server.measured.token_flow(server.port)
    with connect(server.port) as sock:
        request = next(flow)
        while True:
            answer = send(sock, request)
            try:
                request = flow.send(answer)
            except StopIteration as ended:
                body: bytes = ended.value
                return body
