"""Servers of the origins that a browser sees, with an application that each module replaces."""

import contextlib
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_):
        """Ignore connections that the browser closed."""


class Origins:
    """http://localhost:3000, https://localhost:3443 and http://worker.localhost:3000.

    Attributes:
        port: The port of the server for http.
        tls_port: The port of the server for https.
    """

    def __init__(self, certificate):
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(tls)
        self._servers = [_Server(("127.0.0.1", 0), BaseHTTPRequestHandler) for _ in range(2)]
        plain, secure = self._servers
        secure.socket = tls.wrap_socket(
            secure.socket, server_side=True, do_handshake_on_connect=False
        )
        self.port, self.tls_port = plain.server_port, secure.server_port

    @property
    def rules(self):
        """The rules for a browser's resolver: of these origins, and of all servers on this machine."""
        places = {
            "localhost:3000": self.port,
            "worker.localhost:3000": self.port,
            "localhost:3443": self.tls_port,
        }
        names = ("worker.localhost", "localhost", "127.0.0.1")
        return [
            *(f"MAP {place} 127.0.0.1:{port}" for place, port in places.items()),
            *(f"MAP {name} 127.0.0.1" for name in names),
        ]

    def serve(self, handler):
        """Answer requests to all origins with a handler, from now on."""
        for server in self._servers:
            server.RequestHandlerClass = handler

    @contextlib.contextmanager
    def running(self):
        """Serve until the end of the block."""
        threads = [threading.Thread(target=one.serve_forever) for one in self._servers]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            for server, thread in zip(self._servers, threads, strict=True):
                server.shutdown()
                thread.join()
                server.server_close()
