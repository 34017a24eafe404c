"""Proof Key for Code Exchange.

Spec: RFC 7636 4.1 to 4.6.
Auth0: the length of challenge and verifier is checked first, with a 400 of its own.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode

from mockidp.frozen import frozen
from mockidp.protocol.errors.oauth_error import InvalidGrant, InvalidRequest
from mockidp.protocol.oauth.parameters import Parameters

METHODS = ("S256", "plain")
_SHORTEST, _MAX_LENGTH = 43, 128
_TO_BASE64URL = str.maketrans("+/", "-_")


@frozen
class CodeChallenge:
    """The challenge of an authorization request, which the token request has to answer."""

    value: str
    method: str


def s256(verifier: str) -> str:
    """Return the S256 challenge of a verifier (RFC 7636 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def parse_challenge(parameters: Parameters) -> CodeChallenge | None:
    """Parse `code_challenge` and `code_challenge_method`; the method defaults to plain.

    Raises:
        InvalidRequest: A wrong length, an unknown method, or a method without a challenge.
    """
    value = parameters.get("code_challenge")
    method = parameters.get("code_challenge_method")
    if value is None:
        if method is not None:
            raise InvalidRequest(
                "Missing required parameter: code_challenge",
                hint=f"Parameter `code_challenge_method` ({method!r}) was sent without a "
                "`code_challenge`.",
            )
        return None
    if method not in (None, *METHODS):
        raise InvalidRequest(
            f"Unsupported code_challenge_method: {method}",
            hint=f"Parameter `code_challenge_method` is {method!r}. Use `S256` or `plain`.",
        )
    _check_length("code_challenge", value)
    return CodeChallenge(value=value, method=method or "plain")


def check_verifier(challenge: CodeChallenge | None, verifier: str | None) -> None:
    """Check the `code_verifier` of a token request against the challenge.

    Raises:
        InvalidRequest: The verifier's length is wrong.
        InvalidGrant: The verifier is missing, has no challenge, or does not match.
    """
    if verifier is not None:
        _check_length("code_verifier", verifier)
    hint = _mismatch(challenge, verifier)
    if hint:
        raise InvalidGrant("Failed to verify code verifier", hint=hint)


def _mismatch(challenge: CodeChallenge | None, verifier: str | None) -> str:
    if challenge is None and verifier is None:
        return ""
    if challenge is None:
        return (
            "Parameter `code_verifier` was sent, but the authorization request had no "
            "`code_challenge`. The code was requested without PKCE, or its parameters were lost on "
            "the way."
        )
    if verifier is None:
        return (
            "The authorization request had a `code_challenge`, but this request has no "
            "`code_verifier`. Send the one that the challenge was made from."
        )
    made = s256(verifier) if challenge.method == "S256" else verifier
    if hmac.compare_digest(made.encode(), challenge.value.encode()):
        return ""
    return (
        "Parameter `code_verifier` does not match the `code_challenge` (method "
        f"{challenge.method}). {_likely_mistake(challenge, verifier)}"
    )


def _likely_mistake(challenge: CodeChallenge, verifier: str) -> str:
    """Explain how the client computed a challenge that does not match."""
    sent, made = challenge.value, s256(verifier)
    if challenge.method == "plain" and sent == made:
        return (
            "The challenge is the S256 hash of this verifier, but the authorization request did "
            "not send `code_challenge_method=S256`."
        )
    if sent == verifier:
        return "Both are the same text. Send the base64url SHA-256 of the verifier as challenge."
    if sent.translate(_TO_BASE64URL).rstrip("=") == made:
        return "The challenge is base64. Encode it as base64url, without `+`, `/` and padding."
    if sent in _from_hex(verifier):
        return "The challenge encodes the hexadecimal SHA-256. Encode its bytes instead."
    return "It belongs to another login, or the client used another method."


def _from_hex(verifier: str) -> tuple[str, ...]:
    digest = hashlib.sha256(verifier.encode()).hexdigest()
    return digest, urlsafe_b64encode(digest.encode()).rstrip(b"=").decode()


def _check_length(name: str, value: str) -> None:
    if not _SHORTEST <= len(value) <= _MAX_LENGTH:
        raise InvalidRequest(
            f"Parameter '{name}' must be between {_SHORTEST} and {_MAX_LENGTH} characters long",
            hint=f"Parameter `{name}` has {len(value)} characters.",
        )
