"""The pages on which users choose an organization, before or after the login."""

from dataclasses import replace

import pytest

from helpers.acme import with_client
from helpers.html_page import Page
from helpers.organizations import B2B, BLUE, EMPTY, RED, b2b, organization, with_organization
from helpers.tenant_client import claims_of, hint, sent_to_callback
from mockidp.resources.client import Client

REQUIRED = "parameter organization is required for this client"
NO_MEMBERSHIP = (
    "client requires organization membership, but user does not belong to any organization"
)
SELECTION, PICKER = "/u/organization/selection?state=", "/u/organization/picker?state="


def org_id(idp, answer, client_id):
    code = sent_to_callback(answer)["code"]
    return claims_of(idp.redeem(code, client_id=client_id).json["id_token"]).get("org_id")


def test_auth0_selection__the_person_names_the_organization_before_the_login(idp):
    selection = idp.authorize(client_id="selecting").location
    assert selection.startswith(SELECTION)
    page = Page(idp.get(selection).text)
    assert page.text_of(*page.find("h1")) == "Enter Organization"
    assert page.find("form", **{"class": "_form-organization-selection"})
    assert page.find("input", name="organizationName", type="text")
    chosen = idp.submit(selection, organizationName=" Red ", action="default")
    assert chosen.location.startswith("/u/login?state=")
    assert "Red Ltd" in idp.get(chosen.location).text
    assert org_id(idp, idp.log_in(chosen.location), "selecting") == RED


def test_auth0_selection__identifier_first_pages_follow(idp):
    idp.edit(replace(B2B, prompts=replace(B2B.prompts, identifier_first=True)))
    selection = idp.authorize(client_id="selecting").location
    chosen = idp.submit(selection, organizationName="red")
    assert chosen.location.startswith("/u/login/identifier?state=")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("rod", "No organization has the name 'rod'. Known organizations: red, blue, empty"),
        (None, "No organization has the name ''."),
        (RED, f"No organization has the name '{RED}'."),
    ],
)
def test_auth0_selection__an_unknown_name_is_refused_on_the_page(idp, typed, why):
    selection = idp.authorize(client_id="selecting").location
    answer = idp.submit(selection, **({"organizationName": typed} if typed else {}))
    assert answer.status_code == 400
    assert 'id="error-element-organizationName"' in answer.text
    assert 'data-error-code="invalid-organization"' in answer.text
    assert "The organization you entered is invalid" in answer.text
    assert why in hint(answer)
    assert idp.submit(selection, organizationName="red").status_code == 302


def test_auth0_selection__an_organization_that_does_not_admit_the_client_is_refused():
    idp = b2b(with_organization("red", is_app_entitlement_active=True))
    selection = idp.authorize(client_id="selecting").location
    answer = idp.submit(selection, organizationName="red")
    assert answer.status_code == 400
    assert "is_app_entitlement_active" in hint(answer)


def test_auth0_selection__an_organization_without_connections_ends_the_login(idp):
    selection = idp.authorize(client_id="selecting").location
    answer = idp.submit(selection, organizationName="empty")
    callback = sent_to_callback(answer)
    assert callback["error_description"] == "no connections enabled for the organization"
    assert "No connection is enabled for organization empty." in hint(answer)
    assert idp.get(selection).status_code == 400


def test_auth0_selection__a_session_is_used_if_the_organization_has_its_connection(idp):
    idp.callback()
    login = idp.authorize(client_id="selecting").location
    selection = idp.follow(idp.get(login)).location
    assert selection.startswith(SELECTION)
    answer = idp.follow(idp.submit(selection, organizationName="red"))
    assert org_id(idp, answer, "selecting") == RED


def test_auth0_selection__a_session_of_another_connection_is_not_used(idp):
    idp.callback()
    selection = idp.follow(idp.get(idp.authorize(client_id="selecting").location)).location
    answer = idp.submit(selection, organizationName="single")
    assert answer.location.startswith("/u/login?state=")
    assert org_id(idp, idp.log_in(answer.location, "staffer"), "selecting")


def test_auth0_selection__a_silent_request_has_to_name_the_organization(idp):
    idp.callback()
    answer = idp.authorize(client_id="selecting", prompt="none")
    callback = sent_to_callback(answer)
    assert (callback["error"], callback["error_description"]) == ("invalid_request", REQUIRED)
    assert "so the person cannot choose one" in hint(answer)
    silent = idp.authorize(client_id="selecting", prompt="none", organization=RED)
    assert "code" in sent_to_callback(silent)


def test_auth0_selection__a_client_that_allows_personal_accounts_offers_one(idp):
    selection = idp.authorize(client_id="may-select").location
    assert "Continue with personal account" in idp.get(selection).text
    skipped = idp.submit(selection, organizationSkipped="true")
    assert org_id(idp, idp.log_in(skipped.location), "may-select") is None
    silent = idp.authorize(client_id="may-select", prompt="none")
    assert org_id(idp, silent, "may-select") is None


def test_auth0_selection__a_client_that_requires_an_organization_offers_no_personal_account(idp):
    selection = idp.authorize(client_id="selecting").location
    assert "personal account" not in idp.get(selection).text
    answer = idp.submit(selection, organizationSkipped="true")
    assert answer.status_code == 400
    assert 'id="prompt-alert"' in answer.text
    assert "requires an organization" in hint(answer)


def test_auth0_picker__the_user_picks_an_organization_after_the_login(idp):
    login = idp.authorize(client_id="picking")
    picker = idp.log_in(login.location).location
    assert picker.startswith(PICKER)
    page = idp.get(picker).text
    assert "Choose an Organization" in page
    for one in (RED, BLUE, EMPTY):
        assert f'name="organization" value="{one}"' in page
    answer = idp.follow(idp.submit(picker, organization=BLUE))
    assert org_id(idp, answer, "picking") == BLUE


