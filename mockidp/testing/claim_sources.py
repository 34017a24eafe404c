"""The entries of `mockidp.claims` that set the claims of a token, for `explain`.

A token does not contain its request, and the entries may have changed since. The result is derived
from the current entries.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.flows.tokens.custom_claims import (
    ClaimContext,
    is_for,
    label,
    reason_to_omit,
    resolve,
    unresolved,
)
from mockidp.protocol.oauth.scope import parse_scope
from mockidp.protocol.tokens.custom_claim import CustomClaim
from mockidp.tenant.tenant import Tenant


def claim_sources(tenant: Tenant, claims: Mapping[str, Any]) -> dict[str, str]:
    """Return the entry of each custom claim that a token has or could have."""
    context = _context(tenant, claims)
    entries = [
        (label(index, entry), entry)
        for index, entry in enumerate(tenant.settings.claims)
        if _may_apply(tenant, entry, context)
    ]
    return {
        name: _source(name, claims, [one for one in entries if one[1].claim == name], context)
        for name in dict.fromkeys(entry.claim for _, entry in entries)
    }


def _context(tenant: Tenant, claims: Mapping[str, Any]) -> ClaimContext:
    audience = claims.get("aud")
    if isinstance(audience, list):
        audience = next(iter(audience), None)
    client_id = claims.get("azp", claims.get("client_id"))
    is_access_token = client_id is not None
    return ClaimContext(
        place="access_token" if is_access_token else "id_token",
        client=tenant.directory.client(str(client_id if is_access_token else audience)),
        user=tenant.directory.user(str(claims.get("sub"))),
        audience=str(audience),
        scope=parse_scope(str(claims.get("scope", ""))),
        custom_domain=tenant.urls.custom_domain(str(claims.get("iss"))),
    )


def _may_apply(tenant: Tenant, entry: CustomClaim, context: ClaimContext) -> bool:
    """Return whether an entry may apply. An ID token has neither API nor scope to compare."""
    if context.place not in entry.places or not is_for(tenant, entry, context.client, context.user):
        return False
    return context.place == "id_token" or (
        entry.audience in (None, context.audience)
        and set(parse_scope(entry.scope)) <= set(context.scope)
    )


def _source(
    name: str,
    claims: Mapping[str, Any],
    entries: list[tuple[str, CustomClaim]],
    context: ClaimContext,
) -> str:
    """Return the entry that set a claim, or why the token does not have the claim."""
    last, entry = entries[-1]
    if name not in claims:
        found, _ = resolve(entry, context)
        why = "the token was made without it" if found else unresolved(entry)
        return f"omitted by {last}: {reason_to_omit(entry, context, claims) or why}"
    matching = (one for one, entry in reversed(entries) if _yields(entry, claims[name], context))
    known = ", ".join(one for one, _ in entries)
    return next(matching, f"none of the entries has this value now: {known}")


def _yields(entry: CustomClaim, value: Any, context: ClaimContext) -> bool:
    """Return whether an entry may yield a value. Request parameters are no longer known."""
    is_from_request = (entry.path or "").startswith("request.")
    return is_from_request or resolve(entry, context) == (True, value)
