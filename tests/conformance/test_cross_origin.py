"""/co/authenticate: a page of the app logs a user in, and /authorize redeems the ticket."""

from dataclasses import replace

import pytest
from werkzeug.test import Client as WsgiClient

from helpers.acme import ACME, DATABASE, ORIGIN, PASSWORD_OF_ALL, with_client
from helpers.tenant_client import TenantClient, WebMessage, hint, race, sent_to_callback
from mockidp.protocol.grant_types import PASSWORD_REALM, PASSWORDLESS_OTP
from mockidp.resources.connection import Connection
from mockidp.tenant.zero_config import ZERO_CONFIG

ALICE = "alice@acme.example"
REALM = {"credential_type": PASSWORD_REALM, "realm": DATABASE}
COMPLETE = "All and only of client_id, credential_type, username, {} are required."


def allowing(document=ACME, client_id="web", **fields):
    return with_client(document, client_id, **{"cross_origin_authentication": True} | fields)


@pytest.fixture
def idp():
    document = allowing(allowing(), "third-party")
    email = Connection(name="email", strategy="email")
    return TenantClient(replace(document, connections=(email,)))


def co_authenticate(idp, *, origin=ORIGIN, **body):
    """Post credentials of alice. None leaves a property out."""
    defaults = {"client_id": "web", "username": ALICE, "password": PASSWORD_OF_ALL, **REALM}
    sent = {name: value for name, value in (defaults | body).items() if value is not None}
    headers = {"Origin": origin} if origin else None
    return idp.post("/co/authenticate", json_body=sent, headers=headers)


def ticket(idp, **body):
    answer = co_authenticate(idp, **body)
    assert answer.status_code == 200, (answer.text, hint(answer))
    return answer.json["login_ticket"]


def assert_refused(answer, status, error, description):
    assert answer.status_code == status, answer.text
    assert answer.json == {"error": error, "error_description": description}
    assert hint(answer)


def assert_ticket_refused(answer, cause):
    assert sent_to_callback(answer) == {
        "error": "access_denied",
        "error_description": "Unknown or invalid login ticket.",
        "state": "s1",
    }
    assert cause in hint(answer)


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


def test_auth0_co__a_ticket_works_once(idp):
    issued = ticket(idp)
    assert "code" in sent_to_callback(idp.authorize(login_ticket=issued))
    assert_ticket_refused(idp.authorize(login_ticket=issued), "and works once")


def test_auth0_co__only_one_of_fifty_requests_can_use_a_ticket(idp):
    issued = ticket(idp)
    cookie = f"auth0-co={idp.browser.get_cookie('auth0-co').value}"

    bare = WsgiClient(idp.app, use_cookies=False)
    path = f"/authorize?client_id=web&response_type=code&login_ticket={issued}"
    answers = race(lambda: bare.get(path, base_url=idp.url, headers={"Cookie": cookie}))
    results = [sent_to_callback(one) for one in answers]
    assert sum("code" in one for one in results) == 1
    assert {one.get("error_description") for one in results} == {
        None,
        "Unknown or invalid login ticket.",
    }


def test_auth0_co__a_ticket_expires(idp):
    issued = ticket(idp)
    idp.later(15 * 60)
    assert_ticket_refused(idp.authorize(login_ticket=issued), "expired at")


def test_auth0_co__an_unknown_ticket_is_refused(idp):
    assert_ticket_refused(idp.authorize(login_ticket="never-issued"), "No such login ticket")


def test_auth0_co__a_ticket_of_another_client_is_refused(idp):
    issued = ticket(idp)
    answer = idp.authorize(client_id="other", login_ticket=issued)
    assert_ticket_refused(answer, "issued to client web, and client other sent it")


def test_auth0_co__a_ticket_of_another_browser_is_refused(idp):
    issued = ticket(idp)
    other = idp.another_browser()
    assert_ticket_refused(other.authorize(login_ticket=issued), "did not send the cookie")
    ticket(other)
    assert_ticket_refused(other.authorize(login_ticket=issued), "did not send the cookie")
    assert "code" in sent_to_callback(idp.authorize(login_ticket=issued))


def test_auth0_co__two_logins_of_one_browser_do_not_disturb_each_other(idp):
    first, second = ticket(idp), ticket(idp, username="bob@acme.example")
    assert "code" in sent_to_callback(idp.authorize(login_ticket=first))
    assert "code" in sent_to_callback(idp.authorize(login_ticket=second))


