"""On-behalf-of token exchange: requests, clients, tokens and users that are refused."""

from dataclasses import replace

import jwt
import pytest

from helpers.acme import API, RBAC_API
from helpers.mfa import refused
from helpers.on_behalf_of import (
    CONSENT_API,
    GRANTED_API,
    HS256_API,
    TENANT,
    exchange,
    signed_token,
    user_token,
)
from helpers.tenant_client import TenantClient, claims_of, hint
from helpers.token_exchange import INVALID
from mockidp.flows.tokens.blacklist import blacklist
from mockidp.protocol.tokens.token_exchange import INVALID_TYPES
from mockidp.resources.custom_domain import CustomDomain

NOT_ALLOWED = '"on_behalf_of_token_exchange" Token Exchange Profile is not allowed for the client.'


@pytest.fixture
def idp():
    return TenantClient(TENANT)


@pytest.mark.parametrize("name", ["subject_token", "audience"])
def test_rfc8693_2_1__parameters_are_required(idp, name):
    form = {"subject_token": user_token(idp)} | {name: None}
    answer = exchange(idp, **form)
    assert refused(answer) == (400, "invalid_request", f"Missing required parameter: {name}")


@pytest.mark.parametrize(
    ("wanted", "cause"),
    [
        (None, "Parameter `requested_token_type` is missing."),
        ("urn:ietf:params:oauth:token-type:jwt", "`requested_token_type` is urn:ietf:params"),
        ("urn:ietf:params:oauth:token-type:id-jag", "`requested_token_type` is urn:ietf:params"),
    ],
)
def test_auth0_obo__an_access_token_must_be_requested(idp, wanted, cause):
    answer = exchange(idp, user_token(idp), requested_token_type=wanted)
    assert refused(answer) == (400, "invalid_request", INVALID_TYPES)
    assert cause in hint(answer)


@pytest.mark.parametrize(
    ("client_id", "cause"),
    [
        (
            "no-toggle",
            "`token_exchange.allow_any_profile_of_type` to [on_behalf_of_token_exchange]",
        ),
        ("not-of-an-api", "Client not-of-an-api has the `app_type` regular_web."),
        ("of-no-api", "The `resource_server_identifier` of client of-no-api is not an API."),
        ("public", "Client public is public."),
    ],
)
def test_auth0_obo__only_the_client_of_an_api_may_exchange_tokens(idp, client_id, cause):
    answer = exchange(idp, user_token(idp), client_id=client_id)
    assert refused(answer) == (403, "unauthorized_client", NOT_ALLOWED)
    assert cause in hint(answer)


def test_auth0_obo__the_client_needs_the_grant_type(idp):
    answer = exchange(idp, user_token(idp), client_id="no-grant")
    assert answer.json["error"] == "unauthorized_client"
    assert "Grant type" in answer.json["error_description"]


@pytest.mark.parametrize(
    ("make", "cause"),
    [
        (lambda _idp: "x", "A JWT has three parts, but this has 1."),
        (lambda idp: user_token(idp)[:-3], "The signature does not match the content"),
        (lambda idp: user_token(idp, None), "It is an opaque access token"),
        (
            lambda idp: idp.password_token(scope="offline_access").json["refresh_token"],
            "An access token is expected, but a refresh token was sent.",
        ),
        (lambda idp: user_token(idp, RBAC_API), f"It is for {RBAC_API}, but the client is"),
        (lambda idp: idp.tokens(scope="openid")["id_token"], "It is for web, but the client is"),
        (
            lambda idp: idp.machine_token(audience=API).json["access_token"],
            "It is an access token of the client itself",
        ),
        (lambda idp: signed_token(idp, sub="auth0|gone"), "Its user auth0|gone does not exist."),
        (lambda idp: signed_token(idp, exp=None), "It has no `exp`."),
        (lambda idp: signed_token(idp, exp="soon"), "Claim `exp` is 'soon'"),
        (lambda idp: signed_token(idp, exp=1), "It expired at"),
        (
            lambda idp: jwt.encode(claims_of(user_token(idp)), "s" * 32, algorithm="HS256"),
            "signed with HS256 instead of RS256 or PS256",
        ),
    ],
)
def test_auth0_obo__other_tokens_are_refused_with_401(idp, make, cause):
    answer = exchange(idp, make(idp))
    assert refused(answer) == (401, "invalid_request", INVALID)
    assert hint(answer).startswith("The subject token was refused.")
    assert cause in hint(answer)


