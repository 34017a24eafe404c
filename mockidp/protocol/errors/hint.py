"""The hint header: the cause of a refusal, encoded for HTTP.

Auth0: has no such header. Hints are never part of the body.
"""

from __future__ import annotations

HEADER = "Mockidp-Hint"
MAX_LENGTH = 1000
_CUT = "..."


def join_hints(*hints: str) -> str:
    """Join hints with spaces, without empty ones and repetitions."""
    joined = ""
    for hint in hints:
        if hint not in joined:
            joined = f"{joined} {hint}" if joined else hint
    return joined


def as_sentence(clause: str) -> str:
    """Return a clause with a capital letter and a full stop."""
    return f"{clause[:1].upper()}{clause[1:]}."


def shorten_hint(hint: str) -> str:
    """Shorten a hint to `MAX_LENGTH` characters; a longer one ends in dots."""
    return hint if len(hint) <= MAX_LENGTH else hint[: MAX_LENGTH - len(_CUT)] + _CUT


def encode_hint(hint: str) -> str:
    """Encode a hint as a header value: printable ASCII unchanged, the rest percent-encoded UTF-8.

    A value has at most `MAX_LENGTH` characters; a longer one is cut between characters and ends in
    dots. Percent signs are not encoded, so that `%7C` in a hint stays readable.
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
