"""How a response is sent: complete and at once, unless the application requests something else."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from mockidp.server.errors import ResponseFailed
from mockidp.server.response import SerializedResponse

DELIVERY_KEY = "mockidp.delivery"
"""The key of a request's `Delivery` in the WSGI environment. Other servers set none."""


@dataclass(kw_only=True, slots=True)
class Delivery:
    """What an application may request, by changing the object of its request.

    Attributes:
        drop: Send nothing, and close the connection.
        truncate: Send only this many bytes of the body, with an unchanged `Content-Length`; close
            the connection.
        drip: Seconds between two bytes of the body. The head is sent at once.
        is_awaited: Returns whether the client still waits, and the server does not stop.
    """

    drop: bool = False
    truncate: int | None = None
    drip: float = 0.0
    is_awaited: Callable[[], bool] = field(default=lambda: True, compare=False)


def deliver(
    sock: socket.socket, response: SerializedResponse, how: Delivery, *, ending: threading.Event
) -> bool:
    """Send a response.

    Args:
        sock: A connected socket.
        response: The whole response.
        how: What the application requested.
        ending: Set when the connection has to end. A body that drips stops then.

    Returns:
        Whether the connection can carry another response. It cannot after an incomplete one.
    """
    if how.drop:
        return False
    head, body = response.head, response.body[: how.truncate]
    if not how.drip:
        sock.sendall(head + body)
        try:
            for piece in response.rest:
                sock.sendall(piece)
        except ResponseFailed:
            return False
        return how.truncate is None
    sock.sendall(head)
    for at in range(len(body)):
        if at and ending.wait(how.drip):
            return False
        sock.sendall(body[at : at + 1])
    return how.truncate is None
