"""A user as JSON.

Auth0: keys without a value are absent. The order is that of a user of a new tenant. Source:
docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

from mockidp.protocol.tokens.claims import identities_of, name_of, nickname_of, picture_of
from mockidp.resources.user import User

_LATER = ("last_password_reset", "last_ip", "last_login", "logins_count", "multifactor")
"""Fields that a user has only after the first login or change."""


def _later(name: str) -> Callable[[User], Any]:
    return lambda user: user.extra.get(name)


def _if_set(name: str) -> Callable[[User], Any]:
    return lambda user: user.value_if_set(name)


FIELDS: Mapping[str, Callable[[User], Any]] = {
    "user_id": attrgetter("user_id"),
    "created_at": attrgetter("created_at"),
    "email": attrgetter("email"),
    "email_verified": lambda user: user.email_verified if user.email else None,
    "family_name": attrgetter("family_name"),
    "given_name": attrgetter("given_name"),
    "identities": lambda user: [_in_order(one) for one in identities_of(user)],
    "name": name_of,
    "nickname": nickname_of,
    "phone_number": attrgetter("phone_number"),
    "phone_verified": lambda user: user.phone_verified if user.phone_number else None,
    "picture": picture_of,
    "preferred_username": attrgetter("preferred_username"),
    "updated_at": attrgetter("updated_at"),
    "user_metadata": _if_set("user_metadata"),
    "username": attrgetter("username"),
    "app_metadata": _if_set("app_metadata"),
    **{name: _later(name) for name in _LATER},
    "blocked": _if_set("blocked"),
}
"""The fields of a user in Auth0's order, each with a function that returns its value."""


def show_user(user: User) -> dict[str, Any]:
    """Return a user as JSON."""
    shown = {name: read(user) for name, read in FIELDS.items()}
    return {name: value for name, value in shown.items() if value is not None}


def value_of(user: User, field: str) -> Any:
    """Return one field of a user; None if the user does not have it."""
    read = FIELDS.get(field)
    return None if read is None else read(user)


def _in_order(identity: Mapping[str, Any]) -> dict[str, Any]:
    first = ("connection", "user_id", "provider", "isSocial")
    rest = {name: value for name, value in identity.items() if name not in first}
    return {**{name: identity.get(name) for name in first}, **rest}


def show_member(user: User) -> dict[str, Any]:
    """Return a user in a list of members of a role or an organization."""
    shown = {name: value_of(user, name) for name in ("user_id", "email", "picture", "name")}
    return {name: value for name, value in shown.items() if value is not None}
