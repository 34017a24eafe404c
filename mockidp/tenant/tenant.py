"""One tenant: what it knows, what it remembers, its keys, its time and its randomness."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from mockidp.faults import FaultPlan
from mockidp.protocol.artifacts import (
    AuthorizationCode,
    FailedLogins,
    ImpersonationLink,
    LoginTransaction,
    OpaqueToken,
    RefreshToken,
    RefreshTokenFamily,
    Session,
)
from mockidp.protocol.keys import KeySet, SigningKey, generate_private_key
from mockidp.storage.store import MemoryStore, Store
from mockidp.storage.transactions import Transactions
from mockidp.tenant.clock import Clock
from mockidp.tenant.default_keys import make_private_keys
from mockidp.tenant.directory import Directory
from mockidp.tenant.document import TenantDocument
from mockidp.tenant.ids import Ids
from mockidp.tenant.journal import Journal
from mockidp.tenant.once_log import OnceLog
from mockidp.tenant.settings import Settings
from mockidp.tenant.sign_ins import SignIns
from mockidp.tenant.snapshot import STORED, Snapshot
from mockidp.tenant.trace import Trace
from mockidp.tenant.zero_config import ZERO_CONFIG

_LONG_AGO = 1704067200.0


class Tenant:
    """Everything that the flows need, and nothing about HTTP.

    Attributes:
        transactions: In which stores, clock, sign-ins, document and keys change.
        stores: What is remembered, by the names that snapshots have.
        spare_keys: The keys to rotate to after the one that the JWKS has as next.
        at_start: What a reset goes back to.
        changing: Held by who makes a new document, or new keys, from those that are there.
        override: Puts above a document what holds whatever document is pushed.

    Args:
        document: What the tenant file says; by default the lenient tenant without a file.
        clock: The tenant's time.
        seed: Makes ids, codes and tokens repeatable.
        private_keys: The RSA keys to sign with, in the order in which they are rotated to.
    """

    def __init__(
        self,
        document: TenantDocument = ZERO_CONFIG,
        *,
        clock: Clock | None = None,
        seed: int | str | None = None,
        private_keys: Sequence[rsa.RSAPrivateKey] = (),
    ) -> None:
        self.transactions = Transactions()
        self.changing = self.transactions.lock
        self.clock = clock or Clock()
        self.clock.transactions = self.transactions
        self.resets = 0  # a request that came before the last one is another test's
        self.ids = Ids(seed)
        self.directory = Directory(document)
        self.trace = Trace()
        self.once_log = OnceLog()
        self.unsupported_seen = OnceLog()
        self.journal = Journal(self._user_id, users=lambda: self.directory.users)
        self.faults = FaultPlan(self.ids.chance, self._user_id)
        self.sign_ins = SignIns(self.transactions)
        self.keys, self.spare_keys = self._make_keys(private_keys)
        self._made_bewit_key = self.ids.secret()
        self.sessions: Store[Session] = self._store()
        self.logins: Store[LoginTransaction] = self._store()
        self.codes: Store[AuthorizationCode] = self._store()
        self.opaque_tokens: Store[OpaqueToken] = self._store()
        self.refresh_tokens: Store[RefreshToken] = self._store()
        self.refresh_families: Store[RefreshTokenFamily] = self._store()
        self.consents: Store[tuple[str, ...]] = self._store()
        self.links: Store[ImpersonationLink] = self._store()
        self.failed_logins: Store[FailedLogins] = self._store()
        self.stores: Mapping[str, Store[Any]] = {name: getattr(self, name) for name in STORED}
        self.override: Callable[[TenantDocument], TenantDocument] = lambda document: document
        self.at_start = self.snapshot()
        self.faults.begin(self.settings.faults)

    def snapshot(self) -> Snapshot:
        """Return what the tenant is now."""
        with self.transactions.lock:
            return Snapshot(
                document=self.directory.document,
                stores={name: store.entries() for name, store in self.stores.items()},
                keys=self.keys.published,
                spare_keys=self.spare_keys,
                bewit_key=self._made_bewit_key,
                sign_ins=self.sign_ins.waiting,
                clock=self.clock.setting,
                ids=self.ids.state(),
            )

    def restore(self, snapshot: Snapshot) -> None:
        """Restore a snapshot."""
        with self.transactions.begin(), self.transactions.changing(self):
            self.put_back(
                (
                    Directory(snapshot.document),
                    snapshot.keys,
                    snapshot.spare_keys,
                    snapshot.bewit_key,
                )
            )
            for name, entries in snapshot.stores.items():
                self.stores[name].restore(entries)
            self.sign_ins.restore(snapshot.sign_ins)
            self.clock.setting = snapshot.clock
            self.transactions.afterwards(partial(self.ids.restore, snapshot.ids))

    def reset(self) -> None:
        """Return to the start: seed, clock and keys, the file's own faults, an empty journal."""
        with self.transactions.begin():
            self.restore(self.at_start)
            self.transactions.afterwards(self._forget_run)

    def _forget_run(self) -> None:
        self.resets += 1  # first: an exchange that a fault delays goes on once that is cancelled
        self.faults.clear()
        self.journal.clear()
        self.unsupported_seen = OnceLog()
        self.faults.begin(self.settings.faults)

    def change(self, document: TenantDocument) -> None:
        """Replace the document. Takes effect with the next request."""
        directory = Directory(document)
        with self.transactions.changing(self):
            self.directory = directory

    def state(self) -> tuple[Directory, tuple[SigningKey, ...], tuple[SigningKey, ...], str]:
        """Return document and keys, for a transaction that may have to put them back."""
        return self.directory, self.keys.published, self.spare_keys, self._made_bewit_key

    def put_back(
        self, state: tuple[Directory, tuple[SigningKey, ...], tuple[SigningKey, ...], str]
    ) -> None:
        """Undo all changes to document and keys since a state was noted."""
        self.directory, published, self.spare_keys, self._made_bewit_key = state
        self.keys.restore(published)

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

    def browser_url(self, base_url: str) -> str:
        """Return where browsers come that a request at `base_url` sends; no slash at the end."""
        settings = self.settings
        return (settings.browser_url or settings.issuer or base_url).rstrip("/")

    def default_audience(self) -> str | None:
        """Return the audience of requests that name none."""
        return self.directory.document.tenant.default_audience or None

    @property
    def bewit_key_id(self) -> str:
        """The id that bewits carry."""
        global_client = self.directory.global_client
        made = global_client.client_id if global_client else "mockidp"
        return self.settings.impersonation.key_id or made

    @property
    def bewit_key(self) -> str:
        """The key that bewits are made with."""
        return self.settings.impersonation.key or self._made_bewit_key

    def rotate_keys(self) -> str:
        """Sign with the next key from now on; return its `kid`."""
        with self.changing:
            first, *later = self.spare_keys or (self._signing_key(generate_private_key()),)
            with self.transactions.changing(self):
                self.spare_keys = tuple(later)
                self.keys.rotate(first)
                return self.keys.current.kid

    def revoke_key(self, kid: str) -> bool:
        """Revoke a previous key: its tokens are no longer accepted. Return whether it existed."""
        with self.changing:
            if not any(key.kid == kid for key in self.keys.published[2:]):
                return False
            with self.transactions.changing(self):
                return self.keys.revoke(kid)

    def _user_id(self, name: str) -> str | None:
        user = self.directory.name_user(name)
        return user.user_id if user else None

    def _store(self) -> MemoryStore[Any]:
        return MemoryStore(self.clock.now, transactions=self.transactions)

    def _make_keys(
        self, private_keys: Sequence[rsa.RSAPrivateKey]
    ) -> tuple[KeySet, tuple[SigningKey, ...]]:
        needed = max(0, 2 - len(private_keys))
        made = make_private_keys()[:needed] if needed else ()
        current, following, *spare = (self._signing_key(key) for key in (*private_keys, *made))
        return KeySet(current, following), tuple(spare)

    def _signing_key(self, private_key: rsa.RSAPrivateKey) -> SigningKey:
        # It stands in the JWKS, which a seed makes repeatable.
        made_at = _LONG_AGO if self.ids.is_repeatable else self.now()
        return SigningKey(private_key, kid=self.ids.key_id(), made_at=made_at)
