"""Many flows at once over keep-alive connections, from one thread that only waits."""

import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

from contenders import Flow
from wire import connect, is_whole

CONNECTIONS = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """What was done in a time."""

    flows: int
    seconds: float
    last: bytes
    """What the flow that ended last returned."""

    @property
    def per_second(self) -> float:
        return self.flows / self.seconds


class _Line:
    """A connection, the flow on it, and the answer that has come so far."""

    __slots__ = ("answer", "flow", "sock")

    def __init__(self, sock: socket.socket, flow: Flow) -> None:
        self.sock, self.flow, self.answer = sock, flow, b""
        sock.sendall(next(flow))


def drive(
    port: int,
    make_flow: Callable[[int], Flow],
    *,
    seconds: float,
    count: float = float("inf"),
    connections: int = CONNECTIONS,
) -> Counted:
    """Run flows one after the other on each connection, until the time or the count is over."""
    lines = [_Line(connect(port), make_flow(port)) for _each in range(connections)]
    done, last = 0, b""
    with selectors.DefaultSelector() as selector:
        for line in lines:
            selector.register(line.sock, selectors.EVENT_READ, line)
        begun = now = time.perf_counter()
        while now - begun < seconds and done < count:
            for key, _events in selector.select(30):
                result = _advance(key.data)
                if result is not None:
                    done, last = done + 1, result
                    key.data.flow = make_flow(port)
                    key.data.sock.sendall(next(key.data.flow))
            now = time.perf_counter()
    for line in lines:
        line.sock.close()
    return Counted(flows=done, seconds=now - begun, last=last)


def _advance(line: _Line) -> bytes | None:
    """Take what has come; return a flow's result once it is at its end."""
    received = line.sock.recv(65536)
    if not received:
        raise ConnectionError("the server has closed the connection")
    line.answer += received
    if not is_whole(line.answer):
        return None
    answer, line.answer = line.answer, b""
    try:
        line.sock.sendall(line.flow.send(answer))
    except StopIteration as ended:
        result: bytes = ended.value
        return result
    return None
