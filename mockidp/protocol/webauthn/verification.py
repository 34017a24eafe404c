"""Verify a registration and a login, step by step in the order of the specification.

Both are generators: each step says what was compared and why it failed, and the caller resumes only
after a step that passed.

Spec: Web Authentication Level 2, 7.1 and 7.2; `crossOrigin` and backup flags as in Level 3.
Auth0: attestation is not requested, so no statement is verified (docs/fidelity.md, "Passkeys").
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator, Mapping
from dataclasses import field
from typing import Any, TypeVar

from mockidp.frozen import frozen
from mockidp.protocol.tokens.base64url import base64url, unbase64url
from mockidp.protocol.webauthn.authenticator_data import (
    BACKED_UP,
    BACKUP_ELIGIBLE,
    PRESENT,
    AttestedCredential,
    AuthenticatorData,
    parse_authenticator_data,
)
from mockidp.protocol.webauthn.cbor import decode_cbor
from mockidp.protocol.webauthn.ceremony import ALGORITHMS, CREATE, GET, Ceremony
from mockidp.protocol.webauthn.cose import (
    algorithm_of,
    is_signed,
    load_public_key,
    read_public_key,
)
from mockidp.protocol.webauthn.response import AuthenticatorResponse

_SECTIONS = {CREATE: "7.1", GET: "7.2"}
_CALLS = {CREATE: "navigator.credentials.create", GET: "navigator.credentials.get"}
_NO_CREDENTIAL = AttestedCredential(aaguid="", id=b"", key={}, encoded_key=b"")
T = TypeVar("T")


@frozen
class VerificationStep:
    """One step.

    Attributes:
        name: Its name in the trace.
        clause: Where the specification has it.
        why: Why it failed, and what to do, in sentences; empty if it passed.
        compared: The compared values.
    """

    name: str
    clause: str
    why: str = ""
    compared: Mapping[str, Any] = field(default_factory=dict)


@frozen
class NewCredential:
    """A credential that was verified. Binary values are in base64url."""

    id: str
    public_key: str
    aaguid: str
    sign_count: int = 0
    is_backup_eligible: bool = True
    is_backed_up: bool = True
    transports: tuple[str, ...] = ()


@frozen
class VerifiedLogin:
    """The state of a credential after a login."""

    sign_count: int
    is_backed_up: bool


Steps = Generator[VerificationStep, None, T]


def verify_registration(
    ceremony: Ceremony, response: AuthenticatorResponse
) -> Steps[NewCredential]:
    """Yield the steps of a registration (7.1). Return the new credential."""
    yield from _verify_client_data(ceremony, response.client_data, (6, 7, 8, 9))
    attestation, why = _parse_attestation(response.attestation_object)
    yield _step(ceremony, "attestation_object", 12, why)
    data = yield from _verify_authenticator_data(
        ceremony, attestation.get("authData"), (12, 13, 14)
    )
    made = data.credential or _NO_CREDENTIAL
    missing = (
        "The authenticator data has no credential with the `id` of the answer. Send the answer as "
        "the browser made it."
    )
    is_there = base64url(made.id) == response.credential_id
    yield _step(ceremony, "credential_id", 12, "" if is_there else missing)
    algorithm = algorithm_of(made.key)
    yield _step(ceremony, "algorithm", 16, _why_no_algorithm(algorithm), alg=algorithm)
    yield _step(ceremony, "public_key", 12, _why_no_key(made.key))
    return NewCredential(
        id=response.credential_id,
        public_key=base64url(made.encoded_key),
        aaguid=made.aaguid,
        sign_count=data.sign_count,
        is_backup_eligible=data.has(BACKUP_ELIGIBLE),
        is_backed_up=data.has(BACKED_UP),
        transports=response.transports,
    )


def verify_login(
    ceremony: Ceremony, response: AuthenticatorResponse, *, public_key: str, sign_count: int
) -> Steps[VerifiedLogin]:
    """Yield the steps of a login from the client data on (7.2). Return the credential's new state.

    Args:
        ceremony: What is expected.
        response: The answer.
        public_key: The COSE key of the credential, in base64url.
        sign_count: Its counter at the last login.
    """
    yield from _verify_client_data(ceremony, response.client_data, (10, 11, 12, 13))
    data = yield from _verify_authenticator_data(
        ceremony, response.authenticator_data, (15, 15, 16)
    )
    signed = response.authenticator_data + hashlib.sha256(response.client_data).digest()
    key = load_public_key(unbase64url(public_key))
    wrong = "" if is_signed(key, response.signature, signed) else (
        "The signature is not by the key of the passkey over the sent `authenticatorData` and "
        "`clientDataJSON`. Send the three as the authenticator made them."
    )  # fmt: skip
    yield _step(ceremony, "signature", 20, wrong)
    new = data.sign_count
    is_older = (new or sign_count) and new <= sign_count
    copied = (
        f"The counter of the passkey is {new}, but it was {sign_count} at the last login. An "
        "answer was repeated, or the passkey was copied. Use each answer once."
    )
    yield _step(ceremony, "sign_count", 21, copied if is_older else "", sent=new, stored=sign_count)
    return VerifiedLogin(sign_count=new, is_backed_up=data.has(BACKED_UP))


def _step(
    ceremony: Ceremony, name: str, number: int, why: str = "", **compared: Any
) -> VerificationStep:
    clause = f"Web Authentication Level 2, {_SECTIONS[ceremony.kind]} step {number}"
    return VerificationStep(name=f"webauthn_{name}", clause=clause, why=why, compared=compared)


def _verify_client_data(
    ceremony: Ceremony, client_data: bytes, numbers: tuple[int, int, int, int]
) -> Steps[None]:
    parsed, why = _parse_json(client_data)
    yield _step(ceremony, "client_data", numbers[0], why)
    sent = parsed.get("type")
    wrong = (
        f"`type` of the client data is {sent!r:.40} instead of {ceremony.kind}. Answer this "
        f"challenge with {_CALLS[ceremony.kind]}()."
    )
    yield _step(
        ceremony, "type", numbers[1], "" if sent == ceremony.kind else wrong,
        sent=sent, expected=ceremony.kind,
    )  # fmt: skip
    challenge = parsed.get("challenge")
    yield _step(
        ceremony, "challenge", numbers[2], _why_wrong_challenge(challenge, ceremony.challenge),
        sent=challenge, expected=ceremony.challenge,
    )  # fmt: skip
    origin = parsed.get("origin")
    elsewhere = (
        f"The challenge was answered at {origin!r:.200}. Origins that may: "
        f"{', '.join(ceremony.origins)}. Add others to `web_origins` of the client, or the "
        "fingerprint of an Android app's certificate to `mobile.android`."
    )
    yield _step(
        ceremony, "origin", numbers[3], "" if ceremony.accepts(origin) else elsewhere,
        sent=origin, accepted=ceremony.origins,
    )  # fmt: skip
    framed = "The challenge was answered in a frame of another origin. Open the page itself."
    is_framed = parsed.get("crossOrigin") is True
    yield _step(ceremony, "cross_origin", numbers[3], framed if is_framed else "")


def _why_wrong_challenge(sent: Any, expected: str) -> str:
    if sent == expected:
        return ""
    if sent == base64url(expected.encode()):
        return (
            "The text of `challenge` was answered instead of its bytes. Decode it from base64url "
            "before you pass it to the authenticator."
        )
    return (
        f"Challenge {sent!r:.60} was answered, but `auth_session` is for {expected!r}. Answer the "
        "challenge that came with the `auth_session`."
    )


def _verify_authenticator_data(
    ceremony: Ceremony, data: Any, numbers: tuple[int, int, int]
) -> Steps[AuthenticatorData]:
    try:
        parsed, why = parse_authenticator_data(data), ""
    except (ValueError, TypeError) as error:
        parsed = AuthenticatorData(rp_id_hash=b"", flags=0, sign_count=0)
        why = f"The authenticator data {error}. Send it as the authenticator made it."
    yield _step(ceremony, "authenticator_data", numbers[0], why)
    other = (
        f"The authenticator signed for a relying party other than {ceremony.rp_id}. Pass the "
        "`rp.id` or `rpId` of the challenge to it."
    )
    is_ours = parsed.rp_id_hash == hashlib.sha256(ceremony.rp_id.encode()).digest()
    yield _step(ceremony, "rp_id", numbers[1], "" if is_ours else other, expected=ceremony.rp_id)
    absent = "The user did not confirm: the flag UP of the authenticator data is not set."
    yield _step(ceremony, "user_present", numbers[2], "" if parsed.has(PRESENT) else absent)
    contradicts = parsed.has(BACKED_UP) and not parsed.has(BACKUP_ELIGIBLE)
    yield VerificationStep(
        name="webauthn_backup",
        clause="Web Authentication Level 3, 6.1.3",
        why="The flag BS is set, but BE is not." if contradicts else "",
    )
    return parsed


def _parse_json(data: bytes) -> tuple[Mapping[str, Any], str]:
    try:
        parsed = json.loads(data)
    except (ValueError, RecursionError):
        parsed = None
    if isinstance(parsed, dict):
        return parsed, ""
    return {}, "`clientDataJSON` is not a JSON object in UTF-8. Send it as the browser made it."


def _parse_attestation(data: bytes) -> tuple[Mapping[str, Any], str]:
    try:
        parsed, rest = decode_cbor(data)
    except ValueError as error:
        return {}, f"`attestationObject` {error}. Send it as the authenticator made it."
    if rest or not isinstance(parsed, Mapping) or not isinstance(parsed.get("fmt"), str):
        return {}, "`attestationObject` is not a map with `fmt`, `authData` and `attStmt`."
    return parsed, ""


def _why_no_algorithm(algorithm: int | None) -> str:
    if algorithm in ALGORITHMS:
        return ""
    listed = ", ".join(f"{number} ({name})" for number, name in ALGORITHMS.items())
    return (
        f"The key of the passkey has the algorithm {algorithm}. Accepted: {listed}. Pass "
        "`pubKeyCredParams` of the challenge to the authenticator."
    )


def _why_no_key(key: Mapping[int, Any]) -> str:
    try:
        read_public_key(key)
    except ValueError as error:
        return f"The key of the passkey {error}."
    return ""
