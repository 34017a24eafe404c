"""The head of a request: request line and header fields.

The request line is matched here: llhttp knows a fixed list of methods, and its messages would not
say that a URL contains a space. llhttp parses the header fields.

Spec: RFC 9112 2.2, 3, 5 and 6.3; RFC 9110 5.6.2.
"""

from __future__ import annotations

import re

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser

from mockidp.frozen import frozen
from mockidp.server.environ import wsgi_fields, wsgi_key
from mockidp.server.errors import BadRequest

_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_REQUEST_LINE = re.compile(rf"({_TOKEN}) ([\x21\x22\x24-\x7e]+) HTTP/(1\.[01])\r?")
_ABSOLUTE_TARGET = re.compile(r"(https?)://([^/?@]+)([/?].*)?", re.IGNORECASE)
_VERSION = re.compile(r"HTTP/[0-9]\.[0-9]")
_ONLY_ONCE = {
    "HTTP_HOST": "Host",
    "CONTENT_TYPE": "Content-Type",
    "HTTP_AUTHORIZATION": "Authorization",
}


@frozen
class RequestHead:
    """A request line and its header fields, under the names that WSGI gives them.

    Attributes:
        method: As sent.
        target: Path and query as sent, byte for byte.
        version: `1.0` or `1.1`.
        fields: `HTTP_...`, `CONTENT_TYPE` and `CONTENT_LENGTH`.
    """

    method: str
    target: str
    version: str
    fields: dict[str, str]

    @property
    def keeps_alive(self) -> bool:
        """Whether the client may send another request on the connection."""
        connection = self.fields.get("HTTP_CONNECTION", "").lower()
        if self.version == "1.0":
            return "keep-alive" in connection
        return "close" not in connection

    @property
    def expects_continue(self) -> bool:
        """Whether the client waits for a 100 before it sends the body (RFC 9110 10.1.1)."""
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


def parse_head(head: bytes, scheme: str = "http") -> RequestHead:
    """Parse a request's head, including the empty line at its end.

    A line may end in a single LF (RFC 9112 2.2).

    Args:
        head: The bytes as received.
        scheme: The scheme of the connection, which an absolute request target has to repeat.

    Raises:
        BadRequest: It is not HTTP/1.0 or 1.1, or it is ambiguous.
    """
    line, _, rest = head.partition(b"\n")
    match = _REQUEST_LINE.fullmatch(text := line.decode("latin-1"))
    if match is None:
        raise _explain_request_line(text.rstrip("\r"))
    method, target, version = match.groups()
    if method != method.upper():
        raise BadRequest(
            "400 Bad Request",
            f"methods are case-sensitive: {method[:20]!r} is not {method[:20].upper()!r}",
        )
    fields = _parse_fields(rest)
    _check_framing(version, fields)
    if not target.startswith("/") and (method, target) != ("OPTIONS", "*"):
        fields["HTTP_HOST"], target = _split_absolute(method, target, scheme)
    return RequestHead(method=method, target=target, version=version, fields=fields)


def _explain_request_line(line: str) -> BadRequest:
    method, _, rest = line.partition(" ")
    target, _, version = rest.rpartition(" ")
    if not re.fullmatch(_TOKEN, method) or not target:
        return BadRequest("400 Bad Request", "this is not an HTTP/1.1 request line")
    if _VERSION.fullmatch(version) and not version.startswith("HTTP/1."):
        return BadRequest(
            "505 HTTP Version Not Supported", "this server supports HTTP/1.0 and HTTP/1.1"
        )
    if not _VERSION.fullmatch(version) or version[-1] > "1":
        return BadRequest(
            "400 Bad Request",
            "the request line does not end in HTTP/1.1: does the URL contain a space?",
        )
    return BadRequest(
        "400 Bad Request",
        "the URL has a space, a '#', a control character or a character outside ASCII: "
        "percent-encode it",
    )


def _split_absolute(method: str, target: str, scheme: str) -> tuple[str, str]:
    """Return authority and path of an absolute target (RFC 9112 3.2.2 and 3.2.4)."""
    match = _ABSOLUTE_TARGET.fullmatch(target)
    if match is None:
        raise BadRequest(
            "400 Bad Request",
            "the request target has to be a path that starts with '/', or a URL such as "
            f"{scheme}://localhost/path without user name: this server is not a proxy",
        )
    if match[1].lower() != scheme:
        raise BadRequest(
            "400 Bad Request",
            f"the request target is an {match[1].lower()} URL, but this connection is {scheme}",
        )
    path = match[3] or ""
    if not path and method == "OPTIONS":
        return match[2], "*"
    return match[2], path if path.startswith("/") else f"/{path}"


class _FieldCollector:
    """Collects header fields from llhttp."""

    def __init__(self) -> None:
        self.fields: list[tuple[str, str]] = []

    def on_header(self, name: bytes, value: bytes) -> None:
        self.fields.append((name.decode("ascii"), value.decode("latin-1").strip(" \t")))


def _parse_fields(lines: bytes) -> dict[str, str]:
    collector = _FieldCollector()
    parser = HttpRequestParser(collector)
    parser.set_dangerous_leniencies(lenient_optional_cr_before_lf=True)
    try:
        # The fields mean the same after every request line. This one llhttp accepts.
        parser.feed_data(b"POST / HTTP/1.1\r\n" + lines)
    except HttpParserUpgrade:
        pass  # a client that offers another protocol is answered in this one
    except HttpParserError as error:
        raise BadRequest("400 Bad Request", f"the headers are malformed: {error}") from None
    fields = wsgi_fields(collector.fields)
    if len(fields) < len(collector.fields):
        _check_repeated([wsgi_key(name) for name, _ in collector.fields])
    return fields


def _check_repeated(keys: list[str]) -> None:
    for key, name in _ONLY_ONCE.items():
        if keys.count(key) > 1:
            raise BadRequest("400 Bad Request", f"the header {name} is sent twice")


def _check_framing(version: str, fields: dict[str, str]) -> None:
    """Refuse what llhttp accepts, but other parsers may read differently (RFC 9112 6.3)."""
    if version == "1.1" and "HTTP_HOST" not in fields:
        raise BadRequest("400 Bad Request", "the header Host is missing")
    encoding = fields.get("HTTP_TRANSFER_ENCODING", "chunked")
    if encoding.lower() != "chunked":
        raise BadRequest(
            "501 Not Implemented", f"Transfer-Encoding {encoding[:40]!r} is not supported"
        )
    if version == "1.0" and "HTTP_TRANSFER_ENCODING" in fields:
        raise BadRequest("400 Bad Request", "HTTP/1.0 has no Transfer-Encoding")
