"""Custom domains: one tenant with an issuer, sessions and tokens for each of its domains."""

from dataclasses import replace

import pytest

from helpers.acme import API, URL, with_client, with_settings, with_tenant
from helpers.custom_domains import BRAND_URL, LOGIN_URL, PENDING, TENANT, at_domains
from helpers.management import granting
from helpers.tenant_client import TenantClient, bearer, claims_of, hint, race, sent_to_callback
from mockidp.protocol.oauth.grant_types import DEVICE_CODE
from mockidp.protocol.tokens.custom_claim import CustomClaim
from mockidp.resources.custom_domain import CustomDomain

DISCOVERY = "/.well-known/openid-configuration"


@pytest.fixture
def domains():
    return at_domains()


def test_discovery_of_each_domain_has_its_own_urls(domains):
    for idp, url in zip(domains, (URL, LOGIN_URL, BRAND_URL), strict=True):
        document = idp.get(DISCOVERY).json
        urls = [one for one in document.values() if str(one).startswith("http")]
        assert document["issuer"] == f"{url}/"
        assert len(urls) > 5
        assert all(one.startswith(f"{url}/") for one in urls)


def test_all_domains_have_the_same_keys(domains):
    own, login, brand = (idp.get("/.well-known/jwks.json").json for idp in domains)
    assert own == login == brand


def test_each_domain_issues_tokens_with_its_issuer(domains):
    for idp, url in zip(domains, (URL, LOGIN_URL, BRAND_URL), strict=True):
        body = idp.tokens(scope="openid", audience=API)
        assert claims_of(body["id_token"])["iss"] == f"{url}/"
        assert claims_of(body["access_token"])["iss"] == f"{url}/"
        machine = idp.machine_token(audience=API).json["access_token"]
        assert claims_of(machine)["iss"] == f"{url}/"


def test_the_identifier_of_userinfo_is_at_the_own_domain(domains):
    _, login, _ = domains
    token = login.tokens(scope="openid", audience=API)["access_token"]
    assert claims_of(token)["aud"] == [API, f"{URL}/userinfo"]
    assert login.userinfo(token).status_code == 200


def test_the_identifier_of_userinfo_is_at_the_fixed_issuer():
    _, login, _ = at_domains(with_settings(TENANT, issuer="https://acme.test/"))
    token = login.tokens(scope="openid", audience=API)["access_token"]
    assert claims_of(token)["aud"] == [API, "https://acme.test/userinfo"]
    assert claims_of(token)["iss"] == f"{LOGIN_URL}/"


@pytest.mark.parametrize("path", ["/userinfo", "/api/v2/", "/mfa/"])
def test_a_custom_domain_is_in_no_identifier_of_auth0s_apis(domains, path):
    own, login, _ = domains
    for idp in (own, login):
        answer = sent_to_callback(idp.authorize(audience=LOGIN_URL + path))
        assert answer["error_description"] == f"Service not found: {LOGIN_URL}{path}"
    refused = login.machine_token(audience=LOGIN_URL + path)
    assert refused.status_code == 403
    assert f"Send {URL}{path}." in hint(refused)


def test_the_issuer_is_not_an_audience_at_a_custom_domain(domains):
    refused = domains[1].machine_token(audience=f"{LOGIN_URL}/")
    assert f"It is the issuer. Send the identifier of the API that is called, or {URL}/api/v2/" in (
        hint(refused)
    )


def test_a_token_for_the_management_api_names_the_own_domain(domains):
    answer = domains[1].machine_token(audience=f"{URL}/api/v2/", scope="read:users")
    claims = claims_of(answer.json["access_token"])
    assert (claims["iss"], claims["aud"]) == (f"{LOGIN_URL}/", f"{URL}/api/v2/")


# --- sessions and logins ---


def test_a_session_is_valid_only_at_its_domain(domains):
    own, login, brand = domains
    login.callback()
    value = login.browser.get_cookie("auth0-http", domain="login.acme.example").value
    cookie = f"auth0-http={value}"
    assert "code" in login.silent_login(cookie)
    for other in (own, brand):
        assert other.silent_login(cookie)["error"] == "login_required"


