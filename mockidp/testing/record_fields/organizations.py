"""The fields of organizations, as keyword arguments.

Written by scripts/generate_methods.py from the registry: change that, not this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Required, TypedDict

from mockidp.testing.record_fields.base import Texts


class OrganizationConnectionFields(TypedDict, total=False):
    """A connection with which the organization's users log in."""

    name: Required[str]
    is_enabled: bool
    assign_membership_on_login: bool
    show_as_button: bool
    is_signup_enabled: bool


class OrganizationMemberFields(TypedDict, total=False):
    """A user who belongs to the organization."""

    user_id: Required[str]
    roles: Texts


class OrganizationClientGrantFields(TypedDict, total=False):
    """A client whose client grants get tokens for the organization."""

    client_id: Required[str]
    grant_id: str


class OrganizationClientFields(TypedDict, total=False):
    """A client that the organization lists, for `is_app_entitlement_active`."""

    client_id: Required[str]
    use_for_member_access: bool


class OrganizationFields(TypedDict, total=False):
    """An organization with its members and the connections that are enabled for it."""

    id: str
    display_name: str
    branding: Mapping[str, Any]
    metadata: Mapping[str, Any]
    connections: list[OrganizationConnectionFields] | tuple[OrganizationConnectionFields, ...]
    members: list[OrganizationMemberFields] | tuple[OrganizationMemberFields, ...]
    client_grants: list[OrganizationClientGrantFields] | tuple[OrganizationClientGrantFields, ...]
    third_party_client_access: Literal["block", "allow"]
    is_app_entitlement_active: bool
    clients: list[OrganizationClientFields] | tuple[OrganizationClientFields, ...]
