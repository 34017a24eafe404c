"""Client grants and clients of organizations in the Management API, and the tokens they allow."""

import pytest

from helpers.management import ManagementClient
from helpers.organizations import B2B, RED, with_organization
from helpers.tenant_client import claims_of, hint

GRANTS, CLIENTS = f"/organizations/{RED}/client-grants", f"/organizations/{RED}/clients"
OPEN, GRANTED = "https://open.example/", "https://granted.example/"


def error(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


@pytest.fixture
def idp():
    return ManagementClient(document=with_organization("red", client_grants=()))


def grant_of(idp, audience):
    (found,) = idp.call("GET", "/client-grants", client_id="m2m", audience=audience).json
    return found


def token(idp, audience):
    return idp.machine_token(client_id="m2m", client_secret="m2m-secret", audience=audience, organization=RED)  # fmt: skip


def test_only_the_grant_that_a_call_adds_gets_tokens_for_the_organization(idp):
    grant = grant_of(idp, OPEN)
    assert token(idp, OPEN).status_code == 403
    made = idp.call("POST", GRANTS, {"grant_id": grant["id"]})
    assert made.status_code == 201
    assert list(made.json) == [
        "grant_id", "client_id", "audience", "scope", "organization_usage",
        "allow_any_organization",
    ]  # fmt: skip
    assert claims_of(token(idp, OPEN).json["access_token"])["org_id"] == RED
    assert token(idp, GRANTED).status_code == 403
    rest = {name: one for name, one in made.json.items() if name != "grant_id"}
    shown = {"id": grant["id"], **rest}
    assert idp.call("GET", GRANTS).json == [shown]
    assert idp.call("GET", GRANTS, audience=GRANTED).json == []
    page = idp.call("GET", GRANTS, include_totals="true", client_id="m2m").json
    assert list(page) == ["client_grants", "start", "limit", "total"]
    organizations = idp.call("GET", f"/client-grants/{grant['id']}/organizations", take="5").json
    assert [one["id"] for one in organizations["organizations"]] == [RED]
    assert idp.call("DELETE", f"{GRANTS}/{grant['id']}").status_code == 204
    assert idp.call("DELETE", f"{GRANTS}/{grant['id']}").status_code == 204
    assert idp.call("DELETE", f"{GRANTS}/cgr_none").status_code == 204
    assert token(idp, OPEN).status_code == 403


def test_an_entry_for_a_client_has_all_its_grants_until_one_is_removed():
    idp = ManagementClient(document=B2B)
    assert {one["audience"] for one in idp.call("GET", GRANTS).json} >= {OPEN, GRANTED}
    idp.call("DELETE", f"{GRANTS}/{grant_of(idp, OPEN)['id']}")
    assert token(idp, OPEN).status_code == 403
    assert token(idp, GRANTED).status_code == 200


def test_a_deleted_grant_leaves_the_organization(idp):
    grant = grant_of(idp, OPEN)
    idp.call("POST", GRANTS, {"grant_id": grant["id"]})
    idp.call("DELETE", f"/client-grants/{grant['id']}")
    assert idp.tenant.directory.organizations["red"].client_grants == ()


def test_a_grant_is_added_once_if_it_allows_organizations(idp):
    grant = grant_of(idp, OPEN)
    idp.call("POST", GRANTS, {"grant_id": grant["id"]})
    message = "The client grant is already associated with the organization"
    assert error(idp.call("POST", GRANTS, {"grant_id": grant["id"]})) == (409, message, None)
    denying = grant_of(idp, "https://hs256.example/")
    answer = idp.call("POST", GRANTS, {"grant_id": denying["id"]})
    message = "The client grant does not allow organizations."
    assert error(answer) == (400, message, "invalid_body")
    assert "deny" in hint(answer)
    missing = (404, "The grant does not exist.", "inexistent_client_grant")
    assert error(idp.call("POST", GRANTS, {"grant_id": "cgr_none"})) == missing
    assert error(idp.call("GET", "/client-grants/cgr_none/organizations")) == missing
    assert idp.call("POST", GRANTS, {"grant_id": 5}).json["errorCode"] == "invalid_body"


def test_members_log_in_only_to_clients_that_a_call_adds(idp):
    idp.call("PATCH", f"/organizations/{RED}", {"is_app_entitlement_active": True})
    assert "code" not in idp.callback("alice", organization=RED)
    made = idp.call("POST", CLIENTS, {"clients": [{"client_id": "web"}]})
    assert made.status_code == 201
    (item,) = made.json
    assert list(item) == ["client_id", "use_for_member_access", "client"]
    assert item["use_for_member_access"] is False
    one = f"{CLIENTS}/web"
    changed = idp.call("PATCH", one, {"use_for_member_access": True}).json
    assert changed == {**item, "use_for_member_access": True}
    assert idp.call("GET", one).json == changed
    assert idp.call("GET", CLIENTS).json == {"clients": [changed]}
    assert "code" in idp.callback("alice", organization=RED)
    assert idp.call("DELETE", CLIENTS, {"clients": ["web", "none"]}).status_code == 204
    assert idp.call("GET", CLIENTS).json == {"clients": []}


@pytest.mark.parametrize(
    "sent", ["x", [], [5], [{}], [{"client_id": 5}], [{"client_id": "web", "x": 1}]]
)
def test_clients_are_a_list_of_objects(idp, sent):
    answer = idp.call("POST", CLIENTS, {"clients": sent})
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_body")


def test_an_unknown_or_second_client_is_refused(idp):
    missing = (404, "The client does not exist", "inexistent_client")
    assert error(idp.call("POST", CLIENTS, {"clients": [{"client_id": "none"}]})) == missing
    assert error(idp.call("GET", f"{CLIENTS}/web")) == missing
    assert error(idp.call("PATCH", f"{CLIENTS}/web", {"use_for_member_access": True})) == missing
    twice = {"clients": [{"client_id": "web"}, {"client_id": "web"}]}
    message = "The client is already associated with the organization"
    assert error(idp.call("POST", CLIENTS, twice)) == (409, message, None)
    assert idp.call("GET", CLIENTS).json == {"clients": []}
