"""Passkeys of users, which administrators see, import, rename and delete."""

from base64 import b64encode

import pytest

from helpers.interleaved import run_after_next_find
from helpers.passkeys import MANAGED, PasskeyClient, authenticator
from helpers.tenant_client import hint
from mockidp.protocol.tokens.base64url import unbase64url

PATH = "/users/auth0%7Calice/authentication-methods"


@pytest.fixture
def idp(make_idp):
    return make_idp(document=MANAGED)


def logs_in(idp, held):
    app = PasskeyClient(tenant=idp.tenant, app=idp.app)
    return app.log_in_with(held).status_code == 200


def stored(idp):
    [entry] = [entry.value for _, entry in idp.tenant.passkeys.scan()]
    return entry


def test_a_passkey_is_shown_and_its_deletion_has_effect_at_once(idp):
    held = authenticator(idp)
    [made] = idp.call("GET", PATH).json
    assert made | {"id": "", "created_at": "", "public_key": ""} == {
        "id": "",
        "type": "passkey",
        "key_id": held.passkeys[0].id,
        "public_key": "",
        "created_at": "",
        "credential_device_type": "multi_device",
        "credential_backed_up": True,
        "identity_user_id": "alice",
        "user_agent": "",
        "user_handle": held.passkeys[0].user_handle,
        "transports": [],
        "aaguid": "00000000-0000-0000-0000-000000000000",
        "relying_party_identifier": "localhost",
    }
    one = f"{PATH}/{made['id'].replace('|', '%7C')}"
    assert logs_in(idp, held)
    assert idp.call("GET", one).json["last_auth_at"]
    named = idp.call("PATCH", one, {"name": "Phone"}).json
    assert (named["name"], list(named)[-1]) == ("Phone", "id")
    assert idp.call("DELETE", one).status_code == 204
    assert not logs_in(idp, held)
    assert idp.call("GET", one).status_code == 404


def test_a_passkey_that_was_imported_logs_in(idp):
    held = authenticator(idp)
    passkey = stored(idp)
    idp.tenant.passkeys.take(passkey.key_id)
    body = {
        "type": "passkey",
        "name": "Phone",
        "key_id": passkey.key_id,
        "public_key": b64encode(unbase64url(passkey.public_key)).decode(),
        "user_handle": passkey.user_handle,
        "credential_device_type": "multi_device",
        "credential_backed_up": True,
        "transports": ["internal"],
        "identity_user_id": "alice",
    }
    answer = idp.call("POST", PATH, body)
    assert answer.status_code == 201, hint(answer)
    assert (answer.json["name"], answer.json["relying_party_identifier"]) == ("Phone", "localhost")
    assert logs_in(idp, held)
    again = idp.call("POST", PATH, body)
    assert (again.status_code, bool(hint(again))) == (409, True)
    assert idp.call("PUT", PATH, [body]).status_code == 200
    assert len(idp.call("GET", PATH).json) == 1


def test_deleting_all_methods_deletes_passkeys_and_deleting_all_factors_does_not(idp):
    authenticator(idp)
    path = PATH.replace("authentication-methods", "authenticators")
    assert idp.call("DELETE", path).status_code == 204
    assert len(idp.call("GET", PATH).json) == 1
    assert idp.call("DELETE", PATH).status_code == 204
    assert idp.call("GET", PATH).json == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("key_id", "a="),
        ("public_key", "AAAA"),
        ("public_key", 7),
        ("user_handle", ""),
        ("aaguid", "x"),
        ("credential_device_type", "x"),
        ("credential_backed_up", "true"),
        ("transports", "usb"),
        ("user_agent", "x" * 501),
        ("identity_user_id", "bob"),
    ],
)
def test_a_wrong_field_is_named(idp, name, value):
    authenticator(idp, "bob")
    passkey = stored(idp)
    body = {"type": "passkey", "key_id": "YWJj", "public_key": passkey.public_key}
    answer = idp.call("POST", PATH, body | {name: value})
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_body")
    assert answer.json["message"].endswith(f"on property {name}.")
    assert idp.call("GET", PATH).json == []


def test_a_passkey_that_is_used_while_it_is_renamed_keeps_its_counter(idp, monkeypatch):
    held = authenticator(idp)
    [made] = idp.call("GET", PATH).json
    one = f"{PATH}/{made['id'].replace('|', '%7C')}"
    token = idp.access_token
    run_after_next_find(monkeypatch, idp.tenant.passkeys, lambda: logs_in(idp, held))
    assert idp.call("PATCH", one, {"name": "Phone"}, token=token).json["name"] == "Phone"
    assert (stored(idp).label, stored(idp).sign_count) == ("Phone", 1)
    assert stored(idp).user_id == "auth0|alice"


def test_a_replacement_that_is_refused_changes_nothing(idp):
    held, bobs = authenticator(idp), authenticator(idp, "bob")
    [own] = idp.call("GET", PATH).json
    [other] = idp.call("GET", PATH.replace("alice", "bob")).json
    new = {name: own[name] for name in ("type", "key_id", "public_key", "user_handle")}
    for items in ([new, new], [new | {"key_id": other["key_id"]}]):
        assert idp.call("PUT", PATH, items).status_code == 409
    assert logs_in(idp, held)
    assert logs_in(idp, bobs)
    assert idp.call("PUT", PATH, [new]).status_code == 200
