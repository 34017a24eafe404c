"""mockidp's own part of a login page: users to find and pick, and a button to cancel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mockidp.flows.login.authenticate import (
    log_in_as,
    picked_user,
    why_password_would_fail,
)
from mockidp.flows.login.claims_of_one_login import draft_id_token
from mockidp.flows.login.click_answer import (
    BLOCKED,
    CLAIMS,
    SECOND_FACTOR,
    check_answer,
    refuse_as_blocked,
)
from mockidp.flows.login.identify import connections_of, users_of
from mockidp.flows.login.identity_provider.login import answer_as
from mockidp.flows.login.login_connections import LoginConnections
from mockidp.flows.login.transaction import deny
from mockidp.frozen import frozen
from mockidp.protocol.login.login_results import ClickAnswer
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.resources.user import User
from mockidp.web.hosted.claims_editor import edit_claims
from mockidp.web.hosted.prompt import page_url, resume_login
from mockidp.web.hosted.provider_buttons import return_from_provider
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.reply import Reply

PICKER_LIMIT = 50
"""The maximum number of users in the picker. Others are found by a search."""
MANY = 8
"""With more users than that, the picker has a field for a search."""


@frozen
class UserChoice:
    """One user of the picker: name and username are shown, `user_id` is posted.

    Two connections may have users with the same e-mail address.
    """

    user_id: str
    username: str
    name: str | None = None


def picker_of(exchange: Exchange, connections: LoginConnections) -> dict[str, Any]:
    """Return the values of the template `picker.html` for the users that may log in.

    The parameter `q` narrows them down to those whose name, address or id contains it.
    """
    users = users_of(exchange.tenant, connections.offered, exchange.session())
    query = (exchange.query().get("q") or "").strip()
    found = [user for user in users if _matches(user, query.casefold())] if query else users
    return offer_users(found) | {
        "query": query,
        "has_search": len(users) > MANY or bool(query),
        "picker_url": page_url(exchange.path, exchange, connections.login),
    }


def _matches(user: User, query: str) -> bool:
    shown = (user.name, user.email, user.username, user.user_id)
    return any(query in one.casefold() for one in shown if one)


def offer_users(users: Sequence[User]) -> dict[str, Any]:
    """Return the values of the template `picker.html` for these users. It shows the first ones."""
    return offer([_choice(user) for user in users[:PICKER_LIMIT]], total=len(users))


def offer(users: Sequence[UserChoice], *, total: int) -> dict[str, Any]:
    """Return the values of the template `picker.html` for the users that it shows, of `total`."""
    return {"users": tuple(users), "users_left_out": total - len(users)}


def _choice(user: User) -> UserChoice:
    shown = user.email or user.username or user.user_id
    return UserChoice(user_id=user.user_id, username=shown, name=user.name)


def answer_picker(exchange: Exchange, pages: Pages, login: LoginTransaction) -> Reply | None:
    """Answer a form of the picker. Return `None` if another form was posted.

    Raises:
        LoginPageError: The picker does not offer the user, or not that answer.
    """
    form, tenant = exchange.body(), exchange.tenant
    if form.get("action") == "deny":
        return Reply(deny(tenant, login))
    if form.get("action") != "pick":
        return None
    # The page posts the id as `user_id`; tests may post it as `username`.
    user_id = form.get("user_id") or form.get("username") or ""
    user = picked_user(tenant, connections_of(tenant, login), user_id)
    answer = check_answer(tenant, form.get("answer"))
    if answer == BLOCKED:
        return Reply(refuse_as_blocked(tenant, login, user))
    if answer == CLAIMS:
        draft = draft_id_token(tenant, exchange.base_url, login, user)
        edited = edit_claims(exchange, pages, login, user, draft)
        if isinstance(edited, Reply):
            return edited
        return _log_in(exchange, login, user, ClickAnswer(claims=edited))
    return _log_in(exchange, login, user, ClickAnswer(asks_second_factor=answer == SECOND_FACTOR))


def _log_in(exchange: Exchange, login: LoginTransaction, user: User, answer: ClickAnswer) -> Reply:
    tenant = exchange.tenant
    connection = tenant.directory.connection(user.connection)
    if connection is not None and connection.is_federated:
        return return_from_provider(exchange, login, code=answer_as(tenant, login, user, answer))
    session = log_in_as(tenant, login, user, answer)
    hint = why_password_would_fail(tenant, session)
    return resume_login(exchange, login, session=session, hint=hint)
