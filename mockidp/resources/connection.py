"""A source of users, such as a database with passwords: Auth0's `connection` resource."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar

from mockidp.protocol.nearest import nearest
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
from mockidp.resources.rules import Expected
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

DEFAULT_CONNECTION = "Username-Password-Authentication"


@dataclass(frozen=True, kw_only=True, slots=True)
class ConnectionPurpose(Record):
    """Whether a connection is used for logins."""

    active: bool = True
    """Whether the connection can be used for logins."""


@dataclass(frozen=True, kw_only=True, slots=True)
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
    """Ids or names of the clients that use it. Not set: all clients."""
    options: ConnectionOptions = ConnectionOptions()
    """Options of the connection."""
    authentication: ConnectionPurpose = ConnectionPurpose()
    """Whether it is used for logins."""
    display_name: str | None = None
    """The name on its button. By default that of the identity provider, such as Google, or the
    connection's own."""
    show_as_button: bool = False
    """Whether the login page has a button for it. Enterprise connections only; social ones always
    have one, and those of an organization as the organization says."""

    COSMETIC: ClassVar[frozenset[str]] = frozenset(
        {
            "connected_accounts", "cross_app_access_requesting_app",
            "cross_app_access_resource_app", "directory_provisioning_configuration",
            "is_domain_connection", "metadata", "provisioning_ticket_url", "scim_configuration",
        }
    )  # fmt: skip
    DIFFERS: ClassVar[Mapping[str, Differs]] = {
        "realms": Differs(
            "Auth0 accepts each of these names as `realm` of a password grant",
            lambda value: isinstance(value, list) and len(value) > 1,
        ),
    }

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
    },
)
