"""Lists of the Management API: totals, pages and checkpoints."""

import pytest

from helpers.tenant_client import hint


@pytest.fixture
def roles(idp):
    """Add roles, and return all of the tenant in the order of the list."""
    for number in range(4):
        idp.call("POST", "/roles", {"name": f"role {number}"})
    return idp.call("GET", "/roles").json


def test_a_list_is_an_array_unless_totals_are_requested(idp, roles):
    assert len(roles) == 5
    assert idp.call("GET", "/roles", include_totals="false").json == roles
    whole = idp.call("GET", "/roles", include_totals="true").json
    assert list(whole.items()) == [("roles", roles), ("start", 0), ("limit", 50), ("total", 5)]


def test_users_with_totals_have_their_own_order(idp):
    found = idp.call("GET", "/users", include_totals="true", per_page=2, page=1).json
    assert list(found) == ["start", "limit", "length", "users", "total"]
    assert (found["start"], found["limit"], found["length"], found["total"]) == (2, 2, 2, 5)


def test_pages_end_with_an_empty_one(idp, roles):
    pages = [idp.call("GET", "/roles", per_page=2, page=number).json for number in range(4)]
    assert pages == [roles[:2], roles[2:4], roles[4:], []]


@pytest.mark.parametrize(
    ("query", "reason", "name"),
    [
        ({"per_page": 101}, "Value 101 is greater than maximum 100", "per_page"),
        ({"page": "x"}, "Expected type integer but found type string", "page"),
        ({"page": "-1"}, "Expected type integer but found type string", "page"),
        ({"page": "9" * 5000}, "Expected type integer but found type string", "page"),
    ],
)
def test_an_invalid_page_is_refused(idp, query, reason, name):
    answer = idp.call("GET", "/roles", **query)
    assert answer.json["message"] == f"Query validation error: '{reason}' on property {name}."
    assert answer.json["errorCode"] == "invalid_query_string"
    assert hint(answer)


def test_users_can_be_paged_up_to_record_1000(idp):
    assert idp.call("GET", "/users", page=9, per_page=100).json == []
    answer = idp.call("GET", "/users", page=10, per_page=100)
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_paging")


@pytest.fixture
def viewers(idp):
    """Give three users a role. Return the path of its users, and their ids."""
    role = next(one for one in idp.call("GET", "/roles").json if one["name"] == "viewer")
    ids = ["auth0|alice", "auth0|bob", "auth0|blocked"]
    assert idp.call("POST", f"/roles/{role['id']}/users", {"users": ids}).json == {}
    return f"/roles/{role['id']}/users", ids


def test_checkpoints_lead_through_a_list(idp, viewers):
    path, ids = viewers
    first = idp.call("GET", path, take=2, include_totals="true").json
    assert [one["user_id"] for one in first["users"]] == ids[:2]
    last = idp.call("GET", path, take=2, **{"from": first["next"]}).json
    assert [one["user_id"] for one in last["users"]] == ids[2:]
    assert list(last) == ["users"]


@pytest.mark.parametrize("checkpoint", ["x", "bm9uZQ", "\xff"])
def test_an_unknown_checkpoint_is_refused(idp, viewers, checkpoint):
    answer = idp.call("GET", viewers[0], **{"from": checkpoint})
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_query_string")


def test_a_checkpoint_page_has_at_least_one_item(idp, viewers):
    answer = idp.call("GET", viewers[0], take=0)
    reason = "Value 0 is less than minimum 1"
    assert answer.json["message"] == f"Query validation error: '{reason}' on property take."
