"""The Management API and the test methods change the same records."""

import pytest

from helpers.tenant_client import bearer

ALICE = "/api/v2/users/auth0%7Calice"


@pytest.fixture
def call(idp, wire):
    """Return a function that calls the Management API."""
    headers = bearer(idp.management_token())

    def call(method, path, **body):
        options = {"json": body} if body else {}
        return wire.request(method, path, headers=headers, **options)

    return call


def test_a_change_through_the_management_api_is_visible_to_the_test_methods(idp, call):
    assert call("PATCH", ALICE, nickname="Al", user_metadata={"theme": "dark"}).status_code == 200
    user = idp.get_user("alice")
    assert (user.nickname, user.user_metadata) == ("Al", {"theme": "dark"})
    entry = idp.journal.last("management")
    assert (entry.method, entry.status) == ("PATCH", 200)
    assert entry.url.endswith(ALICE)
    made = call("POST", "/api/v2/roles", name="editor").json
    assert idp.get_role("editor").id == made["id"]
    assert call("DELETE", ALICE).status_code == 204
    assert "auth0|alice" not in [one.user_id for one in idp.list_users()]


def test_a_change_through_the_test_methods_is_visible_to_the_management_api(idp, call):
    idp.patch_user("alice", nickname="Al", blocked=True)
    shown = call("GET", ALICE).json
    assert (shown["nickname"], shown["blocked"]) == ("Al", True)
    idp.add_user("zoe", email="zoe@acme.example")
    found = call("GET", "/api/v2/users-by-email?email=zoe@acme.example").json
    assert [one["user_id"] for one in found] == ["auth0|zoe"]
    idp.remove_user("zoe")
    assert call("GET", "/api/v2/users/auth0%7Czoe").status_code == 404
