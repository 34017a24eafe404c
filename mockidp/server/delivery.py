"""How an answer gets to the client: whole and at once, unless the application wants it spoiled."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass

from mockidp.server.response import Answer

KEY = "mockidp.delivery"
"""Where an application finds it in its environment."""


@dataclass(kw_only=True, slots=True)
class Delivery:
    """What an application may ask for; each request has its own, to be changed in place.

    Attributes:
        drop: No byte of the answer is sent, and the connection ends.
        truncate: So many bytes of the body are sent, under a head that promises all of them,
            and the connection ends.
        drip: Seconds between two bytes of the body; the head is sent at once.
    """

    drop: bool = False
    truncate: int | None = None
    drip: float = 0.0


def deliver(sock: socket.socket, answer: Answer, how: Delivery, *, ending: threading.Event) -> bool:
    """Send an answer as it was asked for.

    Args:
        sock: A connected socket.
        answer: The whole answer.
        how: What the application asked for.
        ending: Set when the connection is to end: a body that drips is left as it is then.

    Returns:
        Whether another answer may follow; after one that was cut short nothing may.
    """
    if how.drop:
        return False
    head, body = answer.head, answer.body[: how.truncate]
    if not how.drip:
        sock.sendall(head + body)
        return how.truncate is None
    sock.sendall(head)
    for at in range(len(body)):
        if at and ending.wait(how.drip):
            return False
        sock.sendall(body[at : at + 1])
    return how.truncate is None
