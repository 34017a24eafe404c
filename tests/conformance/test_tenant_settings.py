"""Settings of Auth0's tenant resource that change responses."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc.jwk import KeySet

from helpers.acme import ACME, API, CALLBACK, PASSWORD_OF_ALL, URL, with_tenant
from helpers.tenant_client import TenantClient, hint, sent_to_callback
from mockidp.tenant.config.load import parse_tenant
from mockidp.tenant.content.tenant_settings import (
    CustomPage,
    ErrorPage,
    OidcLogout,
    SessionCookie,
    SessionRules,
    TenantFlags,
)

DISCOVERY = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")
JWKS = "/.well-known/jwks.json"


@pytest.mark.parametrize("path", DISCOVERY)
def test_auth0_oidc_logout__discovery_can_leave_the_endpoint_out(path):
    named = TenantClient().get(path).json
    off = OidcLogout(rp_logout_end_session_endpoint_discovery=False)
    answer = TenantClient(with_tenant(oidc_logout=off)).get(path).json
    assert named.keys() - answer.keys() == {"end_session_endpoint"}
    assert [name for name in answer if answer[name] != named[name]] == []


def test_auth0_oidc_logout__the_endpoint_works_although_discovery_does_not_name_it():
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
    confirmation = idp.get("/oidc/logout")
    assert 'value="accept"' in confirmation.text
    assert "Set-Cookie" not in confirmation.headers
    quiet = TenantClient(with_tenant(sessions=SessionRules(oidc_logout_prompt_enabled=False)))
    quiet.callback()
    answer = quiet.get("/oidc/logout")
    assert answer.status_code == 200
    assert "auth0-http=;" in answer.headers["Set-Cookie"]


ERROR_PAGE = "https://app.example/error?from=auth0"


def sent_to_error_page(answer):
    """Return the parameters that a custom error page gets, in their order."""
    assert answer.status_code == 302
    base, _, query = answer.location.partition("&")
    assert base == ERROR_PAGE
    return dict(parse_qsl(query))


@pytest.mark.parametrize(
    "document",
    [
        with_tenant(error_page=ErrorPage(url=ERROR_PAGE)),
        replace(ACME, pages=(CustomPage(name="error_page", url=ERROR_PAGE),)),
    ],
    ids=["tenant.error_page", "pages"],
)
def test_auth0_error_page__errors_that_cannot_go_to_a_callback_are_sent_to_it(document):
    answer = TenantClient(document).authorize(redirect_uri="http://evil.example/", connection="db")
    assert sent_to_error_page(answer) == {
        "client_id": "web",
        "connection": "db",
        "lang": "en",
        "error": "unauthorized_client",
        "error_description": "Callback URL mismatch. http://evil.example/ is not in the list of "
        "allowed callback URLs",
        "tracking": answer.headers["X-Auth0-RequestId"],
    }
    assert "http://evil.example/" in hint(answer)


def test_auth0_error_page__parameters_missing_in_the_request_are_omitted():
    idp = TenantClient(with_tenant(error_page=ErrorPage(url=ERROR_PAGE)))
    answer = idp.get("/u/login", state="long-gone")
    assert list(sent_to_error_page(answer)) == ["lang", "error", "error_description", "tracking"]


def test_auth0_error_page__errors_for_the_callback_and_for_the_client_stay_there():
    idp = TenantClient(with_tenant(error_page=ErrorPage(url=ERROR_PAGE)))
    assert sent_to_callback(idp.authorize(prompt="none"))["error"] == "login_required"
    assert idp.token(grant_type="password").status_code == 400


@pytest.mark.parametrize(
    "pages", [(), (CustomPage(name="login", url=ERROR_PAGE),), (CustomPage(name="error_page"),)]
)
def test_auth0_error_page__without_a_url_the_page_is_ours(pages):
    document = replace(with_tenant(error_page=ErrorPage(url="")), pages=pages)
    answer = TenantClient(document).authorize(redirect_uri="http://evil.example/")
    assert (answer.status_code, answer.content_type) == (403, "text/html; charset=utf-8")


@pytest.mark.parametrize("mode", ["query", "fragment"])
def test_rfc9207__authorization_responses_can_carry_the_issuer(mode):
    idp = TenantClient(with_tenant(authorization_response_iss_parameter_supported=True))
    for parameters in ({}, {"prompt": "none"}, {"prompt": "none", "audience": "urn:unknown"}):
        answer = idp.follow(idp.authorize(response_mode=mode, **parameters))
        if "/u/login" in answer.location:
            answer = idp.follow(idp.log_in(answer.location))
        split = urlsplit(answer.location)
        assert answer.location.startswith(CALLBACK)
        sent = dict(parse_qsl(split.query if mode == "query" else split.fragment))
        assert list(sent)[-1] == "iss"
        assert sent["iss"] == f"{URL}/"
    name = "authorization_response_iss_parameter_supported"
    assert idp.get(DISCOVERY[0]).json[name] is True
    assert name not in TenantClient().get(DISCOVERY[0]).json


def test_auth0_connections__an_inactive_connection_has_no_users():
    document = parse_tenant(
        """
        tenant: {default_directory: staff}
        clients: [{client_id: web, client_secret: s, callbacks: ['http://localhost:3000/callback'],
                   grant_types: [authorization_code, password]}]
        databases:
          - {name: staff, authentication: {active: false}}
          - {name: customers, authentication: {active: true}}
        users:
          - {user_id: auth0|a, email: a@acme.example, password: Passw0rd!, connection: staff}
          - {user_id: auth0|b, email: b@acme.example, password: Passw0rd!, connection: customers}
        """
    )
    idp = TenantClient(document)
    page = idp.request("GET", idp.authorize().location).text
    assert ("auth0|a" in page, "auth0|b" in page) == (False, True)
    refused = idp.authorize(connection="staff")
    assert sent_to_callback(refused)["error_description"] == (
        "no connections enabled for the client"
    )
    assert "Set `authentication.active` of connection staff to true." in hint(refused)


THIRD_PARTIES = """
clients:
  - {client_id: ours, client_secret: s, grant_types: [client_credentials]}
  - {client_id: theirs, client_secret: s, grant_types: [client_credentials], is_first_party: false}
  - {client_id: named, client_secret: s, grant_types: [client_credentials], is_first_party: false}
