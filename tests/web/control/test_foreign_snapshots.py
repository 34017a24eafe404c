"""Foreign snapshots are restored, or refused with a location, and never cause a bug."""

import copy
import json
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from helpers.assertions import make_assertion, with_assertion
from helpers.scim import GROUP
from mockidp.protocol.login.attack_protection import AttackProtection
from mockidp.protocol.mfa.guardian import GuardianFactor
from mockidp.protocol.mfa.records import MULTI_FACTOR
from mockidp.protocol.oauth.grant_types import MFA_OOB
from mockidp.resources.connection import DEFAULT_CONNECTION, Connection, ConnectionOptions
from mockidp.resources.password_options import PasswordHistoryOptions
from mockidp.resources.scim_configuration import ScimConfiguration
from mockidp.tenant.content.zero_config import ZERO_CONFIG
from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app

pytestmark = pytest.mark.usefixtures("no_tracebacks")

V1 = "/_mockidp/v1"
FROZEN = 1893456000  # 2030-01-01T00:00:00Z
CALLBACK = "http://localhost:3000/callback"
LOGIN = {
    "client_id": "app",
    "redirect_uri": CALLBACK,
    "response_type": "code",
    "scope": "openid offline_access",
    "state": "s",
}
ALICE = {"username": "alice@acme.example", "password": "Passw0rd!"}
PASSWORD = {"grant_type": "password", **ALICE}
OPTIONS = ConnectionOptions(
    password_history=PasswordHistoryOptions(enable=True),
    extra={"authentication_methods": {"passkey": {"enabled": True}}},
)
PROTECTED = replace(
    ZERO_CONFIG,
    mockidp=replace(ZERO_CONFIG.mockidp, rate_limits="auth0"),
    attack_protection=AttackProtection(),
    connections=(
        Connection(name="email", strategy="email"),
        Connection(name="corp", strategy="okta", scim_configuration=ScimConfiguration()),
    ),
    databases=(Connection(name=DEFAULT_CONNECTION, options=OPTIONS),),
    guardian_factors=(GuardianFactor(name="sms", enabled=True),),
)
CROSS_ORIGIN = {"client_id": "app", "credential_type": "password", **ALICE}
CODE = {"client_id": "app", "connection": "email", "email": "new@acme.example", "send": "code"}
MFA_API = "http://localhost/mfa/"
MANAGEMENT_API = "http://localhost/api/v2/"


class Browser:
    """A client of one mock, with its codes and tokens."""

    def __init__(self, tenant):
        self.client = Client(create_app(tenant))

    def send(self, method, path, body=None, **headers):
        return self.client.open(path, "http://localhost", method=method, json=body, headers=headers)

    def authorize(self, **more):
        return self.send("GET", f"/authorize?{urlencode(LOGIN | more)}")


def transfer_session(browser):
    """Make tokens that nobody redeems, of a session transfer and of a native social login."""
    person = {"connection": "google-oauth2", "name": "D"}
    browser.send("POST", f"{V1}/native-social-tokens", person)
    service = {"name": "slack", "strategy": "oauth2", "connected_accounts": {"active": True}}
    browser.send("POST", f"{V1}/connections", service)
    me = {"user": "alice", "client": "app", "audience": "http://localhost/me/"}
    token = browser.send("POST", f"{V1}/tokens", me).json["access_token"]
    start = {"connection": "slack", "redirect_uri": CALLBACK}
    bearer = {"Authorization": f"Bearer {token}"}
    connect = "/me/v1/connected-accounts/connect"
    assert browser.send("POST", connect, start, **bearer).status_code == 201
    native = browser.send("POST", "/oauth/token", {**PASSWORD, **LOGIN}).json["refresh_token"]
    transfer = {"grant_type": "refresh_token", "client_id": "app", "refresh_token": native}
    browser.send("POST", "/oauth/token", transfer | {"audience": "urn:localhost:session_transfer"})


