"""Add custom claims: the entries of `mockidp.claims` that apply, with their values.

Auth0: an Action's `setCustomClaim`. Custom claims come first in a token. Auth0 ignores claims that
are restricted, so they are omitted here, and the trace says why.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, is_dataclass
from typing import Any

from mockidp.codec.shape import shape_of
from mockidp.codec.write import to_wire
from mockidp.frozen import frozen
from mockidp.protocol.errors.oauth_error import AccessDenied
from mockidp.protocol.oauth.scope import parse_scope
from mockidp.protocol.tokens.claims import profile_claims
from mockidp.protocol.tokens.custom_claim import (
    MAX_BYTES,
    ClaimPlace,
    CustomClaim,
    is_namespaced,
    is_profile_claim,
    missing_scope,
)
from mockidp.resources.client import Client
from mockidp.resources.custom_domain import CustomDomain
from mockidp.resources.organization import Organization
from mockidp.resources.user import LOGIN_FIELDS, User
from mockidp.tenant.directory import MANAGEMENT_PATH
from mockidp.tenant.tenant import Tenant

_DERIVED = ("name", "nickname", "picture", "identities")
"""Fields that Auth0 derives if a user does not have them."""
_LOGINS = frozenset(f"user.{name}" for name in LOGIN_FIELDS)
_MAX_DIGITS = 9


@frozen
class ClaimContext:
    """The token, or the answer of /userinfo, that claims are added to."""

    place: ClaimPlace
    client: Client | None
    user: User | None
    audience: str | None
    scope: tuple[str, ...]
    organization: Organization | None = None
    custom_domain: CustomDomain | None = None
    """The domain at which the user logged in; None at the tenant's own domain."""
    request: Mapping[str, str] = field(default_factory=dict)
    """The readable parameters of the request that led to it."""
    is_opaque: bool = False
    """Whether it is an access token without visible claims."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Claims that were chosen on the login page, for this login only."""


def add_custom_claims(
    tenant: Tenant, claims: dict[str, Any], context: ClaimContext
) -> dict[str, Any]:
    """Return the claims with the custom claims: first in a token, last at /userinfo.

    Raises:
        AccessDenied: The custom claims are larger than Auth0 accepts in a token.
    """
    entries = _entries(tenant, context)
    if not entries:
        return claims
    values: dict[str, Any] = {}
    added: dict[str, str] = {}
    omitted: dict[str, str] = {}
    for source, entry in entries:
        if not applies(tenant, entry, context):
            continue
        found, value = resolve(entry, context)
        why = reason_to_omit(entry, context, claims) or ("" if found else unresolved(entry))
        if why:
            omitted[source] = why
            if context.is_opaque and entry.places == ("access_token",):
                tenant.trace.advise(f"Claim {entry.claim} of {source} is omitted: {why}.")
        else:
            values[entry.claim] = value
            added[entry.claim] = source
    if added or omitted:
        with tenant.trace.check("custom_claims", place=context.place, added=added, omitted=omitted):
            _check_size(values, context)
    if context.place == "userinfo":
        return claims | values
    return {**values, **{name: one for name, one in claims.items() if name not in values}}


def _entries(tenant: Tenant, context: ClaimContext) -> list[tuple[str, CustomClaim]]:
    entries = [*_labelled(tenant.settings.claims), *_chosen(context)]
    if any(entry.path in _LOGINS for _, entry in entries):
        tenant.backend.notice_all()
    return entries


def _labelled(entries: Iterable[CustomClaim]) -> Iterator[tuple[str, CustomClaim]]:
    return ((label(index, entry), entry) for index, entry in enumerate(entries))


def _chosen(context: ClaimContext) -> Iterator[tuple[str, CustomClaim]]:
    """Yield the claims chosen on the login page as entries, which come last and so win."""
    for name, value in context.extra.items():
        yield f"the login page ({name})", CustomClaim(claim=name, value=value)


def needs_request_at_userinfo(tenant: Tenant) -> bool:
    """Return whether an entry needs the parameters of the login request at /userinfo."""
    return any(
        "userinfo" in entry.places and (entry.path or "").startswith("request.")
        for entry in tenant.settings.claims
    )


