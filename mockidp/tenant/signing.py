"""The keys of a tenant: those that the JWKS publishes, those to rotate to, and the bewit key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from mockidp.protocol.keys import KeySet, SigningKey


@dataclass(frozen=True, kw_only=True)
class Signing:
    """All keys of a tenant.

    Attributes:
        keys: The keys of the JWKS.
        spare: The keys that follow the one which the JWKS has as next.
        bewit_key: The generated key of impersonation links.
    """

    keys: KeySet
    spare: tuple[SigningKey, ...]
    bewit_key: str

    def rotated(self, make_key: Callable[[], SigningKey]) -> Signing:
        """Return the keys after a rotation; if there is no spare key, a new one is next."""
        following, *later = self.spare or (make_key(),)
        return replace(self, keys=self.keys.rotated(following), spare=tuple(later))

    def without(self, kid: str) -> Signing:
        """Return the keys without a previous one, or these keys if none has that id."""
        keys = self.keys.without(kid)
        return self if keys is self.keys else replace(self, keys=keys)
