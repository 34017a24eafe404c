"""Discovery domains of organizations, and the connections of a client, in the Management API."""

from dataclasses import replace

import pytest

from helpers.acme import DATABASE
from helpers.management import ManagementClient
from helpers.organizations import B2B, RED, with_organization
from helpers.tenant_client import hint

PATH = f"/organizations/{RED}/discovery-domains"


def error(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


@pytest.fixture
def idp():
    return ManagementClient(document=B2B)


@pytest.fixture
def domain(idp):
    answer = idp.call("POST", PATH, {"domain": "red.example"})
    assert answer.status_code == 201
    return answer.json


def test_a_domain_is_read_by_id_and_by_name_as_it_was_made(idp, domain):
    assert list(domain) == [
        "id", "domain", "status", "verification_host", "verification_txt",
        "use_for_organization_discovery",
    ]  # fmt: skip
    assert domain["id"].startswith("ord_")
    assert len(domain["id"]) == len("ord_") + 22
    assert len(domain["verification_txt"]) == 32
    assert domain["verification_host"] == "_ss-verification.red.red.example"
    assert idp.call("GET", f"{PATH}/{domain['id']}").json == domain
    assert idp.call("GET", f"{PATH}/name/red.example").json == domain
    assert idp.call("GET", PATH).json == {"domains": [domain]}


def test_a_domain_is_changed_and_deleted_and_others_stay(idp, domain):
    other = idp.call("POST", PATH, {"domain": "other.example", "status": "verified"}).json
    page = idp.call("GET", PATH, take="1").json
    assert list(page) == ["next", "domains"]
    one = f"{PATH}/{domain['id']}"
    assert idp.call("PATCH", one, {"status": "verified"}).json["status"] == "verified"
    assert idp.call("GET", one).json == {**domain, "status": "verified"}
    assert idp.call("DELETE", one).status_code == 204
    assert idp.call("DELETE", one).status_code == 204
    assert idp.call("GET", PATH).json == {"domains": [other]}
    missing = (404, "The discovery domain does not exist.", None)
    assert error(idp.call("GET", one)) == missing
    assert error(idp.call("PATCH", one, {})) == missing


def test_a_domain_of_a_tenant_file_is_completed():
    red = with_organization("red")
    organizations = tuple(
        replace(one, extra={"discovery_domains": [{"domain": "file.example"}]})
        if one.name == "red"
        else one
        for one in red.organizations
    )
    idp = ManagementClient(document=replace(red, organizations=organizations))
    (shown,) = idp.call("GET", PATH).json["domains"]
    assert (shown["domain"], shown["status"]) == ("file.example", "pending")


@pytest.mark.parametrize(
    "changed",
    [
        {"domain": 5},
        {"domain": "Upper.example"},
        {"status": "x"},
        {"status": []},
        {"use_for_organization_discovery": "x"},
        {"id": "x"},
    ],
)
def test_a_domain_with_a_mistake_is_refused(idp, changed):
    answer = idp.call("POST", PATH, {"domain": "red.example", **changed})
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_body")
    assert hint(answer)


def test_a_domain_belongs_to_one_organization(idp, domain):
    (blue,) = [one for one in idp.call("GET", "/organizations").json if one["name"] == "blue"]
    path = f"/organizations/{blue['id']}/discovery-domains"
    message = "The domain is already used by an organization"
    assert error(idp.call("POST", path, {"domain": domain["domain"]})) == (409, message, None)


def test_the_connections_of_a_client_are_those_that_are_enabled_for_it(idp):
    made = idp.call("POST", "/connections", {"name": "partners", "strategy": "auth0"}).json
    path = "/clients/web/connections"
    names = [one["name"] for one in idp.call("GET", path).json["connections"]]
    assert DATABASE in names
    assert "partners" not in names
    change = [{"client_id": "web", "status": True}]
    idp.call("PATCH", f"/connections/{made['id']}/clients", change)
    found = idp.call("GET", path, strategy="auth0", take="50").json["connections"]
    assert "partners" in [one["name"] for one in found]
    missing = (404, "The client does not exist", "inexistent_client")
    assert error(idp.call("GET", "/clients/none/connections")) == missing


def test_the_connections_of_a_client_need_two_scopes():
    idp = ManagementClient("read:connections")
    answer = idp.call("GET", "/clients/web/connections")
    message = "Insufficient scope, expected any of: read:clients"
    assert error(answer) == (403, message, "insufficient_scope")
