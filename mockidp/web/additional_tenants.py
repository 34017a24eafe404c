"""Additional tenants, which are created while the mock runs, and deleted by a call or by age.

Their names and ages are in stores, so that several replicas can share them. The tenants themselves
are objects of this process.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mockidp.errors import MockIdPError
from mockidp.protocol.problem import Problem
from mockidp.storage.memory import MemoryBackend
from mockidp.storage.store import Entry, Store, StoreSpec
from mockidp.tenant.clock import Clock
from mockidp.tenant.ids import Ids
from mockidp.tenant.tenant import Tenant

MAX_COUNT = 1000
MAX_AGE = 86400
_NAME = re.compile(r"(?!..--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, kw_only=True, slots=True)
class TenantName:
    """The name of an additional tenant.

    Attributes:
        name: The name, in the path prefix and the host name.
        id: Distinguishes it from earlier and later tenants of the same name.
        ends_at: When it is deleted, by the machine's clock.
    """

    name: str
    id: str
    ends_at: float


@dataclass(frozen=True, kw_only=True, slots=True)
class AdditionalTenant:
    """An additional tenant and its name."""

    name: str
    tenant: Tenant
    ends_at: float


class AdditionalTenants:
    """The additional tenants of a server."""

    def __init__(self) -> None:
        self.clock = Clock()
        self._ids = Ids()
        backend = MemoryBackend()
        self._names: Store[TenantName] = backend.store(
            StoreSpec(name="tenants", capacity=None), self.clock.now
        )
        self._deleted: Store[bool] = backend.store(
            StoreSpec(name="deleted_tenants"), self.clock.now
        )
        self._tenants: dict[str, Tenant] = {}  # by id

    def __bool__(self) -> bool:
        """Return whether there is or was an additional tenant."""
        return bool(self._names.count() or self._deleted.count())

    def all(self) -> tuple[AdditionalTenant, ...]:
        """Return the existing tenants, the oldest first."""
        now = self.clock.now()
        names = (entry.value for _, entry in self._names.scan() if entry.is_good(now))
        found = (self._with_tenant(name) for name in names)
        return tuple(one for one in found if one is not None)

    def get(self, name: str) -> AdditionalTenant | None:
        """Return the tenant with a name."""
        found = self._names.get(name)
        return self._with_tenant(found) if found else None

    def is_known(self, name: str) -> bool:
        """Return whether a tenant has or had a name. Its host never selects the first tenant."""
        return (self._names.history(name) or self._deleted.history(name)) is not None

    def generate_name(self) -> str:
        """Return a new name, without drawing from the seed of a tenant."""
        return f"t-{self._ids.tenant_name()}"

    def add(self, name: str, tenant: Tenant, *, max_age: float) -> AdditionalTenant:
        """Add a tenant for `max_age` seconds.

        Raises:
            MockIdPError: The name or the age is invalid, or there are too many tenants.
            Problem: 409 if the name is taken.
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
        self._delete_expired()
        if self._names.get(name) is None and self._names.count() >= MAX_COUNT:
            raise MockIdPError(
                f"There are {MAX_COUNT} tenants already. Delete some, or give them a `max_age`."
            )
        ends_at = self.clock.now() + max_age
        new = TenantName(name=name, id=self._ids.opaque_id(), ends_at=ends_at)
        self._tenants[new.id] = tenant
        if not self._names.swap(name, None, new, expires_at=ends_at):
            del self._tenants[new.id]
            raise Problem(
                409, f"There is a tenant {name!r} already. Delete it, or choose another name."
            )
        return AdditionalTenant(name=name, tenant=tenant, ends_at=ends_at)

    def remove(self, name: str) -> bool:
        """Remove a tenant. Return whether it existed."""
        entry = self._names.find(name)
        return entry is not None and self._delete(entry)

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
        self._tenants.pop(deleted.id).faults.clear()  # ends their delays
        return True

    def _with_tenant(self, name: TenantName) -> AdditionalTenant | None:
        tenant = self._tenants.get(name.id)
        if tenant is None:  # another thread is deleting it
            return None
        return AdditionalTenant(name=name.name, tenant=tenant, ends_at=name.ends_at)
