"""With `profile: oidc`: what differs from Auth0 except claims."""

import json
from dataclasses import replace

import jwt
import pytest

from helpers.acme import ACME, API, CALLBACK, web_client, with_settings
from helpers.assertions import KEY, OTHER_KEY, public_pem
from helpers.tenant_client import TenantClient, basic, hint, race, sent_to_callback
from mockidp.protocol.tokens.base64url import base64url
from mockidp.resources.client_credential import Credential, SignedRequestObject

LOGIN_REQUIRED = "login_required"


@pytest.fixture
def idp():
    return TenantClient(with_settings(profile="oidc"))


# --- codes that are used again ---


@pytest.mark.parametrize("audience", [None, API])
def test_rfc6749_4_1_2__reuse_of_a_code_revokes_its_tokens(idp, audience):
    code = idp.callback(scope="openid offline_access", audience=audience)["code"]
    tokens = idp.redeem(code).json
    idp.later(1)
    newer = idp.refresh(tokens["refresh_token"]).json
    other = idp.tokens()
    again = idp.redeem(code)
    assert (again.status_code, again.json["error"]) == (400, "invalid_grant")
    assert hint(again).endswith("All its tokens were revoked (3), as RFC 6749 4.1.2 recommends.")
    for one in {tokens["access_token"], newer["access_token"]}:
        refused = idp.userinfo(one)
        assert refused.status_code == 401
        assert "because its code was redeemed for a second time" in hint(refused)
    assert idp.refresh(tokens["refresh_token"]).json["error"] == "invalid_grant"
    assert idp.userinfo(other["access_token"]).status_code == 200
    assert "revoked" not in hint(idp.redeem(code))


def test_rfc6749_4_1_2__of_many_at_once_one_gets_tokens(idp):
    code = idp.callback()["code"]
    answers = race(lambda: idp.another_browser().redeem(code).status_code)
    assert sorted(answers) == [200, *[400] * 49]


def test_auth0_keeps_the_tokens_of_a_code_that_is_used_again():
    idp = TenantClient()
    code = idp.callback()["code"]
    token = idp.redeem(code).json["access_token"]
    assert idp.redeem(code).status_code == 403
    assert idp.userinfo(token).status_code == 200


# --- redirect_uri ---


def test_oidc_core_3_1_2_1__redirect_uri_is_required(idp):
    refused = idp.authorize(redirect_uri=None)
    assert refused.status_code == 400
    assert hint(refused) == (
        "Parameter `redirect_uri` was not sent. OpenID Connect requires it (setting `profile` is "
        "oidc)."
    )


# --- id_token_hint ---


def test_oidc_core_3_1_2_2__id_token_hint_names_the_user(idp):
    alice = idp.tokens()["id_token"]
    assert "code" in sent_to_callback(idp.authorize(prompt="none", id_token_hint=alice))
    bob = idp.another_browser()
    bob.callback("bob")
    assert sent_to_callback(bob.authorize(prompt="none", id_token_hint=alice))["error"] == (
        LOGIN_REQUIRED
    )
    answer = bob.log_in(bob.authorize(id_token_hint=alice).location, "bob")
    assert sent_to_callback(answer)["error"] == LOGIN_REQUIRED
    assert hint(answer) == (
        "The request is for user auth0|alice (`id_token_hint`, or `sub` in `claims`), but "
        "auth0|bob logged in."
    )
    answer = bob.log_in(bob.authorize(id_token_hint=alice, prompt="login").location, "alice")
    assert "code" in sent_to_callback(answer)


def test_oidc_core_3_1_2_1__an_id_token_hint_of_another_provider_is_refused(idp):
    forged = jwt.encode({"sub": "auth0|alice"}, KEY, algorithm="RS256")
    answer = idp.authorize(id_token_hint=forged)
    sent = sent_to_callback(answer)
    assert (sent["error"], sent["error_description"]) == (
        "invalid_request",
        "Invalid id_token_hint",
    )
    assert hint(answer).startswith("Parameter `id_token_hint` is invalid. ")


def test_id_token_hint_and_claims_must_not_contradict_each_other(idp):
    alice = idp.tokens()["id_token"]
    claims = json.dumps({"id_token": {"sub": {"value": "auth0|bob"}}})
    answer = idp.authorize(id_token_hint=alice, claims=claims)
    assert hint(answer) == (
        "Parameter `id_token_hint` is for auth0|alice, but `claims` requests the `sub` auth0|bob. "
        "Send only one of them."
    )


# --- request objects ---


def unsigned(signature="", **claims):
    parts = (base64url(json.dumps(part).encode()) for part in ({"alg": "none"}, claims))
    return ".".join((*parts, signature))


