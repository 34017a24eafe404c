"""Base64url without padding.

Spec: RFC 7515 2.
"""

from __future__ import annotations

from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode


def base64url(data: bytes) -> str:
    """Encode without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def unbase64url(text: str) -> bytes:
    """Decode strictly: no padding, no other character, and no unused bits at the end.

    Raises:
        ValueError: The text is not the result of `base64url` for any bytes.
    """
    data = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    if base64url(data) != text:
        raise ValueError("not base64url")
    return data


def decode_secret(text: str) -> bytes:
    """Decode a client secret, in either of the two base64 alphabets, with or without padding.

    Raises:
        ValueError: The text has another character or an impossible length.
    """
    standard = text.rstrip("=").replace("-", "+").replace("_", "/")
    return b64decode(standard + "=" * (-len(standard) % 4), validate=True)
