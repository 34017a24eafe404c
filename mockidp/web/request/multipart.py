"""Read a body of the type multipart/form-data (RFC 7578)."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

from werkzeug.formparser import FormDataParser

from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.web.request.exchange import Exchange

_TYPE = "multipart/form-data"


def _in_memory(*_sizes: object, **_more: object) -> BytesIO:
    """Return where a file is put. The limit of the body is small enough for memory."""
    return BytesIO()


def read_multipart(exchange: Exchange) -> Mapping[str, str]:
    """Return fields and files, each by its name. The journal has the fields.

    Raises:
        InvalidRequest: The body has another type, is malformed, or is not UTF-8.
    """
    data, content_type = exchange.data(), exchange.request.mimetype
    if content_type != _TYPE:
        raise InvalidRequest(
            "Invalid form", hint=f"Content-Type is {content_type!r}. Send {_TYPE} with a boundary."
        )
    parser = FormDataParser(stream_factory=_in_memory, silent=False)
    try:
        _, fields, files = parser.parse(
            BytesIO(data), content_type, len(data), exchange.request.mimetype_params
        )
        texts = {name: one.read().decode() for name, one in files.items()}
    except ValueError as error:
        raise InvalidRequest(
            "Invalid form", hint=f"The multipart body cannot be read: {error}."
        ) from None
    exchange.sent |= fields.to_dict()
    return {**fields.to_dict(), **texts}