@pytest.fixture(scope="module")
def lived():
    """A snapshot with an entry in every store, and the client that created them."""
    browser = Browser(Tenant(PROTECTED, seed=1))
    browser.send("POST", f"{V1}/clock", {"freeze": "2030-01-01T00:00:00Z"})
    token = browser.send("POST", "/oauth/token", {**PASSWORD, **LOGIN}).json
    browser.send("POST", "/oauth/token", {**PASSWORD, **LOGIN, "password": "wrong"})
    browser.send("POST", f"{V1}/sign-ins", {"user": "bob"})
    code = parse_qs(urlsplit(browser.authorize().location).query)["code"][0]
    login = browser.authorize(prompt="login")
    provider = browser.authorize(prompt="login", connection="google-oauth2").location
    browser.client.post(
        provider, base_url="http://localhost", data={"action": "create", "name": "D"}
    )
    link = browser.send(
        "POST", f"{V1}/impersonation-links",
        {"user": "bob", "client": "app", "state": "s", "callback_url": CALLBACK},
    )  # fmt: skip
    browser.client.post("/oauth/par", base_url="http://localhost", data=LOGIN)
    transfer_session(browser)
    browser.send("POST", "/passwordless/start", CODE)
    browser.send("POST", "/co/authenticate", CROSS_ORIGIN, Origin="http://localhost:3000")
    browser.send("POST", f"{V1}/organizations", {"name": "red"})
    browser.send("POST", f"{V1}/clients", {"client_id": "b2b", "initiate_login_uri": CALLBACK})
    browser.send(
        "POST",
        f"{V1}/invitations",
        {"organization": "red", "email": "a@acme.example", "client": "b2b"},
    )
    link_by_mail = reset_password(browser)
    browser.client.post(
        "/oauth/device/code", base_url="http://localhost", data={"client_id": "app"}
    )
    names = {"aud": "http://localhost/", "iss": "app", "sub": "app", "jti": "one"}
    assertion = with_assertion(make_assertion(FROZEN, **names))
    browser.send("POST", "/oauth/revoke", {"token": "none"} | assertion)
    browser.send("POST", f"{V1}/mfa/phones", {"user": "alice", "phone_number": "+1555"})
    mfa = browser.send("POST", "/oauth/token", {**PASSWORD, **LOGIN, "audience": MFA_API}).json
    factor = {"client_id": "app", "mfa_token": mfa["mfa_token"]}
    factor |= {"oob_code": browser.send("POST", "/mfa/challenge", factor).json["oob_code"]}
    factor |= {"grant_type": MFA_OOB, "binding_code": "wrong"}
    browser.send("POST", "/oauth/token", factor)
    page = browser.authorize(prompt="login", acr_values=MULTI_FACTOR).location
    state = {"state": page.partition("state=")[2]}
    typed = {"username": PASSWORD["username"], "password": PASSWORD["password"]}
    browser.send("POST", "/u/login", typed | state)
    browser.send("GET", f"/u/mfa-sms-challenge?state={state['state']}")
    sms = browser.send("GET", f"{V1}/outbox").json["items"][-1]["code"]
    code_of_page = {"code": sms, "rememberBrowser": "true"}
    assert browser.send("POST", "/u/mfa-sms-challenge", code_of_page | state).status_code == 302
    factor |= {"oob_code": browser.send("POST", "/mfa/challenge", factor).json["oob_code"]}
    factor["binding_code"] = browser.send("GET", f"{V1}/outbox").json["items"][-1]["code"]
    manager = {"grant_type": "client_credentials", "client_id": "app", "audience": MANAGEMENT_API}
    access_token = browser.send("POST", "/oauth/token", manager).json["access_token"]
    bearer = {"Authorization": f"Bearer {access_token}"}
    found = browser.send("GET", "/api/v2/users-by-email?email=alice@acme.example", **bearer).json
    user = {"user_id": found[0]["user_id"]}
    browser.send("POST", "/api/v2/jobs/verification-email", user, **bearer)
    fill_other_stores(browser, bearer)
    use_passkeys(browser, bearer)
    data = browser.send("GET", f"{V1}/snapshot").json
    held = {
        "reset": link_by_mail,
        "token": token,
        "factor": factor,
        "code": code,
        "login": login.location,
        "link": link.json["url"],
    }
    cookie = browser.client.get_cookie("auth0-http")
    return data, {**held, "cookie": cookie.value}


def fill_other_stores(browser, bearer):
    """Create what only the Management API creates."""
    device = {"device_name": "phone", "device_id": "1", "type": "public_key", "value": "a2V5"}
    browser.send("POST", "/api/v2/device-credentials", device, **bearer)
    browser.send("POST", "/api/v2/blacklists/tokens", {"jti": "one"}, **bearer)
    corp = browser.send("GET", "/api/v2/connections?name=corp", **bearer).json[0]["id"]
    tokens, scopes = f"/api/v2/connections/{corp}/scim-configuration/tokens", ["post:groups"]
    scim = browser.send("POST", tokens, {"scopes": scopes}, **bearer).json["token"]
    group = {"schemas": [GROUP], "displayName": "Admins", "externalId": "g1"}
    groups = f"/scim/v2/connections/{corp}/Groups"
    browser.send("POST", groups, group, Authorization=f"Bearer {scim}")


def use_passkeys(browser, bearer):
    """Give alice a passkey, leave a challenge unanswered, and let bob decline a passkey."""
    assert browser.send("POST", f"{V1}/passkeys", {"user": "alice"}).status_code == 200
    assert browser.send("POST", "/passkey/challenge", {"client_id": "app"}).status_code == 200
    browser.send("PATCH", "/api/v2/prompts", {"identifier_first": True}, **bearer)
    state = browser.authorize(prompt="login").location.partition("state=")[2]
    for path, typed in (
        ("login/identifier", {"username": "bob@acme.example", "action": "default"}),
        ("login/password", {"password": "N3w-password"}),
        ("passkey-enrollment", {"action": "abort-passkey-enrollment"}),
    ):
        page = f"http://localhost/u/{path}?state={state}"
        assert browser.client.post(page, data=typed | {"state": state}).status_code == 302
    browser.send("POST", f"{V1}/sign-ins", {"user": "alice"})


