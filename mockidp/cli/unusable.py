"""What `mockidp check` notes about clients and users that cannot log in as they are described."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mockidp.resources.strategies import DATABASE_STRATEGY
from mockidp.resources.unsupported import look_up

if TYPE_CHECKING:
    from mockidp.tenant.content.document import TenantDocument

_APPS_WITH_LOGINS = ("regular_web", "spa")
_GRANTS_OF_LOGINS = {"authorization_code", "implicit"}
_MAX_NAMED = 5


def unusable_clients(document: TenantDocument) -> Iterator[tuple[str, str]]:
    """Yield path and note of each client whose logins could not return to it."""
    if document.mockidp.accept_any_client:
        return  # any loopback callback is accepted
    for index, client in enumerate(document.clients):
        has_logins = not _GRANTS_OF_LOGINS.isdisjoint(client.grant_types)
        if client.app_type in _APPS_WITH_LOGINS and has_logins and not client.callbacks:
            note = (
                f"client {client.client_id} ({client.app_type}) has no callbacks, so no login can "
                "return to it. Add one, or remove the grant types of logins if it gets only tokens"
            )
            yield f"clients[{index}].callbacks", note


def unusable_users(document: TenantDocument) -> Iterator[tuple[str, str]]:
    """Yield path and note of the users of databases who have no password."""
    connections = {
        one.name: one
        for section in ("databases", "connections")
        for one in getattr(document, section)
    }

    def has_passwords(name: str) -> bool:
        found = connections.get(name)
        if found is None:
            return True  # the database of a file that describes none
        is_off = look_up(found.options.extra, "authentication_methods.password.enabled") is False
        return found.strategy == DATABASE_STRATEGY and not is_off

    found = [
        one.user_id
        for one in document.users
        if one.password is None
        and one.custom_password_hash is None
        and has_passwords(one.connection)
    ]
    if found:
        more = f" and {len(found) - _MAX_NAMED} more" if len(found) > _MAX_NAMED else ""
        names = f"{', '.join(found[:_MAX_NAMED])}{more}"
        yield "users", f"no password, so only the picker of the login page logs in {names}"
