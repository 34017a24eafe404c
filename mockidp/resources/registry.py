"""The list of all types of resources. A new type is a module of this package and a line here."""

from __future__ import annotations

from typing import Any

from mockidp.resources.client import CLIENT
from mockidp.resources.client_grant import CLIENT_GRANT
from mockidp.resources.connection import CONNECTION
from mockidp.resources.custom_domain import CUSTOM_DOMAIN
from mockidp.resources.organization import ORGANIZATION
from mockidp.resources.resource_server import API
from mockidp.resources.resource_type import ResourceType
from mockidp.resources.role import ROLE
from mockidp.resources.token_exchange_profile import TOKEN_EXCHANGE_PROFILE
from mockidp.resources.user import USER

TYPES: list[ResourceType[Any]] = [
    CLIENT,
    API,
    CLIENT_GRANT,
    CONNECTION,
    ROLE,
    USER,
    ORGANIZATION,
    TOKEN_EXCHANGE_PROFILE,
    CUSTOM_DOMAIN,
]
"""In the order of the tenant file."""


def type_of(plural: str) -> ResourceType[Any]:
    """Return the type with a plural name."""
    return next(one for one in TYPES if one.plural == plural)
