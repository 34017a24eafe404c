"""JSON that is written in pieces, so that a large document is never in memory as a whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

_PIECE = 64 * 1024
"""The length of a piece, in characters. The last one may be shorter, and any one longer."""
_AT_ONCE = 100
"""How many items of a list are encoded at once."""
_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


class Members(dict[str, Any]):
    """A JSON object that is written member by member.

    A value may be another one, or an iterator for a list whose items are not made before they are
    written. Everything else is plain data.
    """


def json_pieces(value: Any) -> Iterator[bytes]:
    """Yield a value as compact JSON, in pieces that are not empty."""
    texts, length = list[str](), 0
    for text in _texts(value):
        texts.append(text)
        length += len(text)
        if length >= _PIECE:
            yield _joined(texts)
            texts, length = [], 0
    yield from filter(None, [_joined(texts)])


def plain(value: Any) -> Any:
    """Return a value with all its members and items as plain data."""
    if isinstance(value, Members):
        return {name: plain(one) for name, one in value.items()}
    return list(value) if isinstance(value, Iterator) else value


def _joined(texts: list[str]) -> bytes:
    return "".join(texts).encode(errors="replace")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Members):
        before = "{"
        for name, one in value.items():
            yield f"{before}{_encode(name)}:"
            yield from _texts(one)
            before = ","
        yield "}" if value else "{}"
    elif isinstance(value, Iterator):
        before = "["
        while items := list(islice(value, _AT_ONCE)):
            yield before + _encode(items)[1:-1]
            before = ","
        yield "[]" if before == "[" else "]"
    else:
        yield _encode(value)
