"""`mockidp health`, and the errors of calls to a mock."""

import json
import re
import socket
import threading

import pytest

from mockidp.server import Server, parse_address
from mockidp.tls import Authority

HERE = parse_address("127.0.0.1:0")


@pytest.fixture
def answering():
    """Return a function that serves one response to all requests and returns the URL."""
    servers = []

    def answering(status, body, headers=()):
        def app(_environ, start_response):
            start_response(status, [("Content-Length", str(len(body))), *headers])
            return [body]

        server = Server(app, listen=[HERE])
        server.start()
        servers.append(server)
        return server.url

    yield answering
    for server in servers:
        server.stop()


def the_line(done, status):
    assert (done.status, done.out) == (status, "")
    (line,) = done.err.splitlines()
    return line.removeprefix("mockidp: ")


def test_health_prints_ok_for_a_running_mock(mockidp, url):
    done = mockidp("health", "--url", url)
    assert (done.status, done.out, done.err) == (0, "ok\n", "")
    assert mockidp("health", "--url", f"{url}/").out == "ok\n"
    assert json.loads(mockidp("health", "--url", url, "--json").out) == {"status": "ok"}


def test_the_url_can_come_from_the_environment(mockidp, url, monkeypatch):
    monkeypatch.setenv("MOCKIDP_URL", url)
    assert mockidp("health").out == "ok\n"


def test_a_proxy_in_the_environment_is_not_used(mockidp, url, monkeypatch, unused_url):
    monkeypatch.setenv("http_proxy", unused_url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert mockidp("health", "--url", url).out == "ok\n"


@pytest.mark.parametrize(
    "command",
    [["health"], ["token", "--user", "alice"], ["link", "alice", "--state", "x"]],
    ids=["health", "token", "link"],
)
def test_without_a_running_mock_the_status_is_3(mockidp, unused_url, command):
    line = the_line(mockidp(*command, "--url", unused_url), 3)
    assert line.startswith(f"no mockidp answers at {unused_url} (")
    assert line.endswith("). Start one: mockidp serve")


@pytest.mark.parametrize(
    "url",
    ["", "localhost:9400", "ftp://localhost", "http://", "http://[", "http://localhost:99999",
     "http://localhost:abc", "http://localhost:0", "http://local host", "http://local\nhost",
     "http://:9400"],
)  # fmt: skip
def test_an_invalid_url_is_a_usage_error(mockidp, url):
    done = mockidp("health", "--url", url)
    assert (done.status, done.out) == (2, "")
    assert done.err.splitlines()[-1] == (
        f"Error: --url {url!r} is not a URL such as http://localhost:9400"
    )


@pytest.mark.parametrize(
    ("url", "corrected"),
    [
        ("mockidp:8080", "http://mockidp:8080"),
        ("127.0.0.1:9400/t/a", "http://127.0.0.1:9400/t/a"),
        ("localhost", "http://localhost:9400"),
        ("http:/localhost:9400", "http://localhost:9400"),
    ],
)
def test_a_url_without_a_scheme_is_refused_with_a_corrected_one_and_its_source(
    mockidp, monkeypatch, url, corrected
):
    monkeypatch.setenv("MOCKIDP_URL", url)
    done = mockidp("health")
    assert (done.status, done.out) == (2, "")
    assert (
        done.err.splitlines()[-1] == f"Error: MOCKIDP_URL {url!r} is not a URL such as {corrected}"
    )
    done = mockidp("health", "--url", url)
    assert done.err.splitlines()[-1] == f"Error: --url {url!r} is not a URL such as {corrected}"


def test_an_invalid_token_is_not_reported_as_an_invalid_url(mockidp, url, monkeypatch):
    monkeypatch.setenv("MOCKIDP_CONTROL_TOKEN", "s3cret\n")
    line = the_line(mockidp("health", "--url", url), 1)
    assert line.startswith("the control token contains a character that cannot be sent")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        ("200 OK", b"<html>hello</html>"),
        ("200 OK", b"\xff\xfe"),
        ("200 OK", b"[]"),
        ("200 OK", b'{"hello": "world"}'),
        ("404 Not Found", b"<html>not found</html>"),
        ("404 Not Found", b"{}"),
        ("404 Not Found", b'{"error": "not_found", "error_description": "Not Found"}'),
    ],
)
def test_another_server_is_recognized(mockidp, answering, status, body):
    url = answering(status, body)
    line = the_line(mockidp("health", "--url", url), 3)
    assert line == f"the server at {url} is not a mockidp. Check the URL."


