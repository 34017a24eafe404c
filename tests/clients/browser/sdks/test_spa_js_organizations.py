"""auth0-spa-js with organizations: its check of the claims, invitations, and the pages to choose."""

from urllib.parse import parse_qs, urlsplit

import pytest

from helpers.client_facts import shows
from mockidp import RemoteIdP

CLIENT = {"clientId": "acme-spa"}
CONNECTION = "Username-Password-Authentication"
ORIGIN = "http://localhost:3000"
CLAIMS = "async () => (await client.getIdTokenClaims())"


@pytest.fixture(scope="module")
def site(installed):
    modules = installed("@auth0/auth0-spa-js")
    return [modules.parent / "apps" / "spa-js", modules]


@pytest.fixture
def organizations(visitor):
    """Alice is in red and blue, bob in red. The visitor's tenant is reset at the end."""
    remote = RemoteIdP(visitor.server.url)
    remote.patch_client(
        "acme-spa", organization_usage="allow", initiate_login_uri="https://app.example/login"
    )
    visitor.control(
        "PATCH", "/tenant", {"tenant": {"allow_organization_name_in_authentication_api": True}}
    )
    alice, bob = {"user_id": "auth0|alice"}, {"user_id": "auth0|bob"}
    connections = [{"name": CONNECTION}]
    red = remote.add_organization("red", connections=connections, members=[alice, bob])
    blue = remote.add_organization("blue", connections=connections, members=[alice])
    return remote, red.id, blue.id


def open_app(visitor, **parameters):
    """Open the application, whose login has these parameters."""
    parameters = {"redirect_uri": ORIGIN} | parameters
    visitor.open(domain=visitor.server.url, authorizationParams=parameters, **CLIENT)
    visitor.wait_for_heading("Nobody")


def log_in(visitor, user="alice", **parameters):
    open_app(visitor, **parameters)
    visitor.click("Log in")
    visitor.pick_user(user)


def organization_of(visitor):
    claims = visitor.evaluate(CLAIMS)
    return claims.get("org_id"), claims.get("org_name")


@shows("auth0-spa-js", "organizations", over="http")
@pytest.mark.parametrize("by", ["id", "name"])
def test_the_sdk_accepts_the_organization_that_it_requested(visitor, organizations, by):
    _, red, _ = organizations
    log_in(visitor, organization=red if by == "id" else "Red")
    visitor.wait_for_heading("Hello alice@acme.example")
    assert organization_of(visitor) == (red, "red")
    visitor.page.reload()
    visitor.wait_for_heading("Hello alice@acme.example")
    assert organization_of(visitor) == (red, "red")


@shows("auth0-spa-js", refuses=["wrong organization"], over="http")
@pytest.mark.parametrize(
    ("sent", "changed", "message"),
    [
        ("id", {"org_id": "org_other"}, "Organization ID (org_id) claim mismatch"),
        ("id", {"org_id": None}, "Organization ID (org_id) claim must be a string present"),
        ("red", {"org_name": "other"}, "Organization Name (org_name) claim mismatch"),
    ],
)
def test_the_sdk_refuses_another_organization(visitor, organizations, sent, changed, message):
    _, red, _ = organizations
    fault = {"endpoint": "id_token", "set": {k: v for k, v in changed.items() if v}}
    fault |= {"remove": [k for k, v in changed.items() if v is None]}
    visitor.control("POST", "/faults", {k: v for k, v in fault.items() if v})
    log_in(visitor, organization=red if sent == "id" else sent)
    visitor.wait_for_heading("Failed")
    assert message in visitor.alert_text()


@shows("auth0-spa-js", refuses=["user who is not a member"], over="http")
def test_a_user_who_is_not_a_member_is_refused(visitor, organizations):
    _, _, blue = organizations
    log_in(visitor, "bob", organization=blue)
    visitor.wait_for_heading("Failed")
    assert visitor.alert_text() == (
        f"access_denied: user auth0|bob is not part of the {blue} organization"
    )


def test_an_unknown_organization_is_refused(visitor, organizations):
    open_app(visitor, organization="org_unknown")
    visitor.click("Log in")
    visitor.wait_for_heading("Failed")
    assert visitor.alert_text() == "invalid_request: parameter organization is invalid"


def test_an_invitation_is_accepted_once(visitor, organizations):
    remote, _, blue = organizations
    link = remote.invite("blue", "bob@acme.example", client="acme-spa")
    query = {name: one for name, [one] in parse_qs(urlsplit(link).query).items()}
    invited = {name: query[name] for name in ("invitation", "organization")}
    open_app(visitor, **invited)
    visitor.click("Log in")
    visitor.wait_for_heading("You've Been Invited!")
    visitor.pick_user("bob")
    visitor.wait_for_heading("Hello bob@acme.example")
    assert organization_of(visitor) == (blue, "blue")
    visitor.click("Log in")
    visitor.wait_for_heading("Failed")
    assert "invitation not found or already used" in visitor.alert_text()


def test_the_user_picks_an_organization_after_the_login(visitor, organizations):
    remote, _, blue = organizations
    remote.patch_client("acme-spa", organization_require_behavior="post_login_prompt")
    log_in(visitor)
    visitor.wait_for_heading("Choose an Account to Continue")
    assert visitor.page.locator("button[name=organization]").all_inner_texts() == ["red", "blue"]
    visitor.click("blue")
    visitor.wait_for_heading("Hello alice@acme.example")
    assert organization_of(visitor) == (blue, "blue")
    visitor.click("Log in")
    visitor.wait_for_heading("Choose an Account to Continue")
    visitor.click("Continue with personal account")
    visitor.wait_for_heading("Hello alice@acme.example")
    assert organization_of(visitor) == (None, None)


def test_the_user_names_the_organization_before_the_login(visitor, organizations):
    remote, red, _ = organizations
    remote.patch_client(
        "acme-spa",
        organization_usage="require",
        organization_require_behavior="pre_login_prompt",
    )
    open_app(visitor)
    visitor.click("Log in")
    visitor.wait_for_heading("Enter Organization")
    field = visitor.page.get_by_label("Enter your Organization Name")
    field.fill("green")
    visitor.click("Continue")
    visitor.page.get_by_text("The organization you entered is invalid").first.wait_for()
    field.fill("red")
    visitor.click("Continue")
    visitor.wait_for_heading("Welcome")
    visitor.pick_user("bob")
    visitor.wait_for_heading("Hello bob@acme.example")
    assert organization_of(visitor) == (red, "red")