resourceServers: [{identifier: 'urn:a', scopes: [{value: read}, {value: write}]}]
clientGrants:
  - {audience: 'urn:a', default_for: third_party_clients, scope: [read]}
  - {audience: 'urn:a', client_id: named, scope: [write]}
"""


@pytest.mark.parametrize(
    ("client", "scope"), [("ours", None), ("theirs", "read"), ("named", "write")]
)
def test_auth0_client_grants__a_grant_can_apply_to_all_third_party_clients(client, scope):
    idp = TenantClient(parse_tenant(THIRD_PARTIES))
    answer = idp.token(
        grant_type="client_credentials", client_id=client, client_secret="s", audience="urn:a"
    )
    assert answer.json.get("scope") == scope
    assert answer.status_code == (200 if scope else 403)


def revoke(idp, token):
    form = {"client_id": "web", "client_secret": "web-secret", "token": token}
    assert idp.post("/oauth/revoke", **form).status_code == 200


@pytest.mark.parametrize(
    ("flag", "same_api", "other_api"), [(None, 200, 200), (False, 200, 200), (True, 403, 200)]
)
def test_auth0_revoke__a_flag_ends_the_other_tokens_of_the_grant(flag, same_api, other_api):
    idp = TenantClient(with_tenant(flags=TenantFlags(revoke_refresh_token_grant=flag)))
    scope = "openid offline_access"
    token, same = (idp.tokens(scope=scope, audience=API)["refresh_token"] for _ in range(2))
    other = idp.tokens(scope=scope)["refresh_token"]
    bob = idp.another_browser()
    of_another = bob.tokens(user="bob", scope=scope, audience=API)["refresh_token"]
    revoke(idp, token)
    assert [idp.refresh(one).status_code for one in (token, same, other, of_another)] == [
        403, same_api, other_api, 200,
    ]  # fmt: skip


@pytest.mark.parametrize(("flag", "asks_again"), [(None, True), (False, False), (True, True)])
def test_auth0_revoke__if_the_grant_is_not_revoked_the_consent_stays(flag, asks_again):
    idp = TenantClient(with_tenant(flags=TenantFlags(revoke_refresh_token_grant=flag)))
    client = {"client_id": "third-party"}
    page = idp.log_in(idp.authorize(scope="openid offline_access", **client).location).location
    answer = idp.follow(idp.submit(page, action="accept"))
    code = sent_to_callback(answer)["code"]
    secret = {"client_secret": "third-party-secret"}
    token = idp.redeem(code, **client, **secret).json["refresh_token"]
    idp.post("/oauth/revoke", token=token, **client, **secret)
    again = sent_to_callback(idp.authorize(prompt="none", scope="openid offline_access", **client))
    assert (again.get("error") == "consent_required") is asks_again
