"""The options of a connection, such as the rules for passwords and the domains of a company."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, ClassVar

from mockidp.frozen import frozen, replace
from mockidp.resources.password_options import (
    ConnectionValidation,
    PasswordComplexityOptions,
    PasswordDictionary,
    PasswordHistoryOptions,
    PasswordLevel,
    PasswordNoPersonalInfo,
)
from mockidp.resources.record import Record
from mockidp.resources.unsupported import Differs, is_false, look_up, unlike

_USERNAME = "attributes.username.identifier.active"
_USERNAMES = Differs("Auth0 checks usernames by this rule (here, use `validation.username`)")
_OTHER_POLICY = Differs("Auth0 can check new passwords by this rule in place of `passwordPolicy`")
_BUTTON = "passkey_options.challenge_ui"
_PROGRESSIVE = "passkey_options.progressive_enrollment_enabled"
_PASSKEYS = "authentication_methods.passkey.enabled"
_SIGN_UP = "attributes.username.signup.status"


@frozen
class OneTimePassword(Record):
    """The codes of a passwordless connection."""

    length: int = 6
    """The number of digits."""
    time_step: int = 180
    """Seconds until a code or a link expires."""


@frozen
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
    passwordPolicy: PasswordLevel | None = None  # noqa: N815 - Auth0's name
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
            # Scripts, which mockidp does not have.
            "configuration", "customScripts", "enable_script_context", "import_mode", "mfa",
            "non_persistent_attrs", "precedence", "realm_fallback",
            "strategy_version",
            # The parts of these options without an entry below.
            "attributes", "authentication_methods", "passkey_options", "password_options",
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
        "authentication_methods.password.enabled": Differs("Auth0 accepts no passwords", is_false),
        "authentication_methods.phone_otp.enabled": Differs(
            "Auth0 lets users log in with a code sent to their phone"
        ),
        "passkey_options.challenge_ui": Differs(
            "Auth0 offers passkeys in the browser's autofill and not with a button",
            lambda value: value == "autofill",
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

    @property
    def has_passkeys(self) -> bool:
        """Whether users log in with passkeys."""
        return look_up(self.extra, _PASSKEYS) is True

    @property
    def has_passkey_button(self) -> bool:
        """Whether the login page has a button for passkeys, which is the default."""
        return self.has_passkeys and look_up(self.extra, _BUTTON) != "autofill"

    @property
    def enrolls_passkeys(self) -> bool:
        """Whether users are asked to create a passkey after a login with a password."""
        return self.has_passkeys and look_up(self.extra, _PROGRESSIVE) is not False
