"""/usernamepassword/login and /login/callback: log in with a form that the browser posts."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from helpers.acme import ACME, CALLBACK, DATABASE, with_client
from helpers.legacy import LEGACY_TENANT, LegacyApp
from helpers.tenant_client import hint
from mockidp.protocol.tokens.jwt import make_token

ALICE = {"username": "alice@acme.example", "password": "Passw0rd!", "connection": DATABASE}
APP = {"client_id": "web", "redirect_uri": CALLBACK, "response_type": "code", "scope": "openid"}


@pytest.fixture
def idp():
    return LegacyApp(ACME)


class HiddenForm(HTMLParser):
    """The form in a response."""

    def __init__(self, html):
        super().__init__()
        self.action, self.fields = "", {}
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            assert (attrs["method"], attrs["name"]) == ("post", "hiddenform")
            self.action = attrs["action"]
        if tag == "input" and attrs["type"] == "hidden":
            self.fields[attrs["name"]] = attrs["value"]


def log_in(idp, *, headers=None, **changed):
    body = APP | {"state": "of-the-app"} | ALICE | changed
    body = {name: value for name, value in body.items() if value is not None}
    return idp.post("/usernamepassword/login", json_body=body, headers=headers)


def form_of(answer):
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "text/html; charset=utf-8"
    assert answer.text.startswith("<form ")
    return HiddenForm(answer.text)


def post(idp, form, **changed):
    fields = form.fields | changed
    return idp.post("/login/callback", **{k: v for k, v in fields.items() if v is not None})


def callback_of(idp, answer):
    """Follow the redirects to the client's callback, and return its parameters."""
    while not answer.location.startswith(CALLBACK):
        assert answer.status_code == 302, answer.text
        answer = idp.get(answer.location)
    return {name: one for name, (one,) in parse_qs(urlsplit(answer.location).query).items()}


def test_auth0_usernamepassword__the_form(idp):
    form = form_of(log_in(idp))
    assert form.action == f"{idp.url}/login/callback"
    assert list(form.fields) == ["wa", "wresult", "wctx"]
    assert form.fields["wa"] == "wsignin1.0"
    claims = jwt.decode(form.fields["wresult"], options={"verify_signature": False})
    assert claims["sub"] == "auth0|alice"
    assert json.loads(form.fields["wctx"]) == {
        "strategy": "auth0",
        "tenant": "Acme",
        "connection": DATABASE,
        "client_id": "web",
        "response_type": "code",
        "scope": "openid",
        "redirect_uri": CALLBACK,
        "state": "of-the-app",
    }


def test_auth0_usernamepassword__the_form_logs_the_browser_in(idp):
    sent = callback_of(idp, post(idp, form_of(log_in(idp))))
    assert sent["state"] == "of-the-app"
    tokens = idp.post(
        "/oauth/token", grant_type="authorization_code", client_id="web",
        client_secret="web-secret", code=sent["code"], redirect_uri=CALLBACK,
    ).json  # fmt: skip
    claims = jwt.decode(tokens["id_token"], options={"verify_signature": False})
    assert claims["sub"] == "auth0|alice"
    silent = idp.get("/authorize", client_id="web", response_type="code", prompt="none")
    assert "code=" in silent.location


def test_auth0_usernamepassword__the_login_of_a_page_continues(idp):
    page = idp.authorize(scope="openid email", state="of-the-page").location
    state = parse_qs(urlsplit(page).query)["state"][0]
    form = form_of(log_in(idp, state=state, _csrf="x", _intstate="deprecated", popup_options={}))
    assert json.loads(form.fields["wctx"])["scope"] == "openid email"
    assert callback_of(idp, post(idp, form))["state"] == "of-the-page"


def test_the_login_of_another_client_is_not_continued(idp):
    page = idp.authorize(client_id="other").location
    state = parse_qs(urlsplit(page).query)["state"][0]
    sent = callback_of(idp, post(idp, form_of(log_in(idp, state=state))))
    assert sent["state"] == state


def test_auth0_usernamepassword__a_second_factor_and_consent_follow(idp):
    idp.edit(with_client(ACME, "web", is_first_party=False))
    answer = post(idp, form_of(log_in(idp)))
    assert idp.get(answer.location).location.startswith("/u/consent?state=")


def test_auth0_usernamepassword__a_form_body_is_accepted(idp):
    answer = idp.post("/usernamepassword/login", **APP, **ALICE)
    assert form_of(answer).fields["wa"] == "wsignin1.0"


@pytest.mark.parametrize(
    ("changed", "status", "code", "description"),
    [
        ({"password": "wrong"}, 401, "invalid_user_password", "Wrong email or password."),
        ({"username": None}, 400, "invalid_request", "missing username parameter"),
        ({"password": None}, 400, "invalid_request", "missing password parameter"),
        ({"connection": None}, 400, "invalid_request", "missing connection parameter"),
        ({"connection": "nowhere"}, 400, "invalid_request", "the connection was not found"),
        ({"client_id": "nobody"}, 400, "invalid_request", "Unknown client: nobody"),
        ({"client_id": None}, 400, "invalid_request", "Missing required parameter: client_id"),
        ({"response_type": "x"}, 501, "unsupported_response_type", "Unsupported response type: x"),
        (
            {"redirect_uri": "http://evil/"},
            403,
            "unauthorized_client",
            "Callback URL mismatch. http://evil/ is not in the list of allowed callback URLs",
        ),
    ],
)  # fmt: skip
def test_auth0_usernamepassword__refusals(idp, changed, status, code, description):
    answer = log_in(idp, **changed)
    assert answer.status_code == status
    assert answer.json == {
        "name": "ValidationError",
        "code": code,
        "description": description,
        "statusCode": status,
    }
    assert hint(answer)


