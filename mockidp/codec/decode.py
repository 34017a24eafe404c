"""Decode the bytes of a tenant file."""

from __future__ import annotations

MAX_BYTES = 100_000_000


def decode(content: bytes) -> str:
    """Return UTF-8 text, with or without a byte order mark.

    Raises:
        ValueError: The bytes are not UTF-8. The message names the position.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"a byte that is not UTF-8 at {error.start}") from None
