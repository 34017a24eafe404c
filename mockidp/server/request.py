"""The head of a request: request line and header fields.

Spec: RFC 9112 2.2, 3, 5 and 6.3; RFC 9110 5.6.2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from mockidp.server.refusal import BadRequest

HEAD_END = re.compile(rb"\r?\n\r?\n")
_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
FIRST_BYTE = re.compile(_TOKEN.encode())
_REQUEST_LINE = re.compile(rf"({_TOKEN}) ([\x21\x22\x24-\x7e]+) HTTP/(1\.[01])\r?")
_FIELD_NAME = re.compile(_TOKEN)
_FIELD_VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*")
_VERSION = re.compile(r"HTTP/[0-9]\.[0-9]")
_LENGTH = re.compile(r"[0-9]{1,18}")
_ONLY_ONCE = frozenset({"HTTP_HOST", "CONTENT_TYPE", "HTTP_AUTHORIZATION"})


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestHead:
    """A request line and its fields, under the names that WSGI gives them.

    Attributes:
        method: As sent.
        target: The request target as sent, byte for byte.
        version: `1.0` or `1.1`.
        fields: `HTTP_...`, `CONTENT_TYPE` and `CONTENT_LENGTH`.
    """

    method: str
    target: str
    version: str
    fields: dict[str, str]

    @property
    def keeps_alive(self) -> bool:
        """Whether the client wants to send another request on the connection."""
        connection = self.fields.get("HTTP_CONNECTION", "").lower()
        if self.version == "1.0":
            return "keep-alive" in connection
        return "close" not in connection

    @property
    def expects_continue(self) -> bool:
        """Whether the client waits for a word before it sends the body (RFC 9110 10.1.1)."""
        expected = self.fields.get("HTTP_EXPECT", "").lower()
        return expected == "100-continue" and self.version == "1.1"

    @property
    def is_chunked(self) -> bool:
        """Whether the body comes in chunks."""
        return "HTTP_TRANSFER_ENCODING" in self.fields

    @property
    def content_length(self) -> int:
        """The length of a body that is not chunked."""
        return int(self.fields.get("CONTENT_LENGTH") or 0)


def parse_head(head: bytes) -> RequestHead:
    """Read a request's head, without the empty line at its end.

    A single LF is taken for a line's end (RFC 9112 2.2).

    Raises:
        BadRequest: It is not HTTP/1.0 or 1.1, or is ambiguous.
    """
    lines = head.decode("latin-1").split("\n")
    match = _REQUEST_LINE.fullmatch(lines[0])
    if match is None:
        raise _explain_request_line(lines[0].rstrip("\r"))
    method, target, version = match.groups()
    if method != method.upper():
        raise BadRequest(
            "400 Bad Request",
            f"methods are case-sensitive: {method[:20]!r} is not {method[:20].upper()!r}",
        )
    if not target.startswith("/") and (method, target) != ("OPTIONS", "*"):
        raise BadRequest(
            "400 Bad Request",
            "the request target has to be a path that starts with '/': an absolute URL there "
            "is how a client talks to a proxy, and this is none",
        )
    fields = _parse_fields(lines[1:])
    _check_framing(version, fields)
    return RequestHead(method=method, target=target, version=version, fields=fields)


def _explain_request_line(line: str) -> BadRequest:
    method, _, rest = line.partition(" ")
    target, _, version = rest.rpartition(" ")
    if not re.fullmatch(_TOKEN, method) or not target:
        return BadRequest("400 Bad Request", "this is not an HTTP/1.1 request line")
    if _VERSION.fullmatch(version) and not version.startswith("HTTP/1."):
        return BadRequest("505 HTTP Version Not Supported", "HTTP/1.0 and HTTP/1.1 are spoken here")
    if not _VERSION.fullmatch(version) or version[-1] > "1":
        return BadRequest(
            "400 Bad Request", "the request line does not end in HTTP/1.1: is a space in the URL?"
        )
    return BadRequest(
        "400 Bad Request",
        "the URL has a space, a '#', a control character or a character outside ASCII: "
        "percent-encode it",
    )


def _parse_fields(lines: list[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for line in lines:
        name, value = _split_field(line)
        key = _key(name)
        if not key:
            continue
        if key in fields:
            value = _join(key, fields[key], value)
        fields[key] = value
    return fields


def _split_field(line: str) -> tuple[str, str]:
    """Return the name and the value of a header line (RFC 9112 5.1), in linear time.

    One pattern for the whole line would try every way to share blanks between the value and the
    blanks around it.
    """
    name, colon, value = line.removesuffix("\r").partition(":")
    value = value.strip(" \t")
    if not (colon and _FIELD_NAME.fullmatch(name) and _FIELD_VALUE.fullmatch(value)):
        raise BadRequest("400 Bad Request", f"a header line is malformed: {line[:80]!r}")
    return name, value


@lru_cache(maxsize=512)
def _key(name: str) -> str:
    """Return the WSGI name of a field, or nothing for one that would pass for another."""
    if "_" in name:
        return ""
    key = name.upper().replace("-", "_")
    return key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"


def _join(key: str, before: str, value: str) -> str:
    if key in _ONLY_ONCE or (key == "CONTENT_LENGTH" and before != value):
        name = key.removeprefix("HTTP_").replace("_", "-").title()
        raise BadRequest("400 Bad Request", f"the header {name} is sent twice")
    if key == "CONTENT_LENGTH":
        return value
    return f"{before}; {value}" if key == "HTTP_COOKIE" else f"{before}, {value}"


def _check_framing(version: str, fields: dict[str, str]) -> None:
    """Refuse a body whose end two readers could see at two places (RFC 9112 6.3)."""
    encoding = fields.get("HTTP_TRANSFER_ENCODING")
    length = fields.get("CONTENT_LENGTH")
    if version == "1.1" and "HTTP_HOST" not in fields:
        raise BadRequest("400 Bad Request", "the header Host is missing")
    if length is not None and not _LENGTH.fullmatch(length):
        raise BadRequest("400 Bad Request", f"Content-Length is not a number: {length[:40]!r}")
    if encoding is None:
        return
    if encoding.lower() != "chunked":
        raise BadRequest(
            "501 Not Implemented", f"Transfer-Encoding {encoding[:40]!r} is not spoken"
        )
    if length is not None or version == "1.0":
        raise BadRequest("400 Bad Request", "Transfer-Encoding contradicts the rest of the head")
