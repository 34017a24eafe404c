"""The picker of the login page: the search among many users, and why it offers nobody."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, DATABASE
from helpers.html_page import Page
from helpers.tenant_client import TenantClient, hint, sent_to_callback
from mockidp.resources.connection import Connection, ConnectionPurpose
from mockidp.resources.organization import Organization, OrganizationConnection


@pytest.fixture
def crowd():
    """Return a tenant with 70 more users, so that the picker has a search."""
    alice = ACME.users[0]
    more = (
        replace(alice, user_id=f"auth0|u{n}", name=f"Üser {n}", email=f"u{n}@acme.example")
        for n in range(70)
    )
    return TenantClient(replace(ACME, users=(*ACME.users, *more)))


def picked(page):
    parsed = Page(page.text)
    return [parsed.elements[n][1]["value"] for n in parsed.find(**{"data-testid": "pick-user"})]


def test_a_picker_of_few_users_has_no_search(idp):
    page = idp.request("GET", idp.authorize().location)
    assert Page(page.text).find("form", role="search") == []


def test_a_search_keeps_the_login_and_finds_by_name_address_and_id(crowd):
    login = crowd.authorize().location
    page = crowd.request("GET", login)
    assert len(picked(page)) == 50
    assert f"and {len(crowd.tenant.directory.users) - 50} more" in page.text
    (search,) = [one for one in Page(page.text).forms if one["form"].get("role") == "search"]
    state = search["fields"]["state"]["value"]
    assert login.endswith(f"state={state}")
    for query, expected in (
        ("u69@ACME", ["auth0|u69"]),
        ("üSER 68", ["auth0|u68"]),
        ("auth0|u67", ["auth0|u67"]),
        (" u66@ ", ["auth0|u66"]),
    ):
        assert picked(crowd.get("/u/login", state=state, q=query)) == expected
    assert "code" in sent_to_callback(
        crowd.follow(crowd.submit(login, action="pick", user_id="auth0|u69"))
    )


def test_a_search_without_result_says_so(crowd):
    page = crowd.request("GET", f"{crowd.authorize().location}&q=nobody")
    assert picked(page) == []
    parsed = Page(page.text)
    (number,) = parsed.find(**{"data-testid": "nothing-found"})
    assert parsed.text_of(number).startswith("No user matches nobody.")


@pytest.mark.parametrize(
    ("connection", "parameters", "why"),
    [
        (
            Connection(name=DATABASE, enabled_clients=("other",)),
            {},
            f"is off for this client. Add the client to the `enabled_clients` of connection {DATABASE}.",
        ),
        (
            Connection(name="empty"),
            {"connection": "empty"},
            f"The request asks for connection empty, but there are users in {DATABASE}.",
        ),
        (
            Connection(name=DATABASE, authentication=ConnectionPurpose(active=False)),
            {},
            f"is off for this client. Set `authentication.active` of connection {DATABASE} to true.",
        ),
    ],
)
def test_the_page_says_which_connection_is_off(connection, parameters, why):
    users = tuple(one for one in ACME.users if one.connection == DATABASE)
    known = [one for one in ACME.connections if one.name not in (connection.name, "staff")]
    idp = TenantClient(replace(ACME, users=users, connections=(connection, *known)))
    page = idp.request("GET", idp.authorize(**parameters).location)
    assert why in hint(page)
    assert hint(page).startswith("No user can log in to web here. ")


def test_the_page_says_that_a_connection_is_off_for_the_organization():
    clients = tuple(
        replace(one, organization_usage="allow") if one.client_id == "web" else one
        for one in ACME.clients
    )
    connections = (*ACME.connections, Connection(name="empty"))
    only = (OrganizationConnection(name="empty"),)
    users = tuple(one for one in ACME.users if one.connection == DATABASE)
    organization = Organization(id="org_empty", name="empty", connections=only)
    idp = TenantClient(
        replace(
            ACME,
            clients=clients,
            connections=connections,
            users=users,
            organizations=(organization,),
        )
    )
    page = idp.request("GET", idp.authorize(organization="org_empty").location)
    off = f"Connection {DATABASE} is off for the organization of the login: enable it there."
    assert off in hint(page)
