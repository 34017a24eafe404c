"""What one mock has answered, the next answer of the other one contains."""

from dataclasses import replace

import pytest
from jwt import decode

from helpers.management import granting
from helpers.persisted_tenant import ACME
from helpers.shared_mocks import WEB, Mock
from helpers.tenant_client import bearer
from mockidp.protocol.tokens.custom_claim import CustomClaim

MANAGER = {"client_id": "manager", "client_secret": "manager-secret"}
COUNT = CustomClaim(claim="logins", path="user.logins_count")


@pytest.fixture
def mocks(start):
    document = granting(document=ACME)
    document = replace(document, mockidp=replace(document.mockidp, claims=(COUNT,)))
    return Mock(start(document)), Mock(start(document))


@pytest.fixture
def call(mocks):
    """A function that calls the Management API of one of the mocks."""
    audience = "http://localhost:9400/api/v2/"
    form = {"grant_type": "client_credentials", "audience": audience, **MANAGER}
    headers = bearer(mocks[0].token(**form).json["access_token"])

    def call(at, method, path, body=None):
        return mocks[at].send(method, f"/api/v2/{path}", json=body, headers=headers).json

    return call


@pytest.mark.parametrize("path", ["clients/acme-web", "users/auth0|alice"])
def test_a_change_through_one_mock_is_in_the_next_answer_of_the_other_one(call, path):
    field = "description" if path.startswith("clients") else "name"
    for number in range(3):
        call(0, "PATCH", path, {field: f"number {number}"})
        assert call(1, "GET", path)[field] == f"number {number}"


def test_a_login_through_one_mock_is_in_the_next_answers_of_the_other_one(mocks, call):
    one, other = mocks
    for number in range(1, 4):
        one.code("acme-web")
        assert call(1, "GET", "users/auth0|alice")["logins_count"] == 2 * number - 1
        one.code("acme-web")
        assert other.control("GET", "/users/auth0|alice").json["logins_count"] == 2 * number


def test_a_login_through_one_mock_is_in_the_next_custom_claim_of_the_other_one(mocks):
    one, other = mocks
    answer = other.redeem(other.code("acme-web", scope="openid offline_access")).json
    for number in range(2, 5):
        one.code("acme-web")
        form = {"grant_type": "refresh_token", "refresh_token": answer["refresh_token"]}
        answer = {**answer, **other.token(**WEB, **form).json}
        assert decode(answer["id_token"], options={"verify_signature": False})["logins"] == number
