"""Percent-decoding of names and values in forms and query strings (RFC 3986 2.1)."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import unquote_to_bytes

_SHORT = 200
"""Clients send the same URLs and identifiers again and again, so the last ones are kept."""


def unescape(encoded: str) -> str:
    """Return a text without its percent-encoding, which is that of UTF-8.

    Raises:
        UnicodeDecodeError: The bytes are not UTF-8.
    """
    if "%" not in encoded:
        return encoded
    return _unescape_short(encoded) if len(encoded) <= _SHORT else _unescape(encoded)


def _unescape(encoded: str) -> str:
    return unquote_to_bytes(encoded).decode()


_unescape_short = lru_cache(maxsize=500)(_unescape)
