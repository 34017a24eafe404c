"""With `--replicas`, wire tests send their requests through nginx, which changes nothing in them."""

import json

import pytest
from werkzeug.test import Client

from helpers.alternating_servers import alternating_servers
from mockidp.server.response import Pieces


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    with alternating_servers(tmp_path_factory.mktemp("nginx")) as servers:
        yield servers


OF_THE_SERVER = ("REMOTE_PORT", "SERVER_NAME", "SERVER_PORT", "SERVER_SOFTWARE", "RAW_URI")


def echo(environ, start_response):
    """Answer with the request."""
    start_response("200 OK", [("Content-Type", "application/json")])
    found = {
        key: value
        for key, value in environ.items()
        if key.startswith("HTTP_") or (key.isupper() and value and key not in OF_THE_SERVER)
    }
    found["scheme"] = environ["wsgi.url_scheme"]
    found["body"] = environ["wsgi.input"].read().decode()
    return [json.dumps(found).encode()]


@pytest.mark.parametrize(
    "request_",
    [
        {"base_url": "https://acme.localhost"},
        {"base_url": "http://localhost:9400", "path": "/users/auth0%7Ca%2Fb//c/../d?x&&y=%20+"},
        {"environ_overrides": {"REQUEST_URI": "/?"}},
        {"path": "/?q=" + "x" * 16_000},
        {
            "method": "OPTIONS",
            "headers": {"Origin": "null", "Access-Control-Request-Method": "PUT"},
        },
        {"method": "DELETE", "environ_overrides": {"REMOTE_ADDR": "203.0.113.9"}},
        {"method": "PATCH", "json": {"name": "Zoë"}},
        {"method": "POST", "data": {"a": "ä"}, "headers": {"Cookie": "a=1; b=2", "X-Empty": ""}},
        {"method": "POST", "data": "x" * 2_000_000, "content_type": "text/plain"},
        {"method": "PUT", "headers": {"X-Forwarded-Proto": "https", "X-Forwarded-For": "::1"}},
        {"headers": {"Accept-Encoding": "gzip", "X-Name": "\u00ff", "If-None-Match": '"a"'}},
    ],
)
def test_a_replica_gets_the_request_as_it_was_sent(servers, request_):
    base = {"REMOTE_ADDR": "127.0.0.1"}
    sent = Client(echo).open(environ_base=base, **request_).json
    assert Client(servers.app([echo, echo])).open(environ_base=base, **request_).json == sent


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        ("200 OK", [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("ETag", '"a"')], b"\xff\0"),
        ("201 Created", [("X-Name", "Zo\u00eb"), ("Cache-Control", "no-store")], b""),
        ("204 No Content", [("Mockidp-Hint", "why")], None),
        ("302 Found", [("Location", "/u/login?state=%2F"), ("Refresh", "1; url=/")], b"moved"),
        ("302 Found", [("Location", "http://mocks/cb")], b""),
        ("499 As You Like", [("Date", "Mon, 01 Jan 2024 00:00:00 GMT"), ("X-Accel-Limit", "1")], b""),
        ("502 Bad Gateway", [("Server", "mockidp")], b"x" * 3_000_000),
        ("200 OK", [("X-Long", "x" * 30_000)], Pieces(iter([b"a", b"b" * 70_000]))),
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_test_gets_the_answer_as_it_was_sent(servers, method, status, headers, body):
    def app(environ, start_response):
        assert environ["REQUEST_METHOD"] == method
        start_response(status, headers)
        return [] if body is None else body if isinstance(body, Pieces) else [body]

    answer = Client(servers.app([app, app])).open(method=method)
    assert answer.status == status
    added = {"Date", "Server", "Content-Length"} - {name for name, _ in headers}
    assert [one for one in answer.headers.items() if one[0] not in added] == headers
    assert isinstance(body, Pieces) or answer.data == (b"" if method == "HEAD" else body or b"")


def test_requests_reach_both_replicas_in_turn(servers):
    def replica(name):
        def app(_environ, start_response):
            start_response("200 OK", [])
            return [name]

        return app

    client = Client(servers.app([replica(b"one"), replica(b"two")]))
    names = [client.get("/").data for _ in range(4)]
    assert sorted(names[:2]) == [b"one", b"two"]
    assert names[2:] == names[:2]


def test_an_answer_of_nginx_fails_the_test(servers):
    with pytest.raises(AssertionError, match=r"nginx has answered: .*400 Bad Request"):
        Client(servers.app([echo, echo])).get("/", environ_overrides={"REQUEST_URI": "/%zz"})


def test_servers_that_were_not_used_in_turn_fail_the_run(tmp_path):
    def run():
        with alternating_servers(tmp_path) as servers:
            client = Client(servers.app([echo, echo]))
            client.get("/")
            client.get("/")
            servers._servers[0].answered += 2

    with pytest.raises(AssertionError, match="have answered 3 and 1 requests"):
        run()
