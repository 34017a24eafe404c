"""Verify a password, with brute-force protection: for the login page and the password grants.

Auth0: one error for an unknown user and for a wrong password; only the hint differs.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Iterator

from mockidp.flows.changed_user import change_user
from mockidp.flows.hints.known import HIGH_LIKENESS, did_you_mean
from mockidp.flows.login.connection import why_no_password
from mockidp.flows.login.passwords.brute_force import (
    PasswordAttempt,
    block_hint,
    count_attempt,
    normalize_name,
)
from mockidp.flows.requests.rate_limits import RateLimited, check_login_limit
from mockidp.frozen import frozen, replace
from mockidp.protocol.errors.hint import join_hints
from mockidp.protocol.errors.oauth_error import OAuthError
from mockidp.protocol.errors.repair import find_damage
from mockidp.resources.user import User
from mockidp.tenant.content.no_users import no_users_hint
from mockidp.tenant.directory import Directory
from mockidp.tenant.tenant import Tenant


@frozen
class Credentials:
    """A name and password as they were sent.

    Attributes:
        username: An e-mail address or a username.
        password: The password.
        connections: The names of the connections in which the user is looked up.
        address: The IP address of the person; empty if it is not known.
    """

    username: str
    password: str
    connections: tuple[str, ...]
    address: str


def verify_password(
    tenant: Tenant,
    sent: Credentials,
    *,
    blocked: Callable[[str], OAuthError],
    wrong: Callable[[str], OAuthError],
    limited: Callable[[RateLimited], OAuthError] = lambda refused: refused,
) -> User:
    """Return the user whose password was sent.

    Args:
        tenant: The tenant.
        sent: What was sent.
        blocked: Makes the refusal of a blocked user from its hint.
        wrong: Makes the refusal of wrong credentials from its hint.
        limited: Makes the refusal of a login above the rate limit from that of the API.

    Raises:
        OAuthError: One of the three.
    """
    user = _find_user(tenant.directory, sent)
    try:
        check_login_limit(
            tenant, sent.address, user.user_id if user else normalize_name(sent.username)
        )
    except RateLimited as refused:
        raise limited(refused) from None
    mismatch = _mismatch(tenant.directory, sent, user)
    verdict = count_attempt(
        tenant,
        PasswordAttempt(
            username=sent.username,
            user=user,
            connections=sent.connections,
            address=sent.address,
            is_right=not mismatch,
        ),
    )
    check = tenant.trace.check
    with check("brute_force_protection", **verdict.compared):
        if verdict.blocked_by:
            raise blocked(block_hint(verdict.blocked_by))
    with check(
        "password", username=sent.username, connections=sent.connections, equal=not mismatch
    ):
        if user is None or mismatch:
            raise wrong(join_hints(mismatch, verdict.warning))
    return _keep_password(tenant, user, sent.password)


def _find_user(directory: Directory, sent: Credentials) -> User | None:
    """Look in the connections that accept passwords first."""
    accepting = directory.accept_passwords(sent.connections)
    return directory.find_user(sent.username, accepting) or directory.find_user(
        sent.username, sent.connections
    )


def _mismatch(directory: Directory, sent: Credentials, user: User | None) -> str:
    """Explain why a login is refused; empty if it is not."""
    looked_in = [user.connection] if user else sent.connections
    hint = no_users_hint(directory.users) or why_no_password(directory, looked_in)
    if hint:
        return hint
    if user is None:
        return _unknown_user(directory, sent)
    if user.password is None and user.custom_password_hash is None:
        return f"User {user.user_id} has no password in the tenant file."
    if _is_password(user, sent.password):
        return ""
    damage = find_damage(sent.password, lambda one: one == user.password)
    return join_hints(f"User {user.user_id} has another password.", _describe("password", damage))


def _is_password(user: User, sent: str) -> bool:
    if user.password is not None:
        return hmac.compare_digest(user.password.encode(), sent.encode())
    from mockidp.protocol.passwords.hash import matches  # noqa: PLC0415 - few users have a hash

    return user.custom_password_hash is not None and matches(user.custom_password_hash, sent)


def _keep_password(tenant: Tenant, user: User, password: str) -> User:
    """Replace the hash of a user by the password that has it. Auth0: with a hash of its own."""
    if user.password is not None:
        return user

    def change(before: User) -> User:
        if before.password is not None:
            return before  # another request has changed the password
        return replace(before, password=password, custom_password_hash=None)

    return change_user(tenant, user.user_id, change) or user


def _unknown_user(directory: Directory, sent: Credentials) -> str:
    if not sent.connections:
        return (
            "No connection is enabled for this login, or the requested one is not enabled any "
            "more. Add the client to the `enabled_clients` of a connection."
        )
    *others, last = sent.connections
    searched = (
        f"None of the connections {', '.join(others)} and {last} has a user"
        if others
        else f"Connection {last} has no user"
    )
    hint = f"{searched} with the e-mail or username {sent.username!r}."
    damage = find_damage(
        sent.username, lambda one: directory.find_user(one, sent.connections) is not None
    )
    known = _login_names(directory, sent.connections)
    suggestion = did_you_mean(sent.username, known, likeness=HIGH_LIKENESS)
    return join_hints(hint, _describe("name", damage) or suggestion)


def _login_names(directory: Directory, connections: Iterable[str]) -> Iterator[str]:
    for user in directory.users.values():
        if user.connection in connections:
            yield from filter(None, (user.email, user.username))


def _describe(what: str, damage: str) -> str:
    return f"The {what} that was sent {damage}." if damage else ""
