"""Whether a token verifies with the keys that its server publishes, in PyJWT's judgement."""

import json

import jwt
from contenders import members
from process import Running
from wire import ask, body_of, connect, expect, get


def check(server: Running, token_response: bytes) -> None:
    """Verify the token of a response with the JWKS that is served now.

    Raises:
        jwt.PyJWTError: It does not verify: then nothing that was measured counts.
    """
    token = members(token_response)[server.contender.signed]
    with connect(server.port) as sock:
        jwks = body_of(expect(ask(sock, get(server.contender.jwks_path, server.port)), 200))
    keys = jwt.PyJWKSet.from_dict(json.loads(jwks))
    kid = jwt.get_unverified_header(token).get("kid")
    if kid is None:  # oidc-provider-mock names none, and has one key
        (key,) = keys.keys
    else:
        key = keys[kid]
    jwt.decode(token, key, algorithms=["RS256"], options={"verify_aud": False})


def take_token(server: Running) -> bytes:
    """Get a token in the shortest way the server has."""
    flow = server.contender.token_flow(server.port)
    with connect(server.port) as sock:
        request = next(flow)
        while True:
            answer = ask(sock, request)
            try:
                request = flow.send(answer)
            except StopIteration as ended:
                body: bytes = ended.value
                return body
