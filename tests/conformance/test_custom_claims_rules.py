"""Custom claims: Auth0's rules for names and sizes, faults, and what entries may read."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, API, URL, with_client, with_settings
from helpers.custom_claims import ALICE, DOCUMENT, PLAN, entry, everywhere, tenant_with, traced
from helpers.tenant_client import TenantClient, claims_of, hint, sent_to_callback
from helpers.tenants import IN_NO_FILE
from mockidp.faults import Fault
from mockidp.protocol.tokens.custom_claim import MAX_BYTES


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("name", "profile"),
        ("birthdate", "profile"),
        ("email", "email"),
        ("address", "address"),
        ("phone_number_verified", "phone"),
    ],
)
def test_auth0_custom_claims__profile_claims_need_their_scope(name, scope):
    idp = tenant_with(entry(name, value="other"))
    assert everywhere(idp, name, scope=f"openid {scope}") == ("other", "other", "other")
    assert everywhere(idp.another_browser(), name) == (None, None, None)
    assert traced(idp, "access_token")["omitted"] == {
        "mockidp.claims[0] (value)": f"{name} needs the scope {scope}, as in Auth0"
    }


def test_auth0_custom_claims__the_management_api_accepts_only_namespaced_names():
    idp = tenant_with(entry(value="pro"), entry("plan", value="pro"))
    found = idp.machine_token(audience=f"{URL}/api/v2/", scope="read:users")
    claims = claims_of(found.json["access_token"])
    assert claims[PLAN] == "pro"
    assert "plan" not in claims
    reason = "tokens for the Management API take only namespaced custom claims, as in Auth0"
    assert traced(idp, "access_token")["omitted"] == {"mockidp.claims[1] (value)": reason}


def test_claims_that_auth0_sets_are_kept():
    idp = tenant_with(entry("scope", value="everything"))
    claims = claims_of(idp.tokens(audience=API, scope="openid read:items")["access_token"])
    assert claims["scope"] == "openid read:items"
    assert traced(idp, "access_token")["omitted"] == {
        "mockidp.claims[0] (value)": "Auth0 sets scope itself"
    }


def too_large(*sizes):
    return [entry(f"https://acme.example/{i}", value="x" * size) for i, size in enumerate(sizes)]


def test_auth0_custom_claims__more_than_100_kb_in_a_token_is_refused():
    half = MAX_BYTES // 2
    idp = tenant_with(*too_large(half, half))
    answer = idp.machine_token(audience=API)
    assert answer.status_code == 403
    assert answer.json == {
        "error": "access_denied",
        "error_description": "Custom claims exceed the maximum of 100KB.",
    }
    assert hint(answer) == (
        f"The custom claims of this access_token have {MAX_BYTES + 57} bytes including their "
        f"names, but Auth0 accepts at most {MAX_BYTES}. Shorten the entries of `mockidp.claims`: "
        "https://acme.example/0, https://acme.example/1."
    )


def test_auth0_custom_claims__the_limit_applies_to_each_token():
    half = MAX_BYTES // 2
    first, second = too_large(half, half)
    idp = tenant_with(
        replace(first, places=("id_token", "userinfo")),
        replace(second, places=("access_token", "userinfo")),
    )
    idp.tokens(audience=API)
    short = idp.tokens()["access_token"]  # the other one is too long for a header
    assert len(idp.userinfo(short).json["https://acme.example/0"]) == half


@IN_NO_FILE
def test_claims_that_are_too_large_for_the_front_channel_fail_at_the_callback():
    document = with_client(DOCUMENT, "web", grant_types=("implicit",))
    idp = tenant_with(*too_large(MAX_BYTES), document=document)
    login = idp.authorize(response_type="id_token", nonce="n", response_mode="form_post")
    answer = idp.log_in(login.location)
    assert 'name="error" value="access_denied"' in answer.text


def test_faults_override_custom_claims(idp):
    idp = tenant_with(entry(value="pro"), entry("team", value=7))
    idp.tenant.faults.add(Fault(endpoint="id_token", set={PLAN: "spoiled"}, remove=("team",)))
    claims = claims_of(idp.tokens()["id_token"])
    assert claims[PLAN] == "spoiled"
    assert "team" not in claims


def test_a_removed_user_matches_no_limit():
    idp = tenant_with(entry(value="pro", user="alice"))
    assert PLAN not in claims_of(idp.tokens("bob")["id_token"])
    idp.edit(replace(idp.tenant.document, users=(ACME.users[1],)))
    assert PLAN not in claims_of(idp.tokens("bob")["id_token"])


def test_a_name_shared_by_two_users_identifies_the_first():
    other = replace(ALICE, user_id="google-oauth2|alice", email="other@acme.example")
    idp = tenant_with(
        entry(value="pro", user="alice"), document=replace(DOCUMENT, users=(other, ALICE))
    )
    assert PLAN not in claims_of(idp.tokens()["id_token"])


def test_userinfo_of_a_client_that_was_removed_has_the_claims_for_all():
    idp = tenant_with(entry(value="pro"), entry("by", value=1, client="web"))
    token = idp.tokens()["access_token"]
    clients = tuple(one for one in ACME.clients if one.client_id != "web")
    idp.edit(replace(idp.tenant.document, clients=clients))
    assert idp.userinfo(token).json == {PLAN: "pro", "sub": "auth0|alice"}


def test_the_oidc_profile_has_custom_claims():
    document = with_settings(DOCUMENT, profile="oidc", claims=(entry(value="pro"),))
    claims = claims_of(TenantClient(document).tokens(scope="openid profile")["id_token"])
    assert claims[PLAN] == "pro"
    assert "name" not in claims


@IN_NO_FILE
def test_secrets_of_a_request_are_never_readable():
    idp = tenant_with(entry("code", path="request.code"), entry("s", path="request.client_secret"))
    claims = claims_of(idp.tokens()["id_token"])
    assert not {"code", "s"} & set(claims)


def test_sent_to_callback_is_for_codes():
    """A login without an ID token resolves nothing at /authorize."""
    idp = tenant_with(entry(value="pro"))
    assert set(sent_to_callback(idp.log_in(idp.authorize().location))) == {"code", "state"}
    assert all(check.name != "custom_claims" for one in idp.tenant.journal for check in one.trace)


def test_any_parameter_that_is_not_secret_can_be_read():
    idp = tenant_with(entry(path="request.tenant"))
    assert everywhere(idp, tenant="blue") == ("blue", "blue", "blue")


def test_an_extension_parameter_that_a_claim_reads_is_not_named_as_ignored():
    parameters = {"response_type": "code", "ext-tenant": "blue", "ext-other": "1"}
    text = hint(tenant_with(entry(path="request.ext-tenant")).authorize(**parameters))
    assert "ext-tenant" not in text
    assert "No custom claim reads parameter `ext-other`" in text
