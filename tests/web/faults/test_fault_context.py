"""The facts that limit a fault at each endpoint, known before the request is handled."""

import jwt
import pytest

from helpers.acme import API, CALLBACK, DATABASE, with_tenant
from helpers.fault_context import ALICE, BOB, facts
from helpers.methods import sign_in_as
from helpers.passwordless import TENANT as PASSWORDLESS
from helpers.passwordless import redeem, start
from helpers.providers import DOCUMENT as PROVIDERS
from helpers.providers import GINA
from helpers.tenant_client import basic, bearer, hint


def test_a_context_has_method_url_and_parameters(idp, watch):
    seen = watch("token")
    idp.machine_token(audience=API)
    (context,) = seen
    assert (context.method, context.url) == ("POST", "http://localhost:9400/oauth/token")
    assert context.parameters == {
        "client_id": "m2m",
        "client_secret": "m2m-secret",
        "grant_type": "client_credentials",
        "audience": API,
    }
    assert facts(context) == ("m2m", None, API, "client_credentials")


def test_a_client_may_be_in_a_basic_header(idp, watch):
    seen = watch("token")
    idp.post("/oauth/token", headers=basic("m2m", "x"), grant_type="client_credentials")
    idp.post("/oauth/token", headers={"Authorization": "Basic ä"}, grant_type="x")
    idp.post("/oauth/token", headers={"Authorization": "Bearer x"}, grant_type="x")
    assert [one.client for one in seen] == ["m2m", None, None]


def test_the_tenants_default_audience_counts(make_idp):
    idp = make_idp(with_tenant(default_audience=API))
    code = idp.callback()["code"]
    seen = []
    for endpoint in ("token", "authorize", "login"):
        idp.fault(endpoint, status=503, predicate=seen.append)
    idp.machine_token()
    idp.redeem(code)
    idp.get(idp.begin_login())
    assert [(one.endpoint, one.audience) for one in seen] == [
        ("token", API), ("token", API), ("authorize", API), ("login", API),
    ]  # fmt: skip


def test_unreadable_parameters_are_skipped(idp, watch):
    seen = watch("token")
    idp.post("/oauth/token", json_body={"client_id": 5, "grant_type": ["x"], "username": {}})
    idp.request("POST", "/oauth/token", data="{", content_type="application/json")
    idp.request("POST", "/oauth/token?client_id=a", data=b"x", content_type="text/plain")
    idp.request("POST", "/oauth/token", data=b"x" * 70_000, content_type="text/plain")
    assert [facts(one) for one in seen] == [
        (None, None, None, None),
        (None, None, None, None),
        ("a", None, None, None),
        (None, None, None, None),
    ]


def test_at_userinfo_the_context_has_the_tokens_client_and_user(idp, watch):
    opaque = idp.tokens()["access_token"]
    jwt = idp.tokens(audience=API)["access_token"]
    machine = idp.machine_token(audience="https://rfc9068.example/").json["access_token"]
    seen = watch("userinfo")
    idp.userinfo(opaque)
    idp.userinfo(jwt)
    idp.get("/userinfo", access_token=machine)
    idp.userinfo("a.b.c")
    idp.get("/userinfo")
    assert [facts(one)[:3] for one in seen] == [
        ("web", ALICE, None),
        ("web", ALICE, API),
        ("m2m", "m2m@clients", "https://rfc9068.example/"),
        (None, None, None),
        (None, None, None),
    ]


def test_a_forged_token_at_userinfo_is_ignored(idp, watch):
    from mockidp.protocol.tokens.jwt import make_token

    seen = watch("userinfo")
    key = idp.tenant.keys.current
    for claims in ({"sub": 5, "aud": []}, {"sub": {"a": 1}, "aud": [3], "azp": None}):
        idp.userinfo(make_token(claims, key=key).sign())
    assert [facts(one)[:3] for one in seen] == [(None, None, None)] * 2


