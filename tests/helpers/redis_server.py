"""A Redis server for tests: on a free port of loopback, without persistence, one for each process."""

import atexit
import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from functools import cache

import pytest

from helpers.waiting import SOON

_ATTEMPTS = 5
"""A port that was free may be in use when the server starts."""
RUNNING = "MOCKIDP_TESTS_REDIS"
"""The variable by which processes of a test find its server."""


class RedisServer:
    """A server that this process has started. Stop it before the end of the test."""

    def __init__(self, *options, port=None):
        program = redis_program()
        self._directory = tempfile.TemporaryDirectory()
        for _ in range(_ATTEMPTS):
            self.port = port or _free_port()
            self._process = subprocess.Popen(
                [
                    *(program, "--port", str(self.port), "--bind", "127.0.0.1"),
                    *("--save", "", "--appendonly", "no", "--dir", self._directory.name),
                    *map(str, options),
                ],
                stdout=subprocess.DEVNULL,
            )
            if self._answers():
                break
        else:
            pytest.fail("redis-server did not start")
        self.url = f"redis://127.0.0.1:{self.port}"

    def _answers(self):
        """Wait for an answer. Return whether one came before the server ended."""
        while self._process.poll() is None:
            # Without a server, the socket may be connected to itself: then no answer is different.
            with (
                contextlib.suppress(OSError),
                socket.create_connection(("127.0.0.1", self.port), timeout=SOON) as sock,
            ):
                sock.sendall(b"PING\r\n")
                if sock.recv(1) in {b"+", b"-"}:
                    return True
            time.sleep(0.01)
        return False

    def pause(self):
        """Let it answer nothing until `resume`. Commands that are sent meanwhile wait."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self):
        """Let it answer again."""
        self._process.send_signal(signal.SIGCONT)

    def stop(self):
        """Stop it; its data are lost."""
        self.resume()
        self._process.terminate()
        self._process.wait()
        self._directory.cleanup()


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def redis_program():
    """Return the program, or skip the test."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("needs Redis: apt install redis-server")
    if importlib.util.find_spec("redis") is None:
        pytest.skip("needs the package redis: pip install redis")
    return program


def redis_url():
    """Return the URL of the server that all tests of this process share. Start it if necessary."""
    return os.environ.get(RUNNING) or _shared()


@cache
def _shared():
    server = RedisServer()
    atexit.register(server.stop)
    os.environ[RUNNING] = server.url
    return server.url
