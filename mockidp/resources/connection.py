"""A source of users, such as a database with passwords: Auth0's `connection` resource."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

from mockidp.frozen import frozen
from mockidp.protocol.errors.nearest import nearest
from mockidp.resources.checks import check_not_empty, check_number
from mockidp.resources.connection_options import ConnectionOptions, OneTimePassword
from mockidp.resources.password_options import (
    MAX_HISTORY,
    PasswordComplexityOptions,
    PasswordHistoryOptions,
    UsernameLength,
)
from mockidp.resources.record import Record
from mockidp.resources.resource_type import Reference, ResourceType, Summary
from mockidp.resources.rules import Expected, Misfit
from mockidp.resources.scim_configuration import (
    SCIM_STRATEGIES,
    ScimConfiguration,
    ScimMapping,
    check_scim_path,
)
from mockidp.resources.strategies import (
    DATABASE_STRATEGY,
    DIRECTORY_STRATEGIES,
    EMAIL_STRATEGY,
    ENTERPRISE_STRATEGIES,
    PASSWORD_STRATEGIES,
    PASSWORDLESS_STRATEGIES,
    SOCIAL_STRATEGIES,
    STRATEGIES,
)
from mockidp.resources.unsupported import Differs

if TYPE_CHECKING:
    from mockidp.resources.client import Client

DEFAULT_CONNECTION = "Username-Password-Authentication"


@frozen
class ConnectionPurpose(Record):
    """Whether a connection is used for logins."""

    active: bool = True
    """Whether the connection can be used for logins."""


@frozen
class ConnectedAccountsPurpose(Record):
    """Whether users connect with the service of a connection (Token Vault)."""

    active: bool = False
    """Whether users can connect accounts at the service."""

    COSMETIC: ClassVar[frozenset[str]] = frozenset({"allow_missing_user_id"})
    DIFFERS: ClassVar[Mapping[str, Differs]] = {
        "cross_app_access": Differs(
            "Auth0 gets the tokens of the service with an identity assertion"
        ),
    }


@frozen
class CrossAppAccess(Record):
    """Cross App Access: whether identity assertions of the identity provider are accepted."""

    status: Literal["enabled", "disabled"] = "disabled"
    """Whether clients may exchange them."""


@frozen
class Connection(Record):
    """One connection.

    `enabled_clients` are client ids or names; None, which is the default, serves every client.
    """

    name: str
    """Its name, which users and requests refer to."""
    id: str = ""
    """Its id. No answer depends on it."""
    strategy: str = DATABASE_STRATEGY
    """`auth0` is a database with passwords. Users of `email` and `sms` log in with a code or a link
    that is sent to them, those of social and enterprise strategies on a page that takes the place
    of the identity provider."""
    enabled_clients: tuple[str, ...] | None = None
    """Ids or names of the first-party clients that use it. Not set: all of them."""
    options: ConnectionOptions = ConnectionOptions()
    """Options of the connection."""
    is_domain_connection: bool = False
    """Whether all third-party clients use it. They use no other connections."""
    authentication: ConnectionPurpose = ConnectionPurpose()
    """Whether it is used for logins."""
    connected_accounts: ConnectedAccountsPurpose = ConnectedAccountsPurpose()
    """Token Vault: whether users connect with its service, whose tokens clients then get."""
    cross_app_access_resource_app: CrossAppAccess = CrossAppAccess()
    """Cross App Access: assertions of its identity provider, which clients may exchange."""
    display_name: str | None = None
    """The name on its button. By default that of the identity provider, such as Google, or the
    connection's own."""
    show_as_button: bool = False
    """Whether the login page has a button for it. Enterprise connections only; social ones always
    have one, and those of an organization as the organization says."""
    scim_configuration: ScimConfiguration | None = None
    """Its SCIM endpoint, at which a company's directory creates users. Not set: it has none."""

    COSMETIC: ClassVar[frozenset[str]] = frozenset(
        {
            "cross_app_access_requesting_app",
            "directory_provisioning_configuration", "metadata", "provisioning_ticket_url",
        }
    )  # fmt: skip
    DIFFERS: ClassVar[Mapping[str, Differs]] = {
        "realms": Differs(
            "Auth0 accepts each of these names as `realm` of a password grant",
            lambda value: isinstance(value, list) and len(value) > 1,
        ),
    }

    def serves(self, client: Client) -> bool:
        """Return whether a client's users can log in with it."""
        return self.authentication.active and self.is_enabled_for(client)

    def is_enabled_for(self, client: Client) -> bool:
        """Return whether a client uses it, for logins or for connected accounts."""
        if not client.is_first_party:
            return self.is_domain_connection
        enabled = self.enabled_clients
        return enabled is None or not {client.client_id, client.name}.isdisjoint(enabled)

    def how_to_enable(self, client: Client) -> str:
        """Return what to do if a client should use it but cannot."""
        if not self.authentication.active:
            return f"Set `authentication.active` of connection {self.name} to true."
        if not client.is_first_party:
            return (
                f"Client {client.client_id} is third-party, so set `is_domain_connection` of "
                f"connection {self.name} to true."
            )
        return f"Add the client to the `enabled_clients` of connection {self.name}."

    @property
    def accepts_passwords(self) -> bool:
        """Whether users of the connection log in with a password."""
        return self.strategy in PASSWORD_STRATEGIES

    @property
    def is_passwordless(self) -> bool:
        """Whether users of the connection log in with a code or a link that is sent to them."""
        return self.strategy in PASSWORDLESS_STRATEGIES

    @property
    def is_email(self) -> bool:
        """Whether its codes and links are sent by e-mail."""
        return self.strategy == EMAIL_STRATEGY

    @property
    def is_federated(self) -> bool:
        """Whether its users log in at an identity provider."""
        own = (DATABASE_STRATEGY, *PASSWORDLESS_STRATEGIES, *DIRECTORY_STRATEGIES)
        return self.strategy not in own

    @property
    def is_enterprise(self) -> bool:
        """Whether it is that of a company's own directory or identity provider."""
        return self.strategy in ENTERPRISE_STRATEGIES

    @property
    def supports_scim(self) -> bool:
        """Whether it can have a SCIM endpoint."""
        return self.strategy in SCIM_STRATEGIES

    @property
    def shown_name(self) -> str:
        """The name on its button."""
        return self.display_name or SOCIAL_STRATEGIES.get(self.strategy) or self.name


