"""/co/authenticate: a page of the app logs a user in."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, ORIGIN, with_client
from helpers.cross_origin import (
    ALICE,
    allowing,
    assert_refused,
    co_authenticate,
    cross_origin_tenant,
    ticket,
)
from helpers.tenant_client import TenantClient, hint, sent_to_callback
from mockidp.protocol.oauth.grant_types import PASSWORDLESS_OTP
from mockidp.tenant.content.zero_config import ZERO_CONFIG

COMPLETE = "All and only of client_id, credential_type, username, {} are required."


@pytest.fixture
def idp():
    return cross_origin_tenant()


def test_auth0_co__a_ticket_logs_the_user_in_without_a_page(idp):
    answer = co_authenticate(idp)
    assert answer.status_code == 200
    assert list(answer.json) == ["login_ticket", "co_id", "co_verifier"]
    assert answer.headers["Cache-Control"] == "no-store"
    code = sent_to_callback(idp.authorize(login_ticket=answer.json["login_ticket"]))["code"]
    assert idp.redeem(code).status_code == 200
    assert "code" in sent_to_callback(idp.authorize(prompt="none"))


def test_auth0_co__the_page_may_read_the_answer_and_send_cookies(idp):
    answer = co_authenticate(idp)
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    preflight = idp.request(
        "OPTIONS",
        "/co/authenticate",
        headers={
            "Origin": ORIGIN,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "auth0-client,content-type",
        },
    )
    assert preflight.status_code == 204
    assert preflight.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]


def test_auth0_co__the_cookie_is_for_this_tenant_only(idp):
    (cookie,) = co_authenticate(idp).headers.getlist("Set-Cookie")
    assert cookie.startswith("auth0-co=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    secure = idp.another_browser(url="https://localhost")
    (cookie,) = co_authenticate(secure).headers.getlist("Set-Cookie")
    assert {"Secure", "SameSite=None"} <= set(cookie.split("; "))


def test_auth0_co__the_credential_type_password_uses_the_default_directory(idp):
    assert ticket(idp, credential_type="password", realm=None)


def test_auth0_co__without_a_default_directory_it_is_a_server_error():
    document = allowing()
    idp = TenantClient(replace(document, tenant=replace(document.tenant, default_directory=None)))
    answer = co_authenticate(idp, credential_type="password", realm=None)
    text = "Authorization server not configured with default connection."
    assert_refused(answer, 500, "server_error", text)


def test_auth0_co__a_code_of_a_passwordless_connection_is_a_credential(idp):
    start = {
        "client_id": "web",
        "client_secret": "web-secret",
        "connection": "email",
        "email": ALICE,
    }
    assert idp.post("/passwordless/start", json_body={**start, "send": "code"}).status_code == 200
    code = idp.tenant.passwordless_codes.scan()[0][1].value.code
    sent = {"credential_type": PASSWORDLESS_OTP, "password": None, "realm": "email"}
    wrong = co_authenticate(idp, otp="000000" if code != "000000" else "1", **sent)
    assert_refused(wrong, 403, "access_denied", "Wrong email or verification code.")
    issued = ticket(idp, otp=code, **sent)
    assert "code" in sent_to_callback(idp.authorize(login_ticket=issued))
    assert co_authenticate(idp, otp=code, **sent).status_code == 403


@pytest.mark.parametrize(
    ("body", "required"),
    [
        ({"username": None}, "password, realm"),
        ({"password": None}, "password, realm"),
        ({"password": ""}, "password, realm"),
        ({"password": 7}, "password, realm"),
        ({"realm": None}, "password, realm"),
        ({"otp": "123456"}, "password, realm"),
        ({"captcha": "x"}, "password, realm"),
        ({"credential_type": "password"}, "password"),
        ({"credential_type": None}, "password"),
        ({"credential_type": PASSWORDLESS_OTP}, "otp, realm"),
        ({"client_id": None}, "password, realm"),
        ({"client_id": ["web"]}, "password, realm"),
    ],
)
def test_auth0_co__the_body_has_all_and_only_the_properties_of_its_type(idp, body, required):
    answer = co_authenticate(idp, **body)
    assert_refused(
        answer, 400, "invalid_request", f"Invalid request body. {COMPLETE.format(required)}"
    )


@pytest.mark.parametrize("kind", ["client_credentials", ["password"], {"a": 1}, 7])
def test_auth0_co__an_unknown_credential_type_is_refused(idp, kind):
    answer = co_authenticate(idp, credential_type=kind)
    text = "Unknown credential type parameter."
    assert_refused(answer, 400, "unsupported_credential_type", text)


def test_auth0_co__the_client_must_allow_it(idp):
    text = "Cross origin login not allowed."
    answer = co_authenticate(idp, client_id="other")
    assert_refused(answer, 401, "unauthorized_client", text)
    assert "`cross_origin_authentication: true`" in hint(answer)
    answer = co_authenticate(idp, client_id="wbe")
    assert_refused(answer, 401, "unauthorized_client", text)
    assert "No client has the `client_id` 'wbe'" in hint(answer)


def test_auth0_co__the_older_name_of_the_field_counts_as_well():
    idp = TenantClient(with_client(ACME, "web", cross_origin_auth=True))
    assert ticket(idp)


@pytest.mark.parametrize("origin", ["https://test.app", "null", "http://localhost:3001", None])
def test_auth0_co__the_origin_must_be_one_of_the_clients(idp, origin):
    answer = co_authenticate(idp, origin=origin)
    assert answer.status_code == 403
    assert answer.text == f"Origin {origin} is not allowed."
    assert answer.content_type == "text/plain; charset=utf-8"
    assert "rigin" in hint(answer)


@pytest.mark.parametrize("origin", ["http://localhost:3000", "https://app.example"])
def test_auth0_co__web_origins_and_allowed_origins_count(idp, origin):
    assert ticket(idp, origin=origin)


def test_auth0_co__an_unknown_realm_is_refused(idp):
    answer = co_authenticate(idp, realm="nowhere")
    assert_refused(answer, 400, "invalid_request", "Unknown realm nowhere.")


@pytest.mark.parametrize("body", [{"password": "wrong"}, {"username": "nobody@acme.example"}])
def test_auth0_co__wrong_credentials_are_refused(idp, body):
    answer = co_authenticate(idp, **body)
    assert_refused(answer, 403, "access_denied", "Wrong email or password.")


def test_auth0_co__a_blocked_user_is_refused(idp):
    answer = co_authenticate(idp, username="blocked@acme.example")
    assert_refused(answer, 403, "blocked_user", "Blocked user")


def test_auth0_co__too_many_wrong_passwords_block_the_user(idp):
    for _ in range(10):
        co_authenticate(idp, password="wrong")
    answer = co_authenticate(idp)
    assert answer.status_code == 429
    assert answer.json["error"] == "too_many_attempts"


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "text/plain", ""])
def test_auth0_co__the_body_must_be_json(idp, content_type):
    answer = idp.request(
        "POST", "/co/authenticate", data=b"client_id=web", content_type=content_type,
        headers={"Origin": ORIGIN},
    )  # fmt: skip
    assert_refused(answer, 400, "invalid_request", "Unsupported content type")


@pytest.mark.parametrize("body", [b"[]", b"{", b"", b'{"client_id": "a", "client_id": "b"}'])
def test_auth0_co__a_malformed_body_is_refused(idp, body):
    answer = idp.request("POST", "/co/authenticate", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json["error"] == "invalid_request"


def test_auth0_co__a_tenant_without_a_file_accepts_any_client_of_this_machine():
    idp = TenantClient(ZERO_CONFIG)
    user = next(iter(idp.tenant.directory.users.values()))
    body = {"username": user.email, "password": user.password, "client_id": "any"}
    issued = ticket(idp, **body, origin="http://localhost:5173")
    answer = idp.authorize(client_id="any", login_ticket=issued)
    assert "code" in sent_to_callback(answer)
    assert co_authenticate(idp, **body, origin="https://app.example").status_code == 403
