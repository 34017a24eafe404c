"""Search and sort users.

Auth0: `q` with `search_engine=v3`. Unlike Auth0's, a search finds a change at once. Source:
docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mockidp.management.lucene import Searchable, Values, compile_query
from mockidp.management.operation import Call
from mockidp.management.refusals import invalid_query
from mockidp.management.sorting import sort_by
from mockidp.management.user_object import show_user
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant

PARAMETERS = frozenset({"q", "search_engine", "sort", "connection", "primary_order"})
_METADATA = frozenset({"app_metadata", "user_metadata"})
_PROFILE = ("email", "name", "given_name", "family_name", "nickname")
_USERS = Searchable(
    words=(*_PROFILE, "username", "phone_number", "user_id"),
    folded=frozenset(_PROFILE) | {"email.domain"},
    exact=_METADATA,
)
_AS_STORED = frozenset(
    {
        "user_id", "email", "username", "given_name", "family_name", "phone_number", "created_at",
        "updated_at", "app_metadata", "user_metadata",
    }
)  # fmt: skip
"""Fields that are shown as they are stored."""


def search_users(call: Call) -> Sequence[User]:
    """Return the users that a call selects, in its order.

    Raises:
        ApiRefusal: The query, the order or the search engine is not valid.
    """
    tenant, query = call.tenant, call.query
    users: Sequence[User] = tuple(tenant.directory.users.values())
    _check_engine(call)
    with tenant.trace.check("q", sent=query.get("q")):
        if query.get("q", "").strip():
            matches = compile_query(query["q"], _USERS)
            users = [one for one in users if matches(_values(tenant, one))]
    return sort_by(call, users, show_user, unsorted=_METADATA)


def _check_engine(call: Call) -> None:
    engine = call.query.get("search_engine", "v3")
    with call.tenant.trace.check("search_engine", sent=engine):
        if engine != "v3":
            raise invalid_query(
                f"Unsupported search engine: {engine[:20]}",
                at="search_engine",
                hint="Only the search engine v3 exists. Omit `search_engine`.",
            )
    if "connection" in call.query:
        call.tenant.trace.advise(
            "The search engine v3 ignores the parameter `connection`. Send "
            'q=identities.connection:"NAME" instead.'
        )


def _values(tenant: Tenant, user: User) -> Values:
    """Return the values of a user by their paths."""
    shown: dict[str, Any] = {}

    def values(path: str) -> Iterable[Any]:
        first, *rest = path.split(".")
        if first in _AS_STORED:
            found: Any = getattr(user, first)
        elif first == "organization_id":
            found = [one.id for one in tenant.directory.organizations_of(user.user_id)]
        else:
            if not shown:
                shown.update(show_user(user))
            found = shown.get(first)
        if path == "email.domain":
            return [found.partition("@")[2]] if found else []
        return _walk(found, rest)

    return values


def _walk(value: Any, steps: Sequence[str]) -> list[Any]:
    """Return the values at a path. It skips lists."""
    if isinstance(value, (list, tuple)):
        return [found for one in value for found in _walk(one, steps)]
    if not steps:
        return [] if value is None else [value]
    if not isinstance(value, Mapping):
        return []
    return _walk(value.get(steps[0]), steps[1:])