def check_strategy(strategy: str) -> Expected | None:
    """Check that Auth0 has a strategy."""
    if strategy in STRATEGIES:
        return None
    return Expected("a strategy of Auth0, such as google-oauth2", nearest(strategy, STRATEGIES))


def default_database(
    databases: Collection[str], others: Collection[str], default_directory: str | None
) -> str | None:
    """Return the database of users without `connection`; None if that is ambiguous.

    A tenant without databases gets one for its users. Its name is `default_directory`, unless
    that is another kind of connection.

    Args:
        databases: Names of the tenant's database connections.
        others: Names of its other connections.
        default_directory: The tenant's setting of that name.
    """
    if not databases:
        is_named = default_directory and default_directory not in others
        return default_directory if is_named else DEFAULT_CONNECTION
    if DEFAULT_CONNECTION in databases:
        return DEFAULT_CONNECTION
    return next(iter(databases)) if len(databases) == 1 else None


def _check_connection(connection: Connection) -> Iterator[Misfit]:
    if connection.scim_configuration is not None and not connection.supports_scim:
        yield Misfit(
            "scim_configuration",
            found=f"a SCIM configuration of a connection with the strategy {connection.strategy!r}",
            expected=f"it only with {', '.join(SCIM_STRATEGIES)}",
        )
    if connection.connected_accounts.active and not connection.is_federated:
        yield Misfit(
            "connected_accounts",
            found=f"connected accounts with the strategy {connection.strategy!r}",
            expected="them only with a social or enterprise strategy",
        )


def _summary(connection: Connection) -> Summary:
    enabled = connection.enabled_clients
    return {
        "name": connection.name,
        "strategy": connection.strategy,
        "enabled_clients": "all clients" if enabled is None else enabled,
    }


CONNECTION = ResourceType(
    name="connection",
    title="connection",
    plural="connections",
    record=Connection,
    key="name",
    sections={
        "databases": "Connections whose users have passwords. Without any there is one, "
        "`Username-Password-Authentication`.",
        "connections": "Social, enterprise and passwordless connections.",
    },
    section_of=lambda one: "databases" if one.strategy == DATABASE_STRATEGY else "connections",
    id_prefix="con_",
    unique=("name",),
    references=(Reference(path="enabled_clients", to="clients", expected="a client's id or name"),),
    indexes={"strategy": lambda one: (one.strategy,)},
    summary=_summary,
    checks={
        (Connection, "name"): check_not_empty,
        (Connection, "strategy"): check_strategy,
        (PasswordComplexityOptions, "min_length"): check_number(1, 128),
        (PasswordHistoryOptions, "size"): check_number(0, MAX_HISTORY),
        (UsernameLength, "min"): check_number(1, 128),
        (UsernameLength, "max"): check_number(1, 128),
        (OneTimePassword, "length"): check_number(4, 40),
        (OneTimePassword, "time_step"): check_number(1, 86400),
        (ScimConfiguration, "user_id_attribute"): check_scim_path,
        (ScimMapping, "scim"): check_scim_path,
    },
    check_record=_check_connection,
)
