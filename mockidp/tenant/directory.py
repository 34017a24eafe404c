"""Look-ups of a tenant's records by the names that requests use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mockidp.protocol.management.scopes import CURRENT_USER_SCOPES, SCOPES
from mockidp.protocol.my_account import MY_ACCOUNT_API
from mockidp.protocol.urls.origin import is_loopback_url
from mockidp.protocol.urls.rules import CALLBACKS, UrlRule, is_listed
from mockidp.resources.client import CLIENT, Client
from mockidp.resources.client_grant import CLIENT_GRANT, GRANTED_CLIENT, ClientGrant
from mockidp.resources.connection import CONNECTION, Connection, default_database
from mockidp.resources.custom_domain import CUSTOM_DOMAIN, CustomDomain
from mockidp.resources.organization import MEMBERS, ORGANIZATION, Organization
from mockidp.resources.record import Record, differences_of
from mockidp.resources.resource_server import API, ResourceServer
from mockidp.resources.resource_type import login_key
from mockidp.resources.role import ROLE, Role
from mockidp.resources.strategies import DATABASE_STRATEGY
from mockidp.resources.token_exchange_profile import (
    BY_TYPE,
    TOKEN_EXCHANGE_PROFILE,
    TokenExchangeProfile,
)
from mockidp.resources.user import PHONE, USER, User
from mockidp.storage.single_value import SingleValue
from mockidp.tenant.client_urls import resolve_urls
from mockidp.tenant.content.document import Configuration
from mockidp.tenant.content.implied_records import (
    any_client,
    implied_database,
    management_api,
    my_account_api,
)
from mockidp.tenant.content.settings import Settings
from mockidp.tenant.state.records import ID, Records, RecordStores
from mockidp.tenant.urls import TenantUrls

_MAX_CACHED = 100
"""More than tests use at a time. Each login of a user makes a new record, which is kept here."""
MANAGEMENT_PATH = "/api/v2/"
OWN_PATHS = (MANAGEMENT_PATH, MY_ACCOUNT_API)
"""The ends of the audiences of Auth0's APIs for which clients have grants."""


