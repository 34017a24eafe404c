"""Additional tenants of a server: their names, where they are kept, and the settings they get.

Spec: RFC 5891 for the names, which are parts of host names.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Protocol

from mockidp.frozen import frozen, replace
from mockidp.protocol.urls.origin import host_in

if TYPE_CHECKING:
    from mockidp.tenant.content.document import TenantDocument
    from mockidp.tenant.tenant import Tenant

PREFIX = "/t/"
"""Begins the path of each additional tenant, before its name."""


@frozen
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


CurrentIds = Callable[[], Collection[str]]
"""Returns the ids of all tenants. Others may be forgotten."""


class TenantStorage(Protocol):
    """Keeps additional tenants, which others find by their names."""

    def add(self, name: TenantName, tenant: Tenant, *, max_age: float, ids: CurrentIds) -> Tenant:
        """Add a new tenant, which is deleted after `max_age` seconds. Return it as it is kept."""
        ...

    def get(self, name: TenantName, ids: CurrentIds) -> Tenant | None:
        """Return a tenant; None if it was deleted."""
        ...

    def remove(self, name: TenantName) -> None:
        """Remove a tenant. The delays of its faults and the deliveries of logout tokens end."""
        ...

    def note(self, name: str) -> None:
        """Note with the commit of the open transaction that a tenant has a name."""
        ...

    def has_noted(self, name: str) -> bool:
        """Return whether a tenant had a name, although the stores may have been lost since."""
        ...


class TenantsInMemory:
    """Keeps additional tenants in the memory of this process."""

    def __init__(self) -> None:
        self._tenants: dict[str, Tenant] = {}

    def add(self, name: TenantName, tenant: Tenant, *, max_age: float, ids: CurrentIds) -> Tenant:  # noqa: ARG002 - whoever deletes it knows when
        """Add a tenant."""
        self._tenants[name.id] = tenant
        return tenant

    def get(self, name: TenantName, ids: CurrentIds) -> Tenant | None:  # noqa: ARG002 - none is forgotten
        """Return a tenant; None if another thread is deleting it."""
        return self._tenants.get(name.id)

    def remove(self, name: TenantName) -> None:
        """Remove a tenant."""
        tenant = self._tenants.pop(name.id)
        tenant.faults.clear()
        tenant.logout_delivery.cancel()

    def note(self, name: str) -> None:
        """Do nothing, because the stores are lost only with this process."""

    def has_noted(self, name: str) -> bool:  # noqa: ARG002 - as above
        """Return nothing that the stores do not have."""
        return False


def override_settings(first: Tenant, name: str, document: TenantDocument) -> TenantDocument:
    """Return an additional tenant's document with the server's own settings, except its URLs."""
    own, overridden = document.mockidp, first.override(document)
    if not (own.issuer or own.browser_url):
        return below_first(overridden, name)
    settings = overridden.mockidp
    kept = replace(
        settings, issuer=own.issuer, browser_url=own.browser_url, hosts=settings.own_hosts
    )
    return replace(overridden, mockidp=kept)


def below_first(document: TenantDocument, name: str) -> TenantDocument:
    """Return the first tenant's document without its issuer, which another tenant cannot have.

    The tenant's URL for browsers is below that of the first one. At a custom domain it is the
    issuer, too, because pages there belong to that issuer.
    """
    settings = document.mockidp
    url = settings.browser_url or settings.issuer
    moved_url = f"{url.rstrip('/')}{PREFIX}{name}" if url else None
    is_custom = any(one.domain == host_in(url or "") for one in document.custom_domains)
    moved = replace(
        settings,
        issuer=moved_url if is_custom else None,
        browser_url=moved_url,
        hosts=settings.own_hosts,
    )
    return replace(document, mockidp=moved)
