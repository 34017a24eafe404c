"""A ceremony: a challenge of a relying party, and the algorithms that it accepts.

Spec: Web Authentication Level 2, 5.4, 5.5 and 5.8.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from mockidp.frozen import frozen
from mockidp.protocol.urls.origin import is_loopback_url
from mockidp.protocol.urls.rules import matches_origin

PUBLIC_KEY = "public-key"
CREATE: Literal["webauthn.create"] = "webauthn.create"
GET: Literal["webauthn.get"] = "webauthn.get"
EDDSA, ES256, RS256 = -8, -7, -257
ALGORITHMS: Mapping[int, str] = {EDDSA: "EdDSA", ES256: "ES256", RS256: "RS256"}
"""The algorithms that Auth0 accepts, in its order."""


@frozen
class Ceremony:
    """What the relying party expects: the challenge, its own id, and where it may be answered."""

    kind: Literal["webauthn.create", "webauthn.get"]
    challenge: str
    rp_id: str
    origins: tuple[str, ...]
    any_loopback: bool = False
    """Whether any origin on this machine may answer as well."""

    def accepts(self, origin: object) -> bool:
        """Return whether the challenge may be answered at an origin."""
        return isinstance(origin, str) and (
            origin in self.origins
            or matches_origin(origin, self.origins)
            or (self.any_loopback and is_loopback_url(origin))
        )
