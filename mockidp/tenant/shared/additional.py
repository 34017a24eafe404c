"""Additional tenants whose state is on Redis, next to that of the first one.

The keys of each begin with a prefix of its own. The process that makes the tenant writes the state
of its start. The others read it when a request for the tenant arrives. All keys expire some time
after the tenant, in case no process deletes them.
"""

from __future__ import annotations

import threading
from collections.abc import Collection
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple
from weakref import WeakValueDictionary

from mockidp.errors import MockIdPError
from mockidp.protocol.errors.oauth_error import TemporarilyUnavailable
from mockidp.storage.feed import OpenFeed
from mockidp.storage.redis.backend import RedisBackend
from mockidp.storage.redis.counters import RedisCounters
from mockidp.storage.redis.state import RedisState
from mockidp.storage.single_value import SingleValue
from mockidp.storage.store import StoreSpec, TenantDeleted
from mockidp.tenant.additional import CurrentIds, TenantName, override_settings
from mockidp.tenant.clock import Clock
from mockidp.tenant.state.snapshot import Snapshot
from mockidp.tenant.state.stored import encodings
from mockidp.tenant.tenant import Tenant

MARGIN = 3600.0
"""Seconds for which the state is kept after the end of a tenant."""
KEPT_NAMES = 10_000
"""How many names of tenants a process keeps."""
_AT_START: StoreSpec[Any] = StoreSpec(name="at_start", durable=False, shared=True)


class _Opened(NamedTuple):
    tenant: Tenant
    backend: RedisBackend


class _Names:
    """Receives the names of all tenants, and keeps them although the server loses its data."""

    def __init__(self) -> None:
        self._kept: dict[str, None] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._kept

    def begin(self, count: int) -> None:
        """Keep the names from before."""

    def receive(self, message: str) -> None:
        """Add a name."""
        self._kept[message] = None
        if len(self._kept) > KEPT_NAMES:
            del self._kept[next(iter(self._kept))]


class SharedTenants:
    """Keeps additional tenants on Redis.

    Args:
        first: The first tenant.
        client: The client for the server.
        counters: The client for counters, whose commands are not counted.
        prefix: Begins the name of each key of the first tenant.
        open_feed: Opens a feed of the first tenant.
    """

    def __init__(
        self, first: Tenant, client: Any, counters: Any, prefix: str, open_feed: OpenFeed
    ) -> None:
        self._first, self._client, self._counters, self._prefix = first, client, counters, prefix
        self._noted = _Names()
        self._feed = open_feed("tenant_names", KEPT_NAMES, self._noted)
        self._lock = threading.Lock()
        self._opened: dict[str, _Opened] = {}  # by id
        self._loading: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()

    def add(self, name: TenantName, tenant: Tenant, *, max_age: float, ids: CurrentIds) -> Tenant:
        """Write the state of a tenant's start. Return the tenant that continues from there.

        Raises:
            TemporarilyUnavailable: The server cannot be used.
        """
        backend, at_start = _open(self._state(name, lifetime=max_age + MARGIN))
        shared = self._tenant(name, backend, tenant.at_start)
        with backend.transaction():
            at_start.set(tenant.at_start)
            shared.restore(tenant.at_start)
            shared.clear()
        backend.is_deletable = True
        self._forget_all_but(ids())
        self._opened[name.id] = _Opened(shared, backend)
        return shared

    def get(self, name: TenantName, ids: CurrentIds) -> Tenant | None:
        """Return a tenant; None if it was deleted.

        A thread that loads one blocks only those that need the same one.

        Raises:
            TemporarilyUnavailable: The server cannot be used.
        """
        found = self._known(name)
        if found is None:
            with self._lock:
                loading = self._loading.setdefault(name.id, threading.Lock())
            with loading:
                found = self._known(name)
                if found is None:
                    found = self._read(name)
                    self._forget_all_but(ids())
        return found and found.tenant

    def remove(self, name: TenantName) -> None:
        """Delete the state of a tenant, or let it expire if the server cannot be used."""
        opened = self._opened.pop(name.id, None)
        if opened is not None:
            opened.tenant.logout_delivery.cancel()
        with suppress(MockIdPError):
            self._state(name).delete()
            self._counters_of(name).delete()

    def note(self, name: str) -> None:
        """Note with the commit of the open transaction that a tenant has a name."""
        self._feed.send(name)

    def has_noted(self, name: str) -> bool:
        """Return whether a tenant had a name, although the stores may have been lost since."""
        return name in self._noted

    def _known(self, name: TenantName) -> _Opened | None:
        """Return a tenant that was loaded, unless Redis has lost its state."""
        found = self._opened.get(name.id)
        return None if found is None or found.backend.is_empty else found

    def _forget_all_but(self, ids: Collection[str]) -> None:
        """Forget the tenants that other processes have deleted."""
        for deleted in set(self._opened) - set(ids):
            self._opened.pop(deleted, None)

    def _read(self, name: TenantName) -> _Opened | None:
        """Open a tenant; None if it has no state any more."""
        backend, at_start = _open(self._state(name))
        backend.is_deletable = True
        try:
            with backend.transaction():
                start = at_start.value
        except TenantDeleted:
            self._opened.pop(name.id, None)
            return None
        opened = self._opened[name.id] = _Opened(self._tenant(name, backend, start), backend)
        return opened

    def _tenant(self, name: TenantName, backend: RedisBackend, start: Snapshot) -> Tenant:
        tenant = Tenant(
            start.document,
            seed=None if start.ids is None else start.ids.seed,
            private_keys=[one.private_key for one in (*start.keys, *start.spare_keys)],
            backend=backend,
        )
        tenant.at_start = start
        tenant.share(backend.feed)
        tenant.override = partial(override_settings, self._first, name.name)
        tenant.metrics.shared = self._counters_of(name)
        return tenant

    def _counters_of(self, name: TenantName) -> RedisCounters:
        prefix = self._prefix_of(name)
        return RedisCounters(self._counters, f"{prefix}metrics", f"{prefix}state")

    def _state(self, name: TenantName, *, lifetime: float | None = None) -> RedisState:
        return RedisState(self._client, self._prefix_of(name), lifetime=lifetime)

    def _prefix_of(self, name: TenantName) -> str:
        return f"{self._prefix}t:{name.id}:"


def _open(state: RedisState) -> tuple[RedisBackend, SingleValue[Snapshot]]:
    """Return the backend of a tenant, and the state of its start."""
    backend = RedisBackend(state, encodings())
    backend.refuse_with(refusal)
    return backend, SingleValue(backend.store(_AT_START, Clock().now), None)


def refusal(error: MockIdPError) -> TemporarilyUnavailable:
    """Return the refusal of a request that needs the server."""
    hint = f"The state of the mock is on Redis. {error}"
    return TemporarilyUnavailable("Service Unavailable", hint=hint)