def test_at_authorize_the_context_has_the_sessions_user(idp, watch):
    seen = watch("authorize")
    idp.authorize(audience=API)
    idp.callback("bob")
    idp.authorize()
    assert facts(seen[0]) == ("web", None, API, None)
    assert seen[-1].user == BOB


def test_at_authorize_the_context_has_the_user_of_sign_in_as(idp, watch):
    seen = watch("authorize")
    sign_in_as(idp.tenant, "bob", client="other")
    sign_in_as(idp.tenant, "alice")
    idp.authorize(client_id="other")
    sign_in_as(idp.tenant, "bob", client="spa")
    idp.authorize(client_id="web")
    idp.begin_login(client_id="web")
    assert [(one.client, one.user) for one in seen] == [
        ("other", BOB), ("web", ALICE), ("web", None),
    ]  # fmt: skip


def test_building_a_context_uses_nothing_up(idp, watch):
    watch("authorize")
    sign_in_as(idp.tenant, "bob")
    assert "code=" in idp.authorize().location
    assert idp.tenant.sign_ins.waiting == ()


def test_on_the_pages_of_a_login_the_context_has_the_pending_login(idp, watch):
    seen = [watch(endpoint) for endpoint in ("login", "consent", "resume")]
    idp.callback(client_id="third-party", audience=API)
    for contexts in seen:
        assert {one.client for one in contexts} == {"third-party"}
        assert {one.audience for one in contexts} == {API}
    shown, submitted = seen[0][0], seen[0][-1]
    assert (shown.user, submitted.user) == (None, ALICE)
    assert {one.user for one in (*seen[1], *seen[2])} == {ALICE}


def test_a_user_who_is_picked_by_id_is_known(idp, watch):
    seen = watch("login")
    idp.submit(idp.begin_login(), username=BOB, action="pick")
    assert seen[-1].user == BOB


def test_an_unknown_login_has_no_client_and_user(idp, watch):
    seen = watch("login")
    idp.get("/u/login")
    assert facts(seen[0]) == (None, None, None, None)


def test_at_revoke_and_logout(idp, watch):
    tokens = idp.tokens(scope="openid offline_access", audience=API)
    revoked, left = watch("revoke"), watch("logout")
    form = {"client_id": "web", "client_secret": "web-secret"}
    idp.post("/oauth/revoke", token=tokens["refresh_token"], **form)
    idp.get("/v2/logout", client_id="web")
    idp.get("/v2/logout")
    assert facts(revoked[0]) == ("web", ALICE, API, None)
    assert [facts(one)[:2] for one in left] == [("web", ALICE), (None, None)]


def test_at_impersonation_the_context_has_the_impersonated_user(idp, watch):
    requested, opened = watch("impersonate"), watch("impersonation_link")
    idp.post("/users/auth0%7Cbob/impersonate", json_body={"client_id": "web"}, headers=bearer("x"))
    idp.get(idp.link(audience=API))
    idp.get("/users/auth0%7Cbob/impersonate?bewit=")
    idp.get("/users/somewhere-else?bewit=eA")
    idp.get("/users/auth0%7Cbob/impersonate?&bewit=" + "eFwxXHlceg")
    assert facts(requested[0])[:2] == ("web", BOB)
    assert facts(opened[0]) == ("web", ALICE, API, None)
    assert [one.user for one in opened[1:]] == [BOB, None, BOB]


def test_the_documents_have_no_client_and_user(idp, watch):
    seen = watch("jwks")
    idp.get("/.well-known/jwks.json")
    assert facts(seen[0]) == (None, None, None, None)


@pytest.mark.parametrize(
    ("when", "narrowed"),
    [
        ({"client": "web"}, "web"),
        ({"user": "alice@acme.example"}, "alice"),
        ({"grant": "password"}, "password"),
    ],
)
def test_a_limited_fault_does_not_affect_other_requests(idp, when, narrowed):
    active = idp.fault("token", status=503, when=when)
    assert idp.password_token().status_code == 503, narrowed
    assert idp.machine_token(audience=API).status_code == 200
    assert (active.matched, active.fired) == (1, 1)
    assert "fault" not in hint(idp.machine_token(audience=API))


