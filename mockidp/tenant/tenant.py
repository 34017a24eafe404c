"""A tenant: its records, keys, stores, clock and randomness."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from mockidp.faults import FaultPlan
from mockidp.faults.injection import Injection
from mockidp.protocol.tokens.keys import KeySet, TenantKey, generate_private_key
from mockidp.protocol.tokens.token_exchange import Decider
from mockidp.resources.registry import TYPES
from mockidp.storage.feed import OpenFeed
from mockidp.storage.memory import MemoryBackend
from mockidp.storage.single_value import SingleValue
from mockidp.storage.store import Backend, Entries, SharedBackend, Store, StoreSpec
from mockidp.tenant.additional import TenantStorage
from mockidp.tenant.clock import Clock
from mockidp.tenant.content.document import Configuration, TenantDocument, document_of
from mockidp.tenant.content.settings import Settings
from mockidp.tenant.content.zero_config import ZERO_CONFIG
from mockidp.tenant.directory import Directory
from mockidp.tenant.ids import IDS, Ids
from mockidp.tenant.journal.journal import Journal
from mockidp.tenant.journal.presented import Presented
from mockidp.tenant.keys.default_keys import make_private_keys
from mockidp.tenant.keys.signing import Signing
from mockidp.tenant.logout.delivery import LogoutDelivery
from mockidp.tenant.metrics import Metrics
from mockidp.tenant.outbox import Outbox
from mockidp.tenant.state.records import complete_records, open_records
from mockidp.tenant.state.resets import Resets
from mockidp.tenant.state.sign_ins import SignIns
from mockidp.tenant.state.snapshot import Snapshot
from mockidp.tenant.state.stored_once import ADVISED, UNSUPPORTED_SEEN, StoredOnce
from mockidp.tenant.state.stores import SPECS, ArtifactStores
from mockidp.tenant.trace import Trace

_LONG_AGO = 1704067200.0


class Tenant(ArtifactStores):
    """Everything that the flows need, and nothing about HTTP.

    Attributes:
        backend: The stores in which all state is kept, except the journal.
        at_start: The snapshot that a reset restores.
        directory: The records and the configuration.
        urls: Its domains, and the issuer of each.
        deciders: The functions of the test that decide about exchanges, by profile.
        override: Applies the overriding settings of the server to a document that is pushed.
        others: Keeps the additional tenants of a server, if processes share them.
        common_secret: Returns a secret of all processes that share the tenant.

    Args:
        document: The content of the tenant file; by default the lenient tenant without a file.
        clock: The tenant's time.
        seed: Makes ids, codes and tokens repeatable.
        private_keys: The RSA keys to sign with, in the order of rotation.
        backend: The storage; by default memory. If another one is empty, restore `at_start` then.
    """

    def __init__(
        self,
        document: TenantDocument = ZERO_CONFIG,
        *,
        clock: Clock | None = None,
        seed: int | str | None = None,
        private_keys: Sequence[rsa.RSAPrivateKey] = (),
        backend: Backend | None = None,
    ) -> None:
        self.backend: Backend = backend or MemoryBackend()
        self.clock = clock or Clock()
        self.ids = Ids(seed)
        real_time = self.clock.setting
        keys, spare = self._make_keys(private_keys)  # reads the clock, which may be shared below
        self.clock.keep_in(self._open(StoreSpec(name="clock")))
        self._resets = Resets(self._end_run, self.backend.after_commit)
        self._configuration = SingleValue[Configuration](
            self._open(StoreSpec(name="configuration")), document.configuration
        )
        self.directory = Directory(self._configuration, open_records(self._open))
        self.urls = self.directory.urls
        self._loaded: tuple[TenantDocument, Mapping[str, Mapping[str, Any]]] | None = None
        self.trace = Trace()
        self.metrics = Metrics()
        self.advised = StoredOnce(self._open(ADVISED))
        self.unsupported_seen = StoredOnce(self._open(UNSUPPORTED_SEEN))
        self.journal = Journal(self.directory.user_id, users=lambda: self.directory.users)
        self.presented = Presented()
        self.outbox = Outbox(self.journal, self.now)
        self.logout_delivery = LogoutDelivery(
            self.journal,
            self.now,
            lambda: self.settings.backchannel_hosts,
            self.backend,
        )
        self.faults = FaultPlan(self._open, self.ids.chance, self.directory.user_id, self.backend)
        self.injection = Injection(self.faults, self.trace.refuse)
        self.deciders: dict[str, Decider] = {}
        self.sign_ins = SignIns(self._open(StoreSpec(name="sign_ins")))
        signing = Signing(keys=keys, spare=spare, bewit_key=self.ids.secret())
        self._signing = SingleValue[Signing](self._open(StoreSpec(name="signing")), signing)
        super().__init__(self._open, lambda: self.settings.capacity)
        self.override: Callable[[TenantDocument], TenantDocument] = lambda document: document
        self.others: TenantStorage | None = None
        self.common_secret: Callable[[], str] | None = None
        if backend is None:
            self._replace_records(document)
        self.at_start = Snapshot(
            document=document,
            stores=dict.fromkeys(SPECS, ()),
            keys=keys.published,
            spare_keys=spare,
            bewit_key=signing.bewit_key,
            sign_ins=(),
            clock=real_time,
            ids=self.ids.state(),
        )
        if not isinstance(self.backend, SharedBackend):
            self.faults.begin(self.settings.faults)

    def snapshot(self) -> Snapshot:
        """Return all state except faults and journal."""
        held = self.backend.snapshot()
        signing = self._signing.among(held["signing"])
        return Snapshot(
            document=self._document(held),
            stores={name: held[name] for name in SPECS},
            keys=signing.keys.published,
            spare_keys=signing.spare,
            bewit_key=signing.bewit_key,
            sign_ins=self.sign_ins.among(held["sign_ins"]),
            clock=self.clock.among(held["clock"]),
            ids=self.ids.state(),
        )

    def restore(self, snapshot: Snapshot) -> None:
        """Restore a snapshot."""
        with self.backend.transaction():
            self.change(snapshot.document)
            self.restore_keys(snapshot)
            for name, entries in snapshot.stores.items():
                self.stores[name].restore(entries)
            self.sign_ins.restore(snapshot.sign_ins)
            self.clock.setting = snapshot.clock
            self.ids.restore(snapshot.ids, self.backend.after_commit)

    def restore_keys(self, snapshot: Snapshot) -> None:
        """Restore only the keys of a snapshot."""
        keys = KeySet(*snapshot.keys)
        signing = Signing(keys=keys, spare=snapshot.spare_keys, bewit_key=snapshot.bewit_key)
        self._signing.set(signing)

    def reset(self) -> None:
        """Restore the initial state: data, seed, clock, keys and faults of the file."""
        with self.backend.transaction():
            self.restore(self.at_start)
            self._resets.reset(self.clear)

    def clear(self) -> None:
        """Delete what happened, and begin with the faults of the tenant file."""
        self.faults.begin(self.settings.faults)
        self.journal.clear()
        self.outbox.clear()
        self.logout_delivery.tokens.clear()
        self.unsupported_seen.clear()

    def share(self, open_feed: OpenFeed) -> None:
        """Share seed, resets and what happens with other mocks."""
        if self.ids.is_repeatable:
            self.ids.keep_in(self._open(IDS))
        self.journal.share(open_feed)
        self.outbox.share(open_feed)
        self.logout_delivery.tokens.share(open_feed)
        self._resets.share(open_feed)

    @property
    def resets(self) -> int:
        """A number that identifies requests from before a reset."""
        return self._resets.count

    def _end_run(self) -> None:
        self.logout_delivery.cancel()
        self.presented.clear()
        self.deciders.clear()

    @property
    def document(self) -> TenantDocument:
        """Everything that a tenant file for this tenant would contain."""
        return self._document(self.backend.snapshot())

    def _document(self, held: Mapping[str, Entries[Any]]) -> TenantDocument:
        records = ((kind, [entry.value for _, entry in held[kind.plural]]) for kind in TYPES)
        return document_of(self._configuration.among(held["configuration"]), records)

    def change(self, document: TenantDocument) -> None:
        """Replace all records and the configuration. Takes effect with the next request."""
        with self.backend.transaction():
            self._configuration.set(document.configuration)
            self._replace_records(document)

    def configure(self, configuration: Configuration) -> None:
        """Replace everything except the records."""
        self._configuration.set(configuration)

    def _replace_records(self, document: TenantDocument) -> None:
        if self._loaded is None or self._loaded[0] is not document:
            complete = complete_records(document, self.ids.record_id)
            self._loaded = (document, complete)  # every reset loads the same document
        for plural, records in self._loaded[1].items():
            self.directory.records[plural].replace(records)

    @property
    def keys(self) -> KeySet:
        """The published keys."""
        return self._signing.value.keys

    @property
    def settings(self) -> Settings:
        """The settings."""
        return self._configuration.value.mockidp

    @property
    def name(self) -> str:
        """The name of the tenant on pages."""
        return self.directory.configuration.tenant.friendly_name or "mockidp"

    def now(self) -> float:
        """Return the tenant's time in seconds since 1970."""
        return self.clock.now()

    def issuer(self, base_url: str) -> str:
        """Return the issuer for a request to `base_url`, with a slash at the end."""
        return self.urls.issuer(base_url)

    def browser_url(self, base_url: str) -> str:
        """Return the URL for browsers for a request to `base_url`, without a slash at the end."""
        return self.urls.browser_url(base_url)

    def default_audience(self) -> str | None:
        """Return the audience of requests without one."""
        return self.directory.configuration.tenant.default_audience or None

    @property
    def impersonates(self) -> bool:
        """Whether impersonation is enabled: by the setting or, if it is not set, by the flag."""
        flag = self.directory.configuration.tenant.flags.disable_impersonation
        setting = self.settings.impersonation.enabled
        return not flag if setting is None else setting

    @property
    def bewit_key_id(self) -> str:
        """The id of the key in bewits."""
        global_client = self.directory.global_client
        made = global_client.client_id if global_client else "mockidp"
        return self.settings.impersonation.key_id or made

    @property
    def bewit_key(self) -> str:
        """The key that signs bewits."""
        return self.settings.impersonation.key or self._signing.value.bewit_key

    def rotate_keys(self) -> str:
        """Rotate the keys: the next key becomes current. Return its `kid`."""
        return self._signing.change(lambda one: one.rotated(self._make_key)).keys.current.kid

    def revoke_key(self, kid: str) -> bool:
        """Revoke a previous key: its tokens are no longer accepted. Return whether it existed."""
        existed = False

        def revoke(signing: Signing) -> Signing:
            nonlocal existed
            kept = signing.without(kid)
            existed = kept is not signing
            return kept

        self._signing.change(revoke)
        return existed

    def _open(self, spec: StoreSpec[Any]) -> Store[Any]:
        return self.backend.store(spec, self.clock.now)

    def _make_keys(
        self, private_keys: Sequence[rsa.RSAPrivateKey]
    ) -> tuple[KeySet, tuple[TenantKey, ...]]:
        needed = max(0, 2 - len(private_keys))
        made = make_private_keys()[:needed] if needed else ()
        current, following, *spare = (self._signing_key(key) for key in (*private_keys, *made))
        return KeySet(current, following), tuple(spare)

    def _make_key(self) -> TenantKey:
        return self._signing_key(generate_private_key())

    def _signing_key(self, private_key: rsa.RSAPrivateKey) -> TenantKey:
        # The certificate in the JWKS contains the time, and a seed makes the JWKS repeatable.
        made_at = _LONG_AGO if self.ids.is_repeatable else self.now()
        return TenantKey(private_key, kid=self.ids.key_id(), made_at=made_at)
