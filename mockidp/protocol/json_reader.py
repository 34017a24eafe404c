"""Read a large JSON document value by value, so that it is never in memory as a whole.

Spec: RFC 8259 2.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Iterator
from json import JSONDecodeError
from typing import Any

from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.oauth.parameters import decode_json

_SPACE = re.compile(r"[ \t\n\r]*")
_IN_NUMBER = ("", *"0123456789.eE+-")
"""What may follow if a number, which is the only value without an end of its own, goes on."""
_LEAST = 1 << 20
"""How many characters are received at least if a value is not complete."""


class JsonReader:
    """A document whose outer objects and lists are read one value at a time.

    Each value has to be read, by `members`, `items` or `value`, before the next one. All methods
    raise InvalidRequest as `parse_json` does.

    Args:
        pieces: The bytes of the document.
    """

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._decode = getincrementaldecoder("utf-8")().decode
        self._text, self._at, self._before = "", 0, 0
        self._is_whole = False

    def members(self) -> Iterator[str]:
        """Yield the names of an object. Read the value of each before the next one."""
        names = set[str]()
        for _ in self._inside("{", "}"):
            name = self.value()
            if not isinstance(name, str):
                raise self._wrong("a name is not a string")
            if name in names:
                raise InvalidRequest(
                    f"Duplicate parameter: {name}",
                    hint=f"Parameter `{name}` was sent more than once.",
                )
            names.add(name)
            self._expect(":")
            yield name

    def items(self) -> Iterator[Any]:
        """Yield the items of a list."""
        for _ in self._inside("[", "]"):
            yield self.value()

    def value(self) -> Any:
        """Return a whole value."""
        self._skip_space()
        while True:
            try:
                value, end = decode_json(self._text, self._at)
            except JSONDecodeError as error:
                if self._is_whole:
                    raise self._wrong(error.msg, at=error.pos) from None
            except ValueError as error:
                raise InvalidRequest("Invalid JSON", hint=f"The body {error}.") from None
            else:
                if self._is_whole or self._text[end : end + 1] not in _IN_NUMBER:
                    self._at = end
                    return value
            self._receive()

    def is_at(self, character: str) -> bool:
        """Return whether the next value begins with a character."""
        return self._next() == character

    def end(self) -> None:
        """Check that nothing follows."""
        if self._next():
            raise self._wrong("Extra data")

    def _inside(self, opening: str, closing: str) -> Iterator[None]:
        self._expect(opening)
        if self._next() == closing:
            self._at += 1
            return
        while True:
            yield
            separator = self._next()
            if separator != closing:
                self._expect(",")
                continue
            self._at += 1
            return

    def _expect(self, character: str) -> None:
        if self._next() != character:
            raise self._wrong(f"Expecting '{character}'")
        self._at += 1

    def _next(self) -> str:
        """Return the next character that is not a space; nothing at the end."""
        self._skip_space()
        return self._text[self._at : self._at + 1]

    def _skip_space(self) -> None:
        while True:
            self._at = _SPACE.match(self._text, self._at).end()  # type: ignore[union-attr]  # always matches
            if self._at < len(self._text) or self._is_whole:
                return
            self._receive()

    def _receive(self) -> None:
        """Receive as much as is there already, so that a long value is read in linear time."""
        self._before += self._at
        self._text, self._at = self._text[self._at :], 0
        wanted, received = max(_LEAST, len(self._text)), [self._text]
        try:
            while wanted > 0 and not self._is_whole:
                piece = next(self._pieces, b"")
                self._is_whole = not piece
                received.append(self._decode(piece, final=self._is_whole))
                wanted -= len(received[-1])
        except UnicodeDecodeError:
            raise InvalidRequest("Invalid JSON", hint="The body is not UTF-8.") from None
        self._text = "".join(received)

    def _wrong(self, why: str, at: int | None = None) -> InvalidRequest:
        place = self._before + (self._at if at is None else at)
        return InvalidRequest(
            "Invalid JSON", hint=f"The body is not JSON: {why} (character {place})."
        )
