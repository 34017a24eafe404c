"""The parameter `organization` at /authorize: who may log in to which organization."""

import threading
from dataclasses import replace

import pytest

from helpers.acme import DATABASE, user, with_client, with_settings, with_tenant
from helpers.organizations import B2B, BLUE, EMPTY, RED, SINGLE, b2b, with_names, with_organization
from helpers.tenant_client import TenantClient, claims_of, hint, race, sent_to_callback
from mockidp.resources.connection import ConnectionPurpose
from mockidp.resources.organization import OrganizationClient

NOT_ALLOWED = "parameter organization is not allowed for this client"
REQUIRED = "parameter organization is required for this client"
INVALID = "parameter organization is invalid"
NO_CONNECTIONS = "no connections enabled for the organization"


def refused(idp, **parameters):
    """Send a request that is refused at once. Return error, description and hint."""
    answer = idp.authorize(**parameters)
    callback = sent_to_callback(answer)
    assert callback["state"] == "s1"
    return callback["error"], callback["error_description"], hint(answer)


@pytest.mark.parametrize("prompt", [None, "none"])
def test_auth0_authorize__an_organization_is_refused_if_the_client_denies_organizations(
    idp, prompt
):
    error, description, why = refused(idp, client_id="denying", organization=RED, prompt=prompt)
    assert (error, description) == ("invalid_request", NOT_ALLOWED)
    assert why == (
        f"Parameter `organization` is '{RED}', but `organization_usage` of client denying is deny. "
        "Do not send it, or set `organization_usage` to allow or require."
    )


def test_auth0_authorize__clients_of_a_lenient_tenant_deny_organizations():
    idp = TenantClient(with_settings(B2B, accept_any_client=True))
    assert refused(idp, client_id="anything", organization=RED)[1] == NOT_ALLOWED


def test_auth0_authorize__a_client_may_require_an_organization(idp):
    error, description, why = refused(idp, client_id="requiring")
    assert (error, description) == ("invalid_request", REQUIRED)
    assert "set `organization_require_behavior` to pre_login_prompt or post_login_prompt" in why
    assert claims_of(idp.tokens(client_id="requiring", organization=RED)["id_token"])["org_id"]


def test_auth0_authorize__an_unknown_organization_is_refused(idp):
    error, description, why = refused(idp, organization="org_rod0000000000000")
    assert (error, description) == ("invalid_request", INVALID)
    assert why.endswith(f"Did you mean {RED}?")
    assert "No organization has the id or name 'org_rod0000000000000'." in why


@pytest.mark.parametrize(
    ("sent", "more"), [("red", f" Send its id, {RED}."), ("green", " Send an id.")]
)
def test_auth0_authorize__a_name_is_refused_unless_the_tenant_allows_names(idp, sent, more):
    error, description, why = refused(idp, organization=sent)
    assert error == "invalid_request"
    assert description == (
        "authorization request parameter organization must be an organization id"
    )
    assert "Names need the tenant setting `allow_organization_name_in_authentication_api`." in why
    assert why.endswith(more)


def test_auth0_authorize__a_tenant_can_allow_names_in_any_case():
    idp = b2b(with_names())
    claims = claims_of(idp.tokens(organization="Red")["id_token"])
    assert (claims["org_id"], claims["org_name"]) == (RED, "red")
    assert refused(idp, organization="rod")[2].endswith("Did you mean red?")


def test_auth0_authorize__a_user_who_is_not_a_member_is_refused(idp):
    login = idp.authorize(organization=RED)
    answer = idp.log_in(login.location, "dave")
    assert sent_to_callback(answer) == {
        "error": "access_denied",
        "error_description": f"user auth0|dave is not part of the {RED} organization",
        "state": "s1",
    }
    assert "Add the user to `members`" in hint(answer)
    again = idp.authorize(organization=RED)
    assert sent_to_callback(again)["error"] == "access_denied"


def test_auth0_authorize__a_login_that_was_refused_has_ended(idp):
    login = idp.authorize(organization=RED)
    idp.log_in(login.location, "dave")
    ended = idp.get(login.location)
    assert ended.location.startswith("https://app.example/login?iss=")
    assert "already finished" in hint(ended)