def test_a_login_stays_at_its_domain(domains):
    own, login, brand = domains
    page = login.authorize()
    assert page.location.startswith("/u/login")
    assert login.get(page.location).status_code == 200
    for other, name in ((own, "the tenant's own domain"), (brand, "the custom domain id.brand")):
        refused = other.get(page.location)
        assert refused.status_code == 400
        assert "This login began at the custom domain login.acme.example" in hint(refused)
        assert f"its page was opened at {name}" in hint(refused)
    assert "code" in sent_to_callback(login.log_in(page.location))


def test_a_code_of_another_domain_gives_tokens_of_its_own(domains):
    own, login, _ = domains
    for begun, other, issuer in ((login, own, LOGIN_URL), (own, login, URL)):
        code = begun.callback(scope="openid offline_access")["code"]
        answer = other.redeem(code)
        assert claims_of(answer.json["id_token"])["iss"] == f"{issuer}/"
        assert f"the `iss` of its tokens is {issuer}/" in hint(answer)
        refreshed = other.refresh(answer.json["refresh_token"])
        assert claims_of(refreshed.json["id_token"])["iss"] == f"{issuer}/"
        assert "Use one domain for both." in hint(refreshed)


def test_hosts_of_the_own_domain_are_one_domain(domains):
    own, *_ = domains
    code = own.callback()["code"]
    elsewhere = own.another_browser("http://127.0.0.1:9400").redeem(code)
    assert claims_of(elsewhere.json["id_token"])["iss"] == "http://127.0.0.1:9400/"
    assert "Use one domain" not in hint(elsewhere)


def test_one_of_many_requests_redeems_a_code_of_another_domain(domains):
    own, login, brand = domains
    code = login.callback()["code"]
    clients = iter([own, login, brand] * 20)
    answers = race(lambda: next(clients).another_browser().redeem(code).status_code)
    assert answers.count(200) == 1


def test_custom_claims_read_the_custom_domain_of_the_login():
    paths = ("domain", "domain_metadata.public_app")
    claims = tuple(CustomClaim(claim=f"urn:x:{one}", path=f"custom_domain.{one}") for one in paths)
    own, login, _ = at_domains(with_settings(TENANT, claims=claims))
    expected = {
        "urn:x:domain": "login.acme.example",
        "urn:x:domain_metadata.public_app": "app.acme.example",
    }
    code = login.callback(scope="openid", audience=API)["code"]
    body = own.redeem(code).json
    for token in (body["id_token"], body["access_token"]):
        assert claims_of(token).items() >= expected.items()
    assert login.userinfo(body["access_token"]).json.items() >= expected.items()
    assert not expected.keys() & claims_of(own.tokens(scope="openid")["id_token"]).keys()


# --- access tokens at other domains ---


def test_userinfo_refuses_tokens_of_other_domains(domains):
    own, login, _ = domains
    for body in (login.tokens(scope="openid"), login.tokens(scope="openid", audience=API)):
        refused = own.userinfo(body["access_token"])
        assert refused.status_code == 401
        assert f"The token was issued by {LOGIN_URL}/" in hint(refused)
        assert "was sent to the tenant's own domain" in hint(refused)
        assert login.userinfo(body["access_token"]).json["sub"] == "auth0|alice"


def test_a_setting_accepts_tokens_of_other_domains():
    own, login, _ = at_domains(with_settings(TENANT, accept_tokens_of_other_domains=True))
    for body in (login.tokens(scope="openid"), login.tokens(scope="openid", audience=API)):
        assert own.userinfo(body["access_token"]).json["sub"] == "auth0|alice"


def test_the_mfa_api_refuses_tokens_of_other_domains(domains):
    own, login, _ = domains
    scope = "openid read:authenticators"
    token = login.password_token(audience=f"{URL}/mfa/", scope=scope).json["access_token"]
    refused = own.get("/mfa/authenticators", headers=bearer(token))
    assert refused.status_code == 401
    assert f"The token was issued by {LOGIN_URL}/" in hint(refused)
    assert login.get("/mfa/authenticators", headers=bearer(token)).status_code == 200


# --- URLs of clients ---


def test_domain_metadata_replaces_the_placeholder_in_urls(domains):
    own, login, brand = domains
    url = "https://app.acme.example/callback"
    assert login.authorize(redirect_uri=url).status_code == 302
    for other in (own, brand):
        refused = other.authorize(redirect_uri=url)
        assert refused.status_code == 403
        assert "at a custom domain whose `domain_metadata` has the key" in hint(refused)


