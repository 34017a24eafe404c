"""Custom domains: signed and pushed requests, links and tickets that are used at another domain."""

from dataclasses import replace

import jwt
import pytest

from helpers.acme import CALLBACK, URL, web_client, with_tenant
from helpers.assertions import KEY, public_pem, refusal, request_token, sign, signer_document
from helpers.custom_domains import BRAND_URL, LOGIN_URL, PENDING, TENANT, at_domains
from helpers.tenant_client import bearer, claims_of, hint, sent_to_callback
from mockidp.resources.client_credential import Credential, SignedRequestObject

CREDENTIAL = Credential(name="first", pem=public_pem())


@pytest.fixture
def signing_clients():
    document = signer_document(CREDENTIAL)
    return at_domains(replace(document, custom_domains=TENANT.custom_domains))


@pytest.mark.parametrize("audience", [URL, LOGIN_URL, BRAND_URL])
def test_a_client_assertion_may_name_any_domain_of_the_tenant(signing_clients, audience):
    for idp in signing_clients:
        answer = request_token(idp, sign(idp, aud=f"{audience}/"))
        assert claims_of(answer.json["access_token"])["iss"] == f"{idp.url}/"


def test_a_client_assertion_does_not_name_a_domain_that_is_not_verified(signing_clients):
    for idp in signing_clients:
        refused = request_token(idp, sign(idp, aud=f"http://{PENDING}/"))
        assert f"Set it to the issuer '{idp.url}/'" in refusal(refused)


@pytest.mark.parametrize("audience", [URL, LOGIN_URL])
def test_a_request_object_may_name_any_domain_of_the_tenant(audience):
    settings = SignedRequestObject(credentials=(CREDENTIAL,))
    signer = web_client("signer", signed_request_object=settings)
    claims = {
        "iss": "signer", "aud": f"{audience}/", "client_id": "signer", "response_type": "code",
        "redirect_uri": CALLBACK,
    }  # fmt: skip
    text = jwt.encode(claims, KEY, algorithm="RS256")
    for idp in at_domains(replace(TENANT, clients=(*TENANT.clients, signer))):
        answer = idp.get("/authorize", client_id="signer", request=text)
        assert answer.location.startswith("/u/login"), hint(answer)


def test_a_pushed_request_may_be_used_at_another_domain():
    document = with_tenant(TENANT, pushed_authorization_requests_supported=True)
    own, login, _ = at_domains(document)
    form = {
        "client_id": "web", "client_secret": "web-secret", "response_type": "code",
        "redirect_uri": CALLBACK, "scope": "openid",
    }  # fmt: skip
    uri = own.post("/oauth/par", **form).json["request_uri"]
    page = login.get("/authorize", client_id="web", request_uri=uri)
    tokens = login.redeem(sent_to_callback(login.log_in(page.location))["code"]).json
    assert claims_of(tokens["id_token"])["iss"] == f"{LOGIN_URL}/"


def test_an_impersonation_link_opens_only_at_its_domain():
    own, login, _ = at_domains()
    token = login.machine_token(client_id="global").json["access_token"]
    body = {
        "protocol": "oauth2", "impersonator_id": "auth0|bob", "client_id": "web",
        "additionalParameters": {
            "response_type": "code", "state": "s", "callback_url": CALLBACK, "scope": "openid",
        },
    }  # fmt: skip
    path = "/users/auth0%7Calice/impersonate"
    url = login.post(path, headers=bearer(token), json_body=body).text
    assert url.startswith(f"{LOGIN_URL}/")
    target = url.removeprefix(LOGIN_URL)
    assert own.get(target).status_code == 401
    code = sent_to_callback(login.get(target))["code"]
    assert claims_of(login.redeem(code).json["id_token"])["iss"] == f"{LOGIN_URL}/"


def test_a_link_of_an_e_mail_works_at_every_domain():
    own, login, _ = at_domains()
    body = {"client_id": "web", "email": "alice@acme.example"}
    database = {"connection": "Username-Password-Authentication"}
    login.post("/dbconnections/change_password", json_body=body | database)
    link = list(own.tenant.outbox)[-1].link.partition("#")[0]
    for idp in (own, login):
        assert idp.get(link.removeprefix(URL)).status_code == 200


@pytest.mark.parametrize("path", ["/userinfo", "/api/v2/", "/mfa/"])
def test_a_domain_that_is_not_verified_is_in_no_identifier(path):
    own, *_ = at_domains()
    audience = f"http://{PENDING}:9400{path}"
    answer = sent_to_callback(own.authorize(audience=audience))
    assert answer["error_description"] == f"Service not found: {audience}"
