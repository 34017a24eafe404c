"""Accounts at other services and risk assessments, of which users have none."""

import pytest

ALICE = "/users/auth0%7Calice"
CLEAR = {"connection": "db", "assessors": ["new-device"]}
CALLS = [
    ("GET", "connected-accounts", None),
    ("GET", "federated-connections-tokensets", None),
    ("DELETE", "federated-connections-tokensets/x", None),
    ("POST", "risk-assessments/clear", CLEAR),
]


def test_there_are_none(idp):
    answers = [idp.call(method, f"{ALICE}/{path}", body) for method, path, body in CALLS]
    assert [one.status_code for one in answers] == [200, 200, 204, 204]
    assert [one.json for one in answers[:2]] == [{"connected_accounts": []}, []]


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
def test_an_unknown_user_is_refused(idp, method, path, body):
    answer = idp.call(method, f"/users/auth0|none/{path}", body)
    assert (answer.status_code, answer.json["errorCode"]) == (404, "inexistent_user")


def test_a_wrong_body_is_refused(idp):
    answer = idp.call("POST", f"{ALICE}/risk-assessments/clear", {})
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_body")
