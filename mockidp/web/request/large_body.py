"""The body of a request in pieces, for a body that must not be in memory as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from werkzeug.exceptions import ClientDisconnected

from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.web.request.body import INCOMPLETE
from mockidp.web.request.exchange import Exchange

_PIECE = 64 * 1024


def body_pieces(exchange: Exchange) -> Iterator[bytes]:
    """Yield the body of a request as it arrives.

    Raises:
        InvalidRequest: As `Exchange.data`.
    """
    request, left = exchange.request, exchange.route.max_body
    # Werkzeug silently cuts a body of unknown length at its limit, so one more byte is read.
    request.max_content_length = left + 1
    if (request.content_length or 0) > left:
        raise exchange.too_large()
    try:
        while piece := request.stream.read(_PIECE):
            left -= len(piece)
            if left < 0:
                raise exchange.too_large()
            yield piece
    except ClientDisconnected:
        raise InvalidRequest("Bad Request", hint=INCOMPLETE) from None
