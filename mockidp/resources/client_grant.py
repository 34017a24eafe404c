"""Permission for a client to get tokens for an API: Auth0's `client-grant` resource."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from mockidp.frozen import frozen
from mockidp.resources.record import Record
from mockidp.resources.resource_type import Reference, ResourceType, Summary
from mockidp.resources.rules import Misfit


@frozen
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
    authorization_details_types: tuple[str, ...] = ()
    """The types of `authorization_details` that the client may request for users, if the API's user
    policy is `require_client_grant`."""
    subject_type: Literal["client", "user", "anonymous_user"] = "client"
    """Whether the client gets tokens as itself, or on behalf of users."""
    allow_all_scopes: bool = False
    """Whether the client gets all scopes of the API, whatever `scope` says."""
    organization_usage: Literal["deny", "allow", "require"] = "deny"
    """Whether the client's own tokens may be, or have to be, for an organization."""
    allow_any_organization: bool = False
    """Whether they may be for every organization, instead of those with the client in
    `client_grants`. Not for third-party clients."""

    COSMETIC: ClassVar[frozenset[str]] = frozenset({"is_system"})


GRANTED_CLIENT = "granted"
"""The index by `client_id`, which is empty in grants for all clients of a kind."""


def _summary(grant: ClientGrant) -> Summary:
    return {
        "client_id": grant.client_id or str(grant.default_for),
        "audience": grant.audience,
        "scope": "all" if grant.allow_all_scopes else grant.scope,
    }


def _check_client(grant: ClientGrant) -> Iterator[Misfit]:
    if not (grant.client_id or grant.default_for):
        yield Misfit("client_id", found="nothing", expected="a value: client_id is required")


CLIENT_GRANT = ResourceType(
    name="client_grant",
    title="client grant",
    plural="client_grants",
    record=ClientGrant,
    key="id",
    sections={"clientGrants": "Which client can get tokens for which API, as itself or for users."},
    id_prefix="cgr_",
    identity=("client_id", "audience", "subject_type", "default_for"),
    unique=("id",),
    references=(
        Reference(
            path="client_id",
            to="clients",
            expected="a client's id or name",
            on_delete="delete",
        ),
        Reference(
            path="audience",
            to="apis",
            expected="an API's identifier",
            scopes="scope",
            on_delete="delete",
        ),
    ),
    indexes={GRANTED_CLIENT: lambda grant: (grant.client_id,)},
    summary=_summary,
    check_record=_check_client,
)
