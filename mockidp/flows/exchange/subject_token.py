"""Find the user whom a subject token identifies: a function or the tenant file decides.

Spec: RFC 8693 2.2.2.
Auth0: an Action decides (docs/fidelity.md, "/oauth/token").
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Iterable, Mapping
from typing import Any

from mockidp.protocol.clients.keys import verify_with_pem
from mockidp.protocol.errors.action_denied import ActionDenied
from mockidp.protocol.errors.oauth_error import OAuthError, ServerError
from mockidp.protocol.tokens.jwt import InvalidJwt, decode, is_numeric_date
from mockidp.protocol.tokens.token_exchange import (
    ACCESS_TOKEN,
    INVALID_SUBJECT_TOKEN,
    Decider,
    SubjectToken,
    TokenExchange,
)
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant

_log = logging.getLogger("mockidp.exchange")
_FAILED = "The function that decides about profile {} "


def find_user(tenant: Tenant, exchange: TokenExchange) -> User:
    """Return the user whom a subject token identifies, and set the actor of the exchange.

    Raises:
        OAuthError: The token is refused, or does not lead to a user.
    """
    decide = tenant.deciders.get(exchange.profile)
    with tenant.trace.check(
        "subject_token", profile=exchange.profile, decides="function" if decide else "tenant file"
    ):
        if decide is None:
            return _by_entries(tenant, exchange)
        return _by_function(tenant, exchange, decide)


def peek_user(tenant: Tenant, subject_token: str, kind: str | None) -> str | None:
    """Return the id of the user of a subject token, before the exchange is checked.

    Only tokens of this tenant, and those that the tenant file or a test has made, have one then.
    """
    if kind == ACCESS_TOKEN:
        return _subject_of(subject_token)
    if native := tenant.native_social_tokens.history(subject_token):
        return native.value.user_id
    if refresh := tenant.refresh_tokens.history(subject_token):
        family = tenant.refresh_families.history(refresh.value.family_id)
        return family.value.user_id if family else None
    for entry in tenant.settings.subject_tokens:
        try:
            name = _user_of(tenant, entry, subject_token)
        except InvalidJwt:
            continue
        if name:
            user = tenant.directory.user_called(name)
            return user.user_id if user else None
    return None


def _subject_of(access_token: str) -> str | None:
    try:
        subject = decode(access_token)[1].get("sub")
    except InvalidJwt:
        return None
    return subject if isinstance(subject, str) else None


def _by_function(tenant: Tenant, exchange: TokenExchange, decide: Decider) -> User:
    try:
        decided = decide(exchange)
    except ActionDenied:
        raise
    except Exception as error:  # noqa: BLE001 - the function is not mockidp's
        _log.exception("the function that decides about profile %s failed", exchange.profile)
        raise ServerError(
            "Internal error",
            hint=f"{_FAILED.format(exchange.profile)}raised {type(error).__name__}. The log has "
            "the traceback.",
        ) from None
    name = decided.user_id if isinstance(decided, User) else decided
    if not isinstance(name, str):
        raise ServerError(
            "Internal error",
            hint=f"{_FAILED.format(exchange.profile)}returned a {type(decided).__name__}. Return "
            "a user, or the user's id, e-mail or username.",
        )
    user = tenant.directory.user_called(name)
    if user is None:
        raise _no_user(f"{_FAILED.format(exchange.profile)}returned {name!r}.")
    return user


def _by_entries(tenant: Tenant, exchange: TokenExchange) -> User:
    """Return the user of the first entry of `mockidp.subject_tokens` that fits."""
    entries = [one for one in tenant.settings.subject_tokens if one.profile == exchange.profile]
    if not entries:
        raise _invalid(
            f"No entry or function handles profile {exchange.profile}. Add an entry to "
            "`mockidp.subject_tokens`, or call `exchange_tokens` in the test."
        )
    try:
        entry, name = match_entry(tenant, entries, exchange.subject_token)
    except InvalidJwt as error:
        raise _invalid(str(error)) from None
    user = accept_entry(tenant, entry, name)
    exchange.actor = entry.actor
    return user


def match_entry(
    tenant: Tenant, entries: Iterable[SubjectToken], token: str
) -> tuple[SubjectToken, str]:
    """Return the first entry of `mockidp.subject_tokens` that fits, and the name of the user.

    Raises:
        InvalidToken: None does.
    """
    whys = ["No entry of `mockidp.subject_tokens` has this token."]
    for entry in entries:
        try:
            name = _user_of(tenant, entry, token)
        except InvalidJwt as error:
            whys.append(str(error))
            continue
        if name is not None:
            return entry, name
    raise InvalidJwt(" ".join(whys))


def accept_entry(tenant: Tenant, entry: SubjectToken, name: str) -> User:
    """Return the user whom an entry names.

    Raises:
        ActionDenied: The entry refuses the token, or no user has the name.
    """
    if entry.error is not None:
        source = f"profile {entry.profile}" if entry.profile else f"connection {entry.connection}"
        raise ActionDenied(
            entry.error,
            entry.error_description,
            hint=f"An entry of `mockidp.subject_tokens` for {source} refuses this token.",
        )
    user = tenant.directory.user_called(name)
    if user is None:
        raise _no_user(f"The subject token is for {name[:100]!r}.")
    return user


def _user_of(tenant: Tenant, entry: SubjectToken, token: str) -> str | None:
    """Return the name of the user that a token identifies; None if the entry is for other tokens.

    Raises:
        InvalidToken: The token is a JWT, but not one that the entry accepts.
    """
    if entry.token is not None:
        return (entry.user or "") if _is_same(entry.token, token) else None
    claims = verify_with_pem(str(entry.key), token)
    _check_claims(entry, claims, tenant.now())
    name = claims.get(entry.user_claim)
    if not isinstance(name, str) or not name:
        raise InvalidJwt(f"The subject token has no claim `{entry.user_claim}` with a user.")
    return name


def _is_same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode("utf-8", "surrogatepass"))


def _check_claims(entry: SubjectToken, claims: Mapping[str, Any], now: float) -> None:
    if entry.issuer is not None and claims.get("iss") != entry.issuer:
        raise InvalidJwt(f"The `iss` of the subject token is not {entry.issuer}.")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if entry.audience is not None and entry.audience not in audiences:
        raise InvalidJwt(f"The `aud` of the subject token does not contain {entry.audience}.")
    for name, is_wrong in (("exp", now.__ge__), ("nbf", now.__lt__)):
        at = claims.get(name)
        if at is not None and (not is_numeric_date(at) or is_wrong(float(at))):
            raise InvalidJwt(f"The `{name}` of the subject token is not valid now.")


def _invalid(hint: str) -> OAuthError:
    return ActionDenied(
        "invalid_request", INVALID_SUBJECT_TOKEN, hint=f"The subject token was refused. {hint}"
    )


def _no_user(hint: str) -> OAuthError:
    return ActionDenied(
        "invalid_request", "The user does not exist.", hint=f"{hint} No user has that name."
    )
