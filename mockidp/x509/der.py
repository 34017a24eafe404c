"""DER: the encoding of certificates.

Written here because cryptography's X.509 module takes 40 ms or more to import, and keeps the class
`datetime` that it meets first: if freezegun has replaced that class, cryptography rejects real
times for as long as the process runs.

Spec: ITU-T X.690 8 and 10; RFC 5280 4.1.2.5.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from mockidp.frozen import frozen

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OID = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06
UTF8_STRING, UTC_TIME, GENERALIZED_TIME, SEQUENCE, SET = 0x0C, 0x17, 0x18, 0x30, 0x31
_LONG_FORM = 0x80
_FIRST_GENERALIZED_YEAR = 2050
_LAST = 253402300799.0
_TIME = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})Z")


@frozen
class Element:
    """A decoded element: its tag, its content, and the bytes of the whole."""

    tag: int
    content: bytes
    encoded: bytes


def der(tag: int, *parts: bytes) -> bytes:
    """Encode an element whose content is the parts, one after the other."""
    content = b"".join(parts)
    length = len(content)
    if length < _LONG_FORM:
        return bytes((tag, length)) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes((tag, _LONG_FORM | len(octets))) + octets + content


def der_integer(number: int) -> bytes:
    """Encode a number that is not negative."""
    return der(INTEGER, number.to_bytes(number.bit_length() // 8 + 1))


def der_time(seconds: float) -> bytes:
    """Encode a time, in seconds since 1970; the last is the end of the year 9999."""
    moment = datetime.fromtimestamp(int(min(seconds, _LAST)), UTC)
    text = f"{moment:%m%d%H%M%S}Z"
    if moment.year < _FIRST_GENERALIZED_YEAR:
        return der(UTC_TIME, f"{moment.year % 100:02}{text}".encode())
    return der(GENERALIZED_TIME, f"{moment.year}{text}".encode())


def read_der(data: bytes) -> tuple[Element, ...]:
    """Decode the elements that follow each other in some bytes, without those inside them.

    Raises:
        ValueError: An element is cut off.
    """
    return tuple(_read(data))


def read_time(element: Element) -> float:
    """Decode a time, to seconds since 1970.

    Raises:
        ValueError: It is not a time in the form of RFC 5280.
    """
    text = element.content.decode("ascii")
    if element.tag == UTC_TIME:
        century = "20" if text < str(_FIRST_GENERALIZED_YEAR)[2:] else "19"
        text = century + text
    parts = _TIME.fullmatch(text)
    if parts is None:
        raise ValueError(f"{text!r} is not a time")
    year, month, day, hour, minute, second = map(int, parts.groups())
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp()


def _read(data: bytes) -> Iterator[Element]:
    at = 0
    while at < len(data):
        begin, length = _read_length(data, at + 1)
        end = begin + length
        if end > len(data):
            raise ValueError("an element is cut off")
        yield Element(tag=data[at], content=data[begin:end], encoded=data[at:end])
        at = end


def _read_length(data: bytes, at: int) -> tuple[int, int]:
    """Return where the content begins, and its length."""
    first, *_ = data[at : at + 1] or b"\0"
    if first < _LONG_FORM:
        return at + 1, first
    begin = at + 1 + first - _LONG_FORM
    return begin, int.from_bytes(data[at + 1 : begin])
