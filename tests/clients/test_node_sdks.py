"""Auth0's Node SDKs, old and new, and other Node clients, against a running tenant."""

from urllib.parse import parse_qs, parse_qsl, urlsplit

import jwt
import pytest

from helpers.client_facts import facts, shows

CALLBACK = "http://localhost:3000/callback"
API = "https://api.acme.example/"
ALICE = {"username": "alice@acme.example", "password": "Passw0rd!"}
WEB = {"clientId": "acme-web", "clientSecret": "acme-web-secret"}
MACHINE = {"clientId": "acme-m2m", "clientSecret": "acme-m2m-secret"}
GLOBAL = {"clientId": "acme-global", "clientSecret": "acme-global-secret"}
BAD_MAC = '{"error":"access_denied","error_description":"Impersonation - Bad mac"}'
NEXT = "&next=/admin"
UNCHANGED = ""


def claims_of(token):
    return jwt.decode(token, options={"verify_signature": False})


def is_jwt(token):
    return token.count(".") == 2


@pytest.fixture
def domain(acme):
    return urlsplit(acme.tls_url).netloc


@pytest.fixture(params=["auth0-2", "auth0-3", "auth0-0.8"])
def sdk(request):
    return request.param


@pytest.fixture
def impersonate(node, acme, domain, sdk):
    """Return a function that requests a link with the SDK and opens it with each suffix."""

    def impersonate(*suffixes, user_id="auth0|alice", verified=True, audience=None, **additional):
        parameters = {
            "response_type": "code", "state": "/admin?tab=users&x=1", "callback_url": CALLBACK,
            "scope": "openid profile email", **additional,
        }  # fmt: skip
        given = {
            "sdk": sdk,
            "domain": domain,
            "globalClient": MACHINE if audience else GLOBAL,
            "client": WEB,
            "audience": audience,
            "userId": user_id,
            "settings": {
                "impersonator_id": "auth0|admin",
                "protocol": "oauth2",
                "additionalParameters": {
                    name: value for name, value in parameters.items() if value is not None
                },
            },
            "suffixes": suffixes,
        }
        return node("impersonate.cjs", given, ca_file=acme.ca_file if verified else None)

    return impersonate


@shows("auth0 2", "impersonation", over="https")
@shows("auth0 3", "impersonation", over="https")
def test_an_old_sdk_impersonates_a_user(impersonate, acme):
    done = impersonate(UNCHANGED)
    link = done["link"]["value"]
    assert link.startswith(f"{acme.tls_url}/users/auth0%7Calice/impersonate?&bewit=")
    [opened] = done["opened"]
    assert opened["status"] == 302
    assert opened["location"].startswith(CALLBACK + "?code=")
    assert parse_qs(urlsplit(opened["location"]).query)["state"] == ["/admin?tab=users&x=1"]
    tokens = done["tokens"]
    assert list(tokens) == ["access_token", "id_token", "token_type", "expires_in"]
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 86400)
    assert not is_jwt(tokens["access_token"])
    assert claims_of(tokens["id_token"])["sub"] == done["profile"]["sub"] == "auth0|alice"
    assert done["profile"]["impersonated"] is True
    assert done["profile"]["impersonator"] == {
        "user_id": "auth0|admin",
        "email": "admin@acme.example",
    }


def test_an_escaped_user_id_is_accepted(impersonate, acme):
    done = impersonate(UNCHANGED, user_id="auth0%7Calice")
    assert done["link"]["value"].startswith(f"{acme.tls_url}/users/auth0%7Calice/impersonate?&")
    assert done["profile"]["sub"] == "auth0|alice"


def test_a_link_with_next_is_a_bad_mac_and_the_unchanged_link_still_opens(impersonate):
    changed, unchanged, reused = impersonate(NEXT, UNCHANGED, UNCHANGED)["opened"]
    assert (changed["status"], changed["body"]) == (401, BAD_MAC)
    assert "`next` was added after the link was signed" in changed["hint"]
    assert "additionalParameters.state" in changed["hint"]
    assert unchanged["status"] == 302
    assert (reused["status"], reused["body"]) == (401, BAD_MAC)
    assert "already used at" in reused["hint"]


@pytest.mark.parametrize("state", ["", None])
def test_a_link_without_state_is_created_but_is_a_bad_mac(impersonate, state):
    done = impersonate(UNCHANGED, state=state)
    assert done["link"]["value"]
    [opened] = done["opened"]
    assert (opened["status"], opened["body"]) == (401, BAD_MAC)
    assert "`additionalParameters.state` was empty or absent" in opened["hint"]


