"""Device credentials: refresh tokens, and public keys of devices."""

import pytest

from helpers.tenant_client import hint

PATH = "/device-credentials"
PHONE = {"device_name": "phone", "device_id": "d1", "type": "public_key", "value": "a2V5"}


PAYLOAD = "Payload validation error: "


def error(answer):
    return answer.status_code, answer.json["message"], answer.json["errorCode"]


def test_a_public_key_is_stored_listed_and_deleted(idp):
    made = idp.call("POST", PATH, PHONE)
    assert (made.status_code, list(made.json)) == (201, ["id"])
    assert made.json["id"].startswith("dcr_")
    assert "No endpoint of mockidp verifies" in hint(made)
    shown = {name: one for name, one in PHONE.items() if name != "value"}
    assert idp.call("GET", PATH).json == [made.json | shown | {"client_id": "manager"}]
    for _ in range(2):
        assert idp.call("DELETE", f"{PATH}/{made.json['id']}").status_code == 204
    assert idp.call("GET", PATH, type="public_key").json == []


def test_a_key_can_be_that_of_another_client(idp):
    idp.call("POST", PATH, PHONE | {"client_id": "web"})
    (found,) = idp.call("GET", PATH, client_id="web").json
    assert found["client_id"] == "web"
    assert idp.call("GET", PATH, client_id="manager").json == []


@pytest.mark.parametrize(
    ("is_rotating", "listed"),
    [
        (False, {None: 1, "refresh_token": 1, "rotating_refresh_token": 0, "public_key": 0}),
        (True, {None: 0, "refresh_token": 0, "rotating_refresh_token": 1, "public_key": 0}),
    ],
)
def test_a_list_without_type_has_no_rotating_tokens(idp, is_rotating, listed):
    if is_rotating:
        idp.call("PATCH", "/clients/web", {"refresh_token": {"rotation_type": "rotating"}})
    else:
        idp.call("PATCH", "/clients/web", {"refresh_token": {"rotation_type": "non-rotating"}})
    idp.tokens(scope="openid offline_access")
    for kind, count in listed.items():
        found = idp.call("GET", PATH, **({"type": kind} if kind else {})).json
        assert len(found) == count, kind


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, f"{PAYLOAD}'Missing required property: device_name'."),
        (
            PHONE | {"type": "refresh_token"},
            f"{PAYLOAD}'No enum match' on property type.",
        ),
        (
            PHONE | {"value": ""},
            f"{PAYLOAD}'String is too short (0 chars), minimum 1' on property value.",
        ),
        (
            PHONE | {"value": 5},
            f"{PAYLOAD}'Expected type string' on property value.",
        ),
        (PHONE | {"x": 1}, f"{PAYLOAD}'Additional properties not allowed: x'."),
    ],
)
def test_a_wrong_credential_is_refused(idp, body, expected):
    assert error(idp.call("POST", PATH, body)) == (400, expected, "invalid_body")


def test_a_key_of_an_unknown_client_is_refused(idp):
    answer = idp.call("POST", PATH, PHONE | {"client_id": "none"})
    assert error(answer) == (404, "The client does not exist.", "inexistent_client")


def test_an_unknown_type_is_refused(idp):
    answer = idp.call("GET", PATH, type="password")
    message = "Query validation error: 'No enum match for: password' on property type."
    assert error(answer) == (400, message, "invalid_query_string")
