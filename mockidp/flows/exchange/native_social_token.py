"""Find the user whom a subject token of native social login identifies.

Spec: RFC 8693 2.2.2.
Auth0: it redeems a code at Apple, and asks Facebook or verifies Google's signature. mockidp has no
providers: a test makes subject tokens with `native_social_token`, or lists them in
`mockidp.subject_tokens` (docs/fidelity.md, "/oauth/token").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.flows.changed_user import change_user
from mockidp.flows.exchange.subject_token import accept_entry, match_entry
from mockidp.flows.hints.timestamps import clock_time
from mockidp.flows.login.identity_provider.user import known_or_new_user
from mockidp.frozen import replace
from mockidp.protocol.errors.oauth_error import InvalidGrant, InvalidRequest
from mockidp.protocol.login.login_results import ProviderAnswer
from mockidp.protocol.login.native_social import (
    FACEBOOK,
    InvalidProfileError,
    NativeProvider,
    read_user_profile,
)
from mockidp.protocol.tokens.jwt import InvalidJwt
from mockidp.resources.checks import check_email
from mockidp.resources.connection import Connection
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.timestamps import timestamp
from mockidp.tenant.trace import cut

_INVALID_PROFILE = "Invalid user_profile"


def find_native_user(
    tenant: Tenant, provider: NativeProvider, connection: Connection, token: str
) -> User:
    """Return the user of a subject token. One who logs in for the first time is created.

    Raises:
        InvalidGrant: The provider would not accept the token.
        AccessDenied: The connection allows no new users.
    """
    with tenant.trace.check("subject_token", sent=cut(token), connection=connection.name):
        answer = _take(tenant, provider, token)
        if answer is None:
            user = _user_of_entry(tenant, provider, connection, token)
        elif answer.connection != connection.name:
            raise _refuse(provider, f"It is for connection {answer.connection}.")
        elif answer.user_id is None:
            user = known_or_new_user(tenant, connection, answer)
        else:
            user = tenant.directory.user(answer.user_id)
        if user is None or user.connection != connection.name:
            raise _refuse(
                provider,
                f"Its user is not one of connection {connection.name}, or was removed.",
            )
    return user


def _take(tenant: Tenant, provider: NativeProvider, token: str) -> ProviderAnswer | None:
    """Return what a token that a test has made stands for; None if no test has made it."""
    store = tenant.native_social_tokens
    past = store.history(token)
    if past is None:
        return None
    answer = store.take(token) if provider.is_single_use else store.get(token)
    if answer is not None:
        return answer
    if past.taken_at is not None:
        why = f"It was used at {clock_time(past.taken_at)}, and works only once."
    else:
        why = f"It expired at {clock_time(past.expires_at)}, by the tenant's clock."
    raise _refuse(provider, why)


def _user_of_entry(
    tenant: Tenant, provider: NativeProvider, connection: Connection, token: str
) -> User | None:
    """Return the user whom the tenant file names for a token."""
    entries = tenant.settings.subject_tokens
    try:
        entry, name = match_entry(
            tenant, [one for one in entries if one.connection == connection.name], token
        )
    except InvalidJwt as error:
        raise _refuse(
            provider,
            f"No test has made it with `native_social_token`. {error}",
        ) from None
    return accept_entry(tenant, entry, name)


def _refuse(provider: NativeProvider, why: str) -> InvalidGrant:
    return InvalidGrant(
        provider.error, hint=f"{provider.title} would not accept the subject token. {why}"
    )


def changes_of_profile(
    tenant: Tenant, provider: NativeProvider, text: str | None
) -> Mapping[str, str]:
    """Return the fields of the user that the parameter `user_profile` sets.

    Raises:
        InvalidRequest: It is not the JSON that the provider's SDK leads to.
    """
    with tenant.trace.check("user_profile", is_sent=text is not None):
        try:
            return _read_profile(provider, text) if text else {}
        except InvalidProfileError as error:
            raise InvalidRequest(
                _INVALID_PROFILE,
                hint=f"Parameter `user_profile` was refused, because {error}. Send a string with "
                "a JSON object, such as "
                + (
                    '{"email": "ada@example.com", "name": "Ada Byron"}.'
                    if provider is FACEBOOK
                    else '{"name": {"firstName": "Ada", "lastName": "Byron"}}.'
                ),
            ) from None


def _read_profile(provider: NativeProvider, text: str) -> Mapping[str, str]:
    changes = read_user_profile(provider, text)
    email = changes.get("email")
    if email is not None and check_email(email):
        raise InvalidProfileError(f"{email!r:.60} is not an e-mail address")
    return {**changes, "email": email.lower()} if email else changes


def update_profile(tenant: Tenant, user: User, changes: Mapping[str, str]) -> User:
    """Return the user with the fields that the app has sent.

    Auth0: an e-mail address of the app is not verified.
    """
    wanted: dict[str, Any] = dict(changes)
    if "email" in changes:
        wanted["email_verified"] = False
    if all(getattr(user, name) == value for name, value in wanted.items()):
        return user
    wanted["updated_at"] = timestamp(tenant.now())
    return change_user(tenant, user.user_id, lambda before: replace(before, **wanted)) or user
