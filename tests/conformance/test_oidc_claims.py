"""With `profile: oidc`: standard claims, and the parameter `claims`."""

import json
from dataclasses import replace

import pytest

from helpers.acme import ACME, API, with_settings
from helpers.oidf.oracle import CLAIMS_OF_SCOPE, check_standard_claims
from helpers.tenant_client import TenantClient, claims_of, hint, sent_to_callback
from mockidp.protocol.mfa.records import MULTI_FACTOR, PASSWORD_CLASS

PROTOCOL = {"iss", "sub", "aud", "iat", "exp", "sid"}
ADDRESS = {"formatted": "1 Main Street", "locality": "Zurich"}
METADATA = {
    "middle_name": "B",
    "profile": "https://alice.example/me",
    "website": "https://alice.example",
    "gender": "female",
    "birthdate": "1990-02-28",
    "zoneinfo": "Europe/Zurich",
    "address": ADDRESS,
}


def standard(**fields):
    """Return the tenant in which alice has these fields."""
    alice, *others = ACME.users
    document = replace(ACME, users=(replace(alice, **fields), *others))
    return TenantClient(with_settings(document, profile="oidc"))


@pytest.fixture
def idp():
    return standard(
        family_name="Adams",
        locale="en-GB",
        username="alice",
        phone_number="+41441234567",
        phone_verified=True,
        user_metadata=METADATA,
    )


def claims(**places):
    return json.dumps(places)


@pytest.mark.parametrize("scope", ["profile", "email", "phone", "address"])
def test_oidc_core_5_4__a_scope_opens_all_standard_claims(idp, scope):
    tokens = idp.tokens(scope=f"openid {scope}")
    body = idp.userinfo(tokens["access_token"]).json
    check_standard_claims(body)
    assert set(body) == {"sub"} | CLAIMS_OF_SCOPE[scope]
    assert set(claims_of(tokens["id_token"])) == PROTOCOL


def test_claims_that_auth0_has_no_field_for_are_read_from_user_metadata(idp):
    body = idp.userinfo(idp.tokens(scope="openid profile address phone")["access_token"]).json
    assert {name: body[name] for name in METADATA} == METADATA
    assert (body["preferred_username"], body["phone_number_verified"]) == ("alice", True)
    assert "phone_verified" not in body
    assert body["updated_at"] == 1704067200


@pytest.mark.parametrize(
    "metadata", [{}, {"gender": "", "address": {}}, {"gender": 1, "address": "Zurich"}]
)
def test_claims_without_a_value_of_their_type_are_omitted(metadata):
    idp = standard(user_metadata=metadata, nickname="")
    body = idp.userinfo(idp.tokens(scope="openid profile address phone email")["access_token"]).json
    assert not {"gender", "address", "preferred_username", "phone_number_verified"} & set(body)
    assert body["email_verified"] is True


def test_auth0_has_none_of_these_claims():
    idp = TenantClient(with_settings(ACME, profile="auth0"))
    tokens = idp.tokens(scope="openid address phone", claims=claims(userinfo={"name": None}))
    assert set(idp.userinfo(tokens["access_token"]).json) == {"sub"}


def test_oidc_core_5_5__claims_are_requested_one_by_one(idp):
    request = claims(
        userinfo={"name": {"essential": True}, "gender": None, "unknown": None},
        id_token={"email": None, "auth_time": {"essential": True}},
    )
    tokens = idp.tokens(scope="openid", claims=request)
    body = idp.userinfo(tokens["access_token"]).json
    assert body == {"name": "Alice", "gender": "female", "sub": "auth0|alice"}
    id_token = claims_of(tokens["id_token"])
    assert set(id_token) == PROTOCOL | {"email", "auth_time"}


