"""@auth0/nextjs-auth0 with organizations: logins, refreshed tokens, invitations and a refusal."""

import jwt
import pytest

from helpers.client_facts import shows
from helpers.nextjs import CLIENT, CONNECTION, URL, click_link, grants, read_token


@pytest.fixture
def organizations(visitor):
    """Alice is in red, and nobody in blue."""
    visitor.patch_client("acme-web", **CLIENT, organization_usage="allow")
    red, blue = (
        visitor.control(
            "POST",
            "/organizations",
            {"name": name, "connections": [{"name": CONNECTION}], "members": members},
        )
        for name, members in (("red", [{"user_id": "auth0|alice"}]), ("blue", []))
    )
    return red["id"], blue["id"]


@shows("nextjs-auth0", "organizations", over="http")
def test_a_login_to_an_organization_from_login_to_logout(visitor, organizations):
    red, _ = organizations
    visitor.page.goto(f"{URL}/auth/login?organization={red}")
    visitor.pick_user("alice")
    visitor.wait_for_heading("Hello alice@acme.example")
    assert visitor.page.goto(f"{URL}/user").json()["org_id"] == red
    claims = jwt.decode(read_token(visitor)["token"], options={"verify_signature": False})
    assert claims["org_id"] == red
    visitor.open()
    click_link(visitor, "Log out")
    visitor.wait_for_heading("Nobody")


def test_a_refreshed_token_keeps_the_organization(visitor, organizations):
    red, _ = organizations
    visitor.control("POST", "/faults", {"endpoint": "token", "set": {"expires_in": 0}, "times": 1})
    visitor.page.goto(f"{URL}/auth/login?organization={red}")
    visitor.pick_user("alice")
    visitor.wait_for_heading("Hello alice@acme.example")
    claims = jwt.decode(read_token(visitor)["token"], options={"verify_signature": False})
    assert claims["org_id"] == red
    assert grants(visitor) == ["authorization_code", "refresh_token"]


def test_an_invitation_is_forwarded_by_the_login_route(visitor, organizations):
    _, blue = organizations
    visitor.patch_client(
        "acme-web", **CLIENT, organization_usage="allow", initiate_login_uri="https://app.example/"
    )
    link = visitor.control(
        "POST",
        "/invitations",
        {"organization": blue, "email": "bob@acme.example", "client": "acme-web"},
    )
    query = link["url"].partition("?")[2].partition("&organization_name")[0]
    visitor.page.goto(f"{URL}/auth/login?{query}")
    visitor.pick_user("bob")
    visitor.wait_for_heading("Hello bob@acme.example")
    assert visitor.page.goto(f"{URL}/user").json()["org_id"] == blue


@shows("nextjs-auth0", refuses=["user who is not a member"], over="http")
def test_a_user_who_is_not_a_member_is_reported(visitor, organizations):
    _, blue = organizations
    visitor.page.goto(f"{URL}/auth/login?organization={blue}")
    visitor.pick_user("alice")
    visitor.page.get_by_text("An error occurred during the authorization flow.").wait_for()
    refused = visitor.journal(endpoint="resume")[-1]
    assert "has no member auth0|alice" in refused["hint"]