@pytest.fixture
def pushing(make_idp):
    """A tenant that accepts pushed requests."""
    return make_idp(with_tenant(pushed_authorization_requests_supported=True))


def push(idp, **parameters):
    form = {"client_id": "web", "response_type": "code", "redirect_uri": CALLBACK} | parameters
    return idp.post("/oauth/par", client_secret="web-secret", **form)


def test_a_pushed_request_has_the_audience_that_was_pushed(pushing):
    uri = push(pushing, audience=API).json["request_uri"]
    for endpoint in ("authorize", "par"):
        fault = pushing.fault(endpoint, status=503, times=2, when={"audience": API})
        for _ in range(2):
            answer = (
                push(pushing, audience=API)
                if endpoint == "par"
                else pushing.get("/authorize", client_id="web", request_uri=uri)
            )
            assert answer.status_code == 503
        assert fault.fired == 2
    assert pushing.get("/authorize", client_id="web", request_uri=uri).status_code == 302


def test_a_request_without_what_it_refers_to_has_its_own_audience(pushing, watch):
    seen = []
    pushing.fault("authorize", status=503, predicate=seen.append)
    pushing.get("/authorize", client_id="web", request_uri="urn:x", audience=API)
    pushing.get("/authorize", client_id="web", request="no.j.wt", audience=API)
    assert [one.audience for one in seen] == [API, API]


def test_a_signed_request_has_the_audience_in_its_jwt(pushing):
    seen = []
    pushing.fault("authorize", status=503, predicate=seen.append)
    for audience in (API, ["a"], 7, None):
        signed = jwt.encode({"audience": audience}, "s" * 32, algorithm="HS256")
        pushing.get("/authorize", client_id="web", request=signed, audience="https://other")
    assert [one.audience for one in seen] == [API, None, "7", None]


def test_at_passwordless_endpoints_the_context_has_the_person(make_idp):
    idp = make_idp(PASSWORDLESS)
    seen = []
    for endpoint in ("passwordless_start", "passwordless_verify", "token"):
        idp.fault(endpoint, status=503, predicate=seen.append)
    start(idp, email=" ERIN@acme.example")
    start(idp)
    start(idp, connection="sms", phone_number="+15550199")
    start(idp, connection="google")
    start(idp, email=None)
    idp.post(
        "/passwordless/verify", json_body={"connection": "email", "email": "erin@acme.example"}
    )
    redeem(idp, "0", username="erin@acme.example")
    redeem(idp, "0", realm="sms", username="+15550199")
    assert [one.user for one in seen] == [
        "email|erin", None, "sms|sam", None, None, "email|erin", "email|erin", "sms|sam",
    ]  # fmt: skip


def test_at_sign_ups_and_resets_the_context_has_the_known_user(idp, watch):
    seen = watch("change_password")
    body = {"client_id": "spa", "connection": DATABASE}
    for more in ({"email": "alice@acme.example"}, {"email": "x@acme.example"}, {}):
        idp.post("/dbconnections/change_password", json_body=body | more)
    assert [(one.client, one.user) for one in seen] == [
        ("spa", ALICE), ("spa", None), ("spa", None),
    ]  # fmt: skip


def test_when_a_device_or_an_app_requests_a_code_the_context_has_the_audience(idp, watch):
    seen = watch("device_code")
    idp.post("/oauth/device/code", client_id="spa", audience=API)
    assert facts(seen[0])[:3] == ("spa", None, API)


def test_at_an_identity_provider_the_context_has_the_picked_user(make_idp):
    idp = make_idp(PROVIDERS)
    seen = []
    url = idp.begin_login(connection="google-oauth2")
    idp.fault("provider", delay=0.001, predicate=lambda one: bool(seen.append(one)))
    back = idp.submit(url, action="pick", user_id=GINA).location
    idp.fault("connection", status=503, predicate=seen.append)
    idp.get(back)
    idp.get("/login/callback", state="none", code="x")
    assert [facts(one)[:2] for one in seen] == [("web", GINA), ("web", GINA), (None, None)]
