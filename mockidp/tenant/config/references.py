"""Check references between the entries of a tenant file, and names that must be unique.

Users are written by hand, so what they refer to has to be in the file. Everything else may come
from a partial export, which refers to clients, APIs and databases that it does not contain. Which
of these names are accepted, with a note, depends on the report's leniency.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from mockidp.codec.node import Node
from mockidp.codec.report import Report
from mockidp.resources.connection import DEFAULT_CONNECTION
from mockidp.tenant.config.databases import SECTIONS as _CONNECTIONS
from mockidp.tenant.config.databases import connection_names, database_of_users
from mockidp.tenant.config.place import Place
from mockidp.tenant.directory import MANAGEMENT_PATH

_UNIQUE = (
    (("clients",), "client_id"),
    (("users",), "user_id"),
    (("resourceServers",), "identifier"),
    (("roles",), "name"),
    (_CONNECTIONS, "name"),
)
_REPEATABLE = ("clients", "resourceServers")
"""The sections in which Auth0 allows the same name twice."""


class References:
    """Checks the entries of one file against each other. Mistakes and notes go to the report."""

    def __init__(self, root: Node, report: Report) -> None:
        self._root = Place(root, ())
        self._report = report
        self._accepts = report.leniency.accepts_name
        self._clients = self._names("clients", "client_id", "name")
        self._apis = {
            api.text_of("identifier"): dict.fromkeys(
                scope.text or scope.text_of("value") for scope in api.items("scopes")
            )
            for api in self._root.items("resourceServers")
        }
        self._roles = self._names("roles", "name")
        databases, others = connection_names(self._root)
        self._connections = {*databases, *others}
        self._known_directories = {*(databases or (DEFAULT_CONNECTION,)), *others}
        if not databases:
            self._connections.add(database_of_users(self._root) or "")
        settings = self._root.get("mockidp") or self._root
        self._any_client = settings.is_true("accept_any_client")
        self._any_api = settings.is_true("accept_any_audience")

    def check(self) -> None:
        """Report every mistake."""
        self._check_repeats()
        self._check_tenant()
        self._check_grants()
        self._check_policies()
        self._check_connections()
        self._check_holders()
        self._check_global_client()
        self._check_signing_secrets()
        self._check_claims()

    def _check_repeats(self) -> None:
        for sections, key in _UNIQUE:
            self._check_once((entry, key, entry.text_of(key)) for entry in self._entries(*sections))
        for section in _REPEATABLE:
            entries = self._root.items(section)
            named = [(entry, "name", entry.text_of("name")) for entry in entries]
            self._check_once(named, is_repeatable=True)
        for key in ("email", "username"):
            logins = ((user, key, _login(user, key)) for user in self._entries("users"))
            self._check_once(logins, " in a connection")

    def _check_once(
        self,
        entries: Iterable[tuple[Place, str, str]],
        where: str = "",
        *,
        is_repeatable: bool = False,
    ) -> None:
        firsts: dict[str, Place] = {}
        for entry, key, identity in entries:
            place = entry.get(key)
            if not identity or place is None:
                continue
            if identity in firsts:
                found = f"{place.text!r} again" + self._after(firsts[identity], place)
                if is_repeatable and self._accepts(identity, identity):
                    self._report.add_note(place.node.line, place.path, found, name=identity)
                else:
                    self._note(place, found, f"each {key} once{where}")
            firsts.setdefault(identity, place)

    def _after(self, first: Place, place: Place) -> str:
        """Return a clause that names the place of the first of two equal values."""
        file = self._report.file_of(first.path)
        if file != self._report.file_of(place.path):
            return f", after {file}"
        return f", after line {first.node.line}" if first.node.line else ""

    def _check_tenant(self) -> None:
        tenant = self._root.get("tenant")
        if tenant is None:
            return
        self._check_reference(
            tenant.get("default_directory"), self._known_directories, "a connection"
        )
        audience = tenant.get("default_audience")
        if audience:
            self._check_api(audience)

    def _check_grants(self) -> None:
        for grant in self._root.items("clientGrants"):
            client, audience = grant.get("client_id"), grant.get("audience")
            if not self._any_client:
                self._check_reference(client, self._clients, "a client's id or name")
            self._check_scopes_of(audience, grant)

    def _check_policies(self) -> None:
        for client in self._root.items("clients"):
            refresh_token = client.get("refresh_token")
            for policy in refresh_token.items("policies") if refresh_token else ():
                self._check_scopes_of(policy.get("audience"), policy)

    def _check_scopes_of(self, audience: Place | None, holder: Place) -> None:
        if audience and self._check_api(audience):
            for scope in holder.items("scope"):
                self._check_scope(scope, audience.text)

    def _check_connections(self) -> None:
        for connection in self._entries(*_CONNECTIONS):
            for client in connection.items("enabled_clients"):
                if not self._any_client:
                    self._check_reference(client, self._clients, "a client's id or name")

    def _check_holders(self) -> None:
        for role in self._entries("roles"):
            self._check_permissions(role)
        for user in self._entries("users"):
            self._check_known(user.get("connection"), self._connections, "a connection")
            for role in user.items("roles"):
                self._check_known(role, self._roles, "a role's name")
            self._check_permissions(user, is_by_hand=True)

    def _check_permissions(self, holder: Place, *, is_by_hand: bool = False) -> None:
        for permission in holder.items("permissions"):
            api = permission.get("resource_server_identifier")
            scope = permission.get("permission_name")
            if api and self._check_api(api, is_by_hand=is_by_hand) and scope:
                self._check_scope(scope, api.text, is_by_hand=is_by_hand)

    def _check_global_client(self) -> None:
        of_them = [one for one in self._root.items("clients") if one.is_true("global")]
        for client in of_them[1:]:
            place = client.get("global") or client
            self._note(place, "a second global client", "at most one")

    def _check_signing_secrets(self) -> None:
        for api in self._root.items("resourceServers"):
            algorithm = api.get("signing_alg")
            if algorithm and algorithm.text == "HS256" and not api.text_of("signing_secret"):
                self._note(algorithm, "HS256 without a signing_secret", "a signing_secret as well")

    def _check_claims(self) -> None:
        settings = self._root.get("mockidp")
        claims = tuple(settings.items("claims")) if settings else ()
        if not claims:
            return
        users = self._names("users", "user_id", "email", "username")
        users |= {user_id.partition("|")[2] for user_id in self._names("users", "user_id")}
        for claim in claims:
            if not self._any_client:
                self._check_known(claim.get("client"), self._clients, "a client's id or name")
            self._check_known(claim.get("user"), users, "a user's id, e-mail or username")
            audience = claim.get("audience")
            if audience:
                self._check_api(audience, is_by_hand=True)

    def _check_api(self, audience: Place, *, is_by_hand: bool = False) -> bool:
        """Return whether the file describes the API, so that scopes can be compared."""
        if self._any_api or audience.text.endswith(MANAGEMENT_PATH):
            return False
        check = self._check_known if is_by_hand else self._check_reference
        return check(audience, self._apis, "an API's identifier")

    def _check_scope(self, scope: Place, audience: str, *, is_by_hand: bool = False) -> None:
        check = self._check_known if is_by_hand else self._check_reference
        check(scope, self._apis[audience], f"a scope that {audience} defines")

    def _check_reference(self, place: Place | None, known: Collection[str], expected: str) -> bool:
        """Check a name that another file may define. Return whether this one does."""
        if place is None or not place.text or place.text in known:
            return bool(place and place.text)
        near = self._report.suggest(place.text, known, kind=expected)
        if not self._accepts(place.text, near):
            self._note(place, f"the string {place.text!r}", expected, near)
            return False
        suggestion = f"; did you mean {near}?" if near else ""
        text = f"{place.text!r} is not {expected} in this tenant{suggestion}"
        self._report.add_note(place.node.line, place.path, text, name=place.text)
        return False

    def _check_known(self, place: Place | None, known: Collection[str], expected: str) -> bool:
        if place is None or not place.text:
            return False
        if place.text in known:
            return True
        near = self._report.suggest(place.text, known, kind=expected)
        self._note(place, f"the string {place.text!r}", expected, near)
        return False

    def _names(self, section: str, *keys: str) -> set[str]:
        entries = self._root.items(section)
        return {entry.text_of(key) for entry in entries for key in keys} - {""}

    def _entries(self, *sections: str) -> Iterator[Place]:
        for section in sections:
            yield from self._root.items(section)

    def _note(self, place: Place, found: str, expected: str, suggestion: str | None = None) -> None:
        self._report.refuse(
            place.node.line, place.path, found=found, expected=expected, suggestion=suggestion
        )


def _login(user: Place, key: str) -> str:
    """Return a user's login name and connection, which must be unique in Auth0."""
    name = user.text_of(key).lower()
    return f"{name} {user.text_of('connection')}" if name else ""
