"""Passkeys on the hosted pages: log in on the identifier page, enroll one, or sign up with one.

Auth0: only the two-page login (identifier first) has passkeys. Its pages post the answer of the
browser as the field `passkey`.
"""

from __future__ import annotations

from typing import Any

from mockidp.flows.login.authenticate import log_in_as
from mockidp.flows.login.classic import is_classic
from mockidp.flows.login.identify import connections_of
from mockidp.flows.login.page_errors import NO_FIELD, PASSKEY_REFUSED, LoginPageError
from mockidp.flows.login.transaction import login_client
from mockidp.flows.passkeys.held import new_user_handle, user_handle_of
from mockidp.flows.passkeys.sign_up import sign_up_with_passkey, store_credential
from mockidp.flows.passkeys.start import new_challenge
from mockidp.flows.passkeys.verify import (
    read_response,
    take_challenge,
    verified_credential,
    verified_passkey,
)
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.login.passkeys import PasskeyChallenge, Purpose
from mockidp.protocol.tokens.artifacts import LoginTransaction, Session
from mockidp.protocol.webauthn.cbor import INSTALL, has_cbor
from mockidp.protocol.webauthn.response import AuthenticatorResponse
from mockidp.resources.connection import Connection
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant


def passkey_database(tenant: Tenant, login: LoginTransaction) -> Connection | None:
    """Return the database whose users may log in with a passkey on the page; None for none."""
    prompts = tenant.directory.configuration.prompts
    found = next(
        (
            one
            for name in connections_of(tenant, login)
            if (one := tenant.directory.connection(name)) and one.options.has_passkeys
        ),
        None,
    )
    if found is None or not prompts.identifier_first or is_classic(tenant, login):
        return None
    if not has_cbor():
        tenant.trace.advise(f"The page offers no passkeys without the package cbor2: `{INSTALL}`.")
        return None
    return found


def login_options(tenant: Tenant, login: LoginTransaction) -> dict[str, Any] | None:
    """Return the options for navigator.credentials.get(); None if the page has no button."""
    database = passkey_database(tenant, login)
    if database is None or not database.options.has_passkey_button:
        return None
    return _challenge(tenant, login, database, "page_login").request_options()


def enrollment_options(
    tenant: Tenant, login: LoginTransaction, database: Connection, user: User | None
) -> dict[str, Any]:
    """Return the options for navigator.credentials.create().

    Args:
        tenant: The tenant.
        login: The login.
        database: The connection.
        user: The user who enrolls a passkey; None for the sign-up of the login.
    """
    profile = {"email": login.identifier, "username": login.new_username}
    challenge = _challenge(
        tenant, login, database, "page_enroll",
        user_id=user.user_id if user else None,
        user_handle=user_handle_of(tenant, user) if user else new_user_handle(tenant),
        profile={} if user else {name: one for name, one in profile.items() if one},
    )  # fmt: skip
    name = (user.email or user.username or user.user_id) if user else login.identifier or ""
    return challenge.creation_options(name, (user.name if user else None) or name)


def log_in_with_passkey(tenant: Tenant, login: LoginTransaction, sent: str) -> Session:
    """Start a session for the user of a passkey, and attach it to the login.

    Raises:
        LoginPageError: The page is shown again.
    """
    challenge, response = _take(tenant, login, sent, "page_login")
    _, user = verified_passkey(tenant, challenge, response, _refused)
    return log_in_as(tenant, login, user)


def enroll_passkey(
    tenant: Tenant, login: LoginTransaction, user: User, sent: str, *, user_agent: str
) -> None:
    """Store the passkey that a user has created.

    Raises:
        LoginPageError: The page is shown again.
    """
    challenge, response = _take(tenant, login, sent, "page_enroll")
    credential = verified_credential(tenant, challenge, response, _refused)
    with tenant.trace.check("user_of_challenge", user=user.user_id, of=challenge.user_id):
        if challenge.user_id != user.user_id:
            raise _refused("The challenge is for another user. Try again.")
    store_credential(tenant, challenge, user.user_id, credential, _refused, user_agent=user_agent)


def sign_up_on_page(
    tenant: Tenant, base_url: str, login: LoginTransaction, database: Connection, sent: str
) -> Session:
    """Create a user with a passkey, and log the user in.

    Raises:
        LoginPageError: The page is shown again.
    """
    challenge, response = _take(tenant, login, sent, "page_enroll")
    try:
        user = sign_up_with_passkey(
            tenant, base_url, challenge, database, response, refuse=_refused
        )
    except InvalidRequest as error:
        raise _refused(error.hint) from None
    return log_in_as(tenant, login, user)


def _refused(hint: str) -> LoginPageError:
    return LoginPageError({NO_FIELD: PASSKEY_REFUSED}, hint=hint)


def _challenge(
    tenant: Tenant, login: LoginTransaction, database: Connection, purpose: Purpose, **more: Any
) -> PasskeyChallenge:
    """Return the challenge of a page, which is stored by the login's state."""
    made = new_challenge(
        tenant, login.request.base_url, login_client(tenant, login), database,
        purpose=purpose, **more,
    )  # fmt: skip
    expires_at = tenant.now() + tenant.settings.login_lifetime
    tenant.passkey_challenges.put(login.state, made, expires_at=expires_at)
    return made


def _take(
    tenant: Tenant, login: LoginTransaction, sent: str, purpose: Purpose
) -> tuple[PasskeyChallenge, AuthenticatorResponse]:
    """Return the challenge of a page, which is used up, and the answer to it."""
    challenge = tenant.passkey_challenges.get(login.state)
    response = read_response(tenant, sent, is_new=purpose == "page_enroll", malformed=_refused)
    is_good = challenge is not None and challenge.purpose == purpose
    is_taken = is_good and challenge is not None and take_challenge(tenant, login.state, challenge)
    with tenant.trace.check("passkey_challenge", found=is_taken):
        if challenge is None or not is_taken:
            raise _refused("The page has no such challenge. Another page of the login replaced it.")
    return challenge, response
