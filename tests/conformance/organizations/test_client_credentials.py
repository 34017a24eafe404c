"""client_credentials with an organization: the client grant decides."""

from dataclasses import replace

import pytest

from helpers.acme import API, with_client
from helpers.organizations import B2B, BLUE, RED, b2b, with_names, with_organization
from helpers.tenant_client import claims_of, hint
from mockidp.resources.client_tokens import DefaultOrganization

ALLOW, REQUIRE, ANY = "https://open.example/", "https://granted.example/", "https://ps256.example/"
REQUIRED = "parameter organization is required for this client"


def with_default(organization_id, *flows):
    default = DefaultOrganization(organization_id=organization_id, flows=flows)
    return with_client(B2B, "m2m", default_organization=default)


def test_auth0_client_credentials__the_token_has_the_organization():
    claims = claims_of(
        b2b(with_names()).machine_token(audience=ALLOW, organization="red").json["access_token"]
    )
    assert (claims["org_id"], claims["org_name"]) == (RED, "red")
    assert claims["sub"] == "m2m@clients"


def test_auth0_client_credentials__without_an_organization_the_token_has_none(idp):
    for audience in (API, ALLOW):
        body = idp.machine_token(audience=audience).json
        assert "org_id" not in claims_of(body["access_token"])


@pytest.mark.parametrize(
    ("form", "description", "why"),
    [
        (
            {"audience": API, "organization": RED},
            "parameter organization is not allowed for this client",
            "is deny. Do not send it",
        ),
        ({"audience": REQUIRE}, REQUIRED, "set `default_organization`"),
        (
            {"audience": ALLOW, "organization": "org_none"},
            "parameter organization is invalid",
            "No organization has the id or name 'org_none'.",
        ),
        (
            {"audience": ALLOW, "organization": "red"},
            "authorization request parameter organization must be an organization id",
            f"Send its id, {RED}.",
        ),
    ],
)
def test_auth0_client_credentials__an_organization_is_refused(idp, form, description, why):
    answer = idp.machine_token(**form)
    assert answer.status_code == 400
    assert answer.json == {"error": "invalid_request", "error_description": description}
    assert why in hint(answer)


def test_auth0_client_credentials__the_client_has_to_be_associated_with_the_organization(idp):
    answer = idp.machine_token(audience=ALLOW, organization=BLUE)
    assert answer.status_code == 403
    assert answer.json == {
        "error": "access_denied",
        "error_description": f"client m2m is not part of the {BLUE} organization",
    }
    assert "The `client_grants` of organization blue do not contain client m2m" in hint(answer)


def test_auth0_client_credentials__a_grant_may_be_for_any_organization(idp):
    body = idp.machine_token(audience=ANY, organization=BLUE).json
    assert claims_of(body["access_token"])["org_id"] == BLUE


def test_auth0_client_credentials__a_third_party_client_needs_to_be_associated():
    document = with_client(B2B, "m2m", is_first_party=False)
    idp = b2b(document)
    assert idp.machine_token(audience=ANY, organization=BLUE).status_code == 403
    assert idp.machine_token(audience=ANY, organization=RED).status_code == 200


def test_auth0_client_credentials__a_client_can_be_associated_by_name():
    entry = replace(B2B.organizations[0].client_grants[0], client_id="Machine")
    document = with_organization("blue", client_grants=(entry,))
    idp = b2b(with_client(document, "m2m", name="Machine"))
    assert idp.machine_token(audience=ALLOW, organization=BLUE).status_code == 200


def test_auth0_client_credentials__the_default_organization_serves_grants_that_require_one():
    idp = b2b(with_default(RED, "client_credentials"))
    body = idp.machine_token(audience=REQUIRE).json
    assert claims_of(body["access_token"])["org_id"] == RED
    optional = idp.machine_token(audience=ALLOW).json
    assert "org_id" not in claims_of(optional["access_token"])


def test_auth0_client_credentials__the_default_organization_has_to_cover_the_flow():
    idp = b2b(with_default(RED, "other"))
    assert idp.machine_token(audience=REQUIRE).json["error_description"] == REQUIRED


def test_auth0_client_credentials__a_default_organization_may_not_exist():
    answer = b2b(with_default("org_none", "client_credentials")).machine_token(audience=REQUIRE)
    assert answer.json["error_description"] == "parameter organization is invalid"


def test_auth0_client_credentials__a_management_api_v1_token_cannot_have_an_organization(idp):
    form = {"grant_type": "client_credentials", "client_id": "global"}
    assert idp.token(**form).status_code == 200
    answer = idp.token(**form, organization=RED)
    assert answer.status_code == 400
    assert "not allowed for this client" in answer.json["error_description"]
