"""Multi-resource refresh tokens: API and scope of the access token."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, API, RBAC_API, api, policy, with_client
from helpers.tenant_client import TenantClient, claims_of, hint
from mockidp.resources.client_tokens import RefreshTokenPolicy, ResourcePolicy

BILLING = "https://billing.example/"
MANAGEMENT = "https://acme.example/api/v2/"
USERINFO = "http://localhost:9400/userinfo"
UNNAMED = "No entry of `refresh_token.policies` of client web names it."


def with_policies(*policies, rotation_type="non-rotating", document=ACME, **fields):
    """Return the document with refresh token policies of the client web, and a billing API."""
    billing = api(BILLING, "read:bills", "pay:bills")
    made = tuple(ResourcePolicy(audience=one, scope=scope) for one, scope in policies)
    refresh_token = RefreshTokenPolicy(rotation_type=rotation_type, policies=made)
    document = replace(document, resource_servers=(*document.resource_servers, billing))
    return with_client(document, "web", refresh_token=refresh_token, **fields)


def refreshed(document, *, scope=None, audience=BILLING, login=API):
    """Log in for an API, refresh for another, and return the client and the answer."""
    idp = TenantClient(document)
    body = idp.tokens(scope="openid profile offline_access read:items", audience=login)
    return idp, idp.refresh(body["refresh_token"], audience=audience, scope=scope)


def test_auth0_mrrt__a_policy_gives_a_token_for_another_api():
    _, answer = refreshed(with_policies((BILLING, ("read:bills", "nonsense"))), scope="read:bills")
    assert answer.status_code == 200
    claims = claims_of(answer.json["access_token"])
    assert (claims["aud"], claims["scope"]) == (BILLING, "read:bills")
    assert answer.json["scope"] == "read:bills"
    assert "id_token" not in answer.json
    assert hint(answer) == ""


def test_auth0_mrrt__without_a_scope_the_scopes_are_those_of_the_policy_and_openid_scopes_of_the_login():
    _, answer = refreshed(with_policies((BILLING, ("pay:bills",))))
    assert answer.json["scope"] == "openid profile offline_access pay:bills"
    assert claims_of(answer.json["access_token"])["aud"] == [BILLING, USERINFO]
    assert claims_of(answer.json["id_token"])["aud"] == "web"


@pytest.mark.parametrize("audience", [API, None])
def test_auth0_mrrt__a_policy_for_the_api_of_the_login_adds_its_scope(audience):
    _, answer = refreshed(with_policies((API, ("write:items",))), audience=audience)
    assert answer.json["scope"] == "openid profile offline_access read:items write:items"
    assert claims_of(answer.json["access_token"])["aud"][0] == API


def test_auth0_mrrt__scopes_outside_the_policies_are_omitted():
    document = with_policies((BILLING, ("read:bills",)))
    _, answer = refreshed(document, scope="read:bills pay:bills read:items")
    assert answer.json["scope"] == "read:bills"


def test_auth0_mrrt__a_scope_may_not_exceed_the_users_permissions():
    document = with_policies((RBAC_API, ("read:reports", "write:reports")))
    _, answer = refreshed(document, audience=RBAC_API, scope="read:reports write:reports")
    assert answer.json["scope"] == "read:reports"


@pytest.mark.parametrize("rotation_type", ["rotating", "non-rotating"])
def test_auth0_mrrt__the_refresh_token_stays_valid_for_every_api(rotation_type):
    document = with_policies((BILLING, ("read:bills",)), rotation_type=rotation_type)
    idp, answer = refreshed(document)
    token = answer.json.get("refresh_token")
    assert (token is None) == (rotation_type == "non-rotating")
    if token is not None:
        again = idp.refresh(token)
        assert claims_of(again.json["access_token"])["aud"][0] == API


def test_auth0_mrrt__a_login_without_an_api_can_be_exchanged():
    _, answer = refreshed(with_policies((BILLING, ("read:bills",))), login=None)
    assert claims_of(answer.json["access_token"])["aud"] == [BILLING, USERINFO]


@pytest.mark.parametrize(
    ("document", "audience", "why"),
    [
        (with_policies(), BILLING, UNNAMED),
        (
            with_policies((BILLING, ("read:bills",))),
            f"{API} {BILLING}",
            f"{UNNAMED} Auth0 accepts one audience. Request a token for each API.",
        ),
        (
            with_policies(("https://no.example/", ("x",))),
            "https://no.example/",
            "The tenant file has no such API that a policy can name.",
        ),
        (
            with_policies((MANAGEMENT, ("read:users",))),
            MANAGEMENT,
            "The tenant file has no such API that a policy can name.",
        ),
        (
            with_policies((BILLING, ("read:bills",)), is_first_party=False),
            BILLING,
            "Policies do not apply to client web, which is third-party.",
        ),
        (
            with_policies(
                ("https://asks.example/", ("x",)),
                document=replace(
                    ACME,
                    resource_servers=(
                        *ACME.resource_servers,
                        api(
                            "https://asks.example/",
                            "x",
                            skip_consent_for_verifiable_first_party_clients=False,
                        ),
                    ),
                ),
            ),
            "https://asks.example/",
            "The API has `skip_consent_for_verifiable_first_party_clients: false`.",
        ),
    ],
)
def test_auth0_mrrt__an_audience_outside_the_policies_is_ignored_with_a_hint(
    document, audience, why
):
    _, answer = refreshed(document, audience=audience)
    assert answer.status_code == 200
    assert claims_of(answer.json["access_token"])["aud"][0] == API
    assert hint(answer) == (
        f"Audience '{audience}' was ignored, as in Auth0. {why} The access token is for {API}, "
        "the audience of the login."
    )


def test_auth0_mrrt__an_ignored_audience_of_a_login_without_an_api_also_causes_a_hint():
    idp, answer = refreshed(with_policies(), login=None)
    assert answer.json["access_token"].count(".") == 0
    assert "The access token is for /userinfo, the audience of the login" in hint(answer)
    assert idp.tenant.journal.last("token").hint == hint(answer)


def test_auth0_mrrt__an_api_that_requires_a_client_grant_is_refused_and_the_token_stays_valid():
    granted = api(
        "https://granted2.example/",
        "x",
        subject_type_authorization=policy(user="require_client_grant"),
    )
    document = replace(ACME, resource_servers=(*ACME.resource_servers, granted))
    document = with_policies(
        (granted.identifier, ("x",)), document=document, rotation_type="rotating"
    )
    idp = TenantClient(document)
    token = idp.tokens(scope="openid offline_access", audience=API)["refresh_token"]
    answer = idp.refresh(token, audience=granted.identifier)
    assert answer.status_code == 400
    assert 'You need to create a "client-grant"' in answer.json["error_description"]
    assert idp.refresh(token).status_code == 200