def test_auth0_usernamepassword__too_many_attempts(idp):
    for _ in range(10):
        log_in(idp, password="wrong")
    answer = log_in(idp)
    assert (answer.status_code, answer.json["code"]) == (429, "too_many_attempts")


def test_auth0_usernamepassword__a_disclosed_password(idp):
    settings = replace(ACME.mockidp, breached_passwords=("Passw0rd!",))
    idp.edit(replace(ACME, mockidp=settings))
    assert log_in(idp).json["code"] == "password_leaked"


def test_a_connection_without_passwords():
    idp = LegacyApp(LEGACY_TENANT)
    answer = log_in(idp, connection="google-oauth2")
    text = "specified strategy does not support requested operation"
    assert answer.json["description"] == text


def test_a_connection_that_the_login_does_not_offer():
    idp = LegacyApp(LEGACY_TENANT)
    page = idp.authorize(connection="google-oauth2").location
    state = parse_qs(urlsplit(page).query)["state"][0]
    answer = log_in(idp, state=state)
    assert f"does not offer connection {DATABASE}, but google-oauth2" in hint(answer)


def test_auth0_usernamepassword__pages_of_other_origins_are_refused(idp):
    own = log_in(idp, headers={"Origin": idp.url})
    assert own.status_code == 200
    other = log_in(idp, headers={"Origin": "http://localhost:3000"})
    assert other.status_code == 403
    assert other.text == "Origin http://localhost:3000 is not allowed."
    assert "which call /co/authenticate instead" in hint(other)
    idp.edit(replace(ACME, mockidp=replace(ACME.mockidp, legacy_lock_api=True)))
    allowed = log_in(idp, headers={"Origin": "http://localhost:3000"})
    assert allowed.status_code == 200
    assert allowed.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"


@pytest.mark.parametrize(
    ("changed", "text", "why"),
    [
        ({"wa": "wsignout1.0"}, "Unsupported wa: wsignout1.0", "accepts only wsignin1.0"),
        ({"wa": None}, "Missing required parameter: wa", "was not sent"),
        ({"wresult": None}, "Missing required parameter: wresult", "was not sent"),
        ({"wresult": "x"}, "Invalid wresult", "A JWT has three parts"),
        ({"wctx": None}, "Missing required parameter: wctx", "was not sent"),
        ({"wctx": "x"}, "Invalid wctx", "is not a JSON object"),
        ({"wctx": "[]"}, "Invalid wctx", "is not a JSON object"),
        ({"wctx": '{"client_id": "other"}'}, "Invalid wctx", "client_id"),
    ],
)
def test_auth0_login_callback__a_changed_form(idp, changed, text, why):
    answer = post(idp, form_of(log_in(idp)), **changed)
    assert answer.status_code == 400
    assert text in answer.text
    assert why in hint(answer)


def test_auth0_login_callback__the_result_expires(idp):
    form = form_of(log_in(idp))
    idp.later(300)
    assert "It expired 300 seconds after" in hint(post(idp, form))


@pytest.mark.parametrize(
    "change", [{"iss": "https://other.example/"}, {"login": None}, {"exp": None}]
)
def test_auth0_login_callback__another_token(idp, change):
    form = form_of(log_in(idp))
    claims = jwt.decode(form.fields["wresult"], options={"verify_signature": False}) | change
    claims = {name: value for name, value in claims.items() if value is not None}
    token = make_token(claims, key=idp.tenant.keys.current).sign()
    assert "Field `wresult` is invalid." in hint(post(idp, form, wresult=token))


def test_auth0_login_callback__the_user_was_removed(idp):
    form = form_of(log_in(idp))
    idp.edit(replace(ACME, users=ACME.users[1:]))
    assert "User auth0|alice was removed" in hint(post(idp, form))


def test_auth0_login_callback__the_form_can_be_posted_once(idp):
    form = form_of(log_in(idp))
    assert post(idp, form).status_code == 302
    again = post(idp, form)
    assert again.status_code == 400
    assert "The form was posted before" in hint(again)


def test_only_one_of_many_posts_logs_in(idp):
    form = form_of(log_in(idp))
    browsers = [idp.another_browser() for _ in range(50)]
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda one: one.post("/login/callback", **form.fields), browsers))
    assert sorted(one.status_code for one in answers) == [302] + [400] * 49


def test_auth0_login_callback__a_blocked_user_is_refused_at_the_callback(idp):
    form = form_of(log_in(idp))
    users = tuple(replace(one, blocked=True) for one in ACME.users)
    idp.edit(replace(ACME, users=users))
    sent = callback_of(idp, post(idp, form))
    assert (sent["error"], sent["error_description"]) == ("unauthorized", "user is blocked")
