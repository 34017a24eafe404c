"""Find users and clients by the names that tests use."""

from __future__ import annotations

from collections.abc import Iterable

from mockidp.errors import MockIdPError
from mockidp.resources.client import Client
from mockidp.resources.user import User
from mockidp.tenant.journal_text import list_known
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


def unknown(kind: str, name: str, known: Iterable[str]) -> MockIdPError:
    """Return the error for an unknown name."""
    return MockIdPError(f"There is no {kind} {name!r}. {list_known(str(name), known, most=_SHOWN)}")
