"""Look-ups in the directory of a tenant."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, API, DATABASE, RBAC_API, with_client, with_settings, with_tenant
from mockidp.protocol.urls.rules import LOGOUT_URLS, LOGOUT_URLS_WITH_QUERY
from mockidp.resources.connection import DEFAULT_CONNECTION, Connection
from mockidp.tenant.content.document import TenantDocument
from mockidp.tenant.content.zero_config import ZERO_CONFIG
from mockidp.tenant.tenant import Tenant


def directory_of(document):
    return Tenant(document).directory


@pytest.fixture
def directory():
    return directory_of(ACME)


@pytest.mark.parametrize("name", ["auth0|alice", "alice", "alice@acme.example"])
def test_a_user_is_found_by_id_name_or_email(directory, name):
    assert directory.user_named(name).user_id == "auth0|alice"


def test_an_unknown_name_finds_no_user(directory):
    assert directory.user_named("unknown") is None
    assert directory.user_named("less").user_id == "auth0|passwordless"


@pytest.mark.parametrize("login", ["", " ", "unknown", "auth0|alice"])
def test_an_unknown_login_name_finds_no_user(directory, login):
    assert directory.find_user(login, [DATABASE]) is None


def test_a_user_is_found_only_in_their_own_connection(directory):
    assert directory.find_user("STAFFER@acme.example ", ["staff"]).user_id == "auth0|staffer"
    assert directory.find_user("staffer@acme.example", [DATABASE]) is None


def test_a_connection_is_enabled_for_all_clients_or_the_named_ones(directory):
    web, other = directory.clients["web"], directory.clients["other"]
    assert directory.connections_for(web) == (DATABASE, "staff")
    assert directory.connections_for(other) == (DATABASE,)


def test_a_connection_can_name_clients_by_name():
    document = with_client(ACME, "other", name="Other Shop")
    connection = Connection(name=DATABASE, enabled_clients=("Other Shop",))
    directory = directory_of(replace(document, databases=(connection,)))
    assert directory.connections_for(directory.clients["other"]) == (DATABASE,)
    assert directory.connections_for(directory.clients["web"]) == ()


def test_a_connection_with_the_name_of_the_implied_database_counts_once():
    social = Connection(name=DEFAULT_CONNECTION, strategy="windowslive")
    other = Connection(name="github", strategy="github")
    directory = directory_of(replace(ACME, databases=(), connections=(social, other), users=()))
    found = directory.connections_for(directory.clients["web"])
    assert found == (DEFAULT_CONNECTION, "github")


def test_an_empty_tenant_has_only_the_default_connection():
    directory = directory_of(TenantDocument())
    assert directory.client("web") is None
    assert directory.global_client is None
    assert list(directory.connections) == [DATABASE]


def test_permissions_come_from_roles_and_the_user_without_duplicates(directory):
    rbac, api = directory.apis[RBAC_API], directory.apis[API]
    alice, bob = directory.user("auth0|alice"), directory.user("auth0|bob")
    assert directory.permissions_of(alice, rbac) == ("read:reports",)
    assert directory.permissions_of(alice, api) == ("read:x",)
    assert directory.permissions_of(bob, rbac) == ("write:reports",)
    twice = replace(bob, roles=("viewer", "viewer"), permissions=bob.permissions * 2)
    assert directory.permissions_of(twice, rbac) == ("write:reports", "read:reports")


def test_an_api_with_a_record_has_only_its_own_scopes(directory):
    assert directory.defines(directory.apis[API], "read:items")
    assert not directory.defines(directory.apis[API], "read:x")


def test_a_lenient_tenant_makes_up_clients_and_apis():
    directory = directory_of(ZERO_CONFIG)
    made_up = directory.client("anything")
    assert made_up.is_public
    api = directory.api("https://anything/", is_management=False)
    assert directory.is_made_up(made_up, api)
    assert directory.defines(api, "any:scope")


def test_registered_clients_and_apis_are_not_made_up():
    directory = directory_of(with_settings(ACME, accept_any_audience=True))
    assert not directory.is_made_up(directory.clients["m2m"], directory.apis[API])


def test_logout_urls_are_compared_with_or_without_their_query(directory):
    allowed = ("http://localhost:3000/bye",)
    url = allowed[0] + "?a=b"
    assert directory.allows_logout(url, allowed, LOGOUT_URLS)
    assert not directory.allows_logout(url, allowed, LOGOUT_URLS_WITH_QUERY)


def test_an_empty_default_audience_is_none():
    from mockidp.tenant.tenant import Tenant

    assert Tenant(with_tenant(default_audience="")).default_audience() is None