def test_domain_metadata_replaces_the_placeholder_in_origins(domains):
    own, login, _ = domains
    origin = {"Origin": "https://app.acme.example"}
    allowed = login.post("/oauth/token", headers=origin)
    assert allowed.headers["Access-Control-Allow-Origin"] == origin["Origin"]
    assert "Access-Control-Allow-Origin" not in own.post("/oauth/token", headers=origin).headers


# --- devices ---


def test_a_device_is_confirmed_at_its_own_domain():
    own, login, _ = at_domains(with_client(TENANT, "web", grant_types=(DEVICE_CODE,)))
    device = login.post("/oauth/device/code", client_id="web", scope="openid")
    assert device.json["verification_uri"] == f"{LOGIN_URL}/activate"
    refused = own.post("/activate", code=device.json["user_code"])
    assert refused.status_code == 400
    assert f"Open the device's `verification_uri`, {LOGIN_URL}/activate." in hint(refused)
    assert login.post("/activate", code=device.json["user_code"]).status_code == 302


# --- domains that are not verified ---


@pytest.mark.parametrize("status", ["pending_verification", "pending", "failed", "disabled"])
def test_a_domain_that_is_not_ready_does_not_answer(status):
    domain = CustomDomain(domain=PENDING, status=status)
    idp = TenantClient(replace(TENANT, custom_domains=(domain,)), url=f"http://{PENDING}")
    refused = idp.get(DISCOVERY)
    assert refused.status_code == 400
    assert f"The custom domain 'soon.acme.test' has `status: {status}`" in hint(refused)


def test_a_domain_that_becomes_ready_answers(domains):
    own, *_ = domains
    soon = own.another_browser(f"http://{PENDING}")
    assert soon.get(DISCOVERY).status_code == 400
    own.edit(replace(TENANT, custom_domains=(CustomDomain(domain=PENDING),)))
    assert soon.get(DISCOVERY).json["issuer"] == f"http://{PENDING}/"


def test_a_session_ends_with_its_domain(domains):
    own, login, _ = domains
    login.callback()
    assert "code" in sent_to_callback(login.authorize(prompt="none"))
    own.edit(replace(TENANT, custom_domains=()))
    assert login.get(DISCOVERY).status_code == 400


# --- logout and legacy endpoints ---


def test_an_id_token_hint_of_another_domain_is_refused(domains):
    own, login, _ = domains
    token = login.tokens(scope="openid")["id_token"]
    refused = own.get("/oidc/logout", id_token_hint=token)
    assert refused.status_code == 400
    assert f"The token was issued by {LOGIN_URL}/" in hint(refused)
    assert login.get("/oidc/logout", id_token_hint=token).status_code in {200, 302}


def test_tokeninfo_refuses_an_id_token_of_another_domain():
    flags = replace(TENANT.tenant.flags, allow_legacy_tokeninfo_endpoint=True)
    own, login, _ = at_domains(with_tenant(TENANT, flags=flags))
    token = login.tokens(scope="openid")["id_token"]
    refused = own.post("/tokeninfo", json_body={"id_token": token})
    assert refused.status_code >= 400
    assert f"The token was issued by {LOGIN_URL}/" in hint(refused)
    assert login.post("/tokeninfo", json_body={"id_token": token}).status_code == 200


def test_the_management_api_refuses_tokens_of_another_domain():
    own, login, _ = at_domains(granting("read:users", document=TENANT))
    for idp, other in ((own, login), (login, own)):
        audience = f"{URL}/api/v2/"
        answer = idp.machine_token(client_id="manager", audience=audience).json
        token = bearer(answer["access_token"])
        assert idp.get("/api/v2/users", headers=token).status_code == 200
        refused = other.get("/api/v2/users", headers=token)
        assert (refused.status_code, refused.json["message"]) == (401, "Invalid token")
        assert f"The token was issued by {idp.url}/" in hint(refused)


def test_the_management_api_names_the_own_domain_as_its_audience():
    _, login, _ = at_domains(granting("read:users", document=TENANT))
    wrong = bearer(login.machine_token(audience=API).json["access_token"])
    refused = login.get("/api/v2/users", headers=wrong)
    assert f"Request one for the audience {URL}/api/v2/." in hint(refused)
