"""Jobs of the Management API that import users from a file."""

import pytest

from helpers.acme import ACME
from helpers.tenant_client import hint
from helpers.user_imports import send
from mockidp.management.jobs import user_imports
from mockidp.protocol.passwords import hash_rules as password_hash_rules

NEW = {"email": "New@acme.example", "user_id": "new", "app_metadata": {"plan": "gold"}}
EXISTING = {"email": "alice@acme.example", "given_name": "Al", "user_metadata": {"a": 1}}


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
    answer = send(idp, [EXISTING, {"email": "x@acme.example", "user_id": "alice"}])
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


def test_a_prefix_in_the_file_becomes_a_part_of_the_id(idp):
    send(idp, [{"email": "x@acme.example", "user_id": "auth0|x"}])
    assert idp.call("GET", "/users/auth0%7Cauth0%7Cx").status_code == 200


def test_a_user_that_is_in_the_file_twice_is_imported_once(idp):
    answer = send(idp, [NEW, NEW | {"user_id": "other"}, {"email": "b@c.de", "user_id": "new"}])
    assert job_of(idp, answer)["summary"]["inserted"] == 1
    codes = [(one["errors"][0]["code"]) for one in errors_of(idp, answer).json]
    assert codes == ["DUPLICATED_USER", "DUPLICATED_USER"]


def test_upsert_updates_users_and_replaces_their_metadata(idp):
    idp.call("PATCH", "/users/auth0%7Calice", {"user_metadata": {"b": 2}})
    answer = send(idp, [EXISTING, NEW], upsert="true", send_completion_email="false")
    summary = job_of(idp, answer)["summary"]
    assert summary == {"failed": 0, "updated": 1, "inserted": 1, "total": 2}
    alice = idp.call("GET", "/users/auth0%7Calice").json
    assert (alice["given_name"], alice["user_metadata"]) == ("Al", {"a": 1})
    assert idp.password_token().status_code == 200


SHA1 = {
    "algorithm": "sha1",
    "hash": {"value": "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8", "encoding": "hex"},
}
"""The hash of "password"."""
MD5 = {
    "algorithm": "md5",
    "hash": {"value": "67a1e09bb1f83f5007dc119c14d663aa", "encoding": "hex"},
    "salt": {"value": "salt"},
}
BCRYPT = "$2b$10$nFguVi9LsCAcvTZFKQlRKeLVydo8ETv483lkNsSFI/Wl1Rz1Ypo1K"
HAS_HASH = "A custom_password_hash was provided, but the user already has password hash defined"
HASHED = {"email": "h@acme.example", "user_id": "h", "custom_password_hash": SHA1}


def log_in(idp, password, username="h@acme.example"):
    return idp.password_token(username=username, password=password).status_code


def test_users_log_in_with_the_passwords_of_their_hashes(idp):
    job = job_of(idp, send(idp, [HASHED, NEW | {"custom_password_hash": MD5}]))
    assert job["summary"]["inserted"] == 2
    assert log_in(idp, "Password") == 403
    assert [log_in(idp, "password"), log_in(idp, "password")] == [200, 200]
    assert log_in(idp, "password", "new@acme.example") == 200
    user = idp.call("GET", "/users/auth0%7Ch").json
    assert not {"password", "custom_password_hash"} & user.keys()
    assert idp.call("POST", "/users", HASHED).json["message"].startswith("Payload validation error")


def test_a_bcrypt_hash_is_imported_as_password_hash(idp, monkeypatch):
    row = {"email": "h@acme.example", "password_hash": BCRYPT}
    monkeypatch.setattr(password_hash_rules, "find_spec", lambda _name: None)
    answer = send(idp, [row])
    (refused,) = errors_of(idp, answer).json
    assert refused["user"] == row | {"password_hash": "*****"}
    assert refused["errors"][0]["path"] == "password_hash"
    assert "mockidp-server[passwords]" in refused["errors"][0]["message"]
    monkeypatch.undo()
    pytest.importorskip("bcrypt")
    send(idp, [row])
    assert [log_in(idp, "hallo"), log_in(idp, "hello")] == [403, 200]


def test_a_hash_is_updated_until_the_first_login(idp):
    send(idp, [HASHED])
    updated = HASHED | {"custom_password_hash": SHA1 | {"salt": {"value": "pass"}}}
    assert "Mockidp-Hint" not in send(idp, [updated], upsert="true").headers
    assert [log_in(idp, "password"), log_in(idp, "word")] == [403, 200]
    refused = errors_of(idp, send(idp, [HASHED], upsert="true")).json[0]
    assert refused["errors"] == [failed("NOT_PASSED", HAS_HASH)]
    assert "5BAA61" not in str(refused)
    assert [log_in(idp, "password"), log_in(idp, "word")] == [403, 200]


