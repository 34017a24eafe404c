"""Users who log in with an identity provider for the first time."""

import re
from dataclasses import replace

import pytest

from helpers.acme import DATABASE
from helpers.providers import (
    DOCUMENT,
    GOOGLE,
    AtProvider,
    corporate,
    with_connections,
    with_options,
)
from helpers.tenant_client import claims_of, hint, race
from mockidp.resources.connection import Connection
from mockidp.resources.organization import Organization, OrganizationConnection
from mockidp.tenant.content.prompts import Prompts

DANA = {"name": "Dana van Doe", "email": "Dana@gmail.example", "email_verified": "true"}


def user_of(idp, code):
    claims = claims_of(idp.redeem(code).json["id_token"])
    return idp.tenant.directory.user(claims["sub"])


def test_auth0_new_user__is_created_with_the_first_login(idp):
    code = idp.create(idp.open_provider(scope="openid profile email"), **DANA)["code"]
    claims = claims_of(idp.redeem(code).json["id_token"])
    assert re.fullmatch(r"google-oauth2\|1\d{20}", claims["sub"])
    assert claims["email"] == "dana@gmail.example"
    assert claims["email_verified"] is True
    assert claims["name"] == "Dana van Doe"
    assert claims["given_name"] == "Dana"
    assert claims["family_name"] == "van Doe"
    assert "gravatar" in claims["picture"]
    code = idp.create(idp.open_provider(prompt="login"), **DANA)["code"]
    assert user_of(idp, code).user_id == claims["sub"]
    (first, second) = idp.tenant.journal.of("connection")
    assert first.notes["created"] == claims["sub"]
    assert "created" not in second.notes


def test_the_page_suggests_a_new_user(idp):
    page = idp.get(idp.open_provider()).text
    assert 'value="Dana Doe"' in page
    assert 'value="dana.doe@example.com"' in page
    assert 'value="true" checked' in page


@pytest.mark.parametrize(
    ("strategy", "sub"),
    [
        ("facebook", r"facebook\|1\d{16}"),
        ("github", r"github\|1\d{7}"),
        ("windowslive", r"windowslive\|[0-9a-f]{24}"),
        ("oauth2", r"oauth2\|idp\|[0-9a-f]{24}"),
        ("waad", r"waad\|idp\|[0-9a-f]{24}"),
        ("okta", r"okta\|idp\|[0-9a-f]{24}"),
        ("samlp", r"samlp\|idp\|dana@gmail\.example"),
        ("google-apps", r"google-apps\|dana@gmail\.example"),
    ],
)
def test_auth0_new_user__the_id_has_the_form_of_the_strategy(strategy, sub):
    idp = AtProvider(with_connections(Connection(name="idp", strategy=strategy)))
    code = idp.create(idp.open_provider("idp"), **DANA)["code"]
    assert re.fullmatch(sub, user_of(idp, code).user_id)


def test_auth0_new_user__may_have_no_address_or_no_name(idp):
    code = idp.create(idp.open_provider(scope="openid email"), name="Dana", email="")["code"]
    user = user_of(idp, code)
    assert user.email is None
    assert user.family_name is None
    other = AtProvider(with_connections(corporate()))
    code = other.create(other.open_provider("corp"), name="Dana", email_verified="true")["code"]
    user = user_of(other, code)
    assert re.fullmatch(r"samlp\|corp\|[0-9a-f]{24}", user.user_id)
    assert user.email_verified is False
    code = other.create(other.open_provider("corp", prompt="login"), email="a@b.example")["code"]
    user = user_of(other, code)
    assert (user.name, user.email_verified) == (None, False)


@pytest.mark.parametrize(
    ("form", "code", "why"),
    [
        ({}, "no-name", "The form was posted without `name` and `email`."),
        ({"email": "dana"}, "invalid-email-format", "'dana' is not an e-mail address."),
    ],
)
def test_what_was_typed_is_checked_and_shown_again(idp, form, code, why):
    answer = idp.submit(idp.open_provider(), action="create", **form)
    assert answer.status_code == 400
    assert f'data-error-code="{code}"' in answer.text
    assert hint(answer) == why
    assert f'id="new-email" type="text" inputmode="email" value="{form.get("email", "")}"' in (
        answer.text
    )


def test_a_known_address_is_the_user_of_the_connection(idp):
    code = idp.create(idp.open_provider(), email="GINA@gmail.example")["code"]
    assert user_of(idp, code).user_id == "google-oauth2|117"
    code = idp.create(idp.open_provider(prompt="login"), email="alice@acme.example")["code"]
    assert user_of(idp, code).user_id.startswith("google-oauth2|1")


def test_disable_signup_refuses_new_users():
    client = with_options(disable_signup=True)
    idp = AtProvider(tenant=client.tenant)
    assert "new-user-form" not in idp.get(idp.open_provider()).text
    answer = idp.request("GET", idp.answer(idp.open_provider(), action="create", **DANA))
    assert "error=access_denied" in answer.location
    assert "`options.disable_signup` is true" in hint(answer)
    known = idp.create(idp.open_provider(), email="gina@gmail.example")
    assert known["code"]


def test_fifty_first_logins_of_one_person_create_one_user():
    idp = AtProvider()
    browsers = [AtProvider(tenant=idp.tenant, app=idp.app) for _ in range(50)]
    waiting = [(one, one.answer(one.open_provider(), action="create", **DANA)) for one in browsers]
    before = len(idp.tenant.directory.users)

    def come_back():
        browser, url = waiting.pop()
        return "code" in browser.come_back(url)

    assert race(come_back) == [True] * 50
    assert len(idp.tenant.directory.users) == before + 1


def test_auth0_organization__a_new_user_becomes_a_member_by_logging_in():
    red = Organization(
        id="org_red00000000000",
        name="red",
        connections=(OrganizationConnection(name=GOOGLE, assign_membership_on_login=True),),
    )
    client = replace(DOCUMENT.clients[0], organization_usage="allow")
    idp = AtProvider(replace(DOCUMENT, organizations=(red,), clients=(client,)))
    login = idp.authorize(organization=red.id).location
    assert "Continue with GitHub" not in idp.get(login).text
    answer = idp.submit(login, connection=GOOGLE)
    claims = claims_of(idp.redeem(idp.create(answer.location, **DANA)["code"]).json["id_token"])
    assert claims["org_id"] == red.id
    refused = idp.submit(login, connection="github")
    assert refused.status_code == 400


def test_auth0_organization__a_hidden_enterprise_connection_is_found_by_its_domain():
    connections = (
        OrganizationConnection(name="corp", show_as_button=False),
        OrganizationConnection(name=DATABASE),
    )
    red = Organization(id="org_red00000000000", name="red", connections=connections)
    client = replace(DOCUMENT.clients[0], organization_usage="allow")
    prompts = Prompts(identifier_first=True)
    document = replace(DOCUMENT, organizations=(red,), clients=(client,), prompts=prompts)
    idp = AtProvider(document)
    login = idp.authorize(organization=red.id).location
    assert "data-provider" not in idp.get(login).text
    answer = idp.submit(login, username="zoe@corp.example")
    assert "connection=corp" in answer.location
    assert 'value="samlp|corp|zoe@corp.example"' in idp.get(answer.location).text
