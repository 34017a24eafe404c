"""Custom token exchange: who decides about a subject token, and the tokens."""

import pytest

from helpers.acme import API, RBAC_API
from helpers.assertions import OTHER_KEY
from helpers.mfa import refused
from helpers.tenant_client import TenantClient, claims_of, hint
from helpers.token_exchange import (
    AGENT,
    INVALID,
    PARTNER,
    TENANT,
    exchange,
    partner_token,
)


@pytest.fixture
def idp():
    return TenantClient(TENANT)


def test_rfc8693_2_2_1__the_answer_names_the_issued_token_type(idp):
    answer = exchange(idp, scope="openid read:items no:such offline_access")
    assert answer.status_code == 200
    body = answer.json
    assert list(body) == [
        "access_token", "refresh_token", "id_token", "scope", "expires_in", "token_type",
        "issued_token_type",
    ]  # fmt: skip
    assert body["issued_token_type"] == "urn:ietf:params:oauth:token-type:access_token"
    assert body["scope"] == "openid read:items offline_access"
    access = claims_of(body["access_token"])
    assert (access["sub"], access["azp"]) == ("auth0|alice", "broker")
    assert access["aud"] == [API, f"{idp.url}/userinfo"]
    assert "act" not in access
    assert "gty" not in access
    assert claims_of(body["id_token"])["sub"] == "auth0|alice"
    assert idp.userinfo(body["access_token"]).json["sub"] == "auth0|alice"
    refreshed = idp.refresh(body["refresh_token"], client_id="broker")
    assert claims_of(refreshed.json["access_token"])["sub"] == "auth0|alice"


def test_rfc8693_2_1__without_audience_and_scope_the_token_is_opaque(idp):
    body = exchange(idp, audience=None).json
    assert list(body) == ["access_token", "expires_in", "token_type", "issued_token_type"]
    assert "." not in body["access_token"]


def test_rfc8693_2_1__a_public_client_may_exchange_tokens(idp):
    answer = exchange(idp, client_id="mobile", client_secret=None)
    assert answer.status_code == 200


def test_rfc8693_2_1__permissions_of_the_user_apply(idp):
    body = exchange(idp, audience=RBAC_API, scope="read:reports write:reports").json
    assert body["scope"] == "read:reports"
    assert claims_of(body["access_token"])["permissions"] == ["read:reports"]


@pytest.mark.parametrize("alg", ["RS256", "RS384", "PS256"])
def test_rfc8693_2_1__a_jwt_of_a_partner_is_verified(idp, alg):
    token = partner_token(idp, alg=alg, aud=["acme", "other"])
    answer = exchange(idp, token, subject_token_type=PARTNER)
    assert claims_of(answer.json["access_token"])["sub"] == "auth0|alice"


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        ({"iss": "https://evil.example/"}, "The `iss` of the subject token is not https://partner"),
        ({"aud": "other"}, "The `aud` of the subject token does not contain acme."),
        ({"aud": None}, "The `aud` of the subject token does not contain acme."),
        ({"exp": 1}, "The `exp` of the subject token is not valid now."),
        ({"exp": None, "nbf": 2**40}, "The `nbf` of the subject token is not valid now."),
        ({"nbf": True}, "The `nbf` of the subject token is not valid now."),
        ({"email": None}, "The subject token has no claim `email` with a user."),
        ({"email": ["alice"]}, "The subject token has no claim `email` with a user."),
        ({"key": OTHER_KEY}, "The signature does not match the content, which was changed."),
        ({"key": "s" * 32, "alg": "HS256"}, "signed with HS256 instead of RS256 or RS384 or PS256"),
    ],
)
def test_rfc8693_2_2_2__a_jwt_that_does_not_fit_is_refused(idp, options, cause):
    answer = exchange(idp, partner_token(idp, **options), subject_token_type=PARTNER)
    assert refused(answer) == (400, "invalid_request", INVALID)
    assert cause in hint(answer)


@pytest.mark.parametrize("token", ["legacy-carol", "\ud800", "a.b.c", "{}", "x" * 5000])
@pytest.mark.parametrize("kind", [PARTNER, None])
def test_rfc8693_2_2_2__an_unknown_token_is_refused_without_repeating_it(idp, token, kind):
    form = {"subject_token_type": kind} if kind else {}
    answer = exchange(idp, token.encode("utf-8", "surrogatepass"), **form)
    assert answer.status_code == 400
    assert answer.json["error"] == "invalid_request"
    assert token[:12] not in hint(answer)


def test_auth0_exchange__a_jwt_for_an_unknown_user_is_refused(idp):
    token = partner_token(idp, email="zoe@acme.example")
    answer = exchange(idp, token, subject_token_type=PARTNER)
    assert refused(answer) == (400, "invalid_request", "The user does not exist.")
    assert hint(answer) == ("The subject token is for 'zoe@acme.example'. No user has that name.")


def test_auth0_exchange__an_entry_denies_with_any_code(idp):
    assert refused(exchange(idp, "stolen")) == (403, "token_stolen", "Reported as stolen.")
    assert refused(exchange(idp, "late")) == (500, "server_error", INVALID)
    assert "An entry of `mockidp.subject_tokens` for profile legacy" in hint(exchange(idp, "late"))


def test_rfc8693_4_1__the_actor_is_in_both_tokens_and_there_is_no_refresh_token(idp):
    answer = exchange(idp, "legacy-delegated", scope="openid offline_access")
    assert claims_of(answer.json["access_token"])["act"] == AGENT
    assert claims_of(answer.json["id_token"])["act"] == AGENT
    assert answer.json["scope"] == "openid"
    assert "refresh_token" not in answer.json
    assert "the exchange has an actor" in hint(answer)
    assert "refresh_token" not in exchange(idp, "legacy-delegated", scope="openid").json


def test_rfc8693_4_1__an_actor_token_alone_adds_no_claim(idp):
    answer = exchange(idp, actor_token="a", actor_token_type="urn:acme:agent", scope="openid")
    assert "act" not in claims_of(answer.json["access_token"])
