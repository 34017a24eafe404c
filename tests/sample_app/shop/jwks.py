"""The signing keys of the identity provider."""

from jwt import InvalidTokenError, PyJWKSet

from shop.sessions import get_json


class Jwks:
    """The published keys. An unknown key ID causes a new request."""

    def __init__(self, issuer, retries):
        self._issuer, self._retries = issuer, retries
        self._keys = {}

    def find(self, kid):
        """Return the key with an ID.

        Raises:
            InvalidTokenError: No key has this ID.
        """
        if kid not in self._keys:
            self._keys = self._fetch()
        if kid not in self._keys:
            raise InvalidTokenError(f"no key has the ID {kid}")
        return self._keys[kid]

    def _fetch(self):
        discovery = get_json(f"{self._issuer}.well-known/openid-configuration", self._retries)
        jwks = get_json(discovery["jwks_uri"], self._retries)
        return {key.key_id: key for key in PyJWKSet.from_dict(jwks).keys}