def test_auth0_co__the_user_of_a_ticket_may_be_removed(idp):
    issued = ticket(idp)
    users = tuple(one for one in idp.tenant.document.users if one.email != ALICE)
    idp.edit(replace(idp.tenant.document, users=users))
    assert "error" in sent_to_callback(idp.authorize(login_ticket=issued))


def test_auth0_co__a_ticket_replaces_the_session_of_another_user(idp):
    idp.callback("bob")
    code = sent_to_callback(idp.authorize(login_ticket=ticket(idp), scope="openid email"))["code"]
    token = idp.redeem(code).json["access_token"]
    assert idp.userinfo(token).json["email"] == ALICE


def test_auth0_co__consent_is_asked_for_after_the_ticket(idp):
    issued = ticket(idp, client_id="third-party")
    answer = idp.follow(idp.authorize(client_id="third-party", login_ticket=issued))
    assert answer.location.startswith("/u/consent")
    accepted = idp.follow(idp.submit(answer.location, action="accept"))
    assert "code" in sent_to_callback(accepted)


def test_auth0_co__a_web_message_answers_a_ticket_without_a_page(idp):
    issued = ticket(idp)
    answer = idp.authorize(login_ticket=issued, response_mode="web_message", prompt="none")
    assert "code" in WebMessage(answer).response


def test_auth0_co__a_web_message_without_consent_is_refused(idp):
    issued = ticket(idp, client_id="third-party")
    answer = idp.authorize(client_id="third-party", login_ticket=issued, prompt="none")
    assert sent_to_callback(answer)["error"] == "consent_required"


# --- the verification page ---

LOCATION = f"{ORIGIN}/callback-cross-auth?a=1"


@pytest.fixture
def verifying():
    return TenantClient(allowing(cross_origin_loc=LOCATION))


def begin_verification(idp, **parameters):
    """Log in, and request authorization in a browser without the cookie."""
    answer = co_authenticate(idp)
    other = idp.another_browser()
    login = other.authorize(login_ticket=answer.json["login_ticket"], **parameters)
    return other, login, answer.json


def test_auth0_co__without_the_cookie_a_page_asks_the_app_for_the_verifier(verifying):
    browser, login, issued = begin_verification(verifying)
    assert login.location.startswith("/co/verify?state=")
    page = browser.get(login.location)
    assert page.status_code == 200
    assert f'new URL("{LOCATION}")' in page.text
    assert issued["co_id"] in page.text
    assert issued["co_verifier"] not in page.text
    done = browser.submit(login.location, verifier=issued["co_verifier"])
    assert done.location == login.location.replace("/co/verify", "/authorize/resume")
    assert "code" in sent_to_callback(browser.follow(done))
    assert_ticket_refused(browser.authorize(login_ticket=issued["login_ticket"]), "and works once")


@pytest.mark.parametrize("verifier", [None, "", "wrong"])
def test_auth0_co__a_wrong_verifier_is_refused_at_the_callback(verifying, verifier):
    browser, login, _ = begin_verification(verifying)
    form = {} if verifier is None else {"verifier": verifier}
    assert_ticket_refused(browser.submit(login.location, **form), "without the `co_verifier`")
    assert browser.submit(login.location, **form).status_code == 400


def test_auth0_co__a_login_without_a_ticket_has_nothing_to_verify(verifying):
    state = verifying.authorize().location.partition("state=")[2]
    for answer in (
        verifying.get("/co/verify", state=state),
        verifying.post("/co/verify", state=state, verifier="x"),
        verifying.get("/co/verify", state="never-made"),
    ):
        assert answer.status_code == 400
        assert hint(answer)


def test_auth0_co__a_frame_is_never_asked_for_the_verifier(verifying):
    _, answer, _ = begin_verification(verifying, prompt="none")
    assert_ticket_refused(answer, "did not send the cookie")


def test_auth0_co__a_ticket_that_was_used_meanwhile_is_refused_on_the_page(verifying):
    browser, login, issued = begin_verification(verifying)
    assert "code" in sent_to_callback(verifying.authorize(login_ticket=issued["login_ticket"]))
    assert browser.get(login.location).status_code == 403
    assert_ticket_refused(
        browser.submit(login.location, verifier=issued["co_verifier"]), "and works once"
    )


def test_auth0_co__an_unknown_ticket_needs_no_verification(verifying):
    assert_ticket_refused(verifying.authorize(login_ticket="never-issued"), "No such login ticket")