def test_oidc_core_5_5__they_are_in_refreshed_tokens_as_well(idp):
    request = claims(userinfo={"name": None}, id_token={"email": None})
    first = idp.tokens(scope="openid offline_access", audience=API, claims=request)
    again = idp.refresh(first["refresh_token"]).json
    for tokens in (first, again):
        assert idp.userinfo(tokens["access_token"]).json["name"] == "Alice"
        assert claims_of(tokens["id_token"])["email"] == "alice@acme.example"


def test_oidc_core_5_5__other_members_are_ignored(idp):
    request = json.dumps({"other": 1, "userinfo": None})
    assert "code" in idp.callback(claims=request)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name", "is not JSON"),
        ("[" * 20_000, "is not JSON"),
        ("[]", "is not a JSON object, or its member `userinfo` is not one"),
        ('{"id_token": 1}', "is not a JSON object, or its member `id_token` is not one"),
        ('{"userinfo": {"name": true}}', "has neither null nor an object for `userinfo.name`"),
        ('{"id_token": {"acr": {"values": "1"}}}', "has values for `acr` that are not strings"),
        ('{"id_token": {"sub": {"value": 1}}}', "has values for `sub` that are not strings"),
        (
            '{"id_token": {"sub": {"value": "a"}}, "userinfo": {"sub": {"value": "b"}}}',
            "requests several values for `sub`",
        ),
    ],
)
def test_oidc_core_5_5__a_malformed_parameter_is_refused(idp, text, why):
    answer = idp.post("/authorize", **request(claims=text))
    sent = sent_to_callback(answer)
    assert (sent["error"], sent["error_description"]) == ("invalid_request", "Invalid claims")
    assert hint(answer).startswith(f"Parameter `claims` {why}. Send an object such as ")


def request(**changes):
    defaults = {
        "client_id": "web",
        "response_type": "code",
        "redirect_uri": "http://localhost:3000/callback",
        "scope": "openid",
    }
    return defaults | changes


def test_oidc_core_5_5_1__only_the_requested_user_may_log_in(idp):
    wanted = claims(id_token={"sub": {"value": "auth0|bob"}})
    refused = idp.callback("alice", claims=wanted)
    assert refused["error"] == "login_required"
    silent = sent_to_callback(idp.authorize(claims=wanted, prompt="none"))
    assert silent["error"] == "login_required"
    assert "code" in idp.another_browser().callback("bob", claims=wanted)


@pytest.mark.parametrize(
    ("rules", "acr"),
    [
        (None, None),
        ({"value": PASSWORD_CLASS}, PASSWORD_CLASS),
        ({"essential": True, "values": [MULTI_FACTOR, PASSWORD_CLASS]}, PASSWORD_CLASS),
        ({"values": ["unknown"]}, None),
        ({"essential": True}, None),
    ],
)
def test_oidc_core_5_5_1_1__a_requested_acr_is_that_of_the_login(idp, rules, acr):
    tokens = idp.tokens(claims=claims(id_token={"acr": rules}))
    assert claims_of(tokens["id_token"]).get("acr") == acr


def test_oidc_core_5_5_1_1__an_essential_acr_that_is_not_reached_fails_the_login(idp):
    wanted = claims(id_token={"acr": {"essential": True, "value": "gold"}})
    answer = idp.log_in(idp.follow(idp.authorize(claims=wanted)).location)
    assert sent_to_callback(answer)["error"] == "access_denied"
    assert hint(answer) == (
        "Parameter `claims` requires one of the `acr` values gold, but the login has "
        f"{PASSWORD_CLASS}. Request one of {MULTI_FACTOR}, {PASSWORD_CLASS}."
    )


def test_acr_values_have_an_effect_and_other_values_are_named(idp):
    tokens = idp.tokens(acr_values=PASSWORD_CLASS)
    assert claims_of(tokens["id_token"])["acr"] == PASSWORD_CLASS
    assert hint(idp.authorize(acr_values=PASSWORD_CLASS, prompt="login")) == ""
    assert "'gold'" in hint(idp.authorize(acr_values="gold", prompt="login"))
