"""Codes of authenticator apps.

Spec: RFC 6238; the URI follows the Key URI Format of Google Authenticator.
Auth0: SHA-1, 6 digits, 30 seconds. The codes of the step before and after are accepted
(docs/fidelity.md).
"""

from __future__ import annotations

import hmac
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

PERIOD = 30
DIGITS = 6
DRIFT = 1
"""How many steps the clock of an app may be ahead or behind (RFC 6238 5.2)."""


def totp_code(secret: str, now: float) -> str:
    """Return the code that an app shows at a time.

    Args:
        secret: The secret in base32.
        now: Seconds since 1970.
    """
    app = _app()(secret, digits=DIGITS, interval=PERIOD)
    return str(app.at(int(now)))


@cache
def _app() -> Any:
    """Return pyotp's class without its minimum length: Auth0 imports shorter secrets as well."""
    import pyotp  # noqa: PLC0415 - only tenants with a second factor need it

    return type("App", (pyotp.TOTP,), {"min_secret_length_bits": 0})


def step_of_code(secret: str, code: str, now: float) -> int | None:
    """Return the time step whose code was sent; None if the code is wrong.

    Args:
        secret: The secret in base32.
        code: What was typed.
        now: Seconds since 1970.
    """
    current = int(now) // PERIOD
    found = None
    for step in range(max(0, current - DRIFT), current + DRIFT + 1):
        if hmac.compare_digest(totp_code(secret, step * PERIOD).encode(), code.encode()):
            found = step
    return found


def totp_uri(secret: str, *, tenant: str, user: str) -> str:
    """Return the URI in the QR code that an app scans."""
    query = urlencode(
        {
            "secret": secret,
            "issuer": tenant,
            "algorithm": "SHA1",
            "digits": DIGITS,
            "period": PERIOD,
        },
        quote_via=quote,
    )
    return f"otpauth://totp/{quote(tenant, safe='')}:{quote(user, safe='')}?{query}"
