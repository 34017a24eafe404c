"""Rich authorization requests: `authorization_details` from the request to the tokens."""

import json
from dataclasses import replace

import jwt
import pytest

from helpers.acme import ACME, API, CALLBACK, URL, policy, web_client, with_tenant
from helpers.assertions import KEY, public_pem
from helpers.tenant_client import TenantClient, claims_of, hint, sent_to_callback
from mockidp.resources.client_credential import Credential, SignedRequestObject
from mockidp.resources.client_grant import ClientGrant
from mockidp.resources.client_tokens import RefreshTokenPolicy, ResourcePolicy
from mockidp.resources.resource_server import AuthorizationDetailsType
from mockidp.tenant.content.zero_config import ZERO_CONFIG
from mockidp.tenant.state.sign_ins import SignIn

PAYMENT = {"type": "payment", "amount": 5, "to": "Zoë <zoe@shop.example>"}
DETAILS = json.dumps([PAYMENT, {"type": "account"}])
OTHER_API = "https://other.example/"


def document(**fields):
    types = (AuthorizationDetailsType(type="payment"), AuthorizationDetailsType(type="account"))
    apis = tuple(
        replace(one, authorization_details=types, **fields) if one.identifier == API else one
        for one in ACME.resource_servers
    )
    pushing = with_tenant(ACME, pushed_authorization_requests_supported=True)
    return replace(pushing, resource_servers=apis)


@pytest.fixture
def idp():
    return TenantClient(document())


def request(details=DETAILS, **more):
    return {"audience": API, "authorization_details": details} | more


def consent_page(idp, **parameters):
    """Log in as far as the consent page, and return its URL."""
    answer = idp.follow(idp.authorize(**parameters))
    if answer.location.startswith("/u/login"):
        answer = idp.log_in(answer.location)
    assert answer.location.startswith("/u/consent?state="), answer.location
    return answer.location


def granted(idp, **parameters):
    """Log in, consent, and return the body of the token response."""
    answer = idp.follow(idp.submit(consent_page(idp, **parameters), action="accept"))
    return idp.redeem(sent_to_callback(answer)["code"]).json


def refusal(answer):
    """Return the description and the hint of a refused request."""
    sent = sent_to_callback(answer)
    assert sent["error"] == "invalid_authorization_details"
    return sent["error_description"], hint(answer)


def test_rfc9396_7__response_and_access_token_have_the_granted_details(idp):
    body = granted(idp, **request())
    assert body["authorization_details"] == json.loads(DETAILS)
    assert claims_of(body["access_token"])["authorization_details"] == json.loads(DETAILS)
    assert "authorization_details" not in claims_of(body["id_token"])


def test_rfc9396_7__tokens_of_other_requests_have_no_details(idp):
    body = idp.tokens(audience=API)
    assert "authorization_details" not in body
    assert "authorization_details" not in claims_of(body["access_token"])


def test_auth0_details__a_refresh_keeps_them(idp):
    body = granted(idp, **request(scope="openid offline_access"))
    refreshed = idp.refresh(body["refresh_token"]).json
    assert refreshed["authorization_details"] == json.loads(DETAILS)
    assert claims_of(refreshed["access_token"])["authorization_details"] == json.loads(DETAILS)


def test_auth0_details__the_token_of_another_api_does_not_get_them(idp):
    other = ResourcePolicy(audience=OTHER_API, scope=("read:others",))
    given = document()
    with_policy = tuple(
        replace(one, refresh_token=RefreshTokenPolicy(policies=(other,)))
        if one.client_id == "web"
        else one
        for one in given.clients
    )
    apis = (
        *given.resource_servers,
        replace(given.resource_servers[0], identifier=OTHER_API, name="Other"),
    )
    idp.edit(replace(given, clients=with_policy, resource_servers=apis))
    body = granted(idp, **request(scope="openid offline_access"))
    refreshed = idp.refresh(body["refresh_token"], audience=OTHER_API).json
    assert OTHER_API in claims_of(refreshed["access_token"])["aud"]
    assert "authorization_details" not in refreshed


def test_auth0_details__the_consent_page_shows_them_each_time(idp):
    granted(idp, **request())
    page = idp.request("GET", consent_page(idp, **request()))
    assert "It asks you to allow" in page.text
    assert "Zoë &lt;zoe@shop.example&gt;" in page.text


def test_auth0_details__without_pages_the_consent_is_missing(idp):
    granted(idp, **request())
    answer = idp.authorize(**request(), prompt="none")
    assert sent_to_callback(answer)["error"] == "consent_required"
    assert "Each request with `authorization_details` needs consent." in hint(answer)


def test_mockidp_details__a_prepared_sign_in_consents(idp):
    idp.tenant.sign_ins.add(SignIn(user_id="auth0|alice"))
    code = sent_to_callback(idp.authorize(**request()))["code"]
    assert idp.redeem(code).json["authorization_details"] == json.loads(DETAILS)


