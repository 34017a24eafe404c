"""Requests that reach the application, and the responses."""

import json
from email.utils import parsedate_to_datetime

import pytest


def seen(client, **answer):
    return json.loads(client.answer(**answer).text)


@pytest.mark.parametrize(
    "target",
    ["/a%7Cb", "/a|b?x=1&&y", "/?&bewit=YQ==", "//two", "/%2F%zz", '/"<>{}\\^`', "/%00", "/?a?b"],
)
def test_the_target_reaches_the_application_byte_for_byte(serve, target):
    environ = seen(serve().connect().get(target))
    assert environ["REQUEST_URI"] == target
    assert environ["QUERY_STRING"] == target.partition("?")[2]


def test_the_path_is_decoded_and_the_query_is_not(serve):
    environ = seen(serve().connect().get("/%C3%A9%2Fx?q=%C3%A9"))
    assert environ["PATH_INFO"] == "/Ã©/x"
    assert environ["QUERY_STRING"] == "q=%C3%A9"
    assert environ["SCRIPT_NAME"] == ""


def test_the_environment_has_both_ends_of_the_connection(serve):
    running = serve()
    client = running.connect()
    environ = seen(client.get("/"))
    assert environ["SERVER_NAME"] == environ["REMOTE_ADDR"] == "127.0.0.1"
    assert environ["SERVER_PORT"] == str(running.server.port)
    assert environ["REMOTE_PORT"] == str(client.sock.getsockname()[1])
    assert environ["wsgi.url_scheme"] == "http"
    assert "HTTPS" not in environ


def test_headers_become_variables(serve):
    environ = seen(
        serve()
        .connect()
        .get(headers="Content-Type: a/b\r\nX-Y:  z z\t\r\nX-Y: 2\r\nCookie: a=1\r\nCookie: b=2\r\n")
    )
    assert environ["CONTENT_TYPE"] == "a/b"
    assert environ["HTTP_X_Y"] == "z z, 2"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"


def test_only_blanks_around_a_header_value_are_removed(serve):
    blanks = " " * 9_000
    environ = seen(serve().connect().get(headers=f"X-Y:{blanks}a{blanks}b\t{blanks}\r\n"))
    assert environ["HTTP_X_Y"] == f"a{blanks}b"


def test_a_header_with_an_underscore_is_dropped(serve):
    environ = seen(serve().connect().get(headers="X_Admin: 1\r\n"))
    assert "HTTP_X_ADMIN" not in environ


def test_every_response_has_date_and_server(serve):
    answer = serve().connect().get("/").answer()
    assert answer.getheader("Server") == "mockidp"
    assert parsedate_to_datetime(answer.getheader("Date"))


def test_the_applications_date_and_server_are_kept(serve):
    def app(_environ, start_response):
        start_response("200 OK", [("Date", "then"), ("Server", "other"), ("Content-Length", "2")])
        return [b"o", b"k"]

    answer = serve(app).connect().get("/").answer()
    assert answer.headers.get_all("Date") == ["then"]
    assert answer.headers.get_all("Server") == ["other"]
    assert answer.headers.get_all("Content-Length") == ["2"]
    assert answer.text == "ok"


def test_a_connection_is_kept_for_the_next_request(serve):
    client = serve().connect()
    for number in range(3):
        assert seen(client.get(f"/{number}"))["PATH_INFO"] == f"/{number}"