def applies(tenant: Tenant, entry: CustomClaim, context: ClaimContext) -> bool:
    """Return whether an entry is for this place, client, API, user and scope."""
    return (
        context.place in entry.places
        and entry.audience in (None, context.audience)
        and is_for(tenant, entry, context.client, context.user)
        and set(parse_scope(entry.scope)) <= set(context.scope)
    )


def is_for(tenant: Tenant, entry: CustomClaim, client: Client | None, user: User | None) -> bool:
    """Return whether an entry is for this client and user."""
    if entry.client is not None and (
        client is None or entry.client not in (client.client_id, client.name)
    ):
        return False
    return entry.user is None or (user is not None and _names(tenant, entry.user, user))


def _names(tenant: Tenant, name: str, user: User) -> bool:
    """Return whether a name identifies this user. Only matching names are looked up."""
    if name == user.user_id:
        return True
    if name not in (user.user_id.partition("|")[2], user.email, user.username):
        return False
    named = tenant.directory.user_named(name)
    return named is not None and named.user_id == user.user_id


def label(index: int, entry: CustomClaim) -> str:
    """Return the name of an entry in the trace: its path in the tenant file, and its source."""
    return f"mockidp.claims[{index}] ({entry.source})"


def unresolved(entry: CustomClaim) -> str:
    """Return the reason to omit a claim whose path has no value."""
    return f"{entry.path} did not resolve"


def reason_to_omit(entry: CustomClaim, context: ClaimContext, claims: Mapping[str, Any]) -> str:
    """Return why a claim is omitted although its entry applies; empty if it is not omitted."""
    name = entry.claim
    if context.is_opaque:
        return "the access token is opaque and shows no claims. Request the audience of an API"
    if name in claims and not is_profile_claim(name):
        return f"Auth0 sets {name} itself"
    scope = missing_scope(name, context.scope)
    if scope is not None:
        return f"{name} needs the scope {scope}, as in Auth0"
    is_management = (context.audience or "").endswith(MANAGEMENT_PATH)
    if context.place == "access_token" and is_management and not is_namespaced(name):
        return "tokens for the Management API take only namespaced custom claims, as in Auth0"
    return ""


def resolve(entry: CustomClaim, context: ClaimContext) -> tuple[bool, Any]:
    """Return whether an entry has a value here, and the value."""
    if entry.path is None:
        return True, entry.value
    root, _, rest = entry.path.partition(".")
    if root == "request":
        return rest in context.request, context.request.get(rest)
    first, *steps = rest.split(".")
    value = _first(context, root, first)
    for step in steps:
        value = _step(value, step)
    return value is not None, to_wire(value)


def _first(context: ClaimContext, root: str, step: str) -> Any:
    """Return a field of a record."""
    if root == "user" and context.user is not None and step in _DERIVED:
        return profile_claims(context.user, (step,)).get(step)
    records = {
        "user": context.user,
        "client": context.client,
        "organization": context.organization,
        "custom_domain": context.custom_domain,
    }
    return _step(records[root], step)


def _step(value: Any, step: str) -> Any:
    """Return a member of a value; None if it is absent."""
    if isinstance(value, Mapping):
        return value.get(step)
    if isinstance(value, list | tuple):
        is_index = step.isdecimal() and step.isascii() and len(step) <= _MAX_DIGITS
        return value[int(step)] if is_index and int(step) < len(value) else None
    if not is_dataclass(value):
        return None
    cls: Any = type(value)
    known = shape_of(cls).fields.get(step)
    return getattr(value, known.attribute) if known else getattr(value, "extra", {}).get(step)


def _check_size(values: Mapping[str, Any], context: ClaimContext) -> None:
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    size = len(text.encode("utf-8", "surrogatepass"))
    if context.place != "userinfo" and size > MAX_BYTES:
        raise AccessDenied(
            "Custom claims exceed the maximum of 100KB.",
            hint=f"The custom claims of this {context.place} have {size} bytes including their "
            f"names, but Auth0 accepts at most {MAX_BYTES}. Shorten the entries of "
            f"`mockidp.claims`: {', '.join(values)}.",
        )