def test_auth0_details__a_request_through_the_browser_is_advised_to_push(idp):
    answer = idp.authorize(**request())
    assert "send it to /oauth/par." in hint(answer)
    noted = idp.tenant.journal.last("authorize").notes["authorization_details"]
    assert list(noted) == ["payment", "account"]


def push(idp, **more):
    form = {"client_id": "web", "client_secret": "web-secret", "response_type": "code"}
    return idp.post("/oauth/par", **form, redirect_uri=CALLBACK, **request(**more))


def test_auth0_details__they_can_be_pushed(idp):
    answer = push(idp)
    assert answer.status_code == 201
    assert hint(answer) == ""
    uri = answer.json["request_uri"]
    opened = idp.follow(idp.get("/authorize", client_id="web", request_uri=uri))
    consent = idp.log_in(opened.location)
    code = sent_to_callback(idp.follow(idp.submit(consent.location, action="accept")))["code"]
    assert idp.redeem(code).json["authorization_details"] == json.loads(DETAILS)


def test_rfc9396_5__a_wrong_push_is_refused_with_json(idp):
    answer = push(idp, details='[{"type": "transfer"}]')
    assert answer.status_code == 400
    assert answer.json == {
        "error": "invalid_authorization_details",
        "error_description": "Unknown authorization_details type: transfer",
    }


@pytest.mark.parametrize("form", [json.loads(DETAILS), DETAILS], ids=["array", "text"])
def test_rfc9396_2__a_request_object_has_them_as_an_array_or_as_text(idp, form):
    settings = SignedRequestObject(credentials=(Credential(name="jar", pem=public_pem()),))
    signer = web_client("signer", signed_request_object=settings)
    idp.edit(replace(document(), clients=(*ACME.clients, signer)))
    claims = {"iss": "signer", "aud": f"{URL}/", "client_id": "signer", "response_type": "code"}
    text = jwt.encode(claims | {"redirect_uri": CALLBACK} | request(form), KEY, algorithm="RS256")
    answer = idp.follow(idp.get("/authorize", client_id="signer", request=text))
    page = idp.log_in(answer.location)
    assert page.location.startswith("/u/consent")
    assert "payment" in idp.request("GET", page.location).text


@pytest.mark.parametrize(
    ("details", "why"),
    [
        ("{", "is not JSON"),
        ("[" * 5_000, "is not JSON"),
        ('[{"type": "payment", "amount": NaN}]', "is not JSON"),
        ('[{"type": "payment", "amount": 1e999}]', "is not JSON"),
        ('[{"type": "payment", "to": "\\ud800"}]', "is not JSON"),
        ("{}", "is not a JSON array"),
        ("[]", "is not a JSON array with at least one object"),
        ('["payment"]', "not an object, at index 0"),
        ('[{"type": "payment"}, {}]', "without a string `type`, at index 1"),
        ('[{"type": 5}]', "without a string `type`"),
        ('[{"type": ""}]', "without a string `type`"),
    ],
)
def test_rfc9396_5__malformed_details_are_refused(idp, details, why):
    description, because = refusal(idp.authorize(**request(details)))
    assert description == "Invalid authorization_details"
    assert why in because


def test_rfc9396_5__a_type_that_the_api_does_not_define_is_refused(idp):
    description, because = refusal(idp.authorize(**request('[{"type": "paiment"}]')))
    assert description == "Unknown authorization_details type: paiment"
    assert "Known types: payment, account. Did you mean payment?" in because


def test_rfc9396_5__without_an_api_no_type_is_known(idp):
    _, because = refusal(idp.authorize(authorization_details=DETAILS))
    assert "Send `audience`." in because


@pytest.mark.parametrize("grants", [(), ("payment",)])
def test_auth0_details__the_client_grant_must_contain_the_type(idp, grants):
    given = document(subject_type_authorization=policy(user="require_client_grant"))
    grant = ClientGrant(
        client_id="web", audience=API, subject_type="user", authorization_details_types=grants
    )
    idp.edit(replace(given, client_grants=(*given.client_grants, grant)))
    answer = idp.authorize(**request('[{"type": "payment"}]'))
    if grants:
        assert answer.location.startswith("/u/login")
    else:
        _, because = refusal(answer)
        assert "Add it to `authorization_details_types` of the clientGrant." in because


def test_mockidp_details__without_a_tenant_file_every_type_is_accepted():
    idp = TenantClient(ZERO_CONFIG)
    answer = idp.authorize(**request('[{"type": "anything"}]'))
    assert answer.location.startswith("/u/login")


def test_auth0_details__at_the_token_endpoint_they_are_ignored_with_a_hint(idp):
    answer = idp.redeem(idp.callback()["code"], authorization_details=DETAILS)
    assert answer.status_code == 200
    assert "Parameter `authorization_details` was ignored." in hint(answer)
