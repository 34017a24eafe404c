"""Add hints about requested scopes that are dropped.

Auth0: such scopes are dropped without an error, so a misspelt one goes unnoticed.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from mockidp.flows.hints.known import HIGH_LIKENESS, nearest_known
from mockidp.protocol.legacy.pipeline import is_legacy
from mockidp.protocol.oauth.scope import OIDC_SCOPES
from mockidp.resources.client import Client
from mockidp.resources.resource_server import ResourceServer
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant

_MAX_ADVICE = 5
_MAX_SHOWN = 80


def advise_on_scope(
    tenant: Tenant, client: Client, api: ResourceServer | None, requested: tuple[str, ...]
) -> None:
    """Add a hint for each requested scope that is dropped because the API does not define it."""
    # In the legacy pipeline a scope may name any attribute of the user's profile.
    if is_legacy(client, api):
        return
    dropped = (
        scope
        for scope in requested
        if scope not in OIDC_SCOPES and not (api and tenant.directory.defines(api, scope))
    )
    for scope in islice(dropped, _MAX_ADVICE):
        tenant.trace.advise(f"Scope `{scope[:_MAX_SHOWN]}` was dropped{_reason(scope, api)}")


def advise_on_permissions(
    tenant: Tenant, user: User, api: ResourceServer, dropped: Iterable[str]
) -> None:
    """Add a hint about scopes that are dropped because the user lacks their permissions."""
    names = ", ".join(f"`{scope}`" for scope in islice(dropped, _MAX_ADVICE))
    if names:
        tenant.trace.advise(
            f"User {user.user_id} does not get {names}: API {api.identifier} has "
            "`enforce_policies`, and neither the user nor a role of the user has that permission."
        )


def _reason(scope: str, api: ResourceServer | None) -> str:
    if "," in scope:
        return ": scopes are separated by spaces, not commas."
    known = (*(api.scope_values if api else ()), *OIDC_SCOPES)
    similar = nearest_known(scope, known, likeness=HIGH_LIKENESS)
    suggestion = f" Did you mean `{similar}`?" if similar else ""
    if api is not None:
        return f": API {api.identifier} defines no such scope.{suggestion}"
    return (
        f".{suggestion}"
        if similar
        else ": the request has no audience, and only an API defines such a scope."
    )
