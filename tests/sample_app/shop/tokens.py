"""The verification of access tokens."""

import jwt


class TokenCheck:
    """Verifies signature, issuer, audience and times of access tokens."""

    options = {"require": ["iss", "sub", "aud", "iat", "exp"]}  # noqa: RUF012

    def __init__(self, *, issuer, audience, jwks, leeway):
        self._jwks = jwks
        self.expected = {"issuer": issuer, "audience": audience, "leeway": leeway}

    def claims(self, token):
        """Return the claims of a token.

        Raises:
            jwt.InvalidTokenError: The token is not valid for this API.
        """
        key = self._jwks.find(jwt.get_unverified_header(token).get("kid"))
        return jwt.decode(token, key, algorithms=["RS256"], options=self.options, **self.expected)
