"""The example tenant on a real socket, and clients that send any bytes."""

import http.client
import json
import socket
from contextlib import closing
from pathlib import Path

import pytest

from mockidp.flows.tokens.granted import Granted
from mockidp.flows.tokens.refresh_token import start_refresh_family
from mockidp.server import Server, parse_address
from mockidp.tenant.config.load import load_tenant
from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app

ACME = Path(__file__).parents[3] / "fixtures" / "tenants" / "acme.yaml"


class Wire:
    """A served tenant."""

    def __init__(self, server, tenant):
        self.tenant = tenant
        self.port = int(server.url.rpartition(":")[2])
        self.origin = f"http://127.0.0.1:{self.port}"

    def connect(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.connect()
        return connection

    def ask(self, method, target, body=None, connection=None):
        """Send a request; return status, headers and text of the response."""
        with closing(connection or self.connect()) as line:
            headers = {} if body is None else {"Content-Type": "application/json"}
            data = None if body is None else json.dumps(body)
            line.request(method, target, data, headers)
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read().decode()

    def exchange(self, data):
        """Send bytes, and return all bytes until the server closes the connection."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as sock:
            sock.sendall(data)
            sock.shutdown(socket.SHUT_WR)
            received = b""
            while piece := sock.recv(65536):
                received += piece
            return received

    def link(self, **more):
        body = {"user": "alice", "client": "acme-web", "state": "S"} | more
        status, _, text = self.ask("POST", "/_mockidp/v1/impersonation-links", body)
        assert status == 200, text
        return json.loads(text)["url"].removeprefix(self.origin)

    def code(self):
        _, headers, _ = self.ask("GET", self.link())
        return headers["Location"].partition("code=")[2].partition("&")[0]

    def refresh_token(self):
        granted = Granted(
            client=self.tenant.directory.client("acme-spa"),
            user=self.tenant.directory.user("auth0|alice"),
            scope=("openid", "offline_access"),
            api=None,
        )
        return start_refresh_family(self.tenant, "http://localhost", granted)


@pytest.fixture(scope="module")
def wire():
    tenant = Tenant(load_tenant(ACME))
    with Server(create_app(tenant), listen=[parse_address("127.0.0.1:0")]) as server:
        yield Wire(server, tenant)
