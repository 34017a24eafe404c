"""A source of users, such as a database with passwords: Auth0's `connection` resource."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from mockidp.protocol.nearest import nearest
from mockidp.protocol.password_policy import Level
from mockidp.resources.checks import check_not_empty, check_number
from mockidp.resources.password_options import (
    MAX_HISTORY,
    ConnectionValidation,
    PasswordComplexityOptions,
    PasswordDictionary,
    PasswordHistoryOptions,
    PasswordNoPersonalInfo,
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
from mockidp.resources.unsupported import Differs, is_false, look_up, unlike

DEFAULT_CONNECTION = "Username-Password-Authentication"

_USERNAME = "attributes.username.identifier.active"
_USERNAMES = Differs("Auth0 checks usernames by this rule (here, use `validation.username`)")
_OTHER_POLICY = Differs("Auth0 can check new passwords by this rule in place of `passwordPolicy`")
_SIGN_UP = "attributes.username.signup.status"


@dataclass(frozen=True, kw_only=True, slots=True)
class OneTimePassword(Record):
    """The codes of a passwordless connection."""

    length: int = 6
    """The number of digits."""
    time_step: int = 180
    """Seconds until a code or a link expires."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ConnectionOptions(Record):
    """The options of a connection. Those for the identity provider alone are kept, not listed."""

    requires_username: bool = False
    """Whether users of the connection have usernames. Changes the login page's label and error."""
    brute_force_protection: bool = True
    """Whether brute-force protection applies to its users. In a passwordless connection: whether a
    code is refused after ten wrong guesses."""
    disable_signup: bool = False
    """Whether sign-ups are refused."""
    disable_self_service_change_password: bool = False
    """Whether users cannot reset their passwords."""
    passwordPolicy: Level | None = None  # noqa: N815 - Auth0's name
    """The rules for new passwords. By default `good`: 8 characters, with three of lower case, upper
    case, numbers and special characters."""
    password_complexity_options: PasswordComplexityOptions | None = None
    """The length of new passwords."""
    password_history: PasswordHistoryOptions | None = None
    """Whether previous passwords are refused."""
    password_no_personal_info: PasswordNoPersonalInfo | None = None
    """Whether passwords with a user's name are refused."""
    password_dictionary: PasswordDictionary | None = None
    """Whether common passwords are refused."""
    validation: ConnectionValidation | None = None
    """The format of usernames."""
    totp: OneTimePassword = OneTimePassword()
    """The codes of a passwordless connection."""
    domain_aliases: tuple[str, ...] = ()
    """The domains of an enterprise connection. The first of two login pages (identifier first)
    sends users with e-mail addresses in them to the identity provider."""
    upstream_params: Mapping[str, Any] = field(default_factory=dict)
    """Parameters for the identity provider, by name: each with a `value`, or with the `alias` of
    the parameter of /authorize that it is taken from. The page in place of the identity provider
    shows them."""
    authParams: Mapping[str, Any] = field(default_factory=dict)  # noqa: N815 - Auth0's name
    """Parameters that each link of a passwordless connection has, unless the request for the link
    has its own."""

    COSMETIC: ClassVar[frozenset[str]] = frozenset(
        {
            # Passkeys and scripts, which mockidp does not have.
            "configuration", "customScripts", "enable_script_context", "import_mode", "mfa",
            "non_persistent_attrs", "passkey_options", "precedence", "realm_fallback",
            "strategy_version",
            # The parts of these options without an entry below.
            "attributes", "authentication_methods", "password_options",
        }
    )  # fmt: skip
    DIFFERS: ClassVar[Mapping[str, Differs]] = {
        "attributes.email.identifier.active": Differs(
            "Auth0 does not accept an e-mail address as identifier", is_false
        ),
        "attributes.email.signup.status": Differs(
            "Auth0 lets users sign up without an e-mail address", unlike("required")
        ),
        "attributes.email.verification_method": Differs(
            "Auth0 verifies e-mail addresses with a code", unlike("link")
        ),
        "attributes.username.validation.allowed_types.email": _USERNAMES,
        "attributes.username.validation.max_length": replace(_USERNAMES, when=unlike(15)),
        "attributes.username.validation.min_length": replace(_USERNAMES, when=unlike(1)),
        "attributes.phone_number.identifier.active": Differs(
            "Auth0 accepts a phone number as identifier"
        ),
        "authentication_methods.email_otp.enabled": Differs(
            "Auth0 lets users log in with a code sent by e-mail"
        ),
        "authentication_methods.passkey.enabled": Differs(
            "Auth0 offers passkeys on the login page, and enrollment after a login"
        ),
        "authentication_methods.password.enabled": Differs("Auth0 accepts no passwords", is_false),
        "authentication_methods.phone_otp.enabled": Differs(
            "Auth0 lets users log in with a code sent to their phone"
        ),
        "enabledDatabaseCustomization": Differs(
            "Auth0 asks the connection's own scripts for users and passwords"
        ),
        "password_options.complexity.character_types": _OTHER_POLICY,
        "password_options.complexity.identical_characters": replace(
            _OTHER_POLICY, when=unlike("allow")
        ),
        "password_options.complexity.min_length": replace(_OTHER_POLICY, when=unlike(15)),
        "password_options.complexity.sequential_characters": replace(
            _OTHER_POLICY, when=unlike("allow")
        ),
        "password_options.dictionary.active": _OTHER_POLICY,
        "password_options.history.active": _OTHER_POLICY,
        "password_options.profile_data.active": _OTHER_POLICY,
    }
    KEEPS_ANYTHING: ClassVar[bool] = True

    @property
    def has_usernames(self) -> bool:
        """Whether users log in with a username: by the older option, or by the newer attribute."""
        return self.requires_username or look_up(self.extra, _USERNAME) is True

    @property
    def needs_username(self) -> bool:
        """Whether users have to choose a username when they sign up."""
        return self.requires_username or look_up(self.extra, _SIGN_UP) == "required"


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
