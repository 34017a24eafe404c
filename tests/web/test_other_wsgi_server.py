"""The app behind a WSGI server that passes on only what PEP 3333 requires."""

import threading
from contextlib import closing
from http.client import HTTPConnection
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from mockidp import MockIdP

CALLBACK = "http://localhost:3000/callback"


class Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments):
        pass


@pytest.fixture
def idp():
    idp = MockIdP()
    with make_server("localhost", 0, idp.app, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield MockIdP(idp.tenant, url=f"http://localhost:{server.server_port}")
        server.shutdown()
        thread.join()


def ask(idp, url):
    """Return status and headers, without following redirects."""
    connection = HTTPConnection(idp.url.removeprefix("http://"), timeout=10)
    with closing(connection):
        connection.request("GET", url.removeprefix(idp.url))
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers


def link(idp):
    return idp.impersonation_link("alice", client="app", callback_url=CALLBACK, state="s")


def test_a_signed_link_opens(idp):
    status, headers = ask(idp, link(idp))
    assert (status, headers["Location"].partition("?")[0]) == (302, CALLBACK)


def test_a_changed_link_does_not(idp):
    status, headers = ask(idp, link(idp) + "&next=/admin")
    assert (status, "`next`" in headers["Mockidp-Hint"]) == (401, True)