def reset_password(browser):
    """Reset a password with a link, and return the path of another one."""
    reset = {"client_id": "app", "connection": DEFAULT_CONNECTION, "email": "bob@acme.example"}
    form = {"password-reset": "N3w-password", "re-enter-password": "N3w-password"}
    for _ in range(2):
        browser.send("POST", "/dbconnections/change_password", reset)
        sent = browser.send("GET", f"{V1}/outbox?kind=reset_email").json["items"]
        path = sent[-1]["link"].removeprefix("http://localhost").removesuffix("#")
        if len(sent) == 1:
            assert browser.client.post(path, "http://localhost", data=form).status_code == 200
    return path


def use_all(browser, held):
    """Send a client's requests to a mock. Return the statuses."""
    browser.client.set_cookie("auth0-http", held["cookie"], domain="localhost")
    refresh = held["token"]["refresh_token"]
    bearer = f"Bearer {held['token']['access_token']}"
    code = {"grant_type": "authorization_code", "code": held["code"], "redirect_uri": CALLBACK}
    yield browser.authorize(prompt="none")
    yield browser.authorize(max_age="1")
    yield browser.send("GET", held["login"])
    yield browser.send("POST", "/oauth/token", {**code, "client_id": "app"})
    for _ in range(2):
        body = {"grant_type": "refresh_token", "client_id": "app", "refresh_token": refresh}
        yield browser.send("POST", "/oauth/token", body)
    yield browser.send("GET", "/userinfo", Authorization=bearer)
    yield browser.send("POST", f"{V1}/explain", {"thing": held["link"]})
    yield browser.send("GET", held["link"].removeprefix("http://localhost"))
    yield browser.send("GET", held["reset"])
    yield browser.send("GET", "/.well-known/jwks.json")
    yield browser.send(
        "GET", "/mfa/authenticators", Authorization=f"Bearer {held['factor']['mfa_token']}"
    )
    yield browser.send("POST", "/oauth/token", held["factor"])
    yield browser.send("POST", "/oauth/token", {**PASSWORD, **LOGIN})
    yield browser.send("GET", f"{V1}/snapshot")
    yield browser.send("POST", f"{V1}/clock", {"resume": True})
    yield browser.send("GET", "/v2/logout")
    yield browser.send("POST", f"{V1}/keys/rotate", {})
    yield browser.send("POST", f"{V1}/reset", {})


def test_a_snapshot_works_in_its_own_mock_and_in_another(lived):
    data, held = lived
    assert [name for name, entries in data["stores"].items() if not entries] in ([], ["consents"])
    browser = Browser(Tenant())
    assert browser.send("PUT", f"{V1}/snapshot", data).status_code == 204
    assert browser.send("GET", f"{V1}/snapshot").json == {**data, "ids": None}
    answers = list(use_all(browser, held))
    assert not [(one.request.url, one.text) for one in answers if one.status_code >= 400]


def places(value, path=()):
    """Return every location in plain data, except those in long lists."""
    yield path
    if isinstance(value, dict):
        for name, one in value.items():
            yield from places(one, (*path, name))
    elif isinstance(value, list):
        for index, one in enumerate(value[:3]):
            yield from places(one, (*path, index))


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.text("a| \u00e9\U0001f600\x01\x7f/{}", max_size=5),
    st.sampled_from([2**53, -(2**53), 2**63, 10**400, 1e308, 0.5, [], {}, "http://[", "%zz"]),
)


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_snapshot_with_something_else_in_it_is_refused_or_harmless(lived, data):
    whole, held = lived
    state = copy.deepcopy(whole)
    for _ in range(data.draw(st.integers(1, 3))):
        *outer, last = data.draw(st.sampled_from([one for one in places(state) if one]))
        within = state
        for step in outer:
            within = within[step]
        if isinstance(within, dict) and data.draw(st.booleans()):
            del within[last]
        else:
            within[last] = data.draw(VALUES)
    browser = Browser(Tenant(seed=2))
    put = browser.send("PUT", f"{V1}/snapshot", state)
    assert put.status_code in {204, 400}
    if put.status_code == 400:
        assert put.json["detail"]
        return
    for answer in use_all(browser, held):
        # Auth0 itself answers 500 without a default connection.
        assert "Internal error" not in answer.text, answer.request.url
        assert "bug in mockidp" not in answer.text, answer.request.url


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_nan_is_not_json(text, lived):
    browser = Browser(Tenant())
    body = json.dumps(lived[0]).replace('"offset": 0.0', f'"offset": {text}').encode()
    assert text.encode() in body
    answer = browser.client.put(
        f"{V1}/snapshot", "http://localhost", data=body, content_type="application/json"
    )
    assert answer.status_code == 400
