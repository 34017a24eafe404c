"""A call of the SCIM endpoint of a connection, and the check of its token.

Auth0: the token belongs to one connection, and has scopes such as `get:users`.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import field
from http import HTTPStatus
from typing import Any

from mockidp.frozen import frozen, replace
from mockidp.protocol.scim.mapping import Pairs, pairs_of
from mockidp.protocol.scim.refusal import ScimRefusal
from mockidp.protocol.scim.token import ScimToken, digest_of
from mockidp.resources.connection import CONNECTION, Connection
from mockidp.resources.scim_configuration import ScimConfiguration
from mockidp.tenant.state.records import ID
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.trace import cut


@frozen
class ScimCall:
    """A call with a good token.

    Attributes:
        tenant: The tenant.
        url: The URL of the SCIM endpoint of the connection, without a slash at the end.
        connection: The connection.
        configuration: Its SCIM configuration.
        id: The id in the path; empty for a list.
        query: The query parameters.
        body: The JSON body; empty if none was sent.
    """

    tenant: Tenant
    url: str
    connection: Connection
    configuration: ScimConfiguration
    id: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def pairs(self) -> Pairs:
        """The entries of the mapping."""
        return pairs_of(self.configuration.mapping_of(self.connection.strategy))


def check_token(
    tenant: Tenant, connection_id: str, token: str | None, scope: str, *, why_absent: str
) -> tuple[Connection, ScimConfiguration]:
    """Check the token of a call. Return the connection with its configuration.

    Args:
        tenant: The tenant.
        connection_id: The id in the path.
        token: The bearer token, if there is one.
        scope: The scope that the call needs.
        why_absent: Why the request has no token, for the hint.

    Raises:
        ScimRefusal: There is no good token, or it does not have the scope.
    """
    connection = next(
        iter(tenant.directory.records[CONNECTION.plural].find(ID, connection_id)), None
    )
    with tenant.trace.check("scim_token", sent=cut(token), connection=connection_id):
        if not token:
            raise _unauthorized(f"No SCIM token was sent. {why_absent}")
        found = _find(tenant, token)
        configuration = connection.scim_configuration if connection else None
        if connection is None or found.connection_id != connection.id:
            known = f"connection {connection.name}" if connection else f"{connection_id!r:.40}"
            no = "" if connection else " No connection has that id."
            raise _unauthorized(f"The SCIM token does not belong to {known}.{no}")
        if configuration is None:
            raise _unauthorized(f"Connection {connection.name} has no `scim_configuration` now.")
    with tenant.trace.check("scope", of_token=found.scopes, needed=scope):
        if scope not in found.scopes:
            raise ScimRefusal(
                HTTPStatus.FORBIDDEN,
                f"Insufficient scope, expected: {scope}",
                hint=f"The SCIM token has the scopes {', '.join(found.scopes)}, but not {scope}. "
                "Create a token with that scope.",
            )
    tenant.trace.note(connection=connection.name, strategy=connection.strategy)
    return connection, configuration


def _find(tenant: Tenant, token: str) -> ScimToken:
    token_id = token.partition(".")[0]
    entry = tenant.scim_tokens.history(token_id)
    if entry is None or not hmac.compare_digest(entry.value.digest, digest_of(token)):
        raise _unauthorized(
            "The SCIM token is unknown, or was deleted. Create one with POST "
            "/api/v2/connections/{id}/scim-configuration/tokens."
        )
    if not entry.is_good(tenant.now()):
        raise _unauthorized("The SCIM token has expired. Create a new one.")
    used = replace(entry.value, last_used_at=tenant.now())
    tenant.scim_tokens.swap(token_id, entry.version, used, expires_at=entry.expires_at)
    return used


def _unauthorized(hint: str) -> ScimRefusal:
    return ScimRefusal(HTTPStatus.UNAUTHORIZED, "Unauthorized", hint=hint)
