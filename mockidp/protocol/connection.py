"""Where users and their passwords live: Auth0's `connection` resource."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mockidp.protocol.record import Record

DEFAULT_CONNECTION = "Username-Password-Authentication"

PASSWORD_STRATEGIES = frozenset({"auth0", "ad", "adfs", "auth0-adldap", "waad"})
"""The strategies whose users can log in with a password that the client or the page sends."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Connection(Record):
    """One connection.

    `enabled_clients` are client ids or names; None, which is the default, serves every client.
    """

    name: str
    id: str = ""
    strategy: str = "auth0"
    enabled_clients: tuple[str, ...] | None = None

    NOT_ACTED_ON: ClassVar[frozenset[str]] = frozenset(
        {
            "authentication", "connected_accounts", "cross_app_access_requesting_app",
            "cross_app_access_resource_app", "directory_provisioning_configuration", "display_name",
            "is_domain_connection", "metadata", "options", "provisioning_ticket_url", "realms",
            "scim_configuration", "show_as_button",
        }
    )  # fmt: skip

    @property
    def accepts_passwords(self) -> bool:
        """Whether users of the connection log in with a password."""
        return self.strategy in PASSWORD_STRATEGIES
