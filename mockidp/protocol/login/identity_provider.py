"""The identity provider of an enterprise connection: what mockidp needs to verify its JWTs.

Auth0: it fetches the keys of the identity provider. mockidp fetches nothing, so the tenant file has
the key.
"""

from __future__ import annotations

from mockidp.frozen import frozen

UNIVERSAL_LOGOUT_STRATEGIES = frozenset({"okta", "oidc", "samlp"})
"""The strategies of connections whose identity provider can log users out."""


@frozen
class IdentityProvider:
    """One entry of `mockidp.identity_providers`."""

    connection: str
    """The name of its connection."""
    issuer: str
    """The `iss` of its JWTs, such as `https://acme.okta.com`."""
    key: str
    """The public RSA key that verifies their signatures, as PEM."""
