"""The hint header: what really went wrong, safe to carry in HTTP.

Auth0: there is no such header; it is the mock's own, and never part of the body.
"""

from __future__ import annotations

HEADER = "Mockidp-Hint"
MAX_LENGTH = 1000
_CUT = "..."


def shorten_hint(hint: str) -> str:
    """Return a hint of at most `MAX_LENGTH` characters; a longer one is cut and ends in dots."""
    return hint if len(hint) <= MAX_LENGTH else hint[: MAX_LENGTH - len(_CUT)] + _CUT


def encode_hint(hint: str) -> str:
    """Make a header value: printable ASCII as it is, the rest percent-encoded as UTF-8.

    At most `MAX_LENGTH` characters; a longer one is cut between characters and ends in dots. A
    percent sign is left alone, so that `%7C` in a hint is read as it was meant.
    """
    pieces: list[str] = []
    length = 0
    for character in hint:
        piece = character if " " <= character <= "~" else _percent(character)
        length += len(piece)
        pieces.append(piece)
        if length > MAX_LENGTH:
            break
    else:
        return "".join(pieces).strip()
    while length > MAX_LENGTH - len(_CUT):
        length -= len(pieces.pop())
    return ("".join(pieces) + _CUT).strip()


def _percent(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "replace"))
