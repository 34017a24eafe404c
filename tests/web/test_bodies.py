"""Invalid bodies and queries are refused in the endpoint's own format, never with a 500."""

import io

import pytest

from helpers.tenant_client import hint

pytestmark = pytest.mark.usefixtures("no_tracebacks")

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
JSON_ENDPOINTS = (
    "/oauth/token", "/oauth/revoke", "/userinfo", "/oauth/device/code", "/passwordless/start",
    "/passwordless/verify", "/mfa/challenge", "/mfa/associate",
)  # fmt: skip
ACCOUNT_ENDPOINTS = ("/dbconnections/signup", "/dbconnections/change_password")
"""Their errors are not those of OAuth."""
PAGE_ENDPOINTS = (
    "/authorize", "/u/login", "/u/consent", "/oidc/logout", "/activate", "/u/login/identifier",
    "/u/login/password", "/u/signup", "/u/reset-password/request/x",
    "/u/device/confirmation", "/u/organization/picker", "/u/login/passwordless-email-challenge",
)  # fmt: skip
ENDPOINTS = (*JSON_ENDPOINTS, *ACCOUNT_ENDPOINTS, *PAGE_ENDPOINTS)


def post(idp, path, data, content_type):
    headers = {} if content_type is None else {"Content-Type": content_type}
    return idp.request("POST", path, data=data, headers=headers)


def assert_refused(answer, path, text, status=400):
    assert answer.status_code == status
    if path in JSON_ENDPOINTS:
        assert answer.json == {"error": "invalid_request", "error_description": text}
    elif path in ACCOUNT_ENDPOINTS:
        assert answer.json == {
            "name": "BadRequestError",
            "code": "invalid_request",
            "description": text,
            "statusCode": status,
        }
    else:
        assert f"<strong>invalid_request</strong>: {text}" in answer.text
    assert hint(answer)


@pytest.mark.parametrize("path", ENDPOINTS)
@pytest.mark.parametrize(
    ("data", "content_type", "text"),
    [
        (b"client_id=a&client_id=b", FORM, "Duplicate parameter: client_id"),
        (b"a=1&a=1", FORM, "Duplicate parameter: a"),
        (b"client_id=a%00b", FORM, "Parameters must not contain NUL"),
        (b"cl%00ient=a", FORM, "Parameters must not contain NUL"),
        (b"client_id=%ff", FORM, "Parameters must be UTF-8"),
        (b"client_id=\xff", FORM, "Parameters must be percent-encoded"),
        (b"&".join([b"a=1"] * 300), FORM, "Too many parameters"),
        (b"{", JSON, "Invalid JSON"),
        (b"[]", JSON, "Invalid JSON"),
        (b'"x"', JSON, "Invalid JSON"),
        (b"\xff", JSON, "Invalid JSON"),
        (b"NaN", JSON, "Invalid JSON"),
        (b'{"a": -1e400}', JSON, "Invalid JSON"),
        (b'{"a": -Infinity}', JSON, "Invalid JSON"),
        (b'{"a": ' + b"9" * 5000 + b"}", JSON, "Invalid JSON"),
        (b"[" * 30_000, JSON, "Invalid JSON"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, JSON, "Invalid JSON"),
        (b'{"client_id": "\\ud800"}', JSON, "Invalid JSON"),
        (b'{"x": {"\\udfff": 1}}', JSON, "Invalid JSON"),
        (b'{"a": 1, "a": 1}', JSON, "Duplicate parameter: a"),
        (b'{"client_id": "a\\u0000"}', JSON, "Parameters must not contain NUL"),
        (b"client_id=web", "text/plain", "Unsupported content type: text/plain"),
        (b"client_id=web", None, "Unsupported content type: none"),
        (b"--x--", "multipart/form-data; boundary=x", "Unsupported content type: multipart/form-data"),
        (b"client_id=web", "a/b; charset=ü", "Unsupported content type: a/b"),
    ],
)  # fmt: skip
def test_an_invalid_body_is_a_400(idp, path, data, content_type, text):
    assert_refused(post(idp, path, data, content_type), path, text)


@pytest.mark.parametrize("path", ENDPOINTS)
def test_a_body_that_is_too_large_is_a_413(idp, path):
    answer = post(idp, path, b"a=" + b"x" * 65_536, FORM)
    assert_refused(answer, path, "Request Entity Too Large", 413)


@pytest.mark.parametrize(
    "path", ["/oauth/token", "/userinfo", "/nowhere", "/.well-known/jwks.json"]
)
def test_a_url_that_is_too_long_is_a_414(idp, path):
    answer = idp.get(path, x="y" * 16_001)
    assert answer.status_code in {404, 414}
    if path == "/userinfo":
        assert answer.json["error_description"] == "Request-URI Too Large"


@pytest.mark.parametrize("value", [1, 1.5, True, [], {}, ["web"], {"a": "b"}])
@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke"])
def test_a_json_value_that_is_not_a_string_is_named(idp, path, value):
    answer = idp.post(path, json_body={"client_id": value, "client_secret": "x"})
    assert_refused(answer, path, "Parameter 'client_id' must be a string")
    assert f"JSON {type(value).__name__}" in hint(answer)


def test_null_counts_as_absent(idp):
    answer = idp.post("/oauth/token", json_body={"client_id": None})
    assert_refused(answer, "/oauth/token", "Missing required parameter: client_id")


@pytest.mark.parametrize("path", ["/authorize", "/u/login", "/authorize/resume", "/v2/logout"])
@pytest.mark.parametrize(
    "query", ["state=a&state=b", "state=%ff", "state=%00", "client_id=a&client_id=a"]
)
def test_an_invalid_query_is_refused_on_a_page(idp, path, query):
    assert idp.request("GET", f"{path}?{query}").status_code == 400


def test_a_complete_surrogate_pair_is_a_character(idp):
    answer = post(idp, "/oauth/token", b'{"client_id": "\\ud83d\\ude00"}', JSON)
    assert answer.status_code == 401


def test_an_empty_body_has_no_parameters(idp):
    for content_type in (FORM, JSON, None, "text/plain"):
        answer = post(idp, "/oauth/token", b"", content_type)
        text = "Invalid JSON" if content_type == JSON else "Missing required parameter: client_id"
        assert answer.json["error_description"] == text


def test_a_chunked_body_is_read(idp):
    data = b"client_id=web&response_type=code"
    answer = idp.request(
        "POST",
        "/authorize",
        input_stream=io.BytesIO(data),
        environ_overrides={
            "HTTP_TRANSFER_ENCODING": "chunked",
            "wsgi.input_terminated": True,
            "CONTENT_TYPE": FORM,
        },
    )
    assert answer.location.startswith("/u/login")
