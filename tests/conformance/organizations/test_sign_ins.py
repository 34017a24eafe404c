"""Prepared sign-ins with an organization."""

import pytest

from helpers.methods import sign_in_as
from helpers.organizations import BLUE, RED
from helpers.tenant_client import claims_of, hint, sent_to_callback


def org_id(idp, answer, client_id):
    code = sent_to_callback(answer)["code"]
    return claims_of(idp.redeem(code, client_id=client_id).json["id_token"]).get("org_id")


@pytest.mark.parametrize("client", ["selecting", "picking", "may-pick", "may-select"])
@pytest.mark.parametrize("name", ["blue", BLUE])
def test_the_user_chooses_the_prepared_organization(idp, client, name):
    sign_in_as(idp.tenant, "alice", organization=name)
    assert org_id(idp, idp.authorize(client_id=client), client) == BLUE


def test_the_only_organization_of_the_user_is_chosen(idp):
    sign_in_as(idp.tenant, "bob")
    assert org_id(idp, idp.authorize(client_id="picking"), "picking") == RED


@pytest.mark.parametrize("client", ["selecting", "picking", "may-pick"])
def test_a_user_who_would_have_to_choose_is_refused(idp, client):
    sign_in_as(idp.tenant, "alice")
    answer = idp.authorize(client_id=client)
    assert sent_to_callback(answer)["error"] == "interaction_required"
    assert hint(answer) == (
        "The prepared user would have to choose an organization. Name it: "
        "`idp.sign_in_as('auth0|alice', organization=...)`."
    )


def test_a_user_who_is_not_a_member_is_refused(idp):
    sign_in_as(idp.tenant, "dave", organization="red")
    answer = idp.authorize(client_id="picking")
    assert sent_to_callback(answer)["error"] == "access_denied"


@pytest.mark.parametrize(("sent", "of"), [(RED, RED), (None, "none")])
def test_the_organization_of_the_request_takes_precedence(idp, sent, of):
    sign_in_as(idp.tenant, "alice", organization="blue")
    answer = idp.authorize(organization=sent)
    assert org_id(idp, answer, "web") == sent
    assert f"prepared for organization {BLUE}, but the request is for {of}" in hint(answer)


def test_the_same_organization_in_both_is_not_worth_a_hint(idp):
    sign_in_as(idp.tenant, "alice", organization="red")
    answer = idp.authorize(organization=RED)
    assert org_id(idp, answer, "web") == RED
    assert hint(answer) == ""
