"""Connections of organizations in the Management API, and the logins that they allow."""

import pytest

from helpers.management import ManagementClient
from helpers.organizations import B2B, RED
from helpers.tenant_client import hint

NEW, OLD = f"/organizations/{RED}/connections", f"/organizations/{RED}/enabled_connections"
NO_SIGN_UP = (
    "Only database connections with assign_membership_on_login = true support "
    "is_signup_enabled = true."
)


def error(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


@pytest.fixture
def idp():
    return ManagementClient(document=B2B)


def id_of(idp, name):
    return idp.call("GET", "/connections", name=name).json[0]["id"]


def test_a_connection_that_a_call_adds_lets_its_users_log_in(idp):
    customers = id_of(idp, "customers")
    wanted = {"organization": RED, "connection": "customers"}
    assert "error" in idp.callback("carol", **wanted)
    body = {"connection_id": customers, "assign_membership_on_login": True}
    made = idp.call("POST", NEW, body)
    assert made.status_code == 201
    assert made.json == {
        "connection_id": customers,
        "is_signup_enabled": False,
        "assign_membership_on_login": True,
        "show_as_button": True,
        "is_enabled": True,
        "organization_access_level": "none",
        "connection": {"name": "customers", "strategy": "auth0"},
    }
    assert "code" in idp.callback("carol", **wanted)
    assert idp.call("GET", f"{NEW}/{customers}").json == made.json
    assert idp.call("DELETE", f"{NEW}/{customers}").status_code == 204
    assert idp.call("DELETE", f"{NEW}/{customers}").status_code == 204
    assert "error" in idp.another_browser().callback("carol", **wanted)


def test_both_routes_have_the_same_connections(idp):
    okta = id_of(idp, "okta")
    made = idp.call("POST", OLD, {"connection_id": okta, "show_as_button": False})
    assert made.status_code == 201
    assert made.json == {
        "connection_id": okta,
        "assign_membership_on_login": False,
        "show_as_button": False,
        "connection": {"name": "okta", "strategy": "okta"},
    }
    changed = idp.call(
        "PATCH",
        f"{NEW}/{okta}",
        {
            "is_enabled": False,
            "organization_access_level": "full",
            "organization_connection_name": "staff",
        },
    )
    assert changed.json["organization_connection_name"] == "staff"
    assert idp.call("GET", f"{OLD}/{okta}").json == made.json
    shown = idp.call("GET", NEW, include_totals="true").json
    assert list(shown) == ["connections", "start", "limit", "total"]
    assert idp.call("GET", NEW, is_enabled="false").json == [changed.json]
    assert changed.json not in idp.call("GET", NEW, is_enabled="true").json
    old = idp.call("GET", OLD, include_totals="true").json
    assert (old["limit"], old["total"]) == (2, 2)
    assert list(old) == ["enabled_connections", "start", "limit", "total"]
    assert idp.call("DELETE", f"{OLD}/{okta}").status_code == 204
    assert idp.call("GET", f"{NEW}/{okta}").status_code == 404


@pytest.mark.parametrize("path", [NEW, OLD])
def test_an_unknown_connection_is_not_found(idp, path):
    expected = (404, "No connection found by that id", None)
    unused = id_of(idp, "google")
    for answer in (
        idp.call("POST", path, {"connection_id": "con_none"}),
        idp.call("POST", path, {"connection_id": 5}),
        idp.call("GET", f"{path}/con_none"),
        idp.call("GET", f"{path}/{unused}"),
        idp.call("PATCH", f"{path}/{unused}", {}),
    ):
        assert error(answer) == expected
        assert hint(answer)


def test_sign_up_needs_a_database_and_membership(idp):
    expected = (400, NO_SIGN_UP, "invalid_body")
    customers, okta = id_of(idp, "customers"), id_of(idp, "okta")
    for body in (
        {"connection_id": customers, "is_signup_enabled": True},
        {
            "connection_id": okta,
            "is_signup_enabled": True,
            "assign_membership_on_login": True,
        },
    ):
        assert error(idp.call("POST", NEW, body)) == expected
    both = {"is_signup_enabled": True, "assign_membership_on_login": True}
    assert idp.call("POST", NEW, {"connection_id": customers, **both}).status_code == 201
    wrong = idp.call("PATCH", f"{NEW}/{customers}", {"assign_membership_on_login": False})
    assert error(wrong) == expected


def test_a_connection_is_added_once_and_with_known_fields(idp):
    customers = id_of(idp, "customers")
    idp.call("POST", NEW, {"connection_id": customers})
    message = "The connection is already enabled for this organization"
    assert error(idp.call("POST", OLD, {"connection_id": customers})) == (409, message, None)
    message = "Payload validation error: 'Additional properties not allowed: is_enabled'."
    answer = idp.call("PATCH", f"{OLD}/{customers}", {"is_enabled": True})
    assert error(answer) == (400, message, "invalid_body")
    message = (
        "Payload validation error: 'Expected type boolean but found type string' "
        "on property show_as_button."
    )
    answer = idp.call("PATCH", f"{NEW}/{customers}", {"show_as_button": "yes"})
    assert error(answer) == (400, message, "invalid_body")
