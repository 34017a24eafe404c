"""Users of the Management API, and what a change does to logins and tokens."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, DATABASE
from helpers.interleaved import replace_method
from helpers.tenant_client import claims_of, hint, race
from mockidp.resources.connection import Connection

NEW = {"connection": DATABASE, "email": "Carol@Acme.example", "password": "Passw0rd!"}
ALICE = "/users/auth0%7Calice"


def error(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


@pytest.fixture
def carol(idp):
    answer = idp.call("POST", "/users", NEW)
    assert answer.status_code == 201
    return answer.json


def test_a_new_user_has_auth0s_defaults(carol):
    assert list(carol) == [
        "user_id", "created_at", "email", "email_verified", "identities", "name", "nickname",
        "picture", "updated_at",
    ]  # fmt: skip
    assert carol["email"] == carol["name"] == "carol@acme.example"
    assert carol["nickname"] == "carol"
    assert carol["email_verified"] is False
    strategy, _, last = carol["user_id"].partition("|")
    assert (strategy, len(last)) == ("auth0", 24)
    assert carol["identities"] == [
        {"connection": DATABASE, "user_id": last, "provider": "auth0", "isSocial": False}
    ]


def test_a_new_user_can_log_in(idp, carol):
    form = {"username": "carol@acme.example", "password": "Passw0rd!"}
    assert idp.password_token(**form).status_code == 200


def test_an_id_can_be_chosen(idp):
    made = idp.call("POST", "/users", {**NEW, "user_id": "abc"}).json
    assert made["user_id"] == "auth0|abc"
    again = idp.call("POST", "/users", {**NEW, "user_id": "abc", "email": "x@acme.example"})
    assert error(again) == (409, "The user already exists.", "auth0_idp_error")


@pytest.mark.parametrize("email", ["carol@acme.example", "CAROL@acme.example"])
def test_an_address_is_used_once_in_a_connection(idp, carol, email):
    again = idp.call("POST", "/users", {**NEW, "email": email})
    assert error(again) == (409, "The user already exists.", "auth0_idp_error")
    assert carol["user_id"] in hint(again)


def test_of_many_requests_for_one_address_one_succeeds(idp):
    answers = race(lambda: idp.call("POST", "/users", NEW), count=20)
    assert sorted(one.status_code for one in answers) == [201, *[409] * 19]


@pytest.mark.parametrize(
    ("change", "message", "code"),
    [
        ({"connection": None}, "The connection does not exist.", "inexistent_connection"),
        ({"connection": "none"}, "The connection does not exist.", "inexistent_connection"),
        ({"password": "weak"}, "PasswordStrengthError: Password is too weak", "invalid_body"),
        (
            {"email": 5},
            "Payload validation error: 'Expected type string but found type number' on property email.",
            "invalid_body",
        ),
        (
            {"blocked": "yes"},
            "Payload validation error: 'Expected type boolean but found type string' on property blocked.",
            "invalid_body",
        ),
        (
            {"nmae": "Carol"},
            "Payload validation error: 'Additional properties not allowed: nmae'.",
            "invalid_body",
        ),
        (
            {"user_id": "auth0|abc"},
            "Payload validation error: 'String does not match pattern ^[^|]{1,255}$' on property user_id.",
            "invalid_body",
        ),
    ],
)
def test_a_body_with_a_mistake_is_refused(idp, change, message, code):
    before = len(idp.tenant.directory.users)
    answer = idp.call("POST", "/users", NEW | change)
    assert error(answer) == (400, message, code)
    assert hint(answer)
    assert len(idp.tenant.directory.users) == before


@pytest.mark.parametrize("name", ["connection", "email", "password"])
def test_a_missing_property_is_named(idp, name):
    answer = idp.call("POST", "/users", {key: one for key, one in NEW.items() if key != name})
    message = f"Payload validation error: 'Missing required property: {name}'."
    assert error(answer) == (400, message, "invalid_body")


def test_a_user_of_a_passwordless_connection_needs_no_password(make_idp):
    sms = Connection(name="sms", strategy="sms")
    idp = make_idp(document=replace(ACME, connections=(sms,)))
    body = {"connection": "sms", "phone_number": "+15551234567", "phone_verified": True}
    made = idp.call("POST", "/users", body).json
    assert made["user_id"].startswith("sms|")
    assert (made["phone_number"], made["phone_verified"]) == ("+15551234567", True)
    assert "email" not in made
    assert made["identities"][0]["provider"] == "sms"


@pytest.mark.parametrize(
    ("strategy", "name", "value"),
    [("sms", "phone_number", "+15551234567"), ("email", "email", "c@d.example")],
)
def test_a_user_of_a_passwordless_connection_needs_an_address_that_is_free(
    make_idp, strategy, name, value
):
    passwordless = Connection(name=strategy, strategy=strategy)
    idp = make_idp(document=replace(ACME, connections=(passwordless,)))
    missing = idp.call("POST", "/users", {"connection": strategy})
    message = f"Payload validation error: 'Missing required property: {name}'."
    assert error(missing) == (400, message, "invalid_body")
    empty = idp.call("POST", "/users", {"connection": strategy, name: None})
    assert (empty.status_code, name in empty.json["message"]) == (400, True)
    body = {"connection": strategy, name: value}
    assert idp.call("POST", "/users", body).status_code == 201
    assert error(idp.call("POST", "/users", body)) == (
        409, "The user already exists.", "auth0_idp_error",
    )  # fmt: skip


@pytest.mark.parametrize("path", [ALICE, "/users/auth0|alice"])
def test_a_user_is_found_by_an_escaped_id_and_by_a_raw_one(idp, path):
    assert idp.call("GET", path).json["user_id"] == "auth0|alice"


def test_fields_select_and_exclude(idp):
    assert list(idp.call("GET", ALICE, fields="email, user_id").json) == ["user_id", "email"]
    rest = idp.call("GET", ALICE, fields="email", include_fields="false").json
    assert "email" not in rest
    assert "user_id" in rest


def test_a_user_who_is_deleted_during_a_change_is_not_found(idp, monkeypatch):
    users = idp.tenant.directory.users.store

    def get_then_delete(get, key):
        found = get(key)
        users.delete(key)
        return found

    replace_method(monkeypatch, users, "get", get_then_delete)
    answer = idp.call("PATCH", ALICE, {"nickname": "ali"})
    assert error(answer) == (404, "The user does not exist.", "inexistent_user")


def test_a_changed_address_is_in_lower_case(idp):
    changed = idp.call("PATCH", ALICE, {"email": "Alice2@Acme.example"}).json
    assert changed["email"] == "alice2@acme.example"
    found = idp.call("GET", "/users-by-email", email="alice2@acme.example").json
    assert [one["user_id"] for one in found] == ["auth0|alice"]


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_an_unknown_user_is_not_found(idp, method):
    answer = idp.call(method, "/users/alice", None if method == "GET" else {})
    assert error(answer) == (404, "The user does not exist.", "inexistent_user")
    assert "Did you mean auth0|alice?" in hint(answer)


def test_a_blocked_user_cannot_log_in_with_the_next_request(idp):
    assert idp.password_token().status_code == 200
    assert idp.call("PATCH", ALICE, {"blocked": True}).json["blocked"] is True
    assert idp.password_token().status_code != 200
    assert idp.call("PATCH", ALICE, {"blocked": False}).json["blocked"] is False
    assert idp.password_token().status_code == 200


def test_metadata_is_merged_at_the_first_level(idp):
    first = {"theme": {"color": "red", "size": 2}, "plan": "free"}
    idp.call("PATCH", ALICE, {"user_metadata": first})
    changed = idp.call(
        "PATCH", ALICE, {"user_metadata": {"theme": {"color": "blue"}, "plan": None}}
    )
    assert changed.json["user_metadata"] == {"theme": {"color": "blue"}}
    emptied = idp.call("PATCH", ALICE, {"user_metadata": {}})
    assert emptied.json["user_metadata"] == {}


def test_a_field_is_replaced_and_null_removes_it(idp):
    before = idp.call("GET", ALICE).json
    idp.later(60)
    changed = idp.call("PATCH", ALICE, {"family_name": "Liddell", "given_name": None}).json
    assert changed["family_name"] == "Liddell"
    assert "given_name" not in changed
    assert changed["updated_at"] > before["updated_at"]
    token = idp.tokens(scope="openid profile")["id_token"]
    assert claims_of(token)["family_name"] == "Liddell"


def test_a_new_password_works_and_the_old_one_does_not(idp):
    assert idp.call("PATCH", ALICE, {"password": "N3w-Passw0rd"}).status_code == 200
    assert idp.password_token().status_code == 403
    assert idp.password_token(password="N3w-Passw0rd").status_code == 200


@pytest.mark.parametrize(
    ("body", "message", "code"),
    [
        (
            {"email": "a@acme.example", "password": "N3w-Passw0rd"},
            "Cannot update password and email simultaneously",
            "operation_not_supported",
        ),
        ({"password": "weak"}, "PasswordStrengthError: Password is too weak", "invalid_body"),
        (
            {"user_id": "auth0|x"},
            "Payload validation error: 'Additional properties not allowed: user_id'.",
            "invalid_body",
        ),
    ],
)
def test_a_patch_with_a_mistake_is_refused(idp, body, message, code):
    before = idp.call("GET", ALICE).json
    assert error(idp.call("PATCH", ALICE, body)) == (400, message, code)
    assert idp.call("GET", ALICE).json == before


def test_a_deleted_user_is_gone_and_deleting_again_is_no_mistake(idp):
    for _ in range(2):
        answer = idp.call("DELETE", ALICE)
        assert (answer.status_code, answer.data) == (204, b"")
        assert "Content-Type" not in answer.headers
    assert idp.call("GET", ALICE).status_code == 404
    assert idp.password_token().status_code == 403


def test_users_are_found_by_email(idp):
    found = idp.call("GET", "/users-by-email", email="alice@acme.example", fields="user_id")
    assert found.json == [{"user_id": "auth0|alice"}]
    assert idp.call("GET", "/users-by-email", email="Alice@acme.example").json == []
    missing = idp.call("GET", "/users-by-email")
    assert error(missing) == (
        400,
        "Query validation error: 'Missing required property: email'.",
        "invalid_query_string",
    )
