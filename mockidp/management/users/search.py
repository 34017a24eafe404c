"""Search and sort users.

Auth0: `q` with `search_engine=v3`. Unlike Auth0's, a search finds a change at once. Source:
docs/fidelity.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from mockidp.frozen import frozen
from mockidp.management.listing import Items
from mockidp.management.lucene.query import Searchable, Values, compile_query
from mockidp.management.lucene.terms import Terms
from mockidp.management.operation import Call
from mockidp.management.refusals import invalid_query
from mockidp.management.sorting import Selection, read_order
from mockidp.management.users.user_object import FIELDS, value_of
from mockidp.protocol.tokens.claims import identities_of
from mockidp.resources.resource_type import login_key
from mockidp.resources.user import PHONE, User
from mockidp.tenant.state.records import LOGIN, Records
from mockidp.tenant.tenant import Tenant

PARAMETERS = frozenset({"q", "search_engine", "sort", "connection", "primary_order"})
_METADATA = frozenset({"app_metadata", "user_metadata"})
_NOT_BLOCKED = re.compile(r'\bblocked:\s*"?false\b')
_PROFILE = ("email", "name", "given_name", "family_name", "nickname")
_USERS = Searchable(
    words=(*_PROFILE, "username", "phone_number", "user_id"),
    folded=frozenset(_PROFILE) | {"email.domain"},
    exact=_METADATA,
    indexed=frozenset({"email", "phone_number", "user_id", "username"}),
)
_READ: Mapping[str, Callable[[User], Any]] = {**FIELDS, "identities": identities_of}
"""Returns each field of a user. Identities are not copied, unlike those that are shown."""
_TEXTS = {name: _READ[name] for name in _USERS.words}


@frozen(kw_only=False)
class _AllUsers:
    """All users. A page and the total take the same time however many there are."""

    users: Records[User]

    def __getitem__(self, page: slice) -> Sequence[User]:
        return self.users.page(page.start, page.stop)

    def __iter__(self) -> Iterator[User]:
        return self.users.each()

    def __len__(self) -> int:
        return len(self.users)


def search_users(call: Call) -> Items[User]:
    """Return the users that a call selects, in its order.

    Raises:
        ApiRefusal: The query, the order or the search engine is not valid.
    """
    tenant, query = call.tenant, call.query
    _check_engine(call)
    users: Items[User] = _AllUsers(tenant.directory.users)
    with tenant.trace.check("q", sent=query.get("q")):
        if query.get("q", "").strip():
            users = _find(tenant, query["q"])
    if _NOT_BLOCKED.search(query.get("q", "")):
        tenant.trace.advise(
            "`blocked:false` finds only users whose `blocked` was set, because a search finds no "
            "absent values. Search for `NOT blocked:true`."
        )
    order = read_order(call, value_of, unsorted=_METADATA)
    return Selection(users.__iter__, order) if order else users


def _find(tenant: Tenant, text: str) -> Selection[User]:
    query = compile_query(text, _USERS)
    candidates = _candidates(tenant, query.terms)
    return Selection(lambda: (one for one in candidates() if query.matches(_values(tenant, one))))


def _candidates(tenant: Tenant, terms: Terms | None) -> Callable[[], Iterable[User]]:
    """Return the users that have to be compared with a query: few if an index finds them."""
    users = tenant.directory.users
    if terms is None:
        return users.each
    keys = {key for field, value in terms for key in _LOOKUPS[field](tenant, value)}
    return lambda: users.several(keys)


def _with_login(tenant: Tenant, name: str) -> Iterator[str]:
    """Yield the ids of the users with an e-mail address or username, in any case."""
    for connection in tenant.directory.connections:
        for user in tenant.directory.users.find(LOGIN, login_key(connection, name)):
            yield user.user_id


def _with_phone(tenant: Tenant, number: str) -> Iterator[str]:
    return (user.user_id for user in tenant.directory.users.find(PHONE, number))


_LOOKUPS: Mapping[str, Callable[[Tenant, str], Iterable[str]]] = {
    "user_id": lambda _tenant, user_id: (user_id,),
    "email": _with_login,
    "username": _with_login,
    "phone_number": _with_phone,
}
"""What returns the ids of the users that may have a value, for each field with an index."""


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

    def values(path: str) -> Iterable[Any]:
        if path in _TEXTS:  # most searches read nothing else, from many users
            text = _TEXTS[path](user)
            return () if text is None else (text,)
        if path == "organization_id":
            return [one.id for one in tenant.directory.organizations_of(user.user_id)]
        if path == "email.domain":
            return [user.email.partition("@")[2]] if user.email else []
        first, *rest = _steps(path)
        read = _READ.get(first)
        return _walk(read(user), rest) if read else ()

    return values


@lru_cache(maxsize=256)
def _steps(path: str) -> Sequence[str]:
    return path.split(".")


def _walk(value: Any, steps: Sequence[str]) -> list[Any]:
    """Return the values at a path. It skips lists."""
    if isinstance(value, (list, tuple)):
        return [found for one in value for found in _walk(one, steps)]
    if not steps:
        return [] if value is None else [value]
    if not isinstance(value, Mapping):
        return []
    return _walk(value.get(steps[0]), steps[1:])
