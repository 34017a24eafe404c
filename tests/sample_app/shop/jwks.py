"""The keys that the identity provider signs with."""

from jwt import InvalidTokenError, PyJWKSet

from shop.sessions import get_json


class Jwks:
    """The published keys, fetched when one is needed that is not known yet."""

    def __init__(self, issuer, retries):
        self._issuer, self._retries = issuer, retries
        self._keys = {}

    def find(self, kid):
        """Return the key that a token names.

        Raises:
            InvalidTokenError: There is none.
        """
        if kid not in self._keys:
            self._keys = self._fetch()
        if kid not in self._keys:
            raise InvalidTokenError(f"no key is called {kid}")
        return self._keys[kid]

    def _fetch(self):
        discovery = get_json(f"{self._issuer}.well-known/openid-configuration", self._retries)
        jwks = get_json(discovery["jwks_uri"], self._retries)
        return {key.key_id: key for key in PyJWKSet.from_dict(jwks).keys}
