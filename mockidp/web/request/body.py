"""The body of a request, as a whole, and the query that is not read with it."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from werkzeug.exceptions import ClientDisconnected

from mockidp.protocol.errors.oauth_error import InvalidRequest

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from werkzeug import Request

_MAX_NAME, _MAX_NAMES = 40, 10
INCOMPLETE = "The body ends too early, or one of its chunks is malformed."


def received_body(environ: WSGIEnvironment) -> bytes | None:
    """Return a body that the server has received as a whole; None for another one."""
    stream = environ["wsgi.input"]
    is_whole = isinstance(stream, BytesIO) and "wsgi.input_terminated" in environ
    return stream.read() if is_whole else None  # Werkzeug would copy 64 KiB twice


def read_body(request: Request, limit: int) -> bytes | None:
    """Return the body of a request; None if it is longer than `limit` bytes, and was not read.

    One whose length is unknown may be longer.

    Raises:
        InvalidRequest: Its end did not arrive.
    """
    if (request.content_length or 0) > limit:
        return None
    # Werkzeug silently cuts a body of unknown length at its limit, so one more byte is read.
    request.max_content_length = limit + 1
    try:
        return request.get_data()
    except ClientDisconnected:
        raise InvalidRequest("Bad Request", hint=INCOMPLETE) from None


def hint_about_query(names: Sequence[str]) -> str:
    """Return the hint that the query of a POST is not read, with the names of its parameters."""
    named = ", ".join(f"`{name[:_MAX_NAME]}`" for name in names[:_MAX_NAMES])
    return f"The query string of a POST is not read. Send {named} in the body."