def test_auth0_authorize__the_session_of_a_login_counts_in_other_organizations(idp):
    idp.callback(organization=RED)
    answer = idp.authorize(organization=BLUE, prompt="none")
    code = sent_to_callback(answer)["code"]
    assert claims_of(idp.redeem(code).json["id_token"])["org_id"] == BLUE
    without = sent_to_callback(idp.authorize(prompt="none"))["code"]
    assert "org_id" not in claims_of(idp.redeem(without).json["id_token"])


def test_auth0_authorize__a_session_of_a_connection_that_the_organization_lacks_is_not_used(idp):
    idp.callback()
    assert idp.authorize(organization=SINGLE).location.startswith("/u/login?state=")
    answer = idp.authorize(organization=SINGLE, prompt="none")
    assert sent_to_callback(answer)["error"] == "login_required"
    assert "not enabled for the client or the organization" in hint(answer)


def test_auth0_authorize__only_connections_of_the_organization_may_log_in(idp):
    login = idp.authorize(organization=SINGLE)
    page = idp.get(login.location)
    assert 'value="auth0|staffer"' in page.text
    assert 'value="auth0|alice"' not in page.text
    refused_login = idp.submit(
        login.location, username="alice@acme.example", password="Passw0rd!", action="default"
    )
    assert refused_login.status_code == 400
    assert "code" in sent_to_callback(idp.log_in(login.location, "staffer"))


def test_auth0_authorize__connections_of_an_organization_need_not_be_enabled_for_the_client(idp):
    assert "code" in idp.callback("carol", organization=BLUE)


def test_auth0_authorize__the_login_page_shows_the_name_of_the_organization(idp):
    page = idp.get(idp.authorize(organization=RED).location)
    assert 'Log in to <bdi class="name">Red Ltd</bdi>' in page.text


@pytest.mark.parametrize(
    ("sent", "description", "why"),
    [
        ({"organization": EMPTY}, NO_CONNECTIONS, "No connection is enabled for organization empty"),
        (
            {"organization": RED, "connection": "staff"},
            NO_CONNECTIONS,
            "Connection 'staff' is not enabled for organization red.",
        ),
        (
            {"organization": BLUE, "connection": "staff"},
            NO_CONNECTIONS,
            f"Enabled connections: {DATABASE}, customers, okta.",
        ),
        (
            {"organization": "org_hidden0000000000"},
            "no connections enabled for the organization are visible",
            "`show_as_button: false`",
        ),
    ],
)  # fmt: skip
def test_auth0_authorize__an_organization_without_the_connection_is_refused(
    idp, sent, description, why
):
    error, text, hinted = refused(idp, **sent)
    assert (error, text) == ("invalid_request", description)
    assert why in hinted


def test_auth0_authorize__a_connection_that_is_switched_off_is_not_the_organizations():
    off = ConnectionPurpose(active=False)
    databases = tuple(
        replace(one, authentication=off) if one.name == "staff" else one for one in B2B.databases
    )
    assert refused(b2b(replace(B2B, databases=databases)), organization=SINGLE)[1] == NO_CONNECTIONS


def test_auth0_authorize__a_hidden_enterprise_connection_needs_the_parameter_connection(idp):
    shown = idp.get(idp.authorize(organization=BLUE).location).text
    assert 'value="auth0|oscar"' not in shown
    login = idp.authorize(organization=BLUE, connection="okta")
    assert 'value="auth0|oscar"' in idp.get(login.location).text
    picked = idp.submit(login.location, action="pick", user_id="auth0|oscar")
    assert "code" in sent_to_callback(idp.follow(picked))


def test_auth0_authorize__a_login_can_make_the_user_a_member(idp):
    assert "code" in idp.callback("carol", organization=BLUE)
    (blue,) = idp.tenant.directory.organizations_of("auth0|carol")
    assert [one.user_id for one in blue.members] == ["auth0|alice", "auth0|carol"]
    assert "code" in idp.callback("carol", organization=BLUE)
    assert len(idp.tenant.directory.organization(BLUE).members) == 2


def test_auth0_authorize__many_users_join_at_once_and_none_is_lost():
    many = tuple(user(f"u{number}", connection="customers") for number in range(50))
    idp = b2b(replace(B2B, users=(*B2B.users, *many)))
    waiting = iter(many)
    lock = threading.Lock()

    def log_in():
        with lock:
            name = next(waiting).nickname
        return idp.another_browser().callback(name, organization=BLUE)

    assert all("code" in one for one in race(log_in))
    members = idp.tenant.directory.organization(BLUE).members
    assert {one.user_id for one in members} == {"auth0|alice", *(one.user_id for one in many)}
    assert len(members) == 51