@pytest.mark.parametrize(
    ("token", "cause"),
    [
        ("x", "A JWT has three parts"),
        (
            jwt.encode({"aud": HS256_API, "sub": "auth0|alice"}, "t" * 32, algorithm="HS256"),
            f"The secret of API {HS256_API} did not sign it.",
        ),
    ],
)
def test_auth0_obo__a_symmetric_signature_is_verified(idp, token, cause):
    answer = exchange(idp, token, client_id="hashed")
    assert refused(answer) == (401, "invalid_request", INVALID)
    assert cause in hint(answer)


def test_auth0_obo__a_token_of_another_domain_is_refused(idp):
    domain = CustomDomain(domain="login.acme.example")
    idp.edit(replace(TENANT, custom_domains=(domain,)))
    answer = exchange(idp, signed_token(idp, iss="https://login.acme.example/"))
    assert refused(answer) == (401, "invalid_request", INVALID)
    assert "The token was issued by https://login.acme.example/" in hint(answer)


@pytest.mark.parametrize("depth", [4, 5])
def test_auth0_obo__a_chain_of_four_actors_cannot_grow(idp, depth):
    act = None
    for number in range(depth):
        act = {"sub": f"service-{number}"} | ({"act": act} if act else {})
    answer = exchange(idp, signed_token(idp, act=act))
    text = "Delegation chain (`act` claim) depth exceeds the maximum allowed limit of 4"
    assert refused(answer) == (400, "invalid_request", text)
    assert f"has {depth} levels" in hint(answer)


def test_auth0_obo__a_chain_of_three_actors_can_grow(idp):
    act = {"sub": "c", "act": {"sub": "b", "act": {"sub": "a"}}}
    claims = claims_of(exchange(idp, signed_token(idp, act=act)).json["access_token"])
    assert claims["act"] == {"sub": "items", "act": act}


def test_auth0_obo__a_blocked_user_gets_no_token(idp):
    answer = exchange(idp, signed_token(idp, sub="auth0|blocked"))
    assert refused(answer) == (401, "unauthorized", "user is blocked")


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        ("https://no.example/", (403, "access_denied", "Service not found: https://no.example/")),
        (CONSENT_API, (403, "consent_required", "Consent required")),
    ],
)
def test_auth0_obo__the_downstream_api_must_be_usable(idp, audience, expected):
    assert refused(exchange(idp, user_token(idp), audience=audience)) == expected


def test_auth0_obo__the_audience_is_an_api(idp):
    audience = f"{idp.url}/userinfo"
    answer = exchange(idp, user_token(idp), audience=audience)
    assert refused(answer) == (403, "access_denied", f"Service not found: {audience}")
    assert "The audience is /userinfo" in hint(answer)


def test_auth0_obo__the_policy_of_the_api_can_require_a_client_grant(idp):
    answer = exchange(idp, user_token(idp), audience=GRANTED_API)
    assert answer.status_code == 400
    assert "Add a clientGrant with `subject_type` user" in hint(answer)


def test_auth0_obo__the_user_must_still_be_a_member_of_the_organization(idp):
    token = idp.tokens(audience=API, organization="org_acme")["access_token"]
    (acme,) = TENANT.organizations
    idp.edit(replace(TENANT, organizations=(replace(acme, members=()),)))
    answer = exchange(idp, token)
    text = "user auth0|alice is not part of the org_acme organization"
    assert refused(answer) == (403, "access_denied", text)


def test_auth0_obo__the_organization_must_still_exist(idp):
    token = idp.tokens(audience=API, organization="org_acme")["access_token"]
    idp.edit(replace(TENANT, organizations=()))
    answer = exchange(idp, token)
    assert refused(answer) == (400, "invalid_request", "parameter organization is invalid")
    assert "no organization has this id any more" in hint(answer)


@pytest.mark.parametrize(
    ("uri", "fact"),
    [
        ("urn:ietf:params:oauth:token-type:refresh_token", "only for Token Vault"),
        ("urn:ietf:params:oauth:token-type:id_token", "only as `actor_token`"),
        ("urn:ietf:params:oauth:token-type:id-jag", "only as `assertion` of the grant type"),
    ],
)
def test_auth0_exchange__standard_types_that_auth0_does_not_exchange(idp, uri, fact):
    answer = exchange(idp, "x", subject_token_type=uri)
    assert refused(answer) == (400, "invalid_request", INVALID_TYPES)
    assert fact in hint(answer)


def test_auth0_obo__a_blacklisted_token_is_refused(idp):
    token = user_token(idp, "https://rfc9068.example/")
    assert exchange(idp, token, client_id="rfc9068").status_code == 200
    blacklist(idp.tenant, jti=claims_of(token)["jti"], aud=None)
    answer = exchange(idp, token, client_id="rfc9068")
    assert refused(answer) == (401, "invalid_request", INVALID)
    assert "The access token was blacklisted" in hint(answer)
