"""The lenient tenant that is used without a tenant file."""

import pytest

from helpers.acme import CALLBACK
from helpers.tenant_client import TenantClient, claims_of, hint
from mockidp.tenant.content.zero_config import ZERO_CONFIG


@pytest.fixture
def idp():
    return TenantClient(ZERO_CONFIG)


def test_mockidp_zero_config__any_client_logs_in(idp):
    code = idp.callback(client_id="my-app", scope="openid profile")["code"]
    body = idp.redeem(code, client_id="my-app", client_secret="whatever").json
    claims = claims_of(body["id_token"])
    assert (claims["aud"], claims["sub"], claims["name"]) == ("my-app", "auth0|alice", "Alice")


@pytest.mark.parametrize(
    "callback",
    [
        "http://127.0.0.1:5000/cb",
        "http://[::1]/cb",
        "https://app.localhost/x?y=1",
        "http://127.9.9.9",
    ],
)
def test_mockidp_zero_config__any_loopback_callback_works(idp, callback):
    assert idp.authorize(client_id="a", redirect_uri=callback).location.startswith("/u/login")
    assert idp.get("/v2/logout", client_id="a", returnTo=callback).location == callback


@pytest.mark.parametrize(
    "callback",
    [
        "http://evil.example/",
        "http://localhost@evil.example/",
        "http://localhost:80@evil.example/",
        "http://localhost\\@evil.example/",
        "http://localhost.evil.example/",
        "http://evil.example#localhost",
        "http://127.0.0.1.evil.example/",
        "//localhost/",
        "ftp://localhost/",
        "localhost",
        "http://",
        "http://[::1",
        "http://2130706433/",
        "http://app.internal/",
    ],
)
def test_mockidp_zero_config__another_callback_does_not(idp, callback):
    answer = idp.authorize(client_id="a", redirect_uri=callback)
    assert answer.status_code == 403
    assert "No URL is registered" in hint(answer)
    assert idp.get("/v2/logout", returnTo=callback).status_code == 400


def test_mockidp_zero_config__a_script_is_not_a_callback(idp):
    answer = idp.authorize(client_id="a", redirect_uri="javascript://localhost/%0aalert(1)")
    assert answer.status_code == 403
    assert "is never accepted" in hint(answer)


def test_mockidp_zero_config__a_line_break_in_a_callback_stays_in_its_url(idp):
    answer = idp.authorize(
        client_id="a", redirect_uri="http://localhost/\r\nX-Injected: 1", prompt="none"
    )
    assert answer.status_code == 302
    assert "X-Injected" not in answer.headers
    assert answer.location.startswith("http://localhost/%0D%0AX-Injected:%201?error=")


def test_mockidp_zero_config__any_audience_and_scope_work(idp):
    body = idp.tokens(
        client_id="my-app", audience="https://any/", scope="openid a b offline_access"
    )
    assert claims_of(body["access_token"])["aud"] == [
        "https://any/",
        "http://localhost:9400/userinfo",
    ]
    assert body["scope"] == "openid a b offline_access"
    assert "refresh_token" in body


def test_mockidp_zero_config__any_client_gets_a_token_for_itself(idp):
    body = idp.machine_token(client_id="jobs", audience="https://any/", scope="x y").json
    assert body["scope"] == "x y"
    assert "scope" not in idp.machine_token(client_id="jobs", audience="https://any/").json


def test_mockidp_zero_config__the_global_client_keeps_its_secret(idp):
    assert idp.machine_token(client_id="acme-global").json["token_type"] == "bearer"
    answer = idp.machine_token(client_id="acme-global", client_secret="guess")
    assert answer.status_code == 401


def test_mockidp_zero_config__a_user_still_needs_the_right_password(idp):
    assert idp.password_token(client_id="a").status_code == 200
    assert idp.password_token(client_id="a", password="wrong").status_code == 403


def test_mockidp_zero_config__loopback_origins_may_call_it(idp):
    for origin, allowed in (("http://localhost:8080", True), ("http://evil.example", False)):
        answer = idp.post("/oauth/token", headers={"Origin": origin})
        assert ("Access-Control-Allow-Origin" in answer.headers) is allowed


def test_mockidp_zero_config__any_client_id_is_answered(idp):
    for client_id in ("a\nb", "ü山", "x" * 3000, "' or 1=1", "../..", "%00"):
        code = idp.callback(client_id=client_id)["code"]
        assert idp.redeem(code, client_id=client_id, redirect_uri=CALLBACK).status_code == 200