def test_a_hash_is_not_added_to_a_user_who_has_none(idp):
    for email in ("alice@acme.example", "h@acme.example"):
        row = {"email": email, "given_name": "New"}
        send(idp, [row], upsert="true")
        answer = send(idp, [row | {"custom_password_hash": SHA1}], upsert="true")
        assert errors_of(idp, answer).json[0]["errors"] == [failed("NOT_PASSED", HAS_HASH)]
        assert log_in(idp, "password", email) == 403


def test_a_bcrypt_hash_is_not_updated(idp):
    row = {"email": "alice@acme.example", "password_hash": BCRYPT}
    assert "Existing users kept their passwords (1)" in hint(send(idp, [row], upsert="true"))
    assert idp.password_token().status_code == 200


def test_a_new_password_replaces_a_hash(idp):
    send(idp, [HASHED])
    idp.call("PATCH", "/users/auth0%7Ch", {"password": "N3w-password"})
    assert [log_in(idp, "password"), log_in(idp, "N3w-password")] == [403, 200]
    idp.call("PATCH", "/users/auth0%7Ch", {"password": None})
    assert log_in(idp, "password") == 403


def failed(code, message, path=""):
    message = f"Error in {path} property - {message}" if path else message
    return {"code": code, "message": message} | ({"path": path} if path else {})


KEYED = {
    "algorithm": "hmac",
    "hash": {"value": "00", "encoding": "hex", "key": {"value": "hunter2"}},
}


REFUSED = [
    (1, failed("INVALID_TYPE", "Expected type object but found another type")),
    (
        {"none": 1},
        failed("OBJECT_ADDITIONAL_PROPERTIES", "Additional properties not allowed: none"),
    ),
    ({"username": "x"}, failed("OBJECT_REQUIRED", "Missing required property: email")),
    (
        {"email": 1},
        failed("INVALID_TYPE", "Expected type string but found another type", "email"),
    ),
    (
        {"email": "a"},
        failed("INVALID_FORMAT", "Object didn't pass validation for format email: a", "email"),
    ),
    (
        {"email": "a@b.co", "blocked": 1},
        failed("INVALID_TYPE", "Expected type boolean but found type number", "blocked"),
    ),
    (
        {"email": "a@b.co", "app_metadata": {"user_id": 1}},
        failed(
            "OBJECT_ADDITIONAL_PROPERTIES",
            "Additional properties not allowed: user_id",
            "app_metadata",
        ),
    ),
    (
        {"email": "a@b.co", "mfa_factors": []},
        failed("ARRAY_LENGTH_SHORT", "Array is too short (0), minimum 1", "mfa_factors"),
    ),
    (
        {"email": "a@b.co", "mfa_factors": [{"email": {"value": "a@b.co"}}] * 11},
        failed("ARRAY_LENGTH_LONG", "Array is too long (11), maximum 10", "mfa_factors"),
    ),
    (
        {"email": "a@b.co", "custom_password_hash": SHA1 | {"algorithm": "rot13"}},
        failed("ENUM_MISMATCH", "No enum match for: rot13", "custom_password_hash.algorithm"),
    ),
    (
        {"email": "a@b.co", "custom_password_hash": KEYED},
        failed("INVALID_FORMAT", "Expected `digest` and `key`", "custom_password_hash.hash"),
    ),
    (
        {"email": "a@b.co", "custom_password_hash": "hunter2"},
        failed(
            "INVALID_TYPE",
            "Expected type object but found type string",
            "custom_password_hash",
        ),
    ),
    (
        {"email": "a@b.co", "password_hash": "$1$x"},
        failed("PATTERN", "Expected a bcrypt hash with $2a$ or $2b$", "password_hash"),
    ),
    *(
        (
            {"email": "a@b.co", "password": "hunter2", name: value},
            failed("OBJECT_ADDITIONAL_PROPERTIES", "Additional properties not allowed: password"),
        )
        for name, value in (("password_hash", BCRYPT), ("custom_password_hash", SHA1))
    ),
    (
        {"email": "a@b.co", "password_hash": BCRYPT, "custom_password_hash": SHA1},
        failed("NOT_PASSED", "password_hash and custom_password_hash exclude each other"),
    ),
]


def test_a_row_is_refused_and_others_are_imported(idp):
    answer = send(idp, [*(row for row, _error in REFUSED), NEW])
    assert job_of(idp, answer)["summary"] == {
        "failed": len(REFUSED), "updated": 0, "inserted": 1, "total": len(REFUSED) + 1,
    }  # fmt: skip
    refused = errors_of(idp, answer).json
    assert [one["errors"] for one in refused] == [[error] for _row, error in REFUSED]
    shown = str(refused)
    assert not [one for one in ("5BAA61", "nFguVi", "hunter2") if one in shown]


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
