"""Permission for a client to get tokens for an API: Auth0's `client-grant` resource."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from mockidp.resources.client import Client
from mockidp.resources.record import Record
from mockidp.resources.unsupported import Differs, unlike


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientGrant(Record):
    """Permission for a client, or for all third-party clients, to get tokens for an API."""

    audience: str
    """The API's identifier."""
    client_id: str = ""
    """The client's id or name; empty only if `default_for` says which clients are meant."""
    default_for: Literal["third_party_clients"] | None = None
    """Grant access to all third-party clients instead of one client."""
    id: str = ""
    """Its id. No answer depends on it."""
    scope: tuple[str, ...] = ()
    """The scopes that the client gets."""
    subject_type: Literal["client", "user", "anonymous_user"] = "client"
    """Whether the client gets tokens as itself, or on behalf of users."""
    allow_all_scopes: bool = False
    """Whether the client gets all scopes of the API, whatever `scope` says."""
    organization_usage: Literal["deny", "allow", "require"] = "deny"
    """Whether the grant is for organizations. `require` is refused."""

    COSMETIC: ClassVar[frozenset[str]] = frozenset(
        {"allow_any_organization", "authorization_details_types", "is_system"}
    )
    DIFFERS: ClassVar[Mapping[str, Differs]] = {
        "organization_usage": Differs(
            "Auth0 issues tokens for an organization, which mockidp refuses", unlike("deny")
        ),
    }

    def is_for(self, client: Client) -> bool:
        """Return whether the grant names the client, or is for all clients of its kind."""
        if not self.client_id:
            return not client.is_first_party
        return self.client_id in (client.client_id, client.name)
