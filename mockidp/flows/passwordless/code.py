"""Make the codes of passwordless logins, and compare them with submitted ones.

Auth0: only the last code for a person is accepted, once, and ten wrong guesses end it.
"""

from __future__ import annotations

import hmac

from mockidp.flows.hints.timestamps import clock_time
from mockidp.frozen import frozen, replace
from mockidp.protocol.errors.oauth_error import InvalidGrant
from mockidp.protocol.errors.refusal_texts import OTP_EXPIRED
from mockidp.protocol.login.passwordless import (
    MAX_GUESSES,
    TOO_MANY_GUESSES,
    PasswordlessCode,
    wrong_code_text,
)
from mockidp.resources.client import Client
from mockidp.resources.connection import Connection
from mockidp.storage.store import Entry
from mockidp.tenant.tenant import Tenant


@frozen
class Recipient:
    """A person to whom a code is sent, and what they log in to.

    Attributes:
        client: The client that the person logs in to.
        connection: The passwordless connection.
        address: The e-mail address in lower case, or the phone number.
    """

    client: Client
    connection: Connection
    address: str

    @property
    def key(self) -> str:
        """The key of the person's code in its store."""
        return f"{self.connection.name}\n{self.address}"


class CodeRejected(InvalidGrant):
    """A code is not accepted. Endpoints other than the token endpoint replace the error."""


def make_code(tenant: Tenant, recipient: Recipient) -> str:
    """Return a code for a person. It replaces the one that was sent before."""
    options = recipient.connection.options.totp
    code = PasswordlessCode(
        client_id=recipient.client.client_id,
        connection=recipient.connection.name,
        recipient=recipient.address,
        code=tenant.ids.digits(options.length),
    )
    expires_at = tenant.now() + options.time_step
    tenant.passwordless_codes.put(recipient.key, code, expires_at=expires_at)
    return code.code


def take_code(tenant: Tenant, recipient: Recipient, code: str) -> None:
    """Use up the code that was sent to a person.

    Raises:
        CodeRejected: It is wrong, expired or used, or there were too many wrong guesses.
    """
    _compare(tenant, recipient, code, uses_up=True)


def check_code(tenant: Tenant, recipient: Recipient, code: str) -> None:
    """Check a code without using it up. A wrong guess counts.

    Raises:
        CodeRejected: As `take_code`.
    """
    _compare(tenant, recipient, code, uses_up=False)


def _compare(tenant: Tenant, recipient: Recipient, code: str, *, uses_up: bool) -> None:
    store = tenant.passwordless_codes
    while True:
        entry = store.find(recipient.key)
        with tenant.trace.check(
            "passwordless_code",
            connection=recipient.connection.name,
            recipient=recipient.address,
            wrong_guesses=entry.value.wrong_guesses if entry else None,
        ):
            if entry is None:
                raise _not_valid(tenant, recipient, code)
            _check_guesses(recipient, entry.value)
            why = _mismatch(recipient, code, entry.value)
            if why and _count_guess(tenant, recipient, entry):
                raise _wrong(recipient, why, entry.value.wrong_guesses + 1)
        if not why and (
            not uses_up or store.take(recipient.key, version=entry.version) is not None
        ):
            return


def _check_guesses(recipient: Recipient, sent: PasswordlessCode) -> None:
    options = recipient.connection.options
    if options.brute_force_protection and sent.wrong_guesses >= MAX_GUESSES:
        raise CodeRejected(
            TOO_MANY_GUESSES,
            hint=f"There were {sent.wrong_guesses} wrong guesses at the code for "
            f"{sent.recipient}, so the right code is refused too. Send another code.",
        )


def _mismatch(recipient: Recipient, code: str, sent: PasswordlessCode) -> str:
    """Explain why a code is wrong; empty if it is right."""
    client_id = recipient.client.client_id
    if client_id != sent.client_id:
        return (
            f"The code for {sent.recipient} was requested by client {sent.client_id}, but client "
            f"{client_id} sent it."
        )
    if not hmac.compare_digest(code.encode(), sent.code.encode()):
        return (
            f"The code is not the one that was sent to {sent.recipient}. Only the last code is "
            "accepted. Tests can read it in the outbox."
        )
    return ""


def _count_guess(tenant: Tenant, recipient: Recipient, entry: Entry[PasswordlessCode]) -> bool:
    """Count a wrong guess. Return whether the code was unchanged until now."""
    sent = replace(entry.value, wrong_guesses=entry.value.wrong_guesses + 1)
    return tenant.passwordless_codes.swap(
        recipient.key, entry.version, sent, expires_at=entry.expires_at
    )


def _wrong(recipient: Recipient, why: str, count: int) -> CodeRejected:
    if recipient.connection.options.brute_force_protection:
        why += f" This was wrong guess {count} of {MAX_GUESSES}."
    return CodeRejected(wrong_code_text(recipient.connection), hint=why)


def _not_valid(tenant: Tenant, recipient: Recipient, code: str) -> CodeRejected:
    """Return the refusal of a code when none is valid."""
    connection, address = recipient.connection, recipient.address
    wrong = wrong_code_text(connection)
    entry = tenant.passwordless_codes.history(recipient.key)
    if entry is None:
        return CodeRejected(
            wrong,
            hint=f"No code was sent to {address} in connection {connection.name}. Request one at "
            "/passwordless/start first.",
        )
    if entry.taken_at is not None:
        return CodeRejected(
            wrong,
            hint=f"The last code for {address} was used at {clock_time(entry.taken_at)}, and can "
            "be used only once. Send another code.",
        )
    return CodeRejected(
        wrong if _mismatch(recipient, code, entry.value) else OTP_EXPIRED,
        hint=f"The last code for {address} expired at {clock_time(entry.expires_at)}, "
        f"{connection.options.totp.time_step} seconds after it was sent (`options.totp.time_step` "
        f"of connection {connection.name}). Send another code.",
    )
