"""Invitations of the Management API, whose links work."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from helpers.management import ManagementClient
from helpers.methods import invite
from helpers.organizations import B2B, RED
from helpers.tenant_client import claims_of, hint

PATH = f"/organizations/{RED}/invitations"
BODY = {
    "inviter": {"name": "Alice"},
    "invitee": {"email": "dave@acme.example"},
    "client_id": "web",
}


def error(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


def parameters_of(link):
    query = dict(parse_qsl(urlsplit(link).query))
    del query["organization_name"]
    return query


@pytest.fixture
def idp():
    return ManagementClient(document=B2B)


def test_an_invitation_makes_the_user_a_member_with_roles_and_metadata(idp):
    (editor,) = idp.call("GET", "/roles", name_filter="editor").json
    (database,) = idp.call("GET", "/connections", name="Username-Password-Authentication").json
    more = {
        "roles": [editor["id"]],
        "connection_id": database["id"],
        "user_metadata": {"color": "red"},
        "app_metadata": {"plan": "gold"},
    }
    made = idp.call("POST", PATH, {**BODY, **more, "ttl_sec": 60})
    assert made.status_code == 201
    shown = made.json
    assert list(shown) == [
        "id", "client_id", "inviter", "invitee", "invitation_url", "ticket_id", "created_at",
        "expires_at", "organization_id", "roles", "connection_id", "user_metadata", "app_metadata",
    ]  # fmt: skip
    assert shown["id"].startswith("uinv_")
    assert more.items() <= shown.items()
    query = parameters_of(shown["invitation_url"])
    assert query == {"invitation": shown["ticket_id"], "organization": RED}
    assert idp.call("GET", f"{PATH}/{shown['id']}").json == shown
    assert idp.tenant.outbox.last(to="dave@acme.example").link == shown["invitation_url"]
    code = idp.callback("dave", **query)["code"]
    assert claims_of(idp.redeem(code).json["id_token"])["org_id"] == RED
    roles = idp.call("GET", f"/organizations/{RED}/members/auth0%7Cdave/roles").json
    assert [one["name"] for one in roles] == ["editor"]
    user = idp.call("GET", "/users/auth0%7Cdave").json
    assert (user["user_metadata"], user["app_metadata"]) == ({"color": "red"}, {"plan": "gold"})
    gone = (404, "The invitation does not exist.", "inexistent_invitation")
    assert error(idp.call("GET", f"{PATH}/{shown['id']}")) == gone


def test_invitations_of_tests_and_of_calls_are_listed_the_newest_first(idp):
    invite(idp.tenant, "red", "one@acme.example", client="web")
    idp.later(5)
    silent = {**BODY, "send_invitation_email": False, "ttl_sec": 0}
    made = idp.call("POST", PATH, silent).json
    assert len(idp.tenant.outbox) == 1
    emails = [one["invitee"]["email"] for one in idp.call("GET", PATH).json]
    assert emails == ["dave@acme.example", "one@acme.example"]
    oldest = idp.call("GET", PATH, sort="created_at:1", include_totals="true").json
    assert list(oldest) == ["invitations", "start", "limit"]
    assert oldest["invitations"][1] == made
    assert idp.call("GET", PATH, sort="x").json["errorCode"] == "invalid_query_string"


def test_an_expired_invitation_is_gone(idp):
    idp.call("POST", PATH, {**BODY, "ttl_sec": 1})
    idp.later(1)
    assert idp.call("GET", PATH).json == []


def test_the_link_of_a_deleted_invitation_is_refused(idp):
    made = idp.call("POST", PATH, BODY).json
    assert idp.call("DELETE", f"{PATH}/{made['id']}").status_code == 204
    gone = (404, "The invitation does not exist.", "inexistent_invitation")
    assert error(idp.call("DELETE", f"{PATH}/{made['id']}")) == gone
    answer = idp.callback("dave", **parameters_of(made["invitation_url"]))
    assert answer["error_description"] == "invitation not found or already used"


def test_a_deleted_organization_has_no_invitations(idp):
    idp.call("POST", PATH, BODY)
    idp.call("DELETE", f"/organizations/{RED}")
    assert idp.tenant.invitations.scan() == ()


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"inviter": "x"}, "'Expected type object' on property inviter"),
        ({"inviter": {"name": 5}}, "'Expected type string' on property inviter.name"),
        ({"invitee": {}}, "'Missing required property: email' on property invitee"),
        (
            {"invitee": {"email": "x"}},
            "'Object didn't pass validation for format email: x' on property invitee.email",
        ),
        ({"client_id": 5}, "'Expected type string' on property client_id"),
        ({"ttl_sec": True}, "'Expected type integer' on property ttl_sec"),
        (
            {"ttl_sec": 2592001},
            "'Value 2592001 is greater than maximum 2592000' on property ttl_sec",
        ),
        ({"ttl_sec": -1}, "'Value -1 is less than minimum 0' on property ttl_sec"),
        ({"roles": "x"}, "'Expected type array of strings' on property roles"),
        ({"user_metadata": 5}, "'Expected type object' on property user_metadata"),
        (
            {"send_invitation_email": 1},
            "'Expected type boolean' on property send_invitation_email",
        ),
        ({"x": 1}, "'Additional properties not allowed: x'"),
    ],
)
def test_a_body_with_a_mistake_is_refused(idp, changed, reason):
    answer = idp.call("POST", PATH, {**BODY, **changed})
    assert error(answer) == (400, f"Payload validation error: {reason}.", "invalid_body")
    assert hint(answer)


def test_an_invitation_names_records_that_exist(idp):
    (google,) = idp.call("GET", "/connections", name="google").json
    for changed, message in (
        ({"client_id": "none"}, "The client does not exist"),
        ({"roles": ["rol_none"]}, "The role does not exist."),
        ({"connection_id": "con_none"}, "No connection found by that id"),
        ({"connection_id": google["id"]}, "No connection found by that id"),
    ):
        answer = idp.call("POST", PATH, {**BODY, **changed})
        assert (answer.status_code, answer.json["message"]) == (404, message)


def test_a_client_without_a_login_route_gets_no_invitations(idp):
    answer = idp.call("POST", PATH, {**BODY, "client_id": "spa"})
    assert answer.status_code == 400
    assert answer.json["message"].startswith("A default login route is required")
    assert "initiate_login_uri" in hint(answer)
