"""Find users and clients by the names that tests use."""

from __future__ import annotations

from collections.abc import Iterable

from mockidp.errors import MockIdPError
from mockidp.resources.client import Client
from mockidp.resources.organization import Organization
from mockidp.resources.user import User
from mockidp.tenant.journal.text import list_known
from mockidp.tenant.tenant import Tenant

_SHOWN = 10


def named_user(tenant: Tenant, name: str) -> User:
    """Return the user with this id, last part of an id, or e-mail address.

    Raises:
        MockIdPError: No user has that name.
    """
    user = tenant.directory.user_named(name)
    if user is None:
        raise unknown("user", name, tenant.directory.users)
    return user


def named_client(tenant: Tenant, client_id: str) -> Client:
    """Return the client with this id. A lenient tenant has one for any id.

    Raises:
        MockIdPError: No client has that id.
    """
    client = tenant.directory.client(client_id)
    if client is None:
        raise unknown("client", client_id, tenant.directory.clients)
    return client


def named_organization(tenant: Tenant, name: str | None) -> Organization | None:
    """Return the organization with this id or name; None for None.

    Raises:
        MockIdPError: No organization has that id or name.
    """
    if name is None:
        return None
    known = tenant.directory.organizations
    organization = tenant.directory.organization(name) or known.get(name)
    if organization is None:
        raise unknown("organization", name, known)
    return organization


def unknown(kind: str, name: str, known: Iterable[str]) -> MockIdPError:
    """Return the error for an unknown name."""
    return MockIdPError(f"There is no {kind} {name!r}. {list_known(str(name), known, most=_SHOWN)}")
