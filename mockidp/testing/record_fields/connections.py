"""The fields of connections, as keyword arguments.

Written by scripts/generate_methods.py from the registry: change that, not this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Required, TypedDict

from mockidp.testing.record_fields.base import Texts


class PasswordComplexityOptionsFields(TypedDict, total=False):
    """The length of new passwords."""

    min_length: int | None


class PasswordHistoryOptionsFields(TypedDict, total=False):
    """Previous passwords."""

    enable: bool
    size: int


class PasswordNoPersonalInfoFields(TypedDict, total=False):
    """Passwords with a user's name."""

    enable: bool


class PasswordDictionaryFields(TypedDict, total=False):
    """Common passwords."""

    enable: bool
    dictionary: Texts


class UsernameLengthFields(TypedDict, total=False):
    """The length of usernames."""

    min: int
    max: int


class ConnectionValidationFields(TypedDict, total=False):
    """The form of what users sign up with."""

    username: UsernameLengthFields | None


class OneTimePasswordFields(TypedDict, total=False):
    """The codes of a passwordless connection."""

    length: int
    time_step: int


class ConnectionOptionsFields(TypedDict, total=False):
    """The options of a connection. Those for the identity provider alone are kept, not listed."""

    requires_username: bool
    brute_force_protection: bool
    disable_signup: bool
    disable_self_service_change_password: bool
    passwordPolicy: Literal["none", "low", "fair", "good", "excellent"] | None
    password_complexity_options: PasswordComplexityOptionsFields | None
    password_history: PasswordHistoryOptionsFields | None
    password_no_personal_info: PasswordNoPersonalInfoFields | None
    password_dictionary: PasswordDictionaryFields | None
    validation: ConnectionValidationFields | None
    totp: OneTimePasswordFields
    domain_aliases: Texts
    upstream_params: Mapping[str, Any]
    authParams: Mapping[str, Any]


class ConnectionPurposeFields(TypedDict, total=False):
    """Whether a connection is used for logins."""

    active: bool


class ConnectedAccountsPurposeFields(TypedDict, total=False):
    """Whether users connect with the service of a connection (Token Vault)."""

    active: bool


class CrossAppAccessFields(TypedDict, total=False):
    """Cross App Access: whether identity assertions of the identity provider are accepted."""

    status: Literal["enabled", "disabled"]


class ScimMappingFields(TypedDict, total=False):
    """One attribute, by its names on both sides."""

    scim: Required[str]
    auth0: Required[str]


class ScimConfigurationFields(TypedDict, total=False):
    """The settings of the SCIM endpoint of a connection."""

    user_id_attribute: str | None
    mapping: list[ScimMappingFields] | tuple[ScimMappingFields, ...] | None
    created_at: str
    updated_on: str


class ConnectionFields(TypedDict, total=False):
    """One connection."""

    id: str
    strategy: str
    enabled_clients: Texts | None
    options: ConnectionOptionsFields
    is_domain_connection: bool
    authentication: ConnectionPurposeFields
    connected_accounts: ConnectedAccountsPurposeFields
    cross_app_access_resource_app: CrossAppAccessFields
    display_name: str | None
    show_as_button: bool
    scim_configuration: ScimConfigurationFields | None
