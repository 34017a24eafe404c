"""The keys of a tenant: published keys, keys for later rotations, and the bewit key."""

from __future__ import annotations

from collections.abc import Callable

from mockidp.frozen import frozen, replace
from mockidp.protocol.tokens.keys import KeySet, TenantKey


@frozen
class Signing:
    """All keys of a tenant.

    Attributes:
        keys: The keys of the JWKS.
        spare: The keys for the rotations after the next one.
        bewit_key: The generated key of impersonation links.
    """

    keys: KeySet
    spare: tuple[TenantKey, ...]
    bewit_key: str

    def rotated(self, make_key: Callable[[], TenantKey]) -> Signing:
        """Return the keys after a rotation. Without a spare key, a new one becomes the next."""
        following, *later = self.spare or (make_key(),)
        return replace(self, keys=self.keys.rotated(following), spare=tuple(later))

    def without(self, kid: str) -> Signing:
        """Return the keys without a previous one, or the same keys if none has that id."""
        keys = self.keys.without(kid)
        return self if keys is self.keys else replace(self, keys=keys)
