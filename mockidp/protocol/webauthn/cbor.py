"""CBOR, in which authenticators send their data. Reading it needs the extra `passkeys`.

Spec: RFC 8949; Web Authentication Level 2, 6.5.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

_IN_FIRST_BYTE = 24
INSTALL = 'pip install "mockidp-server[passkeys]"'


def has_cbor() -> bool:
    """Return whether the package cbor2 is installed."""
    try:
        _cbor2()
    except ModuleNotFoundError:
        return False
    return True


def decode_cbor(data: bytes) -> tuple[Any, bytes]:
    """Decode the first item. Return it and the bytes after it.

    Raises:
        ValueError: The data does not begin with an item.
    """
    cbor2 = _cbor2()
    stream = BytesIO(data)
    try:
        item = cbor2.CBORDecoder(stream).decode()
    except (cbor2.CBORDecodeError, RecursionError) as error:
        raise ValueError(f"is not CBOR: {error}") from None
    return item, stream.read()


def encode_cbor(value: int | bytes | str | Mapping[Any, Any]) -> bytes:
    """Encode a value. A map keeps its order, which has to be that of CTAP2 (RFC 8949 4.2.3)."""
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    pairs = (encode_cbor(name) + encode_cbor(one) for name, one in value.items())
    return _head(5, len(value)) + b"".join(pairs)


def _head(major: int, argument: int) -> bytes:
    """Return the type of an item, and its value or length."""
    if argument < _IN_FIRST_BYTE:
        return bytes([major << 5 | argument])
    size = 1 if argument < 1 << 8 else 2 if argument < 1 << 16 else 4
    return bytes([major << 5 | 23 + size.bit_length()]) + argument.to_bytes(size)


def _cbor2() -> Any:
    import cbor2  # noqa: PLC0415 - of an optional extra

    return cbor2
