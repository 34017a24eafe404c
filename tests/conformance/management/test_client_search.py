"""Clients that are found by the organizations of their client grants."""

import pytest

from helpers.management import ManagementClient
from helpers.organizations import B2B, RED
from helpers.tenant_client import hint

ANY = "client_grant.allow_any_organization:true"
OF_RED = f'client_grant.organization_id:"{RED}"'


@pytest.fixture
def idp():
    return ManagementClient(document=B2B)


def found(idp, query):
    clients = idp.call("GET", "/clients", q=query, take=50, fields="client_id").json["clients"]
    return {one["client_id"] for one in clients}


def test_clients_are_found_by_their_grants(idp):
    made = idp.call("POST", "/clients", {"name": "M"}).json["client_id"]
    audience = B2B.resource_servers[0].identifier
    body = {"client_id": made, "audience": audience, "scope": [], "organization_usage": "allow"}
    grant = idp.call("POST", "/client-grants", body).json["id"]
    assert made not in found(idp, OF_RED) | found(idp, ANY)
    idp.call("POST", f"/organizations/{RED}/client-grants", {"grant_id": grant})
    assert made in found(idp, OF_RED)
    idp.call("PATCH", f"/client-grants/{grant}", {"allow_any_organization": True})
    assert made in found(idp, ANY)
    assert found(idp, "client_grant.organization_id:org_none") == set()


@pytest.mark.parametrize(
    "query",
    [{"q": "name:web", "take": "1"}, {"q": ANY}, {"q": ANY, "take": "1", "app_type": "spa"},
     {"take": "1"}],
)  # fmt: skip
def test_other_queries_are_refused(idp, query):
    answer = idp.call("GET", "/clients", **query)
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_query_string")
    assert hint(answer)


def test_a_client_without_a_record_is_skipped(idp):
    idp.tenant.directory.clients.store.delete("web")
    assert "web" not in found(idp, ANY)


def test_organizations_are_listed_with_the_scope_for_summaries():
    idp = ManagementClient("read:organizations_summary", document=B2B)
    assert idp.call("GET", "/organizations").status_code == 200
    assert idp.call("GET", f"/organizations/{RED}").status_code == 403
