"""Devices that wait until their user has logged in on another device.

Spec: RFC 8628 3.2 and 6.1.
Auth0: a user code has the characters and the form that the tenant's `device_flow` says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from mockidp.frozen import frozen
from mockidp.protocol.tokens.artifacts import AuthorizationCode, AuthorizationRequest

LIFETIME = 900
"""Seconds until a device code expires."""
INTERVAL = 5
"""The least number of seconds between two polls."""

Charset = Literal["base20", "digits"]
CHARACTERS: Mapping[Charset, str] = {"base20": "BCDFGHJKLMNPQRSTVWXZ", "digits": "0123456789"}
"""The characters of user codes. `base20` has no vowels, so that no words appear."""
PLACEHOLDER = "*"
"""The character of a mask that is a placeholder for a character of the code."""


@frozen
class DeviceAuthorization:
    """A device that waits, by its device code.

    Attributes:
        user_code: The code that the device shows.
        request: What it requested. It has no redirect URI.
        expires_at: When both codes expire.
        polled_at: When it asked for tokens last, not counting polls that were too fast.
        approval: What it gets; None while no user has confirmed it.
        denial: Why it gets nothing; None unless a user canceled, or could not log in.
    """

    user_code: str
    request: AuthorizationRequest
    expires_at: float
    polled_at: float | None = None
    approval: AuthorizationCode | None = None
    denial: str | None = None

    def is_waiting(self, now: float) -> bool:
        """Return whether a user can still confirm it."""
        return self.approval is None and self.denial is None and now < self.expires_at


def fill_mask(mask: str, characters: str) -> str:
    """Return a user code as the device shows it: `BCDFGHJK` in `****-****` is `BCDF-GHJK`."""
    left = iter(characters)
    return "".join(next(left) if one == PLACEHOLDER else one for one in mask)


def normalize_user_code(typed: str) -> str:
    """Return the characters of a user code, whatever its case and separators (RFC 8628 6.1)."""
    return re.sub(r"[^A-Z0-9]", "", typed.upper())
