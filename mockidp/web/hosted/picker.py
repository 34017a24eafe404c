"""mockidp's own part of a login page: users to pick, and a button to cancel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mockidp.flows.login.authenticate import (
    log_in_as,
    picked_user,
    why_password_would_fail,
)
from mockidp.flows.login.identify import choices
from mockidp.flows.login.provider import answer_as
from mockidp.flows.login.transaction import deny
from mockidp.protocol.artifacts import LoginTransaction
from mockidp.resources.user import User
from mockidp.web.exchange import Exchange
from mockidp.web.hosted.prompt import resume_login
from mockidp.web.hosted.provider_buttons import return_from_provider
from mockidp.web.reply import Reply

PICKER_LIMIT = 50
"""The maximum number of users in the picker. Others log in with name and password."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UserChoice:
    """One user of the picker: name and username are shown, `user_id` is posted.

    Two connections may have users with the same e-mail address.
    """

    user_id: str
    username: str
    name: str | None = None


def picker_of(exchange: Exchange, login: LoginTransaction) -> dict[str, Any]:
    """Return the values of the template `picker.html` for the users that may log in."""
    return offer_users(choices(exchange.tenant, login, exchange.session()))


def offer_users(users: Sequence[User]) -> dict[str, Any]:
    """Return the values of the template `user_list.html` for these users."""
    return offer([_choice(user) for user in users])


def offer(users: Sequence[UserChoice]) -> dict[str, Any]:
    """Return the values of the template `picker.html` for these users."""
    return {
        "users": users[:PICKER_LIMIT],
        "users_left_out": max(0, len(users) - PICKER_LIMIT),
    }


def _choice(user: User) -> UserChoice:
    shown = user.email or user.username or user.user_id
    return UserChoice(user_id=user.user_id, username=shown, name=user.name)


def answer_picker(exchange: Exchange, login: LoginTransaction) -> Reply | None:
    """Answer a form of the picker. Return `None` if another form was posted.

    Raises:
        LoginPageError: The picker does not offer the user.
    """
    form, tenant = exchange.body(), exchange.tenant
    if form.get("action") == "deny":
        return Reply(deny(tenant, login))
    if form.get("action") != "pick":
        return None
    # The page posts the id as `user_id`; tests may post it as `username`.
    user_id = form.get("user_id") or form.get("username") or ""
    user = picked_user(tenant, choices(tenant, login), user_id)
    connection = tenant.directory.connection(user.connection)
    if connection is not None and connection.is_federated:
        return return_from_provider(exchange, login, code=answer_as(tenant, login, user))
    session = log_in_as(tenant, login, user)
    hint = why_password_would_fail(tenant, session)
    return resume_login(exchange, login, session=session, hint=hint)