def test_auth0_authorize__third_party_clients_need_the_organizations_permission():
    error, description, why = refused(b2b(), client_id="partner", organization=RED)
    assert (error, description) == ("invalid_request", f"{INVALID}: {RED}")
    assert "`third_party_client_access` of organization red is block" in why
    allowing = b2b(with_organization("red", third_party_client_access="allow"))
    assert "code" in allowing.callback(client_id="partner", organization=RED)


@pytest.mark.parametrize(
    ("listed", "why"),
    [
        ((), "its `clients` do not contain client web"),
        (("web", False), "has `use_for_member_access: false`"),
        (("web", True), ""),
    ],
)
def test_auth0_authorize__an_organization_may_admit_listed_clients_only(listed, why):
    fields = {"is_app_entitlement_active": True}
    if listed:
        name, admitted = listed
        entry = OrganizationClient(client_id=name, use_for_member_access=admitted)
        fields["clients"] = (entry,)
    idp = b2b(with_organization("red", **fields))
    if why:
        error, description, hinted = refused(idp, organization=RED)
        assert (error, description) == ("invalid_request", f"{INVALID}: {RED}")
        assert why in hinted
    else:
        assert "code" in idp.callback(organization=RED)


def test_auth0_authorize__a_listed_third_party_client_is_admitted():
    entry = OrganizationClient(client_id="partner", use_for_member_access=True)
    document = with_organization("red", is_app_entitlement_active=True, clients=(entry,))
    assert "code" in b2b(document).callback(client_id="partner", organization=RED)


def test_auth0_authorize__the_callback_may_contain_the_name_of_the_organization(idp):
    request = {"client_id": "placed", "redirect_uri": "https://red.example.com/cb"}
    login = idp.authorize(organization=RED, **request)
    assert login.location.startswith("/u/login?state=")
    assert idp.log_in(login.location).location.startswith("https://red.example.com/cb?code=")
    for other in (BLUE, None, "org_none000000000000"):
        answer = idp.authorize(organization=other, **request)
        assert answer.status_code == 403
        assert "Callback URL mismatch" in answer.text


def test_auth0_authorize__a_callback_with_the_name_needs_a_client_that_allows_organizations():
    idp = b2b(with_client(B2B, "placed", organization_usage="deny"))
    answer = idp.authorize(
        client_id="placed", redirect_uri="https://red.example.com/cb", organization=RED
    )
    assert answer.status_code == 403


def test_auth0_authorize__a_blocked_member_is_refused_as_blocked(idp):
    callback = idp.callback("blocked", organization=RED)
    assert callback["error"] == "unauthorized"


def test_auth0_authorize__an_organization_may_disappear_while_the_page_is_open(idp):
    login = idp.authorize(organization=RED)
    idp.edit(replace(B2B, organizations=()))
    answer = idp.log_in(login.location)
    assert sent_to_callback(answer)["error_description"] == INVALID
    assert hint(answer) == f"Organization {RED} was removed during the login."


def test_auth0_authorize__a_login_hint_is_the_initial_name_in_an_organization(idp):
    page = idp.get(idp.authorize(organization=RED, login_hint="bob@acme.example").location)
    assert 'value="bob@acme.example"' in page.text


def test_auth0_par__a_pushed_request_can_name_an_organization():
    idp = b2b(with_tenant(B2B, pushed_authorization_requests_supported=True))
    form = {"client_id": "web", "client_secret": "web-secret", "response_type": "code"}
    callback = {"redirect_uri": "http://localhost:3000/callback", "scope": "openid"}
    refusal = idp.post("/oauth/par", organization="org_none", **form, **callback)
    assert (refusal.status_code, refusal.json["error_description"]) == (400, INVALID)
    pushed = idp.post("/oauth/par", organization=RED, **form, **callback).json
    login = idp.get("/authorize", client_id="web", request_uri=pushed["request_uri"])
    code = sent_to_callback(idp.log_in(login.location))["code"]
    assert claims_of(idp.redeem(code).json["id_token"])["org_id"] == RED


def test_auth0_password__a_client_that_requires_an_organization_is_refused(idp):
    answer = idp.password_token(client_id="requiring")
    assert answer.status_code == 400
    assert answer.json == {"error": "invalid_request", "error_description": REQUIRED}
    assert "a password grant cannot log in to an organization." in hint(answer)
    assert idp.password_token(client_id="web").status_code == 200
