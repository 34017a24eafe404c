"""Invitations to organizations: the link, its acceptance by one login, and the refusals."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from helpers.acme import DATABASE, user, with_client, with_tenant
from helpers.methods import invite, sign_in_as
from helpers.organizations import B2B, BLUE, RED, b2b
from helpers.tenant_client import claims_of, hint, race, sent_to_callback
from mockidp.errors import MockIdPError
from mockidp.flows.organizations.invitations import accept_invitation
from mockidp.protocol.errors.oauth_error import InvalidRequest

NOT_FOUND = "invitation not found or already used"
NOT_INVITED = "the specified account is not allowed to accept the current invitation"
DAVE = "dave@acme.example"


def parameters_of(link):
    """Return the parameters with which the application calls /authorize."""
    query = dict(parse_qsl(urlsplit(link).query))
    assert query.pop("organization_name")
    return query


def error_of(answer):
    callback = sent_to_callback(answer)
    return callback["error"], callback["error_description"]


def test_auth0_invitation__the_link_leads_to_the_application_and_is_sent_by_e_mail(idp):
    link = invite(idp.tenant, "red", DAVE, client="web", inviter="Alice")
    assert link.startswith("https://app.example/login?invitation=")
    query = dict(parse_qsl(urlsplit(link).query))
    assert list(query) == ["invitation", "organization", "organization_name"]
    assert (query["organization"], query["organization_name"]) == (RED, "red")
    message = idp.tenant.outbox.last(to=DAVE)
    assert (message.kind, message.link, message.client_id) == ("user_invitation", link, "web")
    assert message.subject == "You've been invited to join Red Ltd"
    assert message.text.startswith("Alice invited you to join Red Ltd on web. Open this link")
    invite(idp.tenant, "red", DAVE, client="web", send_email=False)
    assert len(idp.tenant.outbox) == 1


def test_auth0_invitation__a_login_makes_the_user_a_member_with_roles_and_verifies_the_address():
    unverified = tuple(replace(one, email_verified=False) for one in B2B.users)
    idp = b2b(replace(B2B, users=unverified))
    link = invite(idp.tenant, RED, "Dave@acme.example", client="web", roles=("viewer",))
    page = idp.get(idp.authorize(**parameters_of(link)).location).text
    assert "You&#39;ve Been Invited!" in page
    assert "to join <bdi" in page
    code = idp.callback("dave", **parameters_of(link))["code"]
    assert claims_of(idp.redeem(code).json["id_token"])["org_id"] == RED
    (red,) = idp.tenant.directory.organizations_of("auth0|dave")
    assert red.member("auth0|dave").roles == ("viewer",)
    assert idp.tenant.directory.user("auth0|dave").email_verified
    assert "code" in idp.callback("dave", organization=RED)


def test_auth0_invitation__a_member_gets_the_additional_roles(idp):
    link = invite(idp.tenant, "red", "alice@acme.example", client="web", roles=("viewer",))
    assert "code" in idp.callback(**parameters_of(link))
    member = idp.tenant.directory.organization(RED).member("auth0|alice")
    assert member.roles == ("editor", "viewer")
    again = invite(idp.tenant, "red", "alice@acme.example", client="web", roles=("viewer",))
    assert "code" in idp.callback(**parameters_of(again))
    assert idp.tenant.directory.organization(RED).member("auth0|alice") == member


def test_auth0_invitation__a_session_of_the_invited_user_accepts_without_a_page(idp):
    idp.callback("dave")
    link = invite(idp.tenant, "red", DAVE, client="web")
    assert "code" in sent_to_callback(idp.authorize(**parameters_of(link), prompt="none"))


def test_auth0_invitation__a_prepared_sign_in_accepts_without_a_page(idp):
    link = invite(idp.tenant, "red", DAVE, client="web")
    sign_in_as(idp.tenant, "dave")
    assert "code" in sent_to_callback(idp.authorize(**parameters_of(link)))


def test_auth0_invitation__works_once(idp):
    link = invite(idp.tenant, "red", DAVE, client="web")
    assert "code" in idp.callback("dave", **parameters_of(link))
    answer = idp.authorize(**parameters_of(link))
    assert error_of(answer) == ("invalid_request", NOT_FOUND)
    assert "and can be used only once." in hint(answer)


def test_auth0_invitation__another_account_is_refused_and_uses_the_invitation_up(idp):
    link = invite(idp.tenant, "red", DAVE, client="web")
    answer = idp.log_in(idp.authorize(**parameters_of(link)).location, "bob")
    assert error_of(answer) == ("access_denied", NOT_INVITED)
    assert "The invitation is for dave@acme.example, but user auth0|bob has" in hint(answer)
    again = idp.another_browser().authorize(**parameters_of(link))
    assert error_of(again) == ("invalid_request", NOT_FOUND)
    assert not idp.tenant.directory.organizations_of("auth0|dave")


def test_auth0_invitation__a_session_of_another_account_is_refused(idp):
    idp.callback("bob")
    link = invite(idp.tenant, "red", DAVE, client="web")
    assert error_of(idp.authorize(**parameters_of(link))) == ("access_denied", NOT_INVITED)


def test_auth0_invitation__may_be_for_one_connection(idp):
    link = invite(idp.tenant, "blue", "carol@acme.example", client="web", connection="customers")
    login = idp.authorize(**parameters_of(link))
    page = idp.get(login.location).text
    assert 'value="auth0|carol"' in page
    assert 'value="auth0|alice"' not in page
    assert "code" in sent_to_callback(idp.log_in(login.location, "carol"))


def test_auth0_invitation__the_same_address_in_another_connection_is_refused():
    other = user("carol", connection=DATABASE)
    users = (*B2B.users, replace(other, user_id="auth0|carol2"))
    idp = b2b(replace(B2B, users=users))
    link = invite(idp.tenant, "blue", "carol@acme.example", client="web", connection="customers")
    login = idp.authorize(**parameters_of(link), connection=DATABASE)
    answer = idp.log_in(login.location, "carol")
    assert error_of(answer) == ("access_denied", NOT_INVITED)
    assert "is for connection customers, but user auth0|carol2 belongs to" in hint(answer)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"invitation": "x"}, "This tenant made no such invitation"),
        ({"organization": BLUE}, f"It is for organization {RED}, not for {BLUE}."),
        ({"organization": None}, "was sent without `organization`"),
        ({"client_id": "requiring"}, "It is for client web, not for requiring."),
    ],
)
def test_auth0_invitation__a_wrong_one_is_refused_and_stays_valid(idp, changed, why):
    link = invite(idp.tenant, "red", DAVE, client="web")
    answer = idp.authorize(**parameters_of(link) | changed)
    assert error_of(answer) == ("invalid_request", NOT_FOUND)
    assert why in hint(answer)
    assert "code" in idp.callback("dave", **parameters_of(link))


def test_auth0_invitation__expires_after_seven_days(idp):
    link = invite(idp.tenant, "red", DAVE, client="web")
    idp.later(7 * 86400 - 1)
    login = idp.authorize(**parameters_of(link))
    assert login.location.startswith("/u/login?state=")
    idp.later(2)
    answer = idp.authorize(**parameters_of(link))
    assert error_of(answer) == ("invalid_request", NOT_FOUND)
    assert "It expired at" in hint(answer)
    assert error_of(idp.log_in(login.location, "dave")) == ("invalid_request", NOT_FOUND)


def test_auth0_invitation__a_new_user_accepts_by_signing_up(idp):
    link = invite(idp.tenant, "red", "New@acme.example", client="web", roles=("viewer",))
    login = idp.authorize(**parameters_of(link))
    assert urlsplit(login.location).path == "/u/signup"
    assert 'value="new@acme.example"' in idp.get(login.location).text.lower()
    form = {"email": "new@acme.example", "password": "Passw0rd!", "action": "default"}
    callback = sent_to_callback(idp.follow(idp.submit(login.location, **form)))
    claims = claims_of(idp.redeem(callback["code"]).json["id_token"])
    assert claims["org_id"] == RED
    (red,) = idp.tenant.directory.organizations_of(claims["sub"])
    assert red.member(claims["sub"]).roles == ("viewer",)
    assert idp.tenant.directory.user(claims["sub"]).email_verified


def test_auth0_invitation__a_new_user_may_log_in_instead_of_signing_up(idp):
    link = invite(idp.tenant, "red", "New@acme.example", client="web")
    login = idp.authorize(**parameters_of(link), screen_hint="login")
    assert urlsplit(login.location).path == "/u/login"


def test_auth0_invitation__another_login_may_accept_it_while_the_user_consents():
    document = with_client(B2B, "web", is_first_party=False)
    red = replace(document.organizations[0], third_party_client_access="allow")
    idp = b2b(replace(document, organizations=(red, *document.organizations[1:])))
    link = invite(idp.tenant, "red", DAVE, client="web")
    consent = idp.log_in(idp.authorize(**parameters_of(link)).location, "dave").location
    assert consent.startswith("/u/consent")
    assert "code" in idp.another_browser().callback("dave", **parameters_of(link))
    answer = idp.follow(idp.submit(consent, action="accept"))
    assert error_of(answer) == ("invalid_request", NOT_FOUND)


def test_auth0_invitation__only_one_of_two_concurrent_requests_accepts(idp):
    link = invite(idp.tenant, "red", DAVE, client="web")
    ticket = parameters_of(link)["invitation"]
    red, dave = idp.tenant.directory.organization(RED), idp.tenant.directory.user("auth0|dave")
    assert accept_invitation(idp.tenant, ticket, red, dave).member("auth0|dave")
    with pytest.raises(InvalidRequest, match=NOT_FOUND):
        accept_invitation(idp.tenant, ticket, red, dave)


def test_auth0_invitation__only_one_of_50_logins_accepts(idp):
    link = invite(idp.tenant, "red", DAVE, client="web")

    def log_in():
        browser = idp.another_browser()
        login = browser.authorize(**parameters_of(link))
        return browser, login

    waiting = [log_in() for _ in range(50)]

    def finish():
        browser, login = waiting.pop()
        return sent_to_callback(browser.log_in(login.location, "dave"))

    callbacks = race(finish)
    assert len([one for one in callbacks if "code" in one]) == 1
    refused = {one["error_description"] for one in callbacks if "error" in one}
    assert refused == {NOT_FOUND}
    assert len(idp.tenant.directory.organization(RED).members) == 4


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"organization": "none"}, "There is no organization 'none'."),
        ({"email": "dave"}, "'dave' is not an e-mail address."),
        ({"client": "none"}, "There is no client 'none'."),
        ({"client": "picking"}, "A default login route is required to generate the invitation"),
        ({"roles": ("none",)}, "There is no role 'none'."),
        ({"connection": "staff"}, "There is no connection of organization red 'staff'."),
        ({"ttl": 2592001}, "Send at most 2592000 seconds."),
    ],
)
def test_an_invitation_that_cannot_be_made_is_an_error(idp, options, message):
    with pytest.raises(MockIdPError) as refused:
        invite(idp.tenant, **{"organization": "red", "email": DAVE, "client": "web"} | options)
    assert message in str(refused.value)


def test_an_invitation_is_for_the_first_client_that_allows_organizations_by_default(idp):
    assert invite(idp.tenant, "red", DAVE).startswith("https://app.example/login?")
    idp.edit(replace(B2B, clients=tuple(one for one in B2B.clients if one.client_id == "m2m")))
    with pytest.raises(MockIdPError, match="No client allows organizations"):
        invite(idp.tenant, "red", DAVE)


def test_auth0_invitation__the_tenants_login_route_is_used_if_the_client_has_none():
    document = with_tenant(B2B, default_redirection_uri="https://app.example/start")
    link = invite(b2b(document).tenant, "red", DAVE, client="picking")
    assert link.startswith("https://app.example/start?invitation=")


def test_auth0_login__an_old_login_page_of_an_organization_leads_back_with_its_id(idp):
    login = idp.authorize(organization=RED).location
    idp.later(86400)
    answer = idp.get(login)
    assert answer.location.startswith("https://app.example/login?")
    assert f"organization={RED}" in answer.location


def test_auth0_invitation__a_client_that_denies_organizations_refuses_it(idp):
    link = invite(idp.tenant, "red", DAVE, client="web")
    idp.edit(with_client(B2B, "web", organization_usage="deny"))
    answer = idp.authorize(**parameters_of(link))
    assert error_of(answer)[1] == "parameter organization is not allowed for this client"
