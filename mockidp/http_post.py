"""Post a form to an app, within a deadline.

Redirects are not followed, no proxy is used, and the body of the answer is not read.
"""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlencode, urlsplit

FORM = "application/x-www-form-urlencoded"


class DeadlineExceeded(TimeoutError):  # noqa: N818 - a kind of TimeoutError
    """The app did not answer in time."""


def post_form(url: str, fields: dict[str, str], *, timeout: float) -> int:
    """Post a form and return the status of the answer.

    Args:
        url: An http or https URL.
        fields: The fields of the form.
        timeout: How many seconds everything together may take.

    Raises:
        DeadlineExceeded: There was no answer in time.
        OSError: The server cannot be reached, or its certificate is not trusted.
        HTTPException: The answer is not HTTP.
    """
    split = urlsplit(url)
    target = (split.path or "/") + (f"?{split.query}" if split.query else "")
    connection = _connection(split.scheme, split.hostname or "", split.port, timeout)
    expired = threading.Event()
    # The timeout of a socket begins again with each byte, so it does not limit the whole exchange.
    timer = threading.Timer(timeout, _abort, (connection, expired))
    timer.daemon = True
    timer.start()
    try:
        connection.request("POST", target, urlencode(fields), {"Content-Type": FORM})
        return connection.getresponse().status
    finally:
        timer.cancel()
        connection.close()
        if expired.is_set():  # http.client takes the end of a connection for that of the header
            raise DeadlineExceeded


def _connection(scheme: str, host: str, port: int | None, timeout: float) -> HTTPConnection:
    if scheme == "http":
        return HTTPConnection(host, port or 80, timeout=timeout)
    context = ssl.create_default_context()
    return HTTPSConnection(host, port or 443, timeout=timeout, context=context)


def _abort(connection: HTTPConnection, expired: threading.Event) -> None:
    """End a connection, so that the thread that waits for it continues."""
    expired.set()
    with suppress(OSError, AttributeError):  # there is no socket while it connects
        connection.sock.shutdown(socket.SHUT_RDWR)
