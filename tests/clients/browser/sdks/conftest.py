"""Applications that use Auth0's SDKs, in a real browser, against a real `mockidp serve`.

The browser finds them at http://localhost:3000, https://localhost:3443 and
http://worker.localhost:3000, on whatever ports they are really served.
"""

import contextlib
import json
import mimetypes
import os
import ssl
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode, urlsplit

import pytest
import trustme

NODE = Path(__file__).parents[2] / "node"
ORIGINS = {
    "http": "http://localhost:3000",
    "https": "https://localhost:3443",
    "worker": "http://worker.localhost:3000",
}
TIMEOUT = 20_000  # milliseconds; reached only when a test fails


@contextlib.contextmanager
def serve_site(roots, certificate=None):
    """Serve files, and the index for all other paths, as servers of single-page apps do."""

    class Site(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self):
            path = urlsplit(self.path).path.strip("/")
            files = [root / path for root in roots if (root / path).is_file()]
            file = (files or [roots[0] / "index.html"])[0]
            kind, _ = mimetypes.guess_type(file.name)
            self.send_response(200)
            self.send_header("Content-Type", kind or "application/octet-stream")
            self.end_headers()
            self.wfile.write(file.read_bytes())

        def log_message(self, *_):
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_):
            """Ignore connections that the browser gave up."""

    with Server(("127.0.0.1", 0), Site) as httpd:
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate.configure_cert(context)
            httpd.socket = context.wrap_socket(
                httpd.socket, server_side=True, do_handshake_on_connect=False
            )
        thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield httpd.server_port
        finally:
            httpd.shutdown()
            thread.join()


@pytest.fixture(scope="session")
def installed():
    """Give a function that returns the folder of Node's packages, if it has those that are named."""
    modules = NODE / "node_modules"

    def installed(*packages):
        if not all((modules / package).is_dir() for package in packages):
            # In CI nothing may be skipped.
            (pytest.fail if os.environ.get("CI") else pytest.skip)(
                f"needs {', '.join(packages)}: npm ci --prefix tests/clients/node"
            )
        return modules

    return installed


@pytest.fixture(scope="session")
def certificate():
    """A certificate for the applications that are served on https."""
    return trustme.CA().issue_cert("localhost")


@pytest.fixture(scope="module")
def application(site, certificate):
    """The ports of the module's application; the fixture `site` has the folders with its files."""
    with serve_site(site) as port, serve_site(site, certificate) as tls_port:
        yield SimpleNamespace(port=port, tls_port=tls_port)


@pytest.fixture(scope="module")
def chromium(launch, application):
    places = f"worker.localhost:3000 {application.port}", f"localhost:3443 {application.tls_port}"
    return launch(*places, "worker.localhost", "localhost", "127.0.0.1")


@pytest.fixture(scope="module")
def server_without_a_file(playwright, serving, tmp_path_factory):
    """A server that accepts any client from any page of this machine."""
    with serving(tmp_path_factory.mktemp("serve"), example=None) as server:
        yield server


class Visitor:
    """A user with a fresh browser that opens the application."""

    def __init__(self, context, server):
        self.context = context
        self.server = server
        self.page = self._new_page()

    def _new_page(self):
        page = self.context.new_page()
        page.set_default_timeout(TIMEOUT)
        return page

    def opens(self, path="/", *, at="http", **config):
        """Open the application, whose SDK is configured as given."""
        self.context.add_init_script(f"window.config = {json.dumps(config)}")
        self.page.goto(ORIGINS[at] + path)

    def opens_another_tab(self, *, at="http"):
        self.page = self._new_page()
        self.page.goto(ORIGINS[at])

    def clicks(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()

    def clicks_for_a_popup(self, name):
        """Click a button that opens a popup; return the popup."""
        with self.page.expect_popup() as opened:
            self.clicks(name)
        opened.value.set_default_timeout(TIMEOUT)
        return opened.value

    def picks(self, user, page=None):
        (page or self.page).get_by_role("button", name=f"{user}@acme.example").click()

    def sees(self, heading):
        self.page.get_by_role("heading", name=heading, exact=True).wait_for()

    def logs_in(self, user="alice"):
        """Log in through the login page."""
        self.sees("Nobody")
        self.clicks("Log in")
        self.picks(user)
        self.sees(f"Hello {user}@acme.example")

    def logs_out(self):
        """Log out, and wait until the tenant has sent the browser back."""
        with self.page.expect_navigation(url=f"{ORIGINS['http']}/"):
            self.clicks("Log out")
        self.sees("Nobody")

    def alert(self):
        return self.page.get_by_role("alert").inner_text()

    def runs(self, script, argument=None):
        """Run a function in the page; return its result."""
        return self.page.evaluate(script, argument)

    def control(self, method, path, body=None):
        """Call the mock's control API."""
        request = urllib.request.Request(
            f"{self.server.url}/_mockidp/v1{path}",
            None if method == "GET" else json.dumps(body or {}).encode(),
            method=method,
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.loads(response.read() or "{}")

    def change_client(self, client_id, **fields):
        """Replace fields of one of the tenant's clients."""
        clients = self.control("GET", "/tenant")["clients"]
        [client] = [one for one in clients if one["client_id"] == client_id]
        self.control("POST", "/clients", client | fields)

    def journal(self, **query):
        """Return what the tenant was asked, the oldest first."""
        return self.control("GET", f"/journal?{urlencode(query)}")["items"]


@pytest.fixture
def visit(chromium, server):
    """Give a function that makes a visitor; afterwards the tenant is reset."""
    with contextlib.ExitStack() as stack:

        def visit(server=server):
            context = stack.enter_context(chromium.new_context(ignore_https_errors=True))
            visitor = Visitor(context, server)
            stack.callback(visitor.control, "POST", "/reset")
            return visitor

        yield visit


@pytest.fixture
def visitor(visit):
    return visit()
