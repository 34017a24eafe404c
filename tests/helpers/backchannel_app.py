"""An app that receives logout tokens, and a tenant whose client it is."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from helpers.acme import ACME, with_client
from mockidp.resources.client_logout import BackchannelLogout, LogoutInitiators
from mockidp.tenant.logout.tokens import Wanted

ALL = LogoutInitiators(mode="all")


class BackchannelApp:
    """The back-channel logout endpoint of an app.

    Attributes:
        posted: The forms that it received, with the content type as `type`.
        statuses: The statuses of its next answers; afterwards 200.
        waits: An event that each answer waits for, if set.
    """

    def __init__(self):
        self.posted = []
        self.statuses = []
        self.waits = None
        app = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: one for name, (one,) in parse_qs(body).items()}
                app.posted.append({**form, "type": self.headers["Content-Type"], "path": self.path})
                if app.waits is not None:
                    app.waits.wait(10)
                self.send_response(app.statuses.pop(0) if app.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/backchannel-logout"

    @contextmanager
    def served(self):
        """Serve the app, and wait at the end for deliveries, which would be logged in other tests."""
        thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield self
        finally:
            self.waits = None
            _await_deliveries()
            self._server.shutdown()
            self._server.server_close()
            thread.join()


def _await_deliveries():
    for thread in threading.enumerate():
        if thread.name == "mockidp logout":
            thread.join(5)


def with_logout_url(url, *clients, document=ACME, initiators=LogoutInitiators()):
    """Return the document with an URL for the logout tokens of clients, by default of `web`."""
    logout = BackchannelLogout(
        backchannel_logout_urls=(url,), backchannel_logout_initiators=initiators
    )
    for client in clients or ("web",):
        document = with_client(document, client, oidc_logout=logout)
    return document


def delivered(idp, times=1):
    """Return the logout tokens after their delivery."""
    idp.tenant.logout_delivery.pauses = (0, 0)
    return idp.tenant.logout_delivery.tokens.wait_for(Wanted(), times=times, timeout=10)


def attempts(idp):
    """Return the journal entries of all deliveries."""
    return idp.tenant.journal.of("backchannel_logout")
