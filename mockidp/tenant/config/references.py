"""What the entries of a tenant file say of each other: names that are known, and said once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mockidp.protocol.connection import DEFAULT_CONNECTION
from mockidp.tenant.config.mistakes import nearest
from mockidp.tenant.config.node import Node
from mockidp.tenant.config.place import Place
from mockidp.tenant.config.structure import Structurer
from mockidp.tenant.directory import MANAGEMENT_PATH

_CONNECTIONS = ("databases", "connections")
_SAID_ONCE = (
    (("clients",), "client_id"),
    (("clients",), "name"),
    (("users",), "user_id"),
    (("resourceServers",), "identifier"),
    (("resourceServers",), "name"),
    (("roles",), "name"),
    (_CONNECTIONS, "name"),
)


class References:
    """Check one file's entries against each other; mistakes go to the structurer."""

    def __init__(self, root: Node, notes: Structurer) -> None:
        self._root = Place(root, ())
        self._notes = notes
        self._clients = self._names("clients", "client_id", "name")
        self._apis = {
            api.text_of("identifier"): tuple(
                scope.text_of("value") for scope in api.items("scopes")
            )
            for api in self._root.items("resourceServers")
        }
        self._roles = self._names("roles", "name")
        self._connections = {entry.text_of("name") for entry in self._entries(*_CONNECTIONS)}
        self._connections |= {DEFAULT_CONNECTION}
        settings = self._root.get("mockidp") or self._root
        self._any_client = settings.is_true("accept_any_client")
        self._any_api = settings.is_true("accept_any_audience")

    def check(self) -> None:
        """Note every mistake."""
        self._check_repeats()
        self._check_tenant()
        self._check_grants()
        self._check_connections()
        self._check_holders()
        self._check_global_client()
        self._check_signing_secrets()

    def _check_repeats(self) -> None:
        for sections, key in _SAID_ONCE:
            self._check_once((entry, key, entry.text_of(key)) for entry in self._entries(*sections))
        for key in ("email", "username"):
            logins = ((user, key, _login(user, key)) for user in self._entries("users"))
            self._check_once(logins, " in a connection")

    def _check_once(self, entries: Iterable[tuple[Place, str, str]], where: str = "") -> None:
        first_lines: dict[str, int] = {}
        for entry, key, identity in entries:
            place = entry.get(key)
            if not identity or place is None:
                continue
            if identity in first_lines:
                line = first_lines[identity]
                found = f"{place.text!r} again" + (f", after line {line}" if line else "")
                self._note(place, found, f"each {key} once{where}")
            first_lines.setdefault(identity, place.node.line)

    def _check_tenant(self) -> None:
        tenant = self._root.get("tenant")
        if tenant is None:
            return
        self._check_known(tenant.get("default_directory"), self._connections, "a connection")
        audience = tenant.get("default_audience")
        if audience:
            self._check_api(audience)

    def _check_grants(self) -> None:
        for grant in self._root.items("clientGrants"):
            client, audience = grant.get("client_id"), grant.get("audience")
            if not self._any_client:
                self._check_known(client, self._clients, "a client's id or name")
            if audience and self._check_api(audience):
                for scope in grant.items("scope"):
                    self._check_scope(scope, audience.text)

    def _check_connections(self) -> None:
        for connection in self._entries(*_CONNECTIONS):
            for client in connection.items("enabled_clients"):
                if not self._any_client:
                    self._check_known(client, self._clients, "a client's id or name")

    def _check_holders(self) -> None:
        for holder in self._entries("roles", "users"):
            self._check_known(holder.get("connection"), self._connections, "a connection")
            for role in holder.items("roles"):
                self._check_known(role, self._roles, "a role's name")
            for permission in holder.items("permissions"):
                api = permission.get("resource_server_identifier")
                scope = permission.get("permission_name")
                if api and self._check_api(api) and scope:
                    self._check_scope(scope, api.text)

    def _check_global_client(self) -> None:
        of_them = [one for one in self._root.items("clients") if one.is_true("global")]
        for client in of_them[1:]:
            place = client.get("global") or client
            self._note(place, "a second global client", "one at most")

    def _check_signing_secrets(self) -> None:
        for api in self._root.items("resourceServers"):
            algorithm = api.get("signing_alg")
            if algorithm and algorithm.text == "HS256" and not api.text_of("signing_secret"):
                self._note(
                    algorithm, "HS256 without a signing_secret", "a signing_secret beside it"
                )

    def _check_api(self, audience: Place) -> bool:
        """Tell whether a file describes the API, so that scopes can be compared."""
        if self._any_api or audience.text.endswith(MANAGEMENT_PATH):
            return False
        return self._check_known(audience, self._apis, "an API's identifier")

    def _check_scope(self, scope: Place, audience: str) -> None:
        self._check_known(scope, self._apis[audience], f"a scope that {audience} defines")

    def _check_known(self, place: Place | None, known: Iterable[str], expected: str) -> bool:
        if place is None or not place.text:
            return False
        if place.text in known:
            return True
        self._note(place, f"the text {place.text!r}", expected, nearest(place.text, known))
        return False

    def _names(self, section: str, *keys: str) -> set[str]:
        entries = self._root.items(section)
        return {entry.text_of(key) for entry in entries for key in keys} - {""}

    def _entries(self, *sections: str) -> Iterator[Place]:
        for section in sections:
            yield from self._root.items(section)

    def _note(self, place: Place, found: str, expected: str, suggestion: str | None = None) -> None:
        self._notes.note(
            place.node.line, place.path, found=found, expected=expected, suggestion=suggestion
        )


def _login(user: Place, key: str) -> str:
    """Return what a user logs in with and where, which Auth0 lets only one user have."""
    name = user.text_of(key).lower()
    return f"{name} {user.text_of('connection') or DEFAULT_CONNECTION}" if name else ""
