"""On-behalf-of token exchange: the tokens of a chain of services, for one user."""

import pytest

from helpers.acme import API, RBAC_API
from helpers.mfa import APP, with_mfa
from helpers.on_behalf_of import GRANTED_API, HS256_API, TENANT, exchange, user_token
from helpers.tenant_client import TenantClient, claims_of, hint

READER = {"sub": "items", "act": {"sub": "web"}}


@pytest.fixture
def idp():
    return TenantClient(TENANT)


def test_rfc8693_2_2_1__the_answer_has_an_access_token_and_its_type(idp):
    answer = exchange(idp, user_token(idp), scope="read:reports")
    assert answer.status_code == 200
    assert list(answer.json) == ["access_token", "expires_in", "token_type", "issued_token_type"]
    assert answer.json["issued_token_type"] == "urn:ietf:params:oauth:token-type:access_token"
    assert answer.json["expires_in"] == 86400


def test_rfc8693_4_1__the_token_is_for_the_same_user_and_names_the_actors(idp):
    claims = claims_of(exchange(idp, user_token(idp)).json["access_token"])
    assert (claims["sub"], claims["aud"], claims["azp"]) == ("auth0|alice", RBAC_API, "items")
    assert claims["act"] == READER
    assert "gty" not in claims


def test_rfc8693_4_1__the_next_service_adds_itself_in_front(idp):
    first = exchange(idp, user_token(idp)).json["access_token"]
    second = exchange(idp, first, client_id="reports", audience=GRANTED_API).json["access_token"]
    claims = claims_of(second)
    assert (claims["sub"], claims["azp"]) == ("auth0|alice", "reports")
    assert claims["act"] == {"sub": "reports", "act": READER}


def test_rfc9068_2_2__the_client_of_a_token_in_this_dialect_is_its_client_id(idp):
    token = user_token(idp, "https://rfc9068.example/")
    claims = claims_of(exchange(idp, token, client_id="rfc9068").json["access_token"])
    assert claims["act"] == {"sub": "rfc9068", "act": {"sub": "web"}}


def test_auth0_obo__a_token_with_a_symmetric_signature_is_exchanged(idp):
    answer = exchange(idp, user_token(idp, HS256_API), client_id="hashed")
    assert claims_of(answer.json["access_token"])["act"]["sub"] == "hashed"


@pytest.mark.parametrize(
    ("scope", "granted"),
    [
        (None, "read:reports"),
        ("read:reports write:reports", "read:reports"),
        ("write:reports", ""),
        ("openid profile offline_access read:reports", "read:reports"),
    ],
)
def test_auth0_obo__the_permissions_of_the_user_decide_about_the_scope(idp, scope, granted):
    body = exchange(idp, user_token(idp), scope=scope).json
    assert body["scope"] == granted
    assert claims_of(body["access_token"])["permissions"] == ["read:reports"]
    assert "refresh_token" not in body
    assert "id_token" not in body


def test_auth0_obo__openid_scopes_are_named_in_the_hint(idp):
    answer = exchange(idp, user_token(idp), scope="openid read:reports")
    assert "Scope openid was not granted" in hint(answer)
    assert "Scope" not in (hint(exchange(idp, user_token(idp), scope="read:reports")) or "")


def test_auth0_obo__without_scope_the_client_grant_limits_the_token(idp):
    first = exchange(idp, user_token(idp)).json["access_token"]
    answer = exchange(idp, first, client_id="reports", audience=GRANTED_API)
    assert answer.json["scope"] == "a"


def test_auth0_obo__the_organization_of_the_token_is_kept(idp):
    token = idp.tokens(audience=API, organization="org_acme")["access_token"]
    claims = claims_of(exchange(idp, token).json["access_token"])
    assert claims["org_id"] == "org_acme"
    assert claims["permissions"] == ["read:reports"]


def test_auth0_obo__no_second_factor_is_needed_again(idp):
    token = user_token(idp)
    idp.edit(with_mfa(APP, document=TENANT))
    assert idp.password_token().json["error"] == "mfa_required"
    assert exchange(idp, token).status_code == 200


@pytest.mark.parametrize("name", ["actor_token", "organization"])
def test_auth0_obo__parameters_without_effect_are_named(idp, name):
    answer = exchange(idp, user_token(idp), **{name: "org_acme"})
    assert answer.status_code == 200
    assert f"Parameter `{name}` has no effect" in hint(answer)
    assert "org_id" not in claims_of(answer.json["access_token"])


def test_auth0_obo__a_token_can_be_exchanged_until_it_expires(idp):
    token = user_token(idp)
    assert [exchange(idp, token).status_code for _ in range(2)] == [200, 200]
