"""A Redis server for one measurement."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningRedis:
    """A Redis server that accepts connections."""

    url: str
    pid: int


@contextmanager
def redis_server() -> Iterator[RunningRedis]:
    """Run a Redis server without persistence on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ("--port", str(port), "--bind", "127.0.0.1", "--save", "")
    with subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL) as process:
        try:
            until = time.monotonic() + 60
            while time.monotonic() < until:
                with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
            yield RunningRedis(url=f"redis://127.0.0.1:{port}", pid=process.pid)
        finally:
            process.terminate()