def test_pipelined_requests_are_answered_in_order(serve):
    client = serve().connect()
    post = b"POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
    client.send(b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n" + post + b"\r\n" + post)
    assert seen(client)["PATH_INFO"] == "/a"
    assert seen(client)["body"] == "abc"
    assert seen(client)["body"] == "abc"


def test_a_request_may_arrive_byte_by_byte(serve):
    client = serve().connect()
    for byte in b"\r\nPOST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok":
        client.send(bytes([byte]))
    assert seen(client)["body"] == "ok"


def test_single_line_feeds_end_lines_too(serve):
    client = serve().connect().send(b"GET /x HTTP/1.0\nX-A: 1\n\n")
    assert seen(client)["HTTP_X_A"] == "1"


def test_connection_close_ends_the_connection(serve):
    client = serve().connect().get(headers="Connection: close\r\n")
    assert client.answer().getheader("Connection") == "close"
    assert client.has_ended()


def test_http_1_0_ends_the_connection_unless_keep_alive_is_requested(serve):
    running = serve()
    client = running.connect().get(version="1.0")
    assert client.answer().getheader("Connection") == "close"
    assert client.has_ended()
    client = running.connect().get(version="1.0", headers="Connection: Keep-Alive\r\n")
    assert client.answer().getheader("Connection") == "keep-alive"
    assert seen(client.get("/again"))["PATH_INFO"] == "/again"


def test_head_has_headers_and_no_body(serve):
    client = serve().connect()
    client.send(b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert int(client.answer(method="HEAD").getheader("Content-Length")) > 0
    assert seen(client.get("/next"))["PATH_INFO"] == "/next"


def test_a_response_to_head_without_a_body_has_no_length(serve):
    def app(_environ, start_response):
        start_response("200 OK", [])
        return []

    client = serve(app).connect().send(b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert client.answer(method="HEAD").getheader("Content-Length") is None


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
def test_a_status_without_body_has_neither_body_nor_length(serve, status):
    def app(_environ, start_response):
        start_response(status, [])
        return [b"never seen"]

    client = serve(app).connect().get("/")
    assert client.answer().getheader("Content-Length") is None
    assert client.get("/").answer().status == int(status[:3])


def test_options_of_the_whole_server_reaches_the_application(serve):
    client = serve().connect().send(b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n")
    assert seen(client)["REQUEST_URI"] == "*"


@pytest.mark.parametrize(
    ("url", "host", "target"),
    [
        ("http://other:81/a%7Cb?x=1&&y", "other:81", "/a%7Cb?x=1&&y"),
        ("HTTP://Other", "Other", "/"),
        ("http://[::1]:80?x", "[::1]:80", "/?x"),
        ("http://other//two", "other", "//two"),
    ],
)
def test_an_absolute_target_replaces_the_host(serve, url, host, target):
    environ = seen(serve().connect().get(url))
    assert environ["HTTP_HOST"] == host
    assert environ["REQUEST_URI"] == target
    assert environ["PATH_INFO"] + "?" * ("?" in target) + environ["QUERY_STRING"] == (
        target.replace("%7C", "|")
    )


def test_an_absolute_target_of_options_may_be_the_whole_server(serve):
    running = serve()
    client = running.connect().send(b"OPTIONS http://x HTTP/1.1\r\nHost: y\r\n\r\n")
    environ = seen(client)
    assert (environ["REQUEST_URI"], environ["HTTP_HOST"]) == ("*", "x")
    client.send(b"OPTIONS http://x/ HTTP/1.1\r\nHost: y\r\n\r\n")
    assert seen(client)["REQUEST_URI"] == "/"


def test_an_absolute_target_has_the_scheme_of_the_connection(serve_tls, authority):
    running = serve_tls()
    trust = authority.ca_pem.decode()
    assert seen(running.connect(secure=True, trust=trust).get("https://x/a"))["PATH_INFO"] == "/a"
    answer = running.connect(secure=True, trust=trust).get("http://x/a").answer()
    assert answer.status == 400
    assert "is an http URL, but this connection is https" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n",
        "Connection: Upgrade\r\nUpgrade: websocket\r\n",
    ],
)
def test_a_client_that_offers_another_protocol_is_answered_in_http_1_1(serve, headers):
    client = serve().connect().get(headers=headers)
    assert seen(client)["HTTP_UPGRADE"]
    post = f"POST / HTTP/1.1\r\nHost: x\r\n{headers}"
    client.send(f"{post}Content-Length: 2\r\n\r\nok".encode())
    assert seen(client)["body"] == "ok"
    client.send(f"{post}Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n".encode())
    assert seen(client)["body"] == "ok"
    assert seen(client.get("/next"))["PATH_INFO"] == "/next"


def test_the_application_decides_which_methods_it_takes(serve):
    client = serve().connect().send(b"BREW /pot HTTP/1.1\r\nHost: x\r\n\r\n")
    assert seen(client)["REQUEST_METHOD"] == "BREW"


def test_a_client_that_expects_100_continue_gets_it(serve):
    client = serve().connect()
    client.send(b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    assert client.sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert seen(client.send(b"ok"))["body"] == "ok"


def test_the_write_function_of_wsgi_works(serve):
    def app(_environ, start_response):
        write = start_response("200 OK", [])
        write(b"a")
        return iter([b"b"])

    assert serve(app).connect().get("/").answer().text == "ab"


def test_the_body_of_an_application_is_closed(serve):
    closed = []

    class Body:
        def __iter__(self):
            return iter([b"x"])

        def close(self):
            closed.append(True)

    def app(_environ, start_response):
        start_response("200 OK", [])
        return Body()

    assert serve(app).connect().get("/").answer().text == "x"
    assert closed == [True]


def test_start_response_may_replace_the_status_with_exc_info(serve):
    def app(_environ, start_response):
        start_response("200 OK", [])
        start_response("503 Busy", [], (ValueError, ValueError(), None))
        return [b"busy"]

    assert serve(app).connect().get("/").answer().status == 503


@pytest.mark.parametrize("mistake", ["raises", "twice", "exits", "header"])
def test_an_application_that_fails_is_answered_500_and_logged(serve, caplog, capfd, mistake):
    def app(_environ, start_response):
        if mistake == "raises":
            raise ValueError("broken")
        start_response("200 OK", [("X", "\u20ac")] if mistake == "header" else [])
        if mistake == "twice":
            start_response("200 OK", [])
        if mistake == "exits":
            raise SystemExit
        return [b"never sent"]

    answer = serve(app).connect().get("/wrong").answer()
    assert answer.status == 500
    assert answer.getheader("Server") == "mockidp"
    assert caplog.records[0].name == "mockidp.server"
    assert capfd.readouterr().err == ""


def test_wsgi_errors_is_logged(serve, caplog):
    def app(environ, start_response):
        environ["wsgi.errors"].write("oh\n")
        environ["wsgi.errors"].write("\n")
        start_response("200 OK", [])
        return []

    serve(app).connect().get("/").answer()
    assert [(each.name, each.message) for each in caplog.records] == [("mockidp.server", "oh")]