def signer(**settings):
    jar = SignedRequestObject(credentials=(Credential(pem=public_pem()),), **settings)
    client = web_client("signer", signed_request_object=jar)
    document = replace(ACME, clients=(*ACME.clients, client))
    return TenantClient(with_settings(document, profile="oidc"))


def test_oidc_core_6_1__parameters_of_an_unsigned_object_come_first(idp):
    inside = {"redirect_uri": CALLBACK, "state": "inside", "nonce": "n", "max_age": 100}
    sent = {"redirect_uri": "https://evil.example/", "state": "outside"}
    answer = idp.authorize(request=unsigned(**inside), **sent)
    assert hint(answer) == (
        "The request object has other values for these parameters, and they were used: "
        "redirect_uri, state."
    )
    callback = sent_to_callback(idp.log_in(answer.location))
    assert callback["state"] == "inside"
    body = jwt.decode(idp.redeem(callback["code"]).json["id_token"], options=NO_CHECKS)
    assert (body["nonce"], "auth_time" in body) == ("n", True)


NO_CHECKS = {"verify_signature": False}


def test_oidc_core_6_1__claims_in_a_request_object_are_json(idp):
    request = unsigned(claims={"id_token": {"email": None}})
    callback = idp.callback(request=request)
    body = jwt.decode(idp.redeem(callback["code"]).json["id_token"], options=NO_CHECKS)
    assert body["email"] == "alice@acme.example"


@pytest.mark.parametrize(
    "text",
    [
        unsigned(client_id="other"),
        unsigned(iss="other"),
        unsigned(aud="https://other.example/"),
        unsigned(exp=1),
        unsigned(signature="c2ln"),
        unsigned(request="nested"),
        "no JWT",
    ],
)
def test_oidc_core_3_1_2_6__a_refused_request_object_is_reported_at_the_callback(idp, text):
    answer = idp.authorize(request=text)
    assert sent_to_callback(answer)["error"] == "invalid_request_object"
    assert sent_to_callback(answer)["state"] == "s1"
    assert hint(answer).startswith("The request object was refused. ")
    on_page = idp.authorize(request=text, redirect_uri=None)
    assert (on_page.status_code, "invalid_request_object" in on_page.text) == (400, True)


def test_a_signed_object_needs_no_type_audience_or_issuer():
    idp = signer()
    text = jwt.encode({"state": "inside"}, KEY, algorithm="RS256", headers={"typ": None})
    assert idp.callback(client_id="signer", request=text)["state"] == "inside"


@pytest.mark.parametrize("required", [True, False])
def test_a_client_with_keys_must_sign_its_objects(required):
    idp = signer(required=required)
    answer = idp.authorize(client_id="signer", request=unsigned(state="inside"))
    assert sent_to_callback(answer)["error"] == "invalid_request_object"
    text = jwt.encode({"state": "inside"}, OTHER_KEY, algorithm="RS256")
    answer = idp.authorize(client_id="signer", request=text)
    assert sent_to_callback(answer)["error"] == "invalid_request_object"


def test_oidc_core_3_1_2_6__a_request_uri_is_refused_at_the_callback(idp):
    answer = idp.authorize(request_uri="https://app.example/request.jwt")
    assert sent_to_callback(answer)["error"] == "request_uri_not_supported"
    refused = idp.authorize(request_uri="https://a.example/", redirect_uri="https://evil.example/")
    assert refused.status_code == 403


# --- client authentication ---


def test_rfc6749_5_2__wrong_credentials_are_invalid_client_with_a_challenge(idp):
    in_header = idp.post(
        "/oauth/token", headers=basic("web", "wrong"), grant_type="authorization_code", code="c"
    )
    in_body = idp.redeem("c", client_secret="wrong")
    for answer in (in_header, in_body):
        assert answer.status_code == 401
        assert answer.json == {"error": "invalid_client", "error_description": "Unauthorized"}
        assert hint(answer)
    assert in_header.headers["WWW-Authenticate"] == 'Basic realm="clients"'
    assert "WWW-Authenticate" not in in_body.headers


# --- discovery ---


def test_discovery_announces_what_the_profile_adds(idp):
    ours = idp.get("/.well-known/openid-configuration").json
    auth0 = TenantClient().get("/.well-known/openid-configuration").json
    different = {name for name in ours if ours[name] != auth0.get(name)}
    assert different == {
        "acr_values_supported",
        "claims_parameter_supported",
        "claims_supported",
        "grant_types_supported",
        "request_object_signing_alg_values_supported",
    }
    assert list(ours)[: len(auth0)] == list(auth0)
