"""The check of an access token."""

import jwt


class TokenCheck:
    """Tells whether an access token is for this API: signature, issuer, audience, time."""

    options = {"require": ["iss", "sub", "aud", "iat", "exp"]}  # noqa: RUF012

    def __init__(self, *, issuer, audience, jwks, leeway):
        self._jwks = jwks
        self.expected = {"issuer": issuer, "audience": audience, "leeway": leeway}

    def claims(self, token):
        """Return what a token says.

        Raises:
            jwt.InvalidTokenError: It is not for us.
        """
        key = self._jwks.find(jwt.get_unverified_header(token).get("kid"))
        return jwt.decode(token, key, algorithms=["RS256"], options=self.options, **self.expected)
