"""Verify the answer to a challenge, and make each step of the specification a check.

Auth0: the texts of its refusals are unknown (docs/fidelity.md, "Passkeys").
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from mockidp.flows.passkeys.held import use_passkey
from mockidp.protocol.errors.refusal import Refusal
from mockidp.protocol.login.passkeys import Passkey, PasskeyChallenge
from mockidp.protocol.webauthn.response import AuthenticatorResponse, parse_response
from mockidp.protocol.webauthn.verification import (
    NewCredential,
    Steps,
    verify_login,
    verify_registration,
)
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant

T = TypeVar("T")
Refuse = Callable[[str], Refusal]
"""Returns the refusal for a hint."""
_IDENTIFY, _FIND = (f"Web Authentication Level 2, 7.2 step {number}" for number in (6, 7))


def read_response(
    tenant: Tenant, sent: Any, *, is_new: bool, malformed: Refuse
) -> AuthenticatorResponse:
    """Return the answer in `authn_response`.

    Raises:
        Refusal: It is malformed.
    """
    with tenant.trace.check("authn_response", is_sent=sent is not None):
        try:
            return parse_response(sent, is_new=is_new)
        except ValueError as error:
            raise malformed(f"`authn_response` {error}.") from None


def take_challenge(tenant: Tenant, session: str, challenge: PasskeyChallenge) -> bool:
    """Use a challenge up. Return whether it was still there."""
    return tenant.passkey_challenges.take(session) == challenge


def verified_credential(
    tenant: Tenant, challenge: PasskeyChallenge, response: AuthenticatorResponse, refuse: Refuse
) -> NewCredential:
    """Return the credential of a registration that passes all steps.

    Raises:
        Refusal: A step fails.
    """
    return _run(tenant, verify_registration(challenge.ceremony, response), refuse)


def verified_passkey(
    tenant: Tenant, challenge: PasskeyChallenge, response: AuthenticatorResponse, refuse: Refuse
) -> tuple[Passkey, User]:
    """Return the passkey with which a challenge was answered, and its user.

    Raises:
        Refusal: A step fails, or the user belongs to another connection.
    """
    passkey, user = _find(tenant, challenge, response, refuse)
    steps = verify_login(
        challenge.ceremony,
        response,
        public_key=passkey.public_key,
        sign_count=passkey.sign_count,
    )
    login = _run(tenant, steps, refuse)
    is_unchanged = use_passkey(tenant, passkey, login)
    with tenant.trace.check("passkey_unchanged", unchanged=is_unchanged):
        if not is_unchanged:
            raise refuse("Another request has used or removed the passkey meanwhile.")
    return passkey, user


def _find(
    tenant: Tenant, challenge: PasskeyChallenge, response: AuthenticatorResponse, refuse: Refuse
) -> tuple[Passkey, User]:
    """Return the passkey that an answer names, and its user."""
    passkey = tenant.passkeys.get(response.credential_id)
    user = tenant.directory.user(passkey.user_id) if passkey else None
    with tenant.trace.check("webauthn_credential", sent=response.credential_id, found=bool(user)):
        if passkey is None or user is None:
            raise refuse(
                f"No user has a passkey with the id {response.credential_id!r:.60} ({_FIND}). It "
                "was removed, or belongs to another tenant or to the time before a reset."
            )
    tenant.trace.note(user=user.user_id)
    is_owner = response.user_handle == passkey.user_handle
    with tenant.trace.check("webauthn_user_handle", sent=response.user_handle, is_owner=is_owner):
        if not is_owner:
            raise refuse(
                f"`userHandle` is {response.user_handle or 'missing'}, but the passkey is that of "
                f"{user.user_id} ({_IDENTIFY}). Send it as the authenticator returned it."
            )
    with tenant.trace.check(
        "connection", of_user=user.connection, of_challenge=challenge.connection
    ):
        if user.connection != challenge.connection:
            raise refuse(
                f"User {user.user_id} belongs to connection {user.connection}, but the challenge "
                f"is for {challenge.connection}. Send the other one as `realm` to "
                "/passkey/challenge, or as `connection` to /authorize."
            )
    return passkey, user


def _run(tenant: Tenant, steps: Steps[T], refuse: Refuse) -> T:
    """Run the steps of a verification. Return its result."""
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            found: T = end.value
            return found
        with tenant.trace.check(step.name, **step.compared):
            if step.why:
                raise refuse(f"{step.why} The step that failed: {step.clause}.")
