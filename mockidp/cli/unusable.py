"""What `mockidp check` notes about clients and users that cannot log in as they are described."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockidp.resources.strategies import DATABASE_STRATEGY
from mockidp.resources.unsupported import look_up
from mockidp.tenant.config.place import Place

if TYPE_CHECKING:
    from mockidp.codec.node import Node
    from mockidp.codec.report import Report
    from mockidp.tenant.content.document import TenantDocument

_APPS_WITH_LOGINS = ("regular_web", "spa")
_GRANTS_OF_LOGINS = {"authorization_code", "implicit"}
_MAX_NAMED = 5


def note_unusable(document: TenantDocument, root: Node, report: Report) -> None:
    """Add the notes about a document to the report about its file."""
    file = Place(root, ())
    _note_clients(document, file, report)
    _note_users(document, file, report)


def _note_clients(document: TenantDocument, file: Place, report: Report) -> None:
    """Note each client whose logins could not return to it."""
    if document.mockidp.accept_any_client:
        return  # any loopback callback is accepted
    for client, place in zip(document.clients, file.items("clients"), strict=True):
        has_logins = not _GRANTS_OF_LOGINS.isdisjoint(client.grant_types)
        if client.app_type in _APPS_WITH_LOGINS and has_logins and not client.callbacks:
            note = (
                f"client {client.client_id} ({client.app_type}) has no callbacks, so no login can "
                "return to it. Add one, or remove the grant types of logins if it gets only tokens"
            )
            callbacks = place.step("callbacks")
            line = callbacks.node.line_of_entry or place.node.line
            report.add_note(line, callbacks.path, note)


def _note_users(document: TenantDocument, file: Place, report: Report) -> None:
    """Note the users of databases who have no password."""
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
        users = file.step("users")
        note = f"no password, so only the picker of the login page logs in {names}"
        report.add_note(users.node.line_of_entry, users.path, note)
