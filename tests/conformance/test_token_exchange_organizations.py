"""Custom token exchange for a member of an organization, and with a second factor."""

from dataclasses import replace

import pytest

from helpers.acme import DATABASE, RBAC_API
from helpers.mfa import APP, MfaClient, refused, with_mfa
from helpers.tenant_client import TenantClient, claims_of, hint
from helpers.tenants import FUNCTION
from helpers.token_exchange import (
    TENANT,
    broker,
    decide_with,
    exchange,
)
from mockidp.resources.organization import (
    Organization,
    OrganizationConnection,
    OrganizationMember,
)


@pytest.fixture
def member():
    """A tenant where alice is a member of the organization acme, with the role viewer."""
    acme = Organization(
        name="acme",
        id="org_acme",
        members=(OrganizationMember(user_id="auth0|alice", roles=("viewer",)),),
        connections=(OrganizationConnection(name=DATABASE),),
    )
    clients = (
        *TENANT.clients,
        broker("in-org", organization_usage="allow"),
        broker("only-in-org", organization_usage="require"),
        broker(
            "prompting",
            organization_usage="require",
            organization_require_behavior="post_login_prompt",
        ),
    )
    return TenantClient(replace(TENANT, clients=clients, organizations=(acme,)))


def test_auth0_exchange__the_tokens_are_for_an_organization(member):
    form = {"audience": RBAC_API, "scope": "openid read:reports", "organization": "org_acme"}
    body = exchange(member, client_id="in-org", **form).json
    assert claims_of(body["access_token"])["org_id"] == "org_acme"
    assert claims_of(body["access_token"])["permissions"] == ["read:reports"]
    assert claims_of(body["id_token"])["org_id"] == "org_acme"
    without = exchange(member, client_id="in-org").json
    assert "org_id" not in claims_of(without["access_token"])


@FUNCTION
def test_auth0_exchange__a_function_sets_the_organization(member):
    def decide(request):
        request.set_organization("org_acme")
        return "alice"

    decide_with(member, decide)
    body = exchange(member, client_id="only-in-org").json
    assert claims_of(body["access_token"])["org_id"] == "org_acme"


def test_auth0_exchange__a_client_of_organizations_needs_one(member):
    required = "parameter organization is required for this client"
    answer = exchange(member, client_id="only-in-org")
    assert answer.json["error_description"] == required
    answer = exchange(member, client_id="prompting")
    assert answer.json["error_description"] == required
    assert "let the function of the test call `set_organization`" in hint(answer)


def test_auth0_exchange__a_login_may_assign_membership(member):
    acme = member.tenant.directory.organization("org_acme")
    joining = OrganizationConnection(name=DATABASE, assign_membership_on_login=True)
    member.edit(
        replace(member.tenant.document, organizations=(replace(acme, connections=(joining,)),))
    )
    form = {"client_id": "in-org", "organization": "org_acme"}
    assert exchange(member, "legacy-bob", **form).status_code == 200
    assert member.tenant.directory.organization("org_acme").member("auth0|bob")


@pytest.mark.parametrize(
    ("token", "form", "error"),
    [
        (
            "legacy-alice",
            {"organization": "org_acme"},
            (400, "invalid_request", "parameter organization is not allowed for this client"),
        ),
        (
            "legacy-alice",
            {"client_id": "in-org", "organization": "org_other"},
            (400, "invalid_request", "parameter organization is invalid"),
        ),
        (
            "legacy-alice",
            {"client_id": "only-in-org"},
            (400, "invalid_request", "parameter organization is required for this client"),
        ),
        (
            "legacy-bob",
            {"client_id": "in-org", "organization": "org_acme"},
            (403, "access_denied", "user auth0|bob is not part of the org_acme organization"),
        ),
        (
            "legacy-staff",
            {"client_id": "in-org", "organization": "org_acme"},
            (400, "invalid_request", "no connections enabled for the organization"),
        ),
    ],
)
def test_auth0_exchange__an_organization_that_does_not_fit_is_refused(member, token, form, error):
    assert refused(exchange(member, token, **form)) == error


def test_auth0_exchange__a_second_factor_may_be_required():
    idp = MfaClient(APP, document=TENANT)
    answer = exchange(idp, scope="openid")
    assert refused(answer) == (403, "mfa_required", "Multifactor authentication required")
    passed = idp.otp(answer.json["mfa_token"], idp.code(), client_id="broker")
    assert claims_of(passed.json["access_token"])["sub"] == "auth0|alice"
    assert claims_of(passed.json["id_token"])["amr"] == ["mfa"]


def test_auth0_exchange__a_second_factor_is_not_possible_with_an_actor_or_organization(member):
    text = "MFA is not supported using actor_token with the requested token exchange profile"
    member.edit(with_mfa(document=member.tenant.document))
    for token, form, of in (
        ("legacy-delegated", {}, "an actor"),
        ("legacy-alice", {"client_id": "in-org", "organization": "org_acme"}, "an organization"),
    ):
        answer = exchange(member, token, **form)
        assert refused(answer) == (400, "invalid_request", text)
        assert f"no second factor in a token exchange with {of}." in hint(answer)