def test_tokens_arrive_in_the_fragment(impersonate):
    [opened] = impersonate(UNCHANGED, response_type="token id_token")["opened"]
    arrived = dict(parse_qsl(urlsplit(opened["location"]).fragment))
    assert list(arrived) == [
        "access_token", "id_token", "scope", "expires_in", "token_type", "state",
    ]  # fmt: skip
    assert claims_of(arrived["id_token"])["sub"] == "auth0|alice"
    assert not is_jwt(arrived["access_token"])


@shows("auth0 2", refuses=["impersonation with a Management API token"], over="https")
@shows("auth0 3", refuses=["impersonation with a Management API token"], over="https")
def test_a_management_api_v2_token_gets_no_link(impersonate, acme):
    refused = impersonate(audience=f"{acme.tls_url}/api/v2/")["link"]["refused"]
    assert refused["status"] == 401
    assert refused.get("body", refused["message"]) == "Unauthorized"


@shows("auth0 2", refuses=["impersonation of an unknown user"], over="https")
@shows("auth0 3", refuses=["impersonation of an unknown user"], over="https")
def test_an_unknown_user_gets_no_link(impersonate):
    refused = impersonate(user_id="auth0|nobody")["link"]["refused"]
    assert refused["status"] == 404


def test_the_sdks_need_the_ca(impersonate):
    refused = impersonate(verified=False)["link"]["refused"]
    assert "certificate" in refused["message"]


@shows(
    "openid-client 6",
    "authorization code with PKCE",
    "refresh token",
    "userinfo",
    "client credentials",
    refuses=["reused refresh token", "wrong code verifier"],
    over="http, https",
)
@pytest.mark.parametrize("url", ["url", "tls_url"])
def test_openid_client_6_logs_in_refreshes_and_gets_a_machine_token(node, acme, url):
    issuer = getattr(acme, url) + "/"
    done = node(
        "openid-client.mjs",
        {
            "issuer": issuer,
            "clientId": "acme-spa",
            "callback": CALLBACK,
            "audience": API,
            "machine": MACHINE,
            **ALICE,
        },
        ca_file=acme.ca_file,
    )
    assert done["issuer"] == done["claims"]["iss"] == issuer
    assert done["profile"]["email"] == "alice@acme.example"
    access = claims_of(done["tokens"]["access_token"])
    assert access["aud"] == [API, f"{issuer}userinfo"]
    assert access["scope"] == "openid profile email offline_access read:items"
    assert done["refreshed"]["refresh_token"] != done["tokens"]["refresh_token"]
    assert done["reused"]["refused"]["status"] == 403
    assert "reused refresh token" in done["reused"]["refused"]["error_description"]
    assert done["family"]["refused"]["error"] == "invalid_grant"
    assert done["wrongVerifier"]["refused"]["error_description"] == "Failed to verify code verifier"
    for machine in done["machine"].values():
        claims = claims_of(machine["access_token"])
        assert (claims["sub"], claims["aud"]) == ("acme-m2m@clients", API)


CODE = ("authorization code", "authorization code with PKCE", "userinfo", "revocation")


@pytest.mark.parametrize(
    "sdk",
    [
        pytest.param(
            f"auth0-{major}",
            marks=facts(f"auth0 {major}", *CODE, refuses=["revoked refresh token"], over="https"),
        )
        for major in (6, 4)
    ],
)
def test_auth0_4_and_6_use_every_grant(node, acme, domain, sdk):
    done = node(
        "auth0-code.mjs",
        {
            "sdk": sdk,
            "domain": domain,
            "callback": CALLBACK,
            "audience": API,
            "machine": MACHINE,
            "web": WEB,
            **ALICE,
        },
        ca_file=acme.ca_file,
    )
    assert claims_of(done["machine"]["access_token"])["gty"] == "client-credentials"
    assert claims_of(done["password"]["access_token"])["gty"] == "password"
    for grant in ("password", "exchanged", "refreshed", "withPkce"):
        access = claims_of(done[grant]["access_token"])
        assert (access["sub"], access["iss"]) == ("auth0|alice", f"https://{domain}/")
        assert claims_of(done[grant]["id_token"])["aud"] == "acme-web"
    assert done["profile"]["email"] == "alice@acme.example"
    assert done["wrongPassword"]["refused"]["status"] == 403
    assert done["wrongPassword"]["refused"]["error_description"] == "Wrong email or password."
    assert done["revoked"]["refused"]["error"] == "invalid_grant"
    assert "invalid refresh token" in done["revoked"]["refused"]["error_description"]