def test_a_refusal_shows_its_detail_or_description(mockidp, answering):
    problem = answering("400 Bad Request", b'{"title": "Bad Request", "detail": "wrong"}')
    assert the_line(mockidp("health", "--url", problem), 1) == "wrong"
    described = answering("400 Bad Request", b'{"error": "x", "error_description": "not http"}')
    assert the_line(mockidp("health", "--url", described), 1) == "not http"
    bare = answering("400 Bad Request", b'{"error": "invalid_request"}')
    assert the_line(mockidp("health", "--url", bare), 1) == "invalid_request"


@pytest.mark.parametrize("errors", [b"null", b'["x"]', b'{"a": "x"}', b'[{"pointer": 5}]'])
def test_a_refusal_with_errors_in_an_unknown_format_is_shown(mockidp, answering, errors):
    url = answering("404 Not Found", b'{"error": "no such page", "errors": %b}' % errors)
    assert the_line(mockidp("health", "--url", url), 1) == "no such page"


@pytest.mark.parametrize(
    "sent", [b"", b"220 smtp.example ESMTP\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"]
)
def test_a_server_that_does_not_speak_http_or_closes_early_is_reported(mockidp, sent):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer():
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(sent)

        thread = threading.Thread(target=answer)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        line = the_line(mockidp("health", "--url", url), 3)
        thread.join(timeout=10)
    assert line.startswith(f"no mockidp answers at {url} (")


@pytest.fixture
def tls_url(folder):
    """A server with a certificate of the CA in the folder `ca`."""
    authority = Authority.load_or_create(folder / "ca")

    def app(_environ, start_response):
        start_response("200 OK", [("Content-Length", "15")])
        return [b'{"status":"ok"}']

    with Server(
        app, listen=[HERE], tls_listen=[HERE], tls_context=authority.ssl_context()
    ) as server:
        yield server.tls_url


def test_https_with_the_ca_of_the_data_directory(mockidp, tls_url, folder, monkeypatch):
    line = the_line(mockidp("health", "--url", tls_url), 3)
    assert line.startswith(f"the certificate of {tls_url} is not trusted (")
    assert line.endswith('eval "$(mockidp env)"')
    monkeypatch.setenv("MOCKIDP_DATA_DIR", str(folder / "ca"))
    assert mockidp("health", "--url", tls_url).out == "ok\n"
    monkeypatch.delenv("MOCKIDP_DATA_DIR")
    (folder / "ca").rename(folder / ".mockidp")
    assert mockidp("health", "--url", tls_url).out == "ok\n"


def test_https_with_the_ca_of_the_environment(mockidp, tls_url, folder, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "ca" / "ca-bundle.pem"))
    assert mockidp("health", "--url", tls_url).out == "ok\n"


def test_an_invalid_ca_file_is_reported(mockidp, tls_url, folder):
    (folder / ".mockidp").mkdir()
    (folder / ".mockidp" / "ca.pem").write_text("no certificate")
    line = the_line(mockidp("health", "--url", tls_url), 1)
    assert line.startswith(".mockidp/ca.pem: cannot be read as a CA")


def test_the_wrong_scheme_for_the_port_is_reported(mockidp, tls_url, url):
    assert "https" in the_line(mockidp("health", "--url", tls_url.replace("https", "http")), 1)
    line = the_line(mockidp("health", "--url", url.replace("http", "https")), 3)
    assert re.fullmatch(r"the server at https://\S+ does not speak https \(.+\)\. .+ http://", line)
