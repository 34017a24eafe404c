"""A server on free ports, and a client that sends any bytes."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
from contextlib import ExitStack, closing

import pytest

from helpers.waiting import SOON
from mockidp.server import Address, Server, Timeouts
from mockidp.tls import Authority

HASTY = Timeouts(idle=60.0, request=0.15, drain=0.15)


def echo(environ, start_response):
    """Answer with the request as the application sees it."""
    seen = {key: value for key, value in environ.items() if isinstance(value, str | bool | int)}
    seen["body"] = environ["wsgi.input"].read().decode("latin-1")
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(seen).encode()]


class _Kept:
    """A file that stays open when a response is closed."""

    def __init__(self, file):
        self._file = file

    def __getattr__(self, name):
        return getattr(self._file, name)

    def close(self):
        pass


class Client:
    """One connection, byte by byte."""

    def __init__(self, sock):
        self.sock = sock
        self._file = sock.makefile("rb")

    def send(self, data):
        self.sock.sendall(data)
        return self

    def get(self, target="/", headers="", version="1.1"):
        return self.send(
            f"GET {target} HTTP/{version}\r\nHost: localhost\r\n{headers}\r\n".encode("latin-1")
        )

    def answer(self, method="GET"):
        """Read a response; its body is in `text`."""
        response = http.client.HTTPResponse(self, method=method)
        response.begin()
        response.text = response.read().decode()
        return response

    def makefile(self, *_mode):
        """Return the buffer, which may contain several responses."""
        return _Kept(self._file)

    def close(self):
        self._file.close()

    def has_ended(self):
        """Wait for the end; return whether the server closed without another byte."""
        try:
            return self._file.read(1) == b""
        except ConnectionResetError:
            return False


class Running:
    def __init__(self, server, stack):
        self.server = server
        self._stack = stack

    def connect(self, host="127.0.0.1", *, secure=False, trust=None, timeout=SOON):
        port = self.server.tls_port if secure else self.server.port
        sock = self._stack.enter_context(socket.create_connection((host, port), timeout=timeout))
        if trust is not None:
            context = ssl.create_default_context(cadata=trust)
            sock = self._stack.enter_context(context.wrap_socket(sock, server_hostname="localhost"))
        return self._stack.enter_context(closing(Client(sock)))


@pytest.fixture
def serve():
    """Return a function that starts a server."""
    with ExitStack() as stack:

        def start(app=echo, **options):
            server = Server(app, **options)
            stack.enter_context(server)
            return Running(server, stack)

        yield start


@pytest.fixture
def serve_refusing(serve):
    """Return a function that starts a server which gives up soon on refused clients."""
    return lambda: serve(timeouts=Timeouts(request=SOON, drain=0.15))


@pytest.fixture(scope="session")
def authority():
    return Authority.in_memory()


@pytest.fixture
def serve_tls(serve, authority):
    """Return a function that starts a server for http and https."""

    def start(app=echo, **options):
        return serve(app, tls_listen=[Address()], tls_context=authority.ssl_context(), **options)

    return start


@pytest.fixture
def hasty():
    """Timeouts for tests that wait for them."""
    return HASTY


@pytest.fixture
def seconds():
    """Return a function that measures another one, even if a test has stopped Python's time."""

    def measure(function):
        before = time.clock_gettime(time.CLOCK_MONOTONIC)
        function()
        return time.clock_gettime(time.CLOCK_MONOTONIC) - before

    return measure


@pytest.fixture
def returns_soon(seconds):
    """Return a function that checks that another does not wait for something that hangs."""
    return lambda function: seconds(function) < SOON
