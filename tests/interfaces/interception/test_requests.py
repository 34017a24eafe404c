"""Intercepted requests and responses are the same as over a socket."""

import io
import json

import flask
import pytest
import requests
from urllib3.util import Timeout

from helpers.app_under_test import until_fired
from mockidp.clients.interception.call import make_call

DOMAIN = "acme.eu.auth0.com"
URL = f"https://{DOMAIN}"
JWKS = f"{URL}/.well-known/jwks.json"
CALLBACK = "http://localhost:3000/callback"
FORM = "grant_type=client_credentials&client_id=machine&client_secret=s&audience=https%3A%2F%2Fapi"
FORM_TYPE = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def link(idp):
    return idp.impersonation_link("alice", client="app", callback_url=CALLBACK, state="s")


@pytest.fixture
def echo(idp):
    """Make the app answer with the request and with header fields that the test sets."""
    fields = [("Content-Type", "application/json")]

    def app(environ, start_response):
        start_response("200 OK", fields)
        strings = {name: value for name, value in environ.items() if isinstance(value, str)}
        return [json.dumps({**strings, "body": environ["wsgi.input"].read().decode()}).encode()]

    idp.app = app
    return fields


@pytest.mark.parametrize(
    "body",
    [FORM, FORM.encode(), io.BytesIO(FORM.encode()), iter([FORM[:9].encode(), FORM[9:].encode()])],
    ids=["text", "bytes", "file", "parts"],
)
def test_a_body_of_any_type_is_sent(idp, body):
    answer = requests.post(f"{URL}/oauth/token", data=body, headers=FORM_TYPE, timeout=5)
    assert answer.status_code == 200, answer.text
    assert idp.journal.last("token").client == "machine"


def test_a_file_body_is_read():
    def app(environ, start_response):
        start_response("200 OK", [])
        return [environ["wsgi.input"].read()]

    request = requests.Request("POST", URL, data=io.BytesIO(b"abc")).prepare()
    assert make_call(app, request)() == (200, [("Content-Length", "3")], b"abc")


def test_multipart_files_use_the_boundary_of_the_content_type(echo):
    sent = requests.post(URL, files={"f": ("name", b"inside")}, timeout=5).json()
    boundary = sent["CONTENT_TYPE"].partition("boundary=")[2]
    assert sent["body"].startswith(f"--{boundary}")
    assert "inside" in sent["body"]
    assert sent["CONTENT_LENGTH"] == str(len(sent["body"]))


def test_an_iterable_body_gets_a_length(echo):
    sent = requests.post(URL, data=iter(["a", b"bc"]), timeout=5).json()
    assert (sent["body"], sent["CONTENT_LENGTH"]) == ("abc", "3")
    assert "HTTP_TRANSFER_ENCODING" not in sent


def test_header_fields_arrive_as_from_a_server(echo):
    headers = {"X-Bytes": b"caf\xe9", "X_With_Underscores": "1", "Host": "elsewhere.example"}
    sent = requests.get(f"{URL}:443/a%20b/%C3%BC?q=%7c", headers=headers, timeout=5).json()
    assert sent["HTTP_X_BYTES"] == "caf\xe9"
    assert "HTTP_X_WITH_UNDERSCORES" not in sent
    assert sent["HTTP_HOST"] == "elsewhere.example"
    assert (sent["PATH_INFO"], sent["SERVER_PORT"]) == ("/a b/\xc3\xbc", "443")
    assert "CONTENT_LENGTH" not in sent


def test_the_host_header_omits_the_default_port(echo):
    assert requests.get(f"{URL}:443/", timeout=5).json()["HTTP_HOST"] == DOMAIN
    assert requests.get(f"http://{DOMAIN}/", timeout=5).json()["SERVER_PORT"] == "80"


@pytest.mark.parametrize("query", ["?&a=1", "?a=%7C&&b=+%20", "?a=b=c%2F/?:@", "?%C3%BC", ""])
def test_a_query_arrives_byte_for_byte(echo, query):
    sent = requests.get(f"{URL}/p{query}", timeout=5).json()
    assert sent["REQUEST_URI"] == f"/p{query}"
    assert sent["QUERY_STRING"] == query[1:]


def test_a_url_set_by_hand_is_escaped_as_on_the_wire(link):
    """urllib3 escapes a target when it sends it."""
    with requests.Session() as session:
        request = session.prepare_request(requests.Request("GET", link))
        request.url = link.replace("%7C", "%7c")
        answer = session.send(request, allow_redirects=False, timeout=5)
        assert answer.status_code == 302
        request.url = link.replace("%7C", "|")
        assert "used" in session.send(request, timeout=5).headers["Mockidp-Hint"]


