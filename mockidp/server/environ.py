"""The WSGI environment of a request, from a socket or from a client in the same process.

Spec: PEP 3333.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

CERTIFICATE_KEY = "mockidp.client_certificate"
"""The key for the certificate of the TLS handshake, as DER. No client can set it."""
_logger = logging.getLogger("mockidp.server")


class ErrorLog(io.TextIOBase):
    """Logs what an application writes to `wsgi.errors`."""

    def write(self, text: str, /) -> int:
        """Log a text unless it is blank."""
        if text.strip():
            _logger.error("%s", text.rstrip())
        return len(text)


def connection_environ(
    *,
    scheme: str,
    server: tuple[str, int | str],
    client: tuple[str, int | str],
    certificate: bytes | None = None,
) -> WSGIEnvironment:
    """Return the part of the environment that is the same for all requests of a connection.

    Args:
        scheme: `http` or `https`.
        server: Host and port of the server.
        client: Address and port of the client.
        certificate: The client's certificate as DER, if it has sent one.
    """
    environ: WSGIEnvironment = {
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "SCRIPT_NAME": "",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_SOFTWARE": "mockidp",
        "wsgi.errors": ErrorLog(),
        "wsgi.input_terminated": True,
        "wsgi.multiprocess": False,
        "wsgi.multithread": True,
        "wsgi.run_once": False,
        "wsgi.url_scheme": scheme,
        "wsgi.version": (1, 0),
    }
    if scheme == "https":
        environ["HTTPS"] = "on"
    if certificate is not None:
        environ[CERTIFICATE_KEY] = certificate
    return environ


def request_environ(
    connection: WSGIEnvironment,
    *,
    method: str,
    target: str,
    fields: dict[str, str],
    body: bytes | io.RawIOBase,
    version: str = "1.1",
) -> WSGIEnvironment:
    """Return the environment of a request.

    Args:
        connection: What `connection_environ` returned.
        method: The method as sent.
        target: Path and query as sent, byte for byte.
        fields: What `wsgi_fields` returned.
        body: The whole body, which the application sees with its length even if it was sent in
            chunks, or a stream that ends with the body.
        version: The HTTP version.
    """
    path, _, query = target.partition("?")
    environ: WSGIEnvironment = {
        **connection,
        **fields,
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1") if "%" in path else path,
        "QUERY_STRING": query,
        "REQUEST_METHOD": method,
        "REQUEST_URI": target,
        "SERVER_PROTOCOL": f"HTTP/{version}",
    }
    is_chunked = environ.pop("HTTP_TRANSFER_ENCODING", None) is not None
    if isinstance(body, bytes):
        environ["wsgi.input"] = io.BytesIO(body)
        if is_chunked:
            environ["CONTENT_LENGTH"] = str(len(body))
    else:
        environ["wsgi.input"] = body
    return environ


def wsgi_fields(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return header fields under their WSGI names; fields of the same name are joined."""
    fields: dict[str, str] = {}
    for name, value in headers:
        key = wsgi_key(name)
        if key in fields:
            separator = "; " if key == "HTTP_COOKIE" else ", "
            fields[key] += separator + value
        elif key:
            fields[key] = value
    return fields


@lru_cache(maxsize=512)
def wsgi_key(name: str) -> str:
    """Return the WSGI name of a field, or "" for one that could be mistaken for another."""
    if "_" in name:
        return ""
    key = name.upper().replace("-", "_")
    return key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
