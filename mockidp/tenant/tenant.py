"""One tenant: what it knows, what it remembers, its keys, its time and its randomness."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from mockidp.protocol.artifacts import (
    AuthorizationCode,
    ImpersonationLink,
    LoginTransaction,
    OpaqueToken,
    RefreshToken,
    RefreshTokenFamily,
    Session,
)
from mockidp.protocol.keys import KeySet, SigningKey, generate_private_key
from mockidp.tenant.clock import Clock
from mockidp.tenant.directory import Directory
from mockidp.tenant.document import TenantDocument
from mockidp.tenant.ids import Ids
from mockidp.tenant.premade_keys import make_private_keys
from mockidp.tenant.settings import Settings
from mockidp.tenant.store import MemoryStore, Store
from mockidp.tenant.zero_config import ZERO_CONFIG


class Tenant:
    """Everything that the flows need, and nothing about HTTP.

    Args:
        document: What the tenant file says; by default the lenient tenant without a file.
        clock: The tenant's time.
        seed: Makes ids, codes and tokens repeatable.
        private_keys: The RSA keys to sign with, the current one first.
    """

    def __init__(
        self,
        document: TenantDocument = ZERO_CONFIG,
        *,
        clock: Clock | None = None,
        seed: int | None = None,
        private_keys: Sequence[rsa.RSAPrivateKey] = (),
    ) -> None:
        self.clock = clock or Clock()
        self.ids = Ids(seed)
        self.directory = Directory(document)
        self.keys = self._make_keys(private_keys)
        settings = self.settings.impersonation
        global_client = self.directory.global_client
        self.bewit_key_id = settings.key_id or (
            global_client.client_id if global_client else "mockidp"
        )
        self.bewit_key = settings.key or self.ids.secret()
        self.sessions: Store[Session] = self._store()
        self.logins: Store[LoginTransaction] = self._store()
        self.codes: Store[AuthorizationCode] = self._store()
        self.opaque_tokens: Store[OpaqueToken] = self._store()
        self.refresh_tokens: Store[RefreshToken] = self._store()
        self.refresh_families: Store[RefreshTokenFamily] = self._store()
        self.consents: Store[tuple[str, ...]] = self._store()
        self.links: Store[ImpersonationLink] = self._store()

    @property
    def settings(self) -> Settings:
        """The switches."""
        return self.directory.settings

    @property
    def name(self) -> str:
        """What the pages call the tenant."""
        return self.directory.document.tenant.friendly_name or "mockidp"

    def now(self) -> float:
        """Return the tenant's time in seconds since 1970."""
        return self.clock.now()

    def issuer(self, base_url: str) -> str:
        """Return the issuer for a request that came in at `base_url`; it ends in a slash."""
        return (self.settings.issuer or base_url).rstrip("/") + "/"

    def default_audience(self) -> str | None:
        """Return the audience of requests that name none."""
        return self.directory.document.tenant.default_audience or None

    def rotate_keys(self) -> str:
        """Sign with the next key from now on; return its `kid`."""
        self.keys.rotate(self._signing_key(generate_private_key()))
        return self.keys.current.kid

    def _store(self) -> MemoryStore[Any]:
        return MemoryStore(self.clock.now)

    def _make_keys(self, private_keys: Sequence[rsa.RSAPrivateKey]) -> KeySet:
        needed = max(0, 2 - len(private_keys))
        made = make_private_keys()[:needed] if needed else ()
        return KeySet(*(self._signing_key(key) for key in (*private_keys, *made)))

    def _signing_key(self, private_key: rsa.RSAPrivateKey) -> SigningKey:
        return SigningKey(private_key, kid=self.ids.key_id(), made_at=self.now())
