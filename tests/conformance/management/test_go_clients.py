"""Requests as go-auth0 sends them, the SDK of Terraform's provider and of the Auth0 CLI.

Go writes a body with every call, also with GET and DELETE, and ends it with a newline. It escapes the
`|` of a user id and the slashes of an identifier, but not its colon.
"""

import json
from dataclasses import replace

import pytest

from helpers.acme import ACME, web_client
from helpers.management import AUDIENCE, ManagementClient
from helpers.organizations import B2B, RED
from helpers.tenant_client import TenantClient, basic, bearer, hint
from mockidp.protocol.oauth.grant_types import CLIENT_CREDENTIALS
from mockidp.resources.client_grant import ClientGrant

ALICE = "/users/auth0%7Calice"
IDENTIFIER = "https://notes.example/v1"
API = "/resource-servers/https:%2F%2Fnotes.example%2Fv1"
PERMISSIONS = {
    "permissions": [{"resource_server_identifier": IDENTIFIER, "permission_name": "read:notes"}]
}
EMPTY = [b"null\n", b"{}\n"]


@pytest.fixture
def idp():
    return ManagementClient(document=B2B)


def send(idp, method, path, payload):
    """Send a call as Go does. The payload is JSON, or the bytes of a body."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode() + b"\n"
    headers = {**bearer(idp.access_token), "Content-Type": "application/json"}
    return idp.request(method, f"/api/v2{path}", headers=headers, data=body)


@pytest.fixture
def role(idp):
    """Add an API with a permission, and a role. Return the path of the role."""
    scopes = [{"value": "read:notes"}]
    api = {"name": "Notes", "identifier": IDENTIFIER, "scopes": scopes}
    assert send(idp, "POST", "/resource-servers", api).status_code == 201
    return f"/roles/{send(idp, 'POST', '/roles', {'name': 'Reader'}).json['id']}"


@pytest.mark.parametrize("body", EMPTY)
@pytest.mark.parametrize(
    "path",
    [
        "/users?include_totals=true&page=0&per_page=50",
        ALICE,
        f"{ALICE}/roles?include_totals=true&per_page=50",
        f"{ALICE}/permissions?include_totals=true&per_page=50",
        f"/organizations/{RED}/members?fields=user_id&include_fields=true&take=100",
        "/clients?fields=client_id&include_fields=true&is_global=true",
        "/tenants/settings",
    ],
)
def test_a_get_with_an_empty_value_reads(idp, path, body):
    answer = send(idp, "GET", path, body)
    assert answer.status_code == 200
    assert answer.json == idp.call("GET", path).json


@pytest.mark.parametrize("body", EMPTY)
def test_a_delete_with_an_empty_value_deletes(idp, role, body):
    assert send(idp, "DELETE", API, body).status_code == 204
    assert send(idp, "GET", API, body).status_code == 404
    assert send(idp, "DELETE", role, body).status_code == 200
    assert send(idp, "GET", role, body).status_code == 404
    assert send(idp, "DELETE", ALICE, body).status_code == 204
    assert send(idp, "GET", ALICE, body).status_code == 404


def test_a_delete_reads_its_body(idp, role):
    for path in (f"{role}/permissions", f"{ALICE}/permissions"):
        before = idp.call("GET", path).json
        assert send(idp, "POST", path, PERMISSIONS).status_code == 201
        assert len(idp.call("GET", path).json) == len(before) + 1
        assert send(idp, "DELETE", path, PERMISSIONS).status_code == 204
        assert idp.call("GET", path).json == before
    before = idp.call("GET", f"{ALICE}/roles").json
    roles = {"roles": [role.rpartition("/")[2]]}
    assert send(idp, "POST", f"{ALICE}/roles", roles).status_code == 204
    assert send(idp, "DELETE", f"{ALICE}/roles", roles).status_code == 204
    assert idp.call("GET", f"{ALICE}/roles").json == before
    members, alice = f"/organizations/{RED}/members", {"members": ["auth0|alice"]}
    assert send(idp, "DELETE", members, alice).status_code == 204
    assert "auth0|alice" not in [one["user_id"] for one in idp.call("GET", members).json]


@pytest.mark.parametrize("body", EMPTY)
def test_a_delete_without_its_ids_is_refused(idp, role, body):
    answer = send(idp, "DELETE", f"{role}/permissions", body)
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_body")
    assert hint(answer)


def test_an_escaped_id_is_the_id(idp, role):
    assert send(idp, "GET", ALICE, b"null\n").json["user_id"] == "auth0|alice"
    assert send(idp, "PATCH", ALICE, {"nickname": "al"}).json["nickname"] == "al"
    assert send(idp, "GET", API, b"null\n").json["identifier"] == IDENTIFIER
    assert send(idp, "PATCH", API, {"name": "Other"}).json["name"] == "Other"


def test_a_checkpoint_wins_over_totals_and_the_size_of_pages(idp):
    path = f"/organizations/{RED}/members?include_totals=true&per_page=50&take=2"
    first = send(idp, "GET", path, b"null\n").json
    assert list(first) == ["members", "next"]
    assert len(first["members"]) == 2
    rest = send(idp, "GET", f"{path}&from={first['next']}", b"null\n").json
    assert list(rest) == ["members"]
    known = idp.call("GET", f"/organizations/{RED}/members").json
    assert first["members"] + rest["members"] == known


def test_a_missing_record_has_the_members_of_an_error_that_go_reads(idp):
    error = send(idp, "GET", "/users/auth0%7Cnobody", b"null\n").json
    assert error == {
        "statusCode": 404,
        "error": "Not Found",
        "message": "The user does not exist.",
        "errorCode": "inexistent_user",
    }


# --- the token request ---


@pytest.fixture
def robot():
    """Return a tenant with a machine whose secret has characters that Go escapes."""
    client = web_client(
        "robot", client_secret="s3cret/+ %", grant_types=(CLIENT_CREDENTIALS,), callbacks=()
    )
    grant = ClientGrant(client_id="robot", audience=AUDIENCE, scope=("read:users",))
    clients, grants = (*ACME.clients, client), (*ACME.client_grants, grant)
    return TenantClient(replace(ACME, clients=clients, client_grants=grants))


@pytest.mark.parametrize(
    ("credentials", "form"),
    [
        (basic("robot", "s3cret%2F%2B+%25"), {}),
        (basic("robot", "s3cret%2F%2B+%25"), {"client_id": "robot"}),
        (None, {"client_id": "robot", "client_secret": "s3cret/+ %"}),
    ],
    ids=["go-auth0", "Auth0 CLI", "repeated"],
)
def test_golang_gets_a_token(robot, credentials, form):
    """Go sends escaped credentials as Basic. Once refused, it sends them in the form."""
    form |= {"audience": f"{robot.url}/api/v2/", "grant_type": CLIENT_CREDENTIALS}
    answer = robot.post("/oauth/token", headers=credentials, **form)
    assert answer.status_code == 200
    assert answer.json["token_type"] == "Bearer"
    token = answer.json["access_token"]
    assert robot.get("/api/v2/users", headers=bearer(token)).status_code == 200
