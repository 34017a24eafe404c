"""Concurrent flows over keep-alive connections, driven by one thread."""

import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

from servers import Flow
from wire import connect, is_complete

CONNECTIONS = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadResult:
    """The number of flows that were completed, and the time."""

    flows: int
    seconds: float
    last: bytes
    """The result of the flow that ended last."""

    @property
    def per_second(self) -> float:
        return self.flows / self.seconds


class _Connection:
    """A connection with its flow, and the part of the response received so far."""

    __slots__ = ("flow", "response", "sock")

    def __init__(self, sock: socket.socket, flow: Flow) -> None:
        self.sock, self.flow, self.response = sock, flow, b""
        sock.sendall(next(flow))


def drive(
    port: int,
    make_flow: Callable[[int], Flow],
    *,
    seconds: float,
    count: float = float("inf"),
    connections: int = CONNECTIONS,
) -> LoadResult:
    """Run flows one after the other on each connection, until the time or the count is reached.

    At least one flow is completed.
    """
    open_connections = [_Connection(connect(port), make_flow(port)) for _each in range(connections)]
    done, last = 0, b""
    with selectors.DefaultSelector() as selector:
        for connection in open_connections:
            selector.register(connection.sock, selectors.EVENT_READ, connection)
        started = now = time.perf_counter()
        while (now - started < seconds or not done) and done < count:
            for key, _events in selector.select(30):
                result = _advance(key.data)
                if result is not None:
                    done, last = done + 1, result
                    if done == count:
                        break
                    key.data.flow = make_flow(port)
                    key.data.sock.sendall(next(key.data.flow))
            now = time.perf_counter()
    for connection in open_connections:
        connection.sock.close()
    return LoadResult(flows=done, seconds=now - started, last=last)


def _advance(connection: _Connection) -> bytes | None:
    """Receive data, and return the result of a flow that has ended."""
    received = connection.sock.recv(65536)
    if not received:
        raise ConnectionError("the server closed the connection")
    connection.response += received
    if not is_complete(connection.response):
        return None
    response, connection.response = connection.response, b""
    try:
        connection.sock.sendall(connection.flow.send(response))
    except StopIteration as ended:
        result: bytes = ended.value
        return result
    return None