def test_auth0_picker__a_single_organization_is_chosen_without_a_page(idp):
    answer = idp.log_in(idp.authorize(client_id="picking").location, "bob")
    assert org_id(idp, answer, "picking") == RED
    silent = idp.authorize(client_id="picking", prompt="none")
    assert org_id(idp, silent, "picking") == RED


def test_auth0_picker__a_user_without_an_organization_is_refused(idp):
    answer = idp.log_in(idp.authorize(client_id="picking").location, "dave")
    callback = sent_to_callback(answer)
    assert (callback["error"], callback["error_description"]) == ("invalid_request", NO_MEMBERSHIP)
    assert "Add the user to the `members` of an organization." in hint(answer)


def test_auth0_picker__the_only_organization_that_assigns_membership_is_joined(idp):
    callback = idp.callback("carol", client_id="picking", connection="customers")
    assert callback["error_description"] == "no connections enabled for the client"
    databases = tuple(
        replace(one, enabled_clients=None) if one.name == "customers" else one
        for one in B2B.databases
    )
    idp.edit(replace(B2B, databases=databases))
    answer = idp.log_in(idp.authorize(client_id="picking").location, "carol")
    assert org_id(idp, answer, "picking") == BLUE
    assert [one.name for one in idp.tenant.directory.organizations_of("auth0|carol")] == ["blue"]


def test_auth0_picker__with_two_organizations_that_assign_membership_neither_is_joined(idp):
    databases = tuple(
        replace(one, enabled_clients=None) if one.name == "customers" else one
        for one in B2B.databases
    )
    document = with_organization("red", connections=B2B.organizations[1].connections)
    idp.edit(replace(document, databases=databases))
    answer = idp.log_in(idp.authorize(client_id="picking").location, "carol")
    assert sent_to_callback(answer)["error_description"] == NO_MEMBERSHIP


def test_auth0_picker__a_silent_request_cannot_pick_from_several(idp):
    idp.callback()
    answer = idp.authorize(client_id="picking", prompt="none")
    assert sent_to_callback(answer)["error_description"] == REQUIRED
    assert f"has several: {RED}, {BLUE}, {EMPTY}." in hint(answer)


def test_auth0_picker__a_personal_account_is_offered_if_the_client_allows_one(idp):
    picker = idp.log_in(idp.authorize(client_id="may-pick").location, "bob").location
    page = idp.get(picker).text
    assert "Choose an Account to Continue" in page
    assert "is used as a personal account and is a part of multiple organizations." in page
    answer = idp.follow(idp.submit(picker, organizationSkipped="true"))
    assert org_id(idp, answer, "may-pick") is None
    silent = idp.authorize(client_id="may-pick", prompt="none")
    assert org_id(idp, silent, "may-pick") is None
    picker = idp.follow(idp.get(idp.authorize(client_id="may-pick").location)).location
    assert org_id(idp, idp.follow(idp.submit(picker, organization=RED)), "may-pick") == RED


def test_auth0_picker__a_user_without_an_organization_logs_in_as_a_person(idp):
    answer = idp.log_in(idp.authorize(client_id="may-pick").location, "dave")
    assert org_id(idp, answer, "may-pick") is None


def test_auth0_picker__an_organization_that_is_not_offered_is_refused(idp):
    picker = idp.log_in(idp.authorize(client_id="picking").location).location
    answer = idp.submit(picker, organization="org_single0000000000")
    assert answer.status_code == 400
    assert "does not offer an organization 'org_single0000000000'" in hint(answer)
    assert 'id="prompt-alert"' in answer.text
    assert idp.submit(picker, organizationSkipped="true").status_code == 400


def test_auth0_picker__organizations_that_do_not_admit_the_client_are_not_offered():
    document = with_client(B2B, "picking", is_first_party=False)
    allowed = with_organization("blue", document, third_party_client_access="allow")
    idp = b2b(allowed)
    answer = idp.log_in(idp.authorize(client_id="picking").location)
    assert answer.location.startswith("/u/consent")


def test_auth0_picker__offers_the_first_20_organizations():
    many = tuple(organization(f"o{number}", "dave") for number in range(30))
    idp = b2b(replace(B2B, organizations=many))
    picker = idp.log_in(idp.authorize(client_id="picking").location, "dave").location
    assert idp.get(picker).text.count('name="organization"') == 20


def test_auth0_picker__only_the_browser_that_logged_in_may_pick(idp):
    picker = idp.log_in(idp.authorize(client_id="picking").location).location
    other = idp.another_browser()
    assert other.get(picker).status_code == 400
    assert other.submit(picker, organization=RED).status_code == 400
    assert other.submit(picker, organizationSkipped="1").status_code == 400
    assert idp.get(picker).status_code == 200


def test_auth0_picker__a_user_who_was_deleted_cannot_pick(idp):
    picker = idp.log_in(idp.authorize(client_id="picking").location).location
    users = tuple(one for one in B2B.users if one.user_id != "auth0|alice")
    idp.edit(replace(with_organization("red", members=()), users=users))
    assert idp.get(picker).status_code == 200
    assert "Offered: none." in hint(idp.submit(picker, organization=RED))
    answer = idp.get(picker.replace("/u/organization/picker", "/authorize/resume"))
    assert "The client or the user was removed" in hint(answer)


def test_auth0_prompts__a_client_that_denies_organizations_never_asks():
    asking = Client(client_id="c", organization_require_behavior="post_login_prompt")
    document = with_client(
        B2B, "denying", organization_require_behavior=asking.organization_require_behavior
    )
    assert "code" in b2b(document).callback(client_id="denying")
