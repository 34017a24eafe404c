"""The fields of client grants, as keyword arguments.

Written by scripts/generate_methods.py from the registry: change that, not this file.
"""

from __future__ import annotations

from typing import Literal, TypedDict

from mockidp.testing.record_fields.base import Texts


class ClientGrantFields(TypedDict, total=False):
    """Permission for a client, or for all third-party clients, to get tokens for an API."""

    audience: str
    client_id: str
    default_for: Literal["third_party_clients"] | None
    scope: Texts
    authorization_details_types: Texts
    subject_type: Literal["client", "user", "anonymous_user"]
    allow_all_scopes: bool
    organization_usage: Literal["deny", "allow", "require"]
    allow_any_organization: bool
