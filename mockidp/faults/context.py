"""Which exchanges a fault applies to, and what is known of an exchange."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal

from mockidp.frozen import frozen

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
ManagementResource = Literal[
    "actions", "agents", "anomaly", "attack-protection", "blacklists", "branding", "client-grants",
    "client-profiles", "clients", "connection-profiles", "connections",
    "connections-directory-provisionings", "connections-scim-configurations", "custom-domains",
    "device-credentials", "email-templates", "emails", "event-streams", "events", "experimentation",
    "flows", "forms", "grants", "groups", "guardian", "hooks", "jobs", "keys", "log-streams",
    "logs", "network-acls", "organizations", "prompts", "rate-limit-policies", "refresh-tokens",
    "resource-servers", "risk-assessments", "roles", "rules", "rules-configs",
    "self-service-profiles", "sessions", "stats", "supplemental-signals", "tenants", "tickets",
    "token-exchange-profiles", "user-attribute-profiles", "user-blocks", "users", "users-by-email",
    "verifiable-credentials",
]  # fmt: skip
"""The resources of Auth0's Management API, also those whose calls mockidp does not have."""
_MANAGEMENT_PATH = "/api/v2/"


@frozen
class When:
    """The exchanges that a fault applies to. Fields that are not set match any value."""

    client: str | None = None
    """A `client_id`."""
    user: str | None = None
    """A user by id, the id's last part, or e-mail."""
    audience: str | None = None
    """An API's identifier, as the request names it."""
    grant: str | None = None
    """A `grant_type`."""
    method: Method | None = None
    """The method of the request."""
    resource: ManagementResource | None = None
    """A resource of the Management API, the first part of the path below `/api/v2/`. Only at
    `management`."""


@frozen
class FaultContext:
    """What is known of an exchange at the point where a fault may fire. Predicates get it."""

    endpoint: str
    method: str = ""
    url: str = ""
    client: str | None = None
    user: str | None = None
    """The user's id."""
    audience: str | None = None
    grant: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def resource(self) -> str | None:
        """The resource of the Management API; None at other endpoints."""
        return resource_of(self.url)


def resource_of(url: str) -> str | None:
    """Return the resource of the Management API at a URL or path; None for another one."""
    _, found, rest = url.partition(_MANAGEMENT_PATH)
    return rest.partition("/")[0] if found else None
