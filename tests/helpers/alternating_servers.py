"""Two servers behind nginx, which sends each request to another one than the last."""

import json
import threading
from collections import deque
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from itertools import count

from helpers.nginx import nginx
from helpers.waiting import FOREVER
from mockidp.server import Address, Server, Timeouts

NAME = "Tests-Environ"
"""The header that tells a server which app answers, and what a request over loopback has not."""
KEPT = ("REMOTE_ADDR", "wsgi.url_scheme")
"""What the tests set, of the WSGI environment that a server makes for a connection."""
OF_THE_CONNECTION = ("connection", "keep-alive", "transfer-encoding")


class AlternatingServers:
    """The two servers. Each has one replica of every app.

    Attributes:
        answered: How many requests each server has answered.
    """

    def __init__(self, port, servers):
        self._port = port
        self._servers = servers
        self._names = map(str, count())
        self._idle = deque()

    @property
    def answered(self):
        return [one.answered for one in self._servers]

    def app(self, replicas):
        """Return a WSGI app that sends each request to nginx, for the replicas of an app."""
        name = next(self._names)
        for server, replica in zip(self._servers, replicas, strict=True):
            server.apps[name] = replica
        return lambda environ, start_response: self._forward(name, environ, start_response)

    def forget(self):
        """Forget all apps."""
        for one in self._servers:
            one.apps.clear()

    def close(self):
        """Close the connections to nginx."""
        while self._idle:
            self._idle.pop().close()

    def _forward(self, name, environ, start_response):
        kept = {key: environ[key] for key in KEPT if key in environ}
        with self._connection() as connection:
            connection.putrequest(
                environ["REQUEST_METHOD"],
                environ["REQUEST_URI"],
                skip_host=True,
                skip_accept_encoding=True,
            )
            connection.putheader(NAME, json.dumps({"name": name, **kept}))
            for field, value in _fields(environ):
                connection.putheader(field, value)
            connection.endheaders(environ["wsgi.input"].read())
            answer = connection.getresponse()
            body = answer.read()
        headers = [one for one in answer.getheaders() if one[0].lower() not in OF_THE_CONNECTION]
        assert not dict(headers)["Server"].startswith("nginx"), f"nginx has answered: {body}"
        start_response(f"{answer.status} {answer.reason}", headers)
        return [body]

    @contextmanager
    def _connection(self):
        """Open a connection, or take one that is idle. It is idle again afterwards."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = HTTPConnection("127.0.0.1", self._port)
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)


class _Replicas:
    """The WSGI app of one server."""

    def __init__(self):
        self.apps = {}
        self.answered = 0
        self._lock = threading.Lock()

    def __call__(self, environ, start_response):
        with self._lock:
            self.answered += 1
        kept = json.loads(environ.pop(f"HTTP_{NAME.upper().replace('-', '_')}"))
        app = self.apps[kept.pop("name")]
        environ.update(kept)
        return app(environ, start_response)


def _fields(environ):
    """Yield the header fields of a request."""
    for key, value in environ.items():
        if key.startswith("HTTP_"):
            yield key.removeprefix("HTTP_").replace("_", "-").title(), value
        elif key in ("CONTENT_TYPE", "CONTENT_LENGTH") and value:
            yield key.replace("_", "-").title(), value


@contextmanager
def alternating_servers(folder):
    """Serve. Fail at the end if nginx did not alternate.

    Args:
        folder: An empty folder for nginx.
    """
    with ExitStack() as stack:
        servers = [_Replicas() for _ in range(2)]
        urls = [stack.enter_context(_serving(one)) for one in servers]
        port = stack.enter_context(nginx(folder, urls, forwarded=""))
        both = AlternatingServers(port, servers)
        stack.callback(both.close)
        yield both
    first, second = both.answered
    assert abs(first - second) <= 1, f"the servers have answered {first} and {second} requests"


@contextmanager
def _serving(app):
    # nginx closes idle connections, so that none ends while it sends a request.
    listen, timeouts = Address(host="127.0.0.1", port=0), Timeouts(idle=FOREVER)
    with Server(app, listen=[listen], timeouts=timeouts) as server:
        yield server.url
