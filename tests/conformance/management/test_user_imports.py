"""Jobs of the Management API that import users from a file."""

import json
from io import BytesIO

import pytest

from helpers.acme import ACME, DATABASE
from helpers.tenant_client import bearer, hint
from mockidp.management import user_imports

PATH = "/api/v2/jobs/users-imports"
NEW = {"email": "New@acme.example", "user_id": "new", "app_metadata": {"plan": "gold"}}
EXISTING = {"email": "alice@acme.example", "given_name": "Al", "user_metadata": {"a": 1}}


def connection_id(idp, name=DATABASE):
    return idp.call("GET", "/connections", name=name).json[0]["id"]


def send(idp, users, **fields):
    """Send a file with users, which may also be text."""
    text = users if isinstance(users, (str, bytes)) else json.dumps(users)
    data = text if isinstance(text, bytes) else text.encode()
    form = {"connection_id": connection_id(idp), "users": (BytesIO(data), "users.json"), **fields}
    present = {name: one for name, one in form.items() if one is not None}
    return idp.request("POST", PATH, data=present, headers=bearer(idp.access_token))


def job_of(idp, answer):
    assert answer.status_code == 202, answer.text
    return idp.call("GET", f"/jobs/{answer.json['id']}").json


def errors_of(idp, answer):
    return idp.call("GET", f"/jobs/{answer.json['id']}/errors")


def error(answer):
    return answer.status_code, answer.json["message"], answer.json["errorCode"]


def test_users_are_imported(idp):
    answer = send(idp, [NEW], external_id="one")
    assert list(answer.json) == [
        "type", "status", "connection_id", "connection", "external_id", "created_at", "id",
    ]  # fmt: skip
    assert answer.json["status"] == "pending"
    job = job_of(idp, answer)
    assert (job["status"], job["summary"]) == (
        "completed", {"failed": 0, "updated": 0, "inserted": 1, "total": 1},
    )  # fmt: skip
    assert errors_of(idp, answer).status_code == 204
    user = idp.call("GET", "/users/auth0%7Cnew").json
    assert (user["email"], user["app_metadata"]) == ("new@acme.example", {"plan": "gold"})
    idp.call("PATCH", "/users/auth0%7Cnew", {"password": "N3w-password"})
    token = idp.password_token(username="new@acme.example", password="N3w-password")
    assert token.status_code == 200


def test_a_user_that_exists_is_refused_without_upsert(idp):
    answer = send(idp, [EXISTING, {"email": "x@acme.example", "user_id": "auth0|alice"}])
    assert job_of(idp, answer)["summary"]["failed"] == 2
    refused = errors_of(idp, answer).json
    assert refused[0] == {
        "user": EXISTING,
        "errors": [
            {
                "code": "DUPLICATED_USER",
                "message": "The user already exist and upsert parameter is false",
            }
        ],
    }


def test_upsert_updates_users_and_merges_their_metadata(idp):
    idp.call("PATCH", "/users/auth0%7Calice", {"user_metadata": {"b": 2}})
    answer = send(idp, [EXISTING, NEW], upsert="true", send_completion_email="false")
    summary = job_of(idp, answer)["summary"]
    assert summary == {"failed": 0, "updated": 1, "inserted": 1, "total": 2}
    alice = idp.call("GET", "/users/auth0%7Calice").json
    assert (alice["given_name"], alice["user_metadata"]) == ("Al", {"a": 1, "b": 2})
    assert idp.password_token().status_code == 200


def test_a_password_hash_is_named_in_a_hint(idp):
    answer = send(idp, [{"email": "h@acme.example", "password_hash": "$2b$10$abc"}])
    assert "without their password hashes" in hint(answer)
    assert job_of(idp, answer)["summary"]["inserted"] == 1


@pytest.mark.parametrize(
    ("row", "code", "message"),
    [
        (1, "INVALID_FORMAT", "Expected type object"),
        ({"none": 1}, "INVALID_FORMAT", "Additional properties not allowed: none"),
        ({"username": "x"}, "MISSING_REQUIRED_PROPERTY", "Missing required property: email"),
        ({"email": 1}, "INVALID_FORMAT", "email: expected a string"),
        ({"email": "a@b.co", "user_id": 1}, "INVALID_FORMAT", "user_id: expected a string"),
        ({"email": "a@b.co", "blocked": 1}, "INVALID_FORMAT", "blocked: expected true or false"),
    ],
)
def test_a_row_is_refused_and_others_are_imported(idp, row, code, message):
    answer = send(idp, [row, NEW])
    assert job_of(idp, answer)["summary"] == {
        "failed": 1, "updated": 0, "inserted": 1, "total": 2,
    }  # fmt: skip
    refused = errors_of(idp, answer).json
    assert refused == [{"user": row, "errors": [{"code": code, "message": message}]}]


@pytest.mark.parametrize("text", ["{", "{}", "[" * 100_000])
def test_a_file_that_is_no_list_fails(idp, text):
    job = job_of(idp, send(idp, text))
    assert (job["status"], job["summary"]["total"]) == ("failed", 0)
    assert job["status_details"].startswith("Failed to parse users file JSON")


def test_a_wrong_request_is_refused(idp):
    assert error(send(idp, [], connection_id="con_none"))[0] == 404
    assert "Missing required property" in error(send(idp, [], connection_id=None))[1]
    assert "Expected type boolean" in error(send(idp, [], upsert="yes"))[1]
    assert "cannot be read" in hint(send(idp, b"\xff"))
    answer = idp.call("POST", "/jobs/users-imports", {"connection_id": "x"})
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_body")
    assert "Send multipart/form-data" in hint(answer)


def test_a_large_file_is_refused(idp, monkeypatch):
    monkeypatch.setattr(user_imports, "MAX_FILE", 10)
    answer = send(idp, [NEW])
    expected = "Payload content length greater than maximum allowed: 10"
    assert (answer.status_code, answer.json["message"]) == (413, expected)


def test_only_databases_take_imports(make_idp):
    idp = make_idp(document=ACME)
    made = idp.call("POST", "/connections", {"name": "email", "strategy": "email"}).json
    answer = send(idp, [NEW], connection_id=made["id"])
    assert error(answer) == (
        400, "The connection must be a database connection.", "operation_not_supported",
    )  # fmt: skip


def test_an_import_is_logged_without_the_users(idp):
    send(idp, [NEW], external_id="one")
    log = idp.call("GET", "/logs", q="type:sapi").json[0]
    assert log["description"] == "Create import users job"
    assert log["details"]["request"]["body"]["external_id"] == "one"
    assert "users" not in log["details"]["request"]["body"]
