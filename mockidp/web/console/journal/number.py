"""The number of an exchange, in a URL."""

from mockidp.protocol.errors.problem import Problem

_MAX_DIGITS = 12


def parse_number(text: str) -> int:
    """Return a number in a URL.

    Raises:
        Problem: It is not the number of an exchange.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS):
        raise Problem(404, f"{text[:80]!r} is not the number of an exchange.")
    return int(text)
