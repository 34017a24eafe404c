"""Applications with Auth0's SDKs, in a real browser, against a real `mockidp serve`.

The browser maps http://localhost:3000, https://localhost:3443 and http://worker.localhost:3000 to
the real ports of the applications.
"""

import contextlib
import json
import mimetypes
import os
import shutil
import subprocess
import urllib.request
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

NODE = Path(__file__).parents[2] / "node"
ORIGINS = {
    "http": "http://localhost:3000",
    "https": "https://localhost:3443",
    "worker": "http://worker.localhost:3000",
}
TIMEOUT = 20_000  # milliseconds; reached only when a test fails


def site_handler(roots):
    """Return a handler for files, and the index for all other paths, as of single-page apps."""

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

    return Site


@pytest.fixture(scope="session")
def installed():
    """Return a function that returns the folder of Node's packages, if the given ones are there."""
    modules = NODE / "node_modules"

    def installed(*packages):
        if not all((modules / package).is_dir() for package in packages):
            # In CI nothing may be skipped.
            (pytest.fail if os.environ.get("CI") else pytest.skip)(
                f"needs {', '.join(packages)}: npm ci --prefix tests/clients/node"
            )
        return modules

    return installed


@pytest.fixture(scope="module")
def build_site(installed, tmp_path_factory):
    """Return a function that builds an app of tests/clients/node/apps with Vite."""

    def build_site(app, *packages):
        modules = installed("vite", *packages)
        built = tmp_path_factory.mktemp(app)
        done = subprocess.run(
            [
                *(shutil.which("node"), modules / "vite" / "bin" / "vite.js", "build"),
                *(modules.parent / "apps" / app, "--outDir", built, "--logLevel", "warn"),
            ],
            cwd=built,
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return [built]

    return build_site


@pytest.fixture(scope="module")
def application(origins, site):
    """Serve the module's application, whose files are in the folders of the fixture `site`."""
    origins.serve(site_handler(site))
    return origins


@pytest.fixture(scope="module")
def server_without_tenant_file(playwright, serving, tmp_path_factory):
    """Serve without a tenant file, so that any client of any local page is accepted."""
    with serving(tmp_path_factory.mktemp("serve"), example=None) as server:
        yield server


class Visitor:
    """A user with a new browser, who opens the application."""

    def __init__(self, context, server):
        self.context = context
        self.server = server
        self.page = self._new_page()

    def _new_page(self):
        page = self.context.new_page()
        page.set_default_timeout(TIMEOUT)
        return page

    def open(self, path="/", *, at="http", **config):
        """Open the application with a configuration of the SDK."""
        self.context.add_init_script(f"window.config = {json.dumps(config)}")
        self.page.goto(ORIGINS[at] + path)

    def open_another_tab(self, *, at="http"):
        self.page = self._new_page()
        self.page.goto(ORIGINS[at])

    def click(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()

    def click_for_popup(self, name):
        """Click a button that opens a popup. Return the popup."""
        with self.page.expect_popup() as opened:
            self.click(name)
        opened.value.set_default_timeout(TIMEOUT)
        return opened.value

    def pick_user(self, user, page=None):
        (page or self.page).get_by_role("button", name=f"{user}@acme.example").click()

    def wait_for_heading(self, heading):
        self.page.get_by_role("heading", name=heading, exact=True).wait_for()

    def log_in(self, user="alice"):
        """Log in through the login page."""
        self.wait_for_heading("Nobody")
        self.click("Log in")
        self.pick_user(user)
        self.wait_for_heading(f"Hello {user}@acme.example")

    def log_out(self):
        """Log out, and wait until the browser is back at the application."""
        with self.page.expect_navigation(url=f"{ORIGINS['http']}/"):
            self.click("Log out")
        self.wait_for_heading("Nobody")

    def alert_text(self):
        return self.page.get_by_role("alert").inner_text()

    def evaluate(self, script, argument=None):
        """Run a function in the page and return its result."""
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

    def patch_client(self, client_id, **fields):
        """Replace fields of one of the tenant's clients."""
        clients = self.control("GET", "/tenant")["clients"]
        [client] = [one for one in clients if one["client_id"] == client_id]
        self.control("POST", "/clients", client | fields)

    def journal(self, **query):
        """Return the journal entries of the tenant, the oldest first."""
        return self.control("GET", f"/journal?{urlencode(query)}")["items"]


@pytest.fixture
def visit(chromium, server):
    """Return a function that creates a visitor. Reset the tenant at the end."""
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
