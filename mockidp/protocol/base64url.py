"""Base64url without padding.

Spec: RFC 7515 2.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode


def base64url(data: bytes) -> str:
    """Encode without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def unbase64url(text: str) -> bytes:
    """Decode strictly: no padding, no other character, and no unused bits at the end.

    Raises:
        ValueError: The text is not what `base64url` makes of any bytes.
    """
    data = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    if base64url(data) != text:
        raise ValueError("not base64url")
    return data
