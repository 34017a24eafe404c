"""The parameter `organization` is refused with Auth0's texts, because tokens have no org_id."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, API, with_client, with_settings, with_tenant
from helpers.tenant_client import TenantClient, hint, sent_to_callback
from mockidp.resources.client import DefaultOrganization

ORG = "org_abcdefghijklmnop"
UNSUPPORTED = "Organizations are not supported by mockidp yet: its tokens would lack `org_id`."


def with_grant(**fields):
    """Return the document with some fields of m2m's first client grant changed."""
    first, *others = ACME.client_grants
    return replace(ACME, client_grants=(replace(first, **fields), *others))


def machine(document, **form):
    return TenantClient(document).machine_token(audience=API, **form)


@pytest.mark.parametrize("prompt", [None, "none"])
def test_auth0_authorize__an_organization_is_refused_if_the_client_denies_organizations(
    idp, prompt
):
    answer = idp.authorize(organization=ORG, prompt=prompt)
    assert sent_to_callback(answer) == {
        "error": "invalid_request",
        "error_description": "parameter organization is not allowed for this client",
        "state": "s1",
    }
    assert hint(answer) == (
        f"Parameter `organization` is '{ORG}', but `organization_usage` of client web is deny. "
        "Do not send it."
    )


@pytest.mark.parametrize("usage", ["allow", "require"])
@pytest.mark.parametrize(
    ("sent", "names", "description", "why"),
    [
        (ORG, False, "parameter organization is invalid", UNSUPPORTED),
        ("acme", True, "parameter organization is invalid", UNSUPPORTED),
        (
            "acme",
            False,
            "authorization request parameter organization must be an organization id",
            "Names need the tenant setting `allow_organization_name_in_authentication_api`.",
        ),
    ],
)
def test_auth0_authorize__no_organization_is_known(usage, sent, names, description, why):
    document = with_client(ACME, "web", organization_usage=usage)
    document = with_tenant(document, allow_organization_name_in_authentication_api=names)
    answer = TenantClient(document).authorize(organization=sent)
    callback = sent_to_callback(answer)
    assert (callback["error"], callback["error_description"]) == ("invalid_request", description)
    assert why in hint(answer)


@pytest.mark.parametrize(
    ("behavior", "description", "why"),
    [
        (
            "no_prompt",
            "parameter organization is required for this client",
            "Parameter `organization` was not sent, but",
        ),
        (
            "pre_login_prompt",
            "parameter organization is required for this client",
            "Auth0 would ask the user (pre_login_prompt).",
        ),
        (
            "post_login_prompt",
            "client requires organization membership, but user does not belong to any organization",
            "Auth0 would ask the user (post_login_prompt).",
        ),
    ],
)
def test_auth0_authorize__a_client_may_require_an_organization(behavior, description, why):
    fields = {"organization_usage": "require", "organization_require_behavior": behavior}
    answer = TenantClient(with_client(ACME, "web", **fields)).authorize()
    callback = sent_to_callback(answer)
    assert (callback["error"], callback["error_description"]) == ("invalid_request", description)
    assert why in hint(answer)
    assert UNSUPPORTED in hint(answer)


def test_auth0_authorize__a_client_that_allows_organizations_logs_in_without_one():
    idp = TenantClient(with_client(ACME, "web", organization_usage="allow"))
    assert idp.callback()["code"]


def test_auth0_authorize__an_invitation_is_refused(idp):
    answer = idp.authorize(invitation="ticket")
    callback = sent_to_callback(answer)
    assert callback["error"] == "invalid_request"
    assert callback["error_description"] == "invitation not found or already used"
    assert UNSUPPORTED in hint(answer)
    answer = idp.authorize(invitation="ticket", organization=ORG)
    assert "not allowed for this client" in sent_to_callback(answer)["error_description"]


def test_auth0_authorize__clients_of_a_lenient_tenant_deny_organizations():
    idp = TenantClient(with_settings(accept_any_client=True))
    answer = idp.authorize(client_id="anything", organization=ORG)
    description = "parameter organization is not allowed for this client"
    assert sent_to_callback(answer)["error_description"] == description


def test_auth0_password__a_client_that_requires_an_organization_is_refused():
    idp = TenantClient(with_client(ACME, "web", organization_usage="require"))
    answer = idp.password_token()
    assert answer.status_code == 400
    assert answer.json == {
        "error": "invalid_request",
        "error_description": "parameter organization is required for this client",
    }
    assert "a password grant cannot log in to an organization." in hint(answer)


@pytest.mark.parametrize(
    ("usage", "sent", "description", "why"),
    [
        ("deny", ORG, "parameter organization is not allowed for this client", "is deny"),
        ("allow", ORG, "parameter organization is invalid", UNSUPPORTED),
        ("require", ORG, "parameter organization is invalid", UNSUPPORTED),
        ("require", None, "parameter organization is required for this client", "is require"),
    ],
)
def test_auth0_client_credentials__the_client_grant_controls_organizations(
    usage, sent, description, why
):
    answer = machine(with_grant(organization_usage=usage), organization=sent)
    assert answer.status_code == 400
    assert answer.json == {"error": "invalid_request", "error_description": description}
    assert why in hint(answer)


@pytest.mark.parametrize("usage", ["deny", "allow"])
def test_auth0_client_credentials__without_an_organization_the_token_has_none(usage):
    assert machine(with_grant(organization_usage=usage)).status_code == 200


@pytest.mark.parametrize(
    ("usage", "flow", "status"),
    [
        ("allow", "client_credentials", 400),
        ("deny", "client_credentials", 200),
        ("allow", "x", 200),
    ],
)
def test_auth0_client_credentials__a_default_organization_replaces_the_parameter(
    usage, flow, status
):
    default = DefaultOrganization(organization_id=ORG, flows=(flow,))
    document = with_grant(organization_usage=usage)
    answer = machine(with_client(document, "m2m", default_organization=default))
    assert answer.status_code == status
    if status == 400:
        assert answer.json["error_description"] == "parameter organization is invalid"
        assert f"Organization '{ORG}' is the `default_organization` of the client." in hint(answer)


def test_auth0_client_credentials__a_management_api_v1_token_cannot_have_an_organization(idp):
    form = {"grant_type": "client_credentials", "client_id": "global"}
    assert idp.token(**form).status_code == 200
    answer = idp.token(**form, organization=ORG)
    assert answer.status_code == 400
    assert "not allowed for this client" in answer.json["error_description"]
