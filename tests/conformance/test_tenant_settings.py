"""Settings of Auth0's tenant resource that change an answer."""

import pytest
from acme import ACME, PASSWORD_OF_ALL, with_tenant
from joserfc.jwk import KeySet
from tenant_client import TenantClient

from mockidp.tenant.document import OidcLogout, SessionCookie, SessionRules, TenantFlags

DISCOVERY = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")
JWKS = "/.well-known/jwks.json"


@pytest.mark.parametrize("path", DISCOVERY)
def test_auth0_oidc_logout__discovery_can_leave_the_endpoint_out(path):
    named = TenantClient().get(path).json
    off = OidcLogout(rp_logout_end_session_endpoint_discovery=False)
    answer = TenantClient(with_tenant(oidc_logout=off)).get(path).json
    assert named.keys() - answer.keys() == {"end_session_endpoint"}
    assert [name for name in answer if answer[name] != named[name]] == []


def test_auth0_oidc_logout__the_endpoint_answers_although_discovery_does_not_name_it():
    off = OidcLogout(rp_logout_end_session_endpoint_discovery=False)
    idp = TenantClient(with_tenant(oidc_logout=off))
    token = idp.tokens()["id_token"]
    bye = "http://localhost:3000/bye"
    answer = idp.get("/oidc/logout", id_token_hint=token, post_logout_redirect_uri=bye)
    assert (answer.status_code, answer.location) == (302, bye)


def test_auth0_jwks__the_algorithm_can_be_left_out():
    idp = TenantClient(with_tenant(flags=TenantFlags(remove_alg_from_jwks=True)))
    answer = idp.get(JWKS)
    assert answer.content_type == "application/json"
    assert [list(key) for key in answer.json["keys"]] == [
        ["kty", "use", "n", "e", "kid", "x5t", "x5c"]
    ] * 2
    idp.edit(ACME)
    with_alg = idp.get(JWKS).json["keys"]
    assert [key.pop("alg") for key in with_alg] == ["RS256", "RS256"]
    assert with_alg == answer.json["keys"]
    assert len(KeySet.import_key_set(answer.json).keys) == 2


def test_auth0_session_cookie__non_persistent_ends_with_the_browser():
    idp = TenantClient(with_tenant(session_cookie=SessionCookie(mode="non-persistent")))
    login = idp.authorize().location
    answer = idp.submit(login, username="alice@acme.example", password=PASSWORD_OF_ALL)
    attributes = answer.headers["Set-Cookie"].split("; ")[1:]
    assert set(attributes) == {"HttpOnly", "Path=/", "SameSite=Lax"}
    assert "code" in idp.silent_login(answer.headers["Set-Cookie"].partition(";")[0])


def test_auth0_sessions__the_logout_prompt_can_be_off(idp):
    idp.callback()
    asked = idp.get("/oidc/logout")
    assert 'value="confirm"' in asked.text
    assert "Set-Cookie" not in asked.headers
    quiet = TenantClient(with_tenant(sessions=SessionRules(oidc_logout_prompt_enabled=False)))
    quiet.callback()
    answer = quiet.get("/oidc/logout")
    assert answer.status_code == 200
    assert "auth0-http=;" in answer.headers["Set-Cookie"]
