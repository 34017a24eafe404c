"""Devices that wait until their user has logged in on another device.

Spec: RFC 8628 3.2.
"""

from __future__ import annotations

from mockidp.frozen import frozen
from mockidp.protocol.tokens.artifacts import AuthorizationCode, AuthorizationRequest

LIFETIME = 900
"""Seconds until a device code expires."""
INTERVAL = 5
"""The least number of seconds between two polls."""


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
