"""Tokens of a login to an organization: claims, permissions, refresh, /userinfo."""

from dataclasses import replace

import pytest

from helpers.acme import API, RBAC_API, with_client, with_settings
from helpers.organizations import B2B, BLUE, RED, b2b, with_names, with_organization
from helpers.tenant_client import bearer, claims_of, hint
from mockidp.protocol.tokens.custom_claim import CustomClaim
from mockidp.resources.client_tokens import RefreshTokenPolicy, ResourcePolicy

OFFLINE = "openid profile email offline_access read:items write:items"
RFC9068 = "https://rfc9068.example/"


def test_auth0_tokens__both_tokens_have_the_id_of_the_organization(idp):
    body = idp.tokens(organization=RED, audience=API, scope="openid profile read:items")
    access, identity = claims_of(body["access_token"]), claims_of(body["id_token"])
    assert (access["org_id"], identity["org_id"]) == (RED, RED)
    assert "org_name" not in access | identity
    assert list(access)[-2:] == ["scope", "org_id"]
    assert list(identity)[-1] == "org_id"


def test_auth0_tokens__the_name_is_added_if_the_tenant_allows_names():
    body = b2b(with_names()).tokens(organization=RED, audience=API)
    for token in (body["access_token"], body["id_token"]):
        assert claims_of(token)["org_name"] == "red"


def test_auth0_tokens__without_an_organization_they_have_neither():
    body = b2b(with_names()).tokens(audience=API)
    assert not {"org_id", "org_name"} & {*claims_of(body["access_token"])}


def test_auth0_tokens__the_rfc9068_dialect_has_the_organization_too(idp):
    assert claims_of(idp.tokens(organization=RED, audience=RFC9068)["access_token"])["org_id"] == (
        RED
    )


def test_auth0_tokens__the_implicit_flow_has_the_organization_too(idp):
    idp.edit(with_client(B2B, "hybrid", organization_usage="allow"))
    login = idp.authorize(
        client_id="hybrid", response_type="token id_token", nonce="n", organization=RED
    )
    location = idp.log_in(login.location).location
    id_token = location.partition("id_token=")[2].partition("&")[0]
    assert claims_of(id_token)["org_id"] == RED


def test_auth0_tokens__permissions_are_those_of_the_members_roles_in_the_organization(idp):
    scope = "openid read:reports write:reports"
    in_red = idp.tokens(organization=RED, audience=RBAC_API, scope=scope)
    assert claims_of(in_red["access_token"])["permissions"] == ["write:reports"]
    assert in_red["scope"] == "openid write:reports"
    in_blue = idp.tokens(organization=BLUE, audience=RBAC_API, scope=scope)
    assert claims_of(in_blue["access_token"])["permissions"] == []
    own = idp.tokens(audience=RBAC_API, scope=scope)
    assert claims_of(own["access_token"])["permissions"] == ["read:reports"]


def test_auth0_tokens__a_users_own_permissions_do_not_count_in_an_organization(idp):
    body = idp.tokens("bob", organization=RED, audience=RBAC_API, scope="openid write:reports")
    assert claims_of(body["access_token"])["permissions"] == []


def test_auth0_tokens__refreshed_tokens_keep_the_organization():
    idp = b2b(with_names())
    body = idp.tokens(organization=RED, audience=API, scope=OFFLINE)
    fresh = idp.refresh(body["refresh_token"]).json
    for token in (fresh["access_token"], fresh["id_token"]):
        assert claims_of(token)["org_id"] == RED
        assert claims_of(token)["org_name"] == "red"


def test_auth0_tokens__a_refresh_cannot_change_the_organization(idp):
    body = idp.tokens(organization=RED, scope=OFFLINE, audience=API)
    answer = idp.refresh(body["refresh_token"], organization=BLUE)
    assert claims_of(answer.json["access_token"])["org_id"] == RED
    assert "The tokens are for the organization of the authorization request." in hint(answer)


def test_auth0_tokens__a_refresh_for_another_api_keeps_the_organization_and_its_permissions():
    policy = ResourcePolicy(audience=RBAC_API, scope=("read:reports", "write:reports"))
    document = with_client(B2B, "web", refresh_token=RefreshTokenPolicy(policies=(policy,)))
    idp = b2b(document)
    body = idp.tokens(organization=RED, audience=API, scope=OFFLINE)
    fresh = idp.refresh(body["refresh_token"], audience=RBAC_API).json
    claims = claims_of(fresh["access_token"])
    assert (claims["org_id"], claims["permissions"]) == (RED, ["write:reports"])
    assert "read:reports" not in fresh["scope"]


@pytest.mark.parametrize("what", ["member", "organization"])
def test_auth0_tokens__a_refresh_is_refused_once_the_user_has_left_the_organization(idp, what):
    body = idp.tokens(organization=RED, scope=OFFLINE, audience=API)
    gone = (
        with_organization("red", members=()) if what == "member" else replace(B2B, organizations=())
    )
    idp.edit(gone)
    answer = idp.refresh(body["refresh_token"])
    assert answer.status_code == 403
    assert answer.json == {
        "error": "invalid_grant",
        "error_description": "Unknown or invalid refresh token.",
    }
    assert "is no longer a member of it" in hint(answer)
    idp.edit(B2B)
    assert idp.refresh(body["refresh_token"]).status_code == 200


def test_auth0_tokens__a_code_of_an_organization_that_was_deleted_is_refused(idp):
    code = idp.callback(organization=RED)["code"]
    idp.edit(replace(B2B, organizations=()))
    answer = idp.redeem(code)
    assert (answer.status_code, answer.json["error"]) == (403, "invalid_grant")
    assert hint(answer) == f"Organization {RED} was deleted."


def test_auth0_tokens__the_organization_parameter_of_a_code_exchange_is_named_in_a_hint(idp):
    answer = idp.redeem(idp.callback(organization=RED)["code"], organization=BLUE)
    assert claims_of(answer.json["id_token"])["org_id"] == RED
    assert "The tokens are for the organization of the authorization request." in hint(answer)


def test_auth0_tokens__custom_claims_can_read_the_organization():
    claims = (
        CustomClaim(claim="https://x.example/plan", path="organization.metadata.plan"),
        CustomClaim(claim="https://x.example/name", path="organization.display_name"),
    )
    idp = b2b(with_settings(B2B, claims=claims))
    body = idp.tokens(organization=RED, audience=API)
    expected = {"https://x.example/plan": "gold", "https://x.example/name": "Red Ltd"}
    for token in (body["access_token"], body["id_token"]):
        assert expected.items() <= claims_of(token).items()
    assert expected.items() <= idp.userinfo(body["access_token"]).json.items()
    opaque = idp.tokens(organization=RED)["access_token"]
    assert expected.items() <= idp.userinfo(opaque).json.items()
    without = idp.userinfo(idp.tokens()["access_token"]).json
    assert not expected.keys() & without.keys()


def test_auth0_userinfo__has_no_claims_about_the_organization(idp):
    token = idp.tokens(organization=RED, audience=API)["access_token"]
    answer = idp.get("/userinfo", headers=bearer(token))
    assert set(answer.json) == {"sub"}


def test_the_journal_names_the_organization(idp):
    idp.tokens(organization=RED)
    assert idp.tenant.journal.last("authorize").notes["organization"] == RED
    assert idp.tenant.journal.last("token").notes["organization"] == RED