class Directory:
    """Look-ups over the records and the configuration of a tenant.

    Attributes:
        records: The records by the plural name of their type.
        urls: The domains of the tenant, and the issuer of each.
    """

    def __init__(self, configuration: SingleValue[Configuration], records: RecordStores) -> None:
        self._configuration = configuration
        self.records = records
        self.clients: Records[Client] = records[CLIENT.plural]
        self.users: Records[User] = records[USER.plural]
        self.apis: Records[ResourceServer] = records[API.plural]
        self.roles: Records[Role] = records[ROLE.plural]
        self.organizations: Records[Organization] = records[ORGANIZATION.plural]
        self.token_exchange_profiles: Records[TokenExchangeProfile] = records[
            TOKEN_EXCHANGE_PROFILE.plural
        ]
        self.custom_domains: Records[CustomDomain] = records[CUSTOM_DOMAIN.plural]
        self.urls = TenantUrls(self.custom_domains, configuration)
        self.client_grants: Records[ClientGrant] = records[CLIENT_GRANT.plural]
        self._connections: Records[Connection] = records[CONNECTION.plural]
        self._differences: dict[int, tuple[Record, tuple[tuple[str, str], ...]]] = {}

    @property
    def configuration(self) -> Configuration:
        """Everything in the tenant file except records."""
        return self._configuration.value

    @property
    def settings(self) -> Settings:
        """The settings of mockidp itself."""
        return self._configuration.value.mockidp

    def differences_of(self, record: Record) -> tuple[tuple[str, str], ...]:
        """Return the fields of a record that mockidp does not act on. Results are cached.

        Each is a name, and a text about what Auth0 does.
        """
        cached = self._differences.get(id(record))
        if cached is None:  # the record is kept as well, so that its id is not reused
            if len(self._differences) >= _MAX_CACHED:
                self._differences.clear()
            cached = self._differences[id(record)] = (record, tuple(differences_of(record)))
        return cached[1]

    @property
    def connections(self) -> Mapping[str, Connection]:
        """All connections by name, including the database of a tenant that describes none."""
        made_up = self._made_up_database()
        if made_up is None:
            return self._connections
        return {**self._connections, made_up: implied_database(made_up)}

    def connection(self, name: str) -> Connection | None:
        """Return the connection with a name."""
        found = self._connections.get(name)
        if found is None and name == self._made_up_database():
            return implied_database(name)
        return found

    def default_database(self) -> str | None:
        """Return the database of users without `connection`; None if that is ambiguous."""
        return default_database(
            self.databases(),
            self._connections,
            self.configuration.tenant.default_directory,
        )

    def databases(self) -> tuple[str, ...]:
        """Return the names of the database connections that the tenant describes."""
        return tuple(one.name for one in self._connections.find("strategy", DATABASE_STRATEGY))

    def _made_up_database(self) -> str | None:
        has_database = self._connections.store.scan("strategy", DATABASE_STRATEGY)
        return None if has_database else self.default_database()

    @property
    def global_client(self) -> Client | None:
        """The client that may request Management API v1 tokens."""
        return next(iter(self.clients.find("global", "true")), None)

    def client(self, client_id: str, *, base_url: str = "") -> Client | None:
        """Return the client with an id. A lenient tenant has one for any id.

        Args:
            client_id: Its id.
            base_url: The URL of the tenant in the request, for the placeholders in URLs. Not needed
                if those are not used.
        """
        known = self.clients.get(client_id)
        if known is None and self.settings.accept_any_client:
            return any_client(client_id)
        if known is None or not base_url:
            return known
        return resolve_urls(known, base_url, self.urls.custom_domain(base_url))

    def allows_callback(self, client: Client, url: str) -> bool:
        """Return whether a client may use a callback. A lenient tenant accepts loopback URLs."""
        return is_listed(url, client.callbacks, CALLBACKS) or self._accepts_loopback(url)

    def allows_logout(self, url: str, allowed: Iterable[str], rule: UrlRule) -> bool:
        """Return whether a logout URL is allowed. A lenient tenant accepts loopback URLs."""
        return is_listed(url, allowed, rule) or self._accepts_loopback(url)

    def _accepts_loopback(self, url: str) -> bool:
        return self.settings.accept_any_client and is_loopback_url(url)

    def user(self, user_id: str) -> User | None:
        """Return the user with a full id such as `auth0|alice`."""
        return self.users.get(user_id)

    def user_named(self, name: str) -> User | None:
        """Return the user with this id, last part of an id, or e-mail address."""
        return next(self.users.named(name), None)

    def user_id(self, name: str) -> str | None:
        """Return the id of that user."""
        user = self.user_named(name)
        return user.user_id if user else None

    def user_called(self, name: str) -> User | None:
        """Return the user with this id, last part of an id, e-mail address or username."""
        return self.user_named(name) or self.find_user(name, self.connections)

    def token_exchange_profile(self, subject_token_type: str) -> TokenExchangeProfile | None:
        """Return the profile for a type of subject tokens."""
        return next(iter(self.token_exchange_profiles.find(BY_TYPE, subject_token_type)), None)

    def find_user(self, login: str, connections: Iterable[str]) -> User | None:
        """Return the user with this e-mail address or username in one of the connections."""
        found = (
            user
            for connection in dict.fromkeys(connections)
            for user in self.users.find("login", login_key(connection, login.strip()))
        )
        return next(found, None)

    def find_passwordless_user(self, connection: Connection, recipient: str) -> User | None:
        """Return the user of a passwordless connection with an e-mail address or phone number."""
        if connection.is_email:
            return self.find_user(recipient, (connection.name,))
        found = self.users.find(PHONE, recipient)
        return next((user for user in found if user.connection == connection.name), None)

    def connections_for(self, client: Client) -> tuple[str, ...]:
        """Return the names of the connections that a client's users can log in with."""
        described = [entry.value for _, entry in self._connections.store.scan()]
        found = tuple([one.name for one in described if one.serves(client)])
        has_database = DATABASE_STRATEGY in [one.strategy for one in described]
        made_up = None if has_database else self._made_up_database()
        # Another kind of connection may have the name of the database.
        return found if made_up is None else tuple(dict.fromkeys((*found, made_up)))

    def accept_passwords(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return those of the named connections whose users log in with a password."""
        found = map(self.connection, names)
        return tuple(one.name for one in found if one is not None and one.accepts_passwords)

    def api(self, identifier: str, *, is_management: bool) -> ResourceServer | None:
        """Return the API with an audience, or the tenant's own Management API."""
        known = self.apis.get(identifier)
        if is_management and not (known and known.scopes):
            return management_api(identifier, known)
        if known is not None:
            return known
        if self.settings.accept_any_audience:
            return ResourceServer(identifier=identifier, allow_offline_access=True)
        return None

    def my_account_api(self, identifier: str) -> ResourceServer:
        """Return the My Account API, as the tenant file describes it if it does."""
        known = self.apis.get(identifier)
        if known and known.scopes:
            return known
        return my_account_api(identifier, known, is_open=self.settings.accept_any_client)

    def defines(self, api: ResourceServer, scope: str) -> bool:
        """Return whether an API has a scope. An API without a list of scopes has every scope."""
        known = api if api.scopes else self.apis.get(api.identifier, api)
        if known is api and api.identifier.endswith(MANAGEMENT_PATH):
            return scope in SCOPES or scope in CURRENT_USER_SCOPES
        is_open = api.identifier not in self.apis and not api.scopes
        return is_open or scope in known.scope_values

    def is_made_up(self, client: Client, api: ResourceServer) -> bool:
        """Return whether the client or the API exists only because the tenant is lenient."""
        return (
            self.settings.accept_any_audience and api.identifier not in self.apis
        ) or client.client_id not in self.clients

    def client_grant(
        self, client: Client, api: ResourceServer, *, subject_type: str
    ) -> ClientGrant | None:
        """Return the client's grant for an API, for the client itself or for users.

        A grant that names the client takes precedence over one for all third-party clients.
        """
        found = [
            grant
            for grant in self._grants_for(client)
            if grant.subject_type == subject_type and _same_audience(grant.audience, api)
        ]
        return max(found, key=lambda grant: bool(grant.client_id), default=None)

    def _grants_for(self, client: Client) -> Iterator[ClientGrant]:
        names = dict.fromkeys(filter(None, (client.client_id, client.name)))
        if not client.is_first_party:
            names[""] = None  # grants for all third-party clients
        for name in names:
            yield from self.client_grants.find(GRANTED_CLIENT, name)

    def organization(self, organization_id: str | None) -> Organization | None:
        """Return the organization with an id."""
        if not organization_id:
            return None
        return next(iter(self.organizations.find(ID, organization_id)), None)

    def organizations_of(self, user_id: str) -> tuple[Organization, ...]:
        """Return the organizations that a user is a member of, in the order of the tenant."""
        return self.organizations.find(MEMBERS, user_id)

    def permissions_of(
        self, user: User, api: ResourceServer, organization: Organization | None = None
    ) -> tuple[str, ...]:
        """Return the user's permissions at an API, without duplicates.

        In an organization they are those of the roles that the user has in it; otherwise the
        user's own, and those of the user's roles.
        """
        if organization is None:
            held, roles = list(user.permissions), user.roles
        else:
            member = organization.member(user.user_id)
            held, roles = [], member.roles if member else ()
        for name in roles:
            role = self.roles.get(name)
            held.extend(role.permissions if role else ())
        return tuple(
            dict.fromkeys(
                permission.permission_name
                for permission in held
                if permission.resource_server_identifier == api.identifier
            )
        )


def _same_audience(audience: str, api: ResourceServer) -> bool:
    """Return whether an audience is an API. One of Auth0's own is this tenant's at any host."""
    return audience == api.identifier or any(
        audience.endswith(path) and api.identifier.endswith(path) for path in OWN_PATHS
    )
