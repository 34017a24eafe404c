"""Name the capacity of a tenant as the possible cause, if something unknown was presented."""

from __future__ import annotations

from typing import Any

from mockidp.storage.store import Store
from mockidp.tenant.tenant import Tenant


def or_evicted(tenant: Tenant, store: Store[Any]) -> str:
    """Return a sentence that begins with a blank; an empty text if the store is not full."""
    capacity = tenant.settings.capacity
    if store.count() < capacity:
        return ""
    return (
        f" Or it was evicted: this tenant keeps the last {capacity} of each kind, and the setting "
        "`capacity` changes that."
    )
