"""Additional tenants, which are created while the mock runs, and deleted by a call or by age.

Their names and ages are in stores, and a `TenantStorage` keeps the tenants themselves. If processes
share the first tenant, they share these as well.
"""

from __future__ import annotations

import re
from functools import partial

from mockidp.errors import MockIdPError
from mockidp.frozen import frozen
from mockidp.protocol.errors.problem import Problem
from mockidp.storage.memory import MemoryBackend
from mockidp.storage.store import Backend, Entry, Store, StoreSpec
from mockidp.tenant.additional import TenantName, TenantsInMemory, TenantStorage
from mockidp.tenant.clock import Clock
from mockidp.tenant.ids import Ids
from mockidp.tenant.tenant import Tenant

MAX_COUNT = 1000
MAX_AGE = 86400
_NAME = re.compile(r"(?!..--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NAMES: StoreSpec[TenantName] = StoreSpec(name="tenants", capacity=None, durable=False, shared=True)
_DELETED: StoreSpec[bool] = StoreSpec(name="deleted_tenants", durable=False, shared=True)


@frozen
class AdditionalTenant:
    """An additional tenant and its name."""

    name: str
    tenant: Tenant
    ends_at: float


class AdditionalTenants:
    """The additional tenants of a server.

    Args:
        first: The first tenant.
    """

    def __init__(self, first: Tenant) -> None:
        self.clock = Clock()
        self._ids = Ids()
        self._is_shared = first.others is not None
        self._backend: Backend = first.backend if self._is_shared else MemoryBackend()
        self._tenants: TenantStorage = first.others or TenantsInMemory()
        self._names: Store[TenantName] = self._backend.store(_NAMES, self.clock.now)
        self._deleted: Store[bool] = self._backend.store(_DELETED, self.clock.now)

    def __bool__(self) -> bool:
        """Return whether there may be or may have been an additional tenant.

        If processes share them, Redis may have lost them.
        """
        return self._is_shared or bool(self._names.count() or self._deleted.count())

    def names(self) -> tuple[TenantName, ...]:
        """Return the names of the existing tenants, the oldest first."""
        now = self.clock.now()
        return tuple(entry.value for _, entry in self._names.scan() if entry.is_good(now))

    def all(self) -> tuple[AdditionalTenant, ...]:
        """Return the existing tenants, the oldest first."""
        found = (self._with_tenant(name) for name in self.names())
        return tuple(one for one in found if one is not None)

    def get(self, name: str) -> AdditionalTenant | None:
        """Return the tenant with a name."""
        found = self._names.get(name)
        return self._with_tenant(found) if found else None

    def is_known(self, name: str) -> bool:
        """Return whether a tenant has or had a name. Its host never selects the first tenant."""
        is_stored = (self._names.history(name) or self._deleted.history(name)) is not None
        return is_stored or self._tenants.has_noted(name)

    def generate_name(self) -> str:
        """Return a new name, without drawing from the seed of a tenant."""
        return f"t-{self._ids.tenant_name()}"

    def add(self, name: str, tenant: Tenant, *, max_age: float) -> AdditionalTenant:
        """Add a new tenant for `max_age` seconds.

        It must not run in a transaction of the first tenant, because that may run again.

        Raises:
            MockIdPError: The name or the age is invalid, or there are too many tenants.
            Problem: 409 if the name is taken.
            Refusal: The state of the tenant cannot be written.
        """
        if not _NAME.fullmatch(name):
            raise MockIdPError(
                f"{name!r} is not a valid tenant name. Use 1 to 63 of a-z, 0-9 and hyphens, but no "
                "hyphen at either end, nor two after the second character (RFC 5891), because the "
                "name is part of a host name."
            )
        if not 0 < max_age <= MAX_AGE:
            raise MockIdPError(
                f"Parameter `max_age` is {max_age}. Send more than 0 and at most {MAX_AGE} seconds."
            )
        self._backend.run(self._delete_expired)
        ends_at = self.clock.now() + max_age
        new = TenantName(name=name, id=self._ids.opaque_id(), ends_at=ends_at)
        kept = self._tenants.add(new, tenant, max_age=max_age, ids=self._current_ids)
        try:
            self._backend.run(partial(self._take_name, new))
        except BaseException:
            self._tenants.remove(new)
            raise
        return AdditionalTenant(name=name, tenant=kept, ends_at=ends_at)

    def remove(self, name: str) -> bool:
        """Remove a tenant. Return whether it existed."""
        entry = self._names.find(name)
        return entry is not None and self._delete(entry)

    def _take_name(self, new: TenantName) -> None:
        if self._names.get(new.name) is None and self._names.count() >= MAX_COUNT:
            raise MockIdPError(
                f"There are {MAX_COUNT} tenants already. Delete some, or give them a `max_age`."
            )
        if not self._names.swap(new.name, None, new, expires_at=new.ends_at):
            raise Problem(
                409, f"There is a tenant {new.name!r} already. Delete it, or choose another name."
            )
        self._tenants.note(new.name)

    def _delete_expired(self) -> None:
        now = self.clock.now()
        for _, entry in self._names.scan():
            if not entry.is_good(now):
                self._delete(entry)

    def _delete(self, entry: Entry[TenantName]) -> bool:
        deleted = entry.value
        self._deleted.put(deleted.name, True)
        if not self._names.delete(deleted.name, version=entry.version):
            return False
        self._backend.after_commit(partial(self._tenants.remove, deleted))
        return True

    def _with_tenant(self, name: TenantName) -> AdditionalTenant | None:
        tenant = self._tenants.get(name, self._current_ids)
        if tenant is None:  # it is being deleted
            return None
        return AdditionalTenant(name=name.name, tenant=tenant, ends_at=name.ends_at)

    def _current_ids(self) -> list[str]:
        return [one.id for one in self.names()]
