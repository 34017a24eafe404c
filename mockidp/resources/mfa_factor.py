"""The second factors that a user is imported with: `mfa_factors` of Auth0's bulk import."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mockidp.frozen import frozen
from mockidp.resources.record import Record
from mockidp.resources.rules import Expected, Misfit

_SECRET = re.compile(r"[A-Z2-7]{8,128}")
_LENGTHS = (0, 2, 4, 5, 7)
"""The lengths of base32 without padding, modulo 8 (RFC 4648 6)."""
_PHONE_NUMBER = re.compile(r"\+[0-9]{1,15}")


@frozen
class TotpFactor(Record):
    """An authenticator app."""

    secret: str
    """The secret in base32, without padding."""


@frozen
class PhoneFactor(Record):
    """A phone that receives codes."""

    value: str
    """The number, such as +15551234567."""


@frozen
class EmailFactor(Record):
    """An e-mail address that receives codes."""

    value: str
    """The address."""


@frozen
class MfaFactor(Record):
    """A second factor: one of the three."""

    totp: TotpFactor | None = None
    """An authenticator app."""
    phone: PhoneFactor | None = None
    """A phone that receives codes."""
    email: EmailFactor | None = None
    """An e-mail address that receives codes."""


def check_totp_secret(secret: str) -> Expected | None:
    """Check that a secret is base32, as authenticator apps read it (RFC 4648 6)."""
    is_secret = _SECRET.fullmatch(secret) and len(secret) % 8 in _LENGTHS
    return None if is_secret else Expected("8 to 128 characters of base32: A to Z and 2 to 7")


def check_phone_number(number: str) -> Expected | None:
    """Check that a phone number has the format E.164."""
    is_number = _PHONE_NUMBER.fullmatch(number)
    return None if is_number else Expected("a phone number such as +15551234567")


def mistakes_in_factor(factor: MfaFactor) -> Iterator[Misfit]:
    """Yield a contradiction if a factor is not exactly one of the three."""
    if sum(one is not None for one in (factor.totp, factor.phone, factor.email)) != 1:
        yield Misfit("totp", "no or several kinds of factors", "one of totp, phone and email")