def test_several_cookies_are_stored(idp, echo):
    echo += [("Set-Cookie", "a=1; Path=/"), ("Set-Cookie", "b=2; Secure; HttpOnly")]
    with requests.Session() as session:
        session.get(f"{URL}/", timeout=5)
        assert session.cookies.get_dict() == {"a": "1", "b": "2"}
        assert session.get(f"{URL}/", timeout=5).json()["HTTP_COOKIE"] == "a=1; b=2"
        assert "HTTP_COOKIE" in session.get(f"{URL}:443/", timeout=5).json()
        assert session.get(f"http://{DOMAIN}/", timeout=5).json()["HTTP_COOKIE"] == "a=1"


def test_a_response_can_be_streamed(idp):
    with requests.get(JWKS, stream=True, timeout=5) as answer:
        parts = list(answer.iter_content(7))
    assert len(parts) > 10
    assert json.loads(b"".join(parts))["keys"]
    with requests.get(JWKS, stream=True, timeout=5) as answer:
        assert json.loads(answer.raw.read())["keys"]
    with requests.get(JWKS, stream=True, timeout=5) as answer:
        assert answer.raw.read(2) == b'{"'


def test_head_and_options_have_no_body(idp):
    assert requests.head(JWKS, timeout=5).content == b""
    assert requests.options(f"{URL}/oauth/token", timeout=5).status_code in (200, 204)


@pytest.mark.parametrize(
    "timeout",
    [0.05, (None, 0.05), (5, 0.05), Timeout(read=0.05), Timeout(total=0.05), Timeout(0.05)],
)
def test_every_form_of_timeout_applies(idp, timeout):
    fault = idp.fault("jwks", delay=30)
    with pytest.raises(requests.ReadTimeout) as caught:
        requests.get(JWKS, timeout=timeout)
    until_fired(fault)
    assert caught.value.request.url == JWKS
    assert f"host='{DOMAIN}', port=443): Read timed out." in str(caught.value)


@pytest.mark.parametrize("timeout", [None, (5, None), Timeout(connect=5), Timeout()])
def test_without_a_timeout_the_client_waits(idp, timeout):
    idp.fault("jwks", delay=0.01)
    assert requests.get(JWKS, timeout=timeout).status_code == 200


@pytest.mark.parametrize("timeout", [-1, "soon", (1, 2, 3)])
def test_an_invalid_timeout_is_rejected(idp, timeout):
    with pytest.raises(ValueError, match=r"(?i)timeout|unpack"):
        requests.get(JWKS, timeout=timeout)


def test_a_dropped_connection_raises_a_connection_error(idp, delivery):
    delivery.drop = True
    with pytest.raises(requests.ConnectionError, match="without response") as caught:
        requests.get(JWKS, timeout=5)
    assert not isinstance(caught.value, requests.Timeout)


@pytest.mark.parametrize("kept", [0, 5])
@pytest.mark.parametrize("drip", [0.0, 0.0001])
def test_a_truncated_body_raises_an_error(idp, delivery, kept, drip):
    delivery.truncate, delivery.drip = kept, drip
    with requests.get(JWKS, timeout=5, stream=True) as answer:
        assert answer.status_code == 200
        with pytest.raises(requests.exceptions.ChunkedEncodingError, match=f"{kept} bytes read"):
            answer.content  # noqa: B018 - reading it raises the error


def test_truncating_beyond_the_end_of_the_body_has_no_effect(idp, delivery):
    delivery.truncate = 100_000
    assert requests.get(JWKS, timeout=5).json()["keys"]


def test_a_slow_body_arrives_or_times_out(idp, delivery):
    delivery.drip = 0.0001
    assert requests.get(JWKS, timeout=5).json()["keys"]
    delivery.drip = 30
    with requests.get(JWKS, timeout=0.05, stream=True) as answer:
        assert answer.raw.read(1) == b"{"
        with pytest.raises(requests.ConnectionError, match="timed out"):
            answer.content  # noqa: B018 - reading it raises the error


def test_a_flask_app_can_send_requests_while_it_handles_one(idp):
    """The contexts of the Flask app and of the tenant are independent."""
    app = flask.Flask("app")

    @app.get("/<name>")
    def ask(name):
        keys = requests.get(JWKS, timeout=5).json()["keys"]
        return {"keys": len(keys), "path": flask.request.path, "name": name}

    with app.test_client() as client:
        assert client.get("/mine").json == {"keys": 2, "path": "/mine", "name": "mine"}


def test_an_error_after_a_delay_is_raised_in_the_calling_thread(idp):
    def fail(_environ, _start_response):
        raise KeyError("mine")

    idp.app = fail
    with idp.fault("jwks", delay=1), pytest.raises(KeyError, match="mine"):
        requests.get(JWKS, timeout=5)
    idp.tenant.reset()
