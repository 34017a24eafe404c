"""Grants of users, and refresh tokens as device credentials."""

import pytest

from helpers.acme import API
from helpers.tenant_client import hint

THIRD_PARTY = {"client_id": "third-party", "audience": API, "scope": "openid offline_access"}


@pytest.fixture
def login(idp):
    return idp.tokens(**THIRD_PARTY)


def asks_for_consent(idp):
    return "/u/consent" in idp.follow(idp.authorize(**THIRD_PARTY)).location


def works(idp, login):
    return idp.refresh(login["refresh_token"], client_id="third-party").status_code == 200


def test_a_grant_is_listed_and_deleted(idp, login):
    (grant,) = idp.call("GET", "/grants").json
    assert list(grant) == ["user_id", "audience", "scope", "clientID", "id"]
    assert (grant["user_id"], grant["audience"], grant["clientID"]) == (
        "auth0|alice", API, "third-party",
    )  # fmt: skip
    assert len(grant["id"]) == 24
    assert idp.call("DELETE", "/grants/none").status_code == 204
    assert not asks_for_consent(idp)
    for _ in range(2):
        assert idp.call("DELETE", f"/grants/{grant['id']}").status_code == 204
    assert asks_for_consent(idp)
    assert not works(idp, login)


def test_the_grants_of_a_user_are_deleted(idp, login):
    idp.tokens(scope="openid offline_access")
    assert idp.call("DELETE", "/grants", user_id="auth0|alice").status_code == 204
    assert idp.call("GET", "/grants").json == []
    assert asks_for_consent(idp)
    (left,) = idp.call("GET", "/device-credentials").json
    assert left["client_id"] == "web"


def test_a_user_is_needed_to_delete_grants(idp):
    answer = idp.call("DELETE", "/grants")
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_query_string")
    assert "user_id" in hint(answer)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"user_id": "auth0|alice"}, 1),
        ({"user_id": "auth0|bob"}, 0),
        ({"client_id": "third-party"}, 1),
        ({"client_id": "web"}, 0),
        ({"user_id": "auth0|alice", "client_id": "web"}, 0),
        ({"audience": API}, 1),
        ({"audience": "https://other"}, 0),
    ],
)
def test_grants_are_filtered(idp, login, query, count):
    assert len(idp.call("GET", "/grants", **query).json) == count
    totals = idp.call("GET", "/grants", include_totals="true", **query).json
    assert list(totals) == ["total", "start", "limit", "grants"]
    assert totals["total"] == count


def test_a_refresh_token_is_a_device_credential(idp, login):
    (device,) = idp.call("GET", "/device-credentials", user_id="auth0|alice").json
    assert list(device) == ["id", "device_name", "type", "user_id", "client_id"]
    assert idp.call("GET", "/device-credentials", type="public_key").json == []
    assert works(idp, login)
    for _ in range(2):
        assert idp.call("DELETE", f"/device-credentials/{device['id']}").status_code == 204
    assert not works(idp, login)
