"""Passkeys in the My Account API: enroll, verify, list, delete."""

import sys
from dataclasses import replace

import pytest

from helpers.acme import DATABASE, URL
from helpers.my_account import METHODS, path_of, problem
from helpers.passkeys import MANAGED, PasskeyClient, authenticator, database
from helpers.tenant_client import hint
from mockidp.testing.software_authenticator import SoftwareAuthenticator

NEW = "passkey|new"
INVALID_SESSION = (400, "Bad Request", "Invalid auth_session", "auth_session")
INVALID_ANSWER = (400, "Bad Request", "Invalid authn_response", "authn_response")


@pytest.fixture
def idp(make_idp):
    return make_idp(document=MANAGED)


def verify(idp, session, answer, method_id=NEW):
    body = {"auth_session": session, "authn_response": answer}
    return idp.call("POST", f"{path_of(method_id)}/verify", body)


def enroll(idp, held):
    started = idp.enroll("passkey").json
    answer = held.create(started["authn_params_public_key"])
    return started["auth_session"], answer


def logs_in(idp, held):
    app = PasskeyClient(tenant=idp.tenant, app=idp.app)
    return app.log_in_with(held).status_code == 200


def test_a_passkey_is_enrolled_shown_used_and_deleted(idp):
    answer = idp.enroll("passkey", connection=DATABASE, identity_user_id="alice")
    assert answer.status_code == 202
    assert answer.headers["Location"] == f"{idp.url}/me/v1{METHODS}/passkey%7Cnew"
    assert list(answer.json) == ["auth_session", "authn_params_public_key"]
    options = answer.json["authn_params_public_key"]
    assert options["rp"] == {"id": "localhost", "name": "localhost"}
    assert options["user"]["name"] == "alice@acme.example"
    held = SoftwareAuthenticator(URL)
    done = verify(idp, answer.json["auth_session"], held.create(options))
    assert done.status_code == 201, hint(done)
    made = done.json
    assert made["id"].startswith("passkey|dev_")
    assert made | {"id": "", "created_at": "", "public_key": ""} == {
        "id": "",
        "type": "passkey",
        "created_at": "",
        "usage": ["primary"],
        "key_id": held.passkeys[0].id,
        "public_key": "",
        "credential_device_type": "multi_device",
        "credential_backed_up": True,
        "identity_user_id": "alice",
        "user_handle": held.passkeys[0].user_handle,
        "transports": ["internal"],
        "user_agent": "",
        "aaguid": "00000000-0000-0000-0000-000000000000",
        "relying_party_id": "localhost",
    }
    assert made in idp.methods()
    assert idp.call("GET", METHODS, type="passkey").json["authentication_methods"] == [made]
    assert idp.call("PATCH", path_of(made["id"]), {}).json == made
    assert logs_in(idp, held)
    assert idp.call("GET", path_of(made["id"])).json["last_auth_at"]
    assert idp.call("DELETE", path_of(made["id"])).status_code == 204
    assert not logs_in(idp, held)


def test_all_passkeys_of_a_user_have_one_handle(idp):
    held = authenticator(idp)
    _, answer = enroll(idp, SoftwareAuthenticator(URL))
    assert answer["id"] != held.passkeys[0].id
    options = idp.enroll("passkey").json["authn_params_public_key"]
    assert options["user"]["id"] == held.passkeys[0].user_handle


def test_the_factors_name_passkeys_if_the_database_has_them(idp, make_idp):
    first = idp.call("GET", "/factors").json["factors"][0]
    assert first == {"type": "passkey", "usage": ["primary"]}
    types = [one["type"] for one in make_idp().call("GET", "/factors").json["factors"]]
    assert "passkey" not in types


def test_an_auth_session_works_once_for_a_minute_and_for_its_user(idp):
    held = SoftwareAuthenticator(URL)
    session, answer = enroll(idp, held)
    assert problem(verify(idp, "x", answer)) == INVALID_SESSION
    assert verify(idp, session, answer).status_code == 201
    assert problem(verify(idp, session, answer)) == INVALID_SESSION
    session, answer = enroll(idp, held)
    idp.later(60)
    assert problem(verify(idp, session, answer)) == INVALID_SESSION
    # A challenge of a login cannot be used for an enrollment.
    app = PasskeyClient(tenant=idp.tenant, app=idp.app)
    assert problem(verify(idp, app.start().json["auth_session"], answer)) == INVALID_SESSION


def test_a_challenge_that_another_request_uses_at_the_same_time(idp, monkeypatch):
    session, answer = enroll(idp, SoftwareAuthenticator(URL))
    monkeypatch.setattr("mockidp.my_account.passkey.take_challenge", lambda *_: False)
    assert problem(verify(idp, session, answer)) == INVALID_SESSION


def test_answers_that_fail_name_the_step(idp):
    session, _ = enroll(idp, SoftwareAuthenticator(URL))
    assert problem(verify(idp, session, {})) == INVALID_ANSWER
    session, answer = enroll(idp, SoftwareAuthenticator("https://evil.example"))
    refused = verify(idp, session, answer)
    assert problem(refused) == INVALID_ANSWER
    assert "7.1 step 9" in hint(refused)


@pytest.mark.parametrize(
    ("fields", "detail", "field"),
    [
        ({"connection": "other"}, "Invalid value of property: connection", "connection"),
        ({"identity_user_id": "bob"}, "Invalid value of property: identity_user_id",
         "identity_user_id"),
        ({"name": "x"}, "Unknown property: name", "name"),
    ],
)  # fmt: skip
def test_a_wrong_member_is_named(idp, fields, detail, field):
    assert problem(idp.enroll("passkey", **fields)) == (400, "Bad Request", detail, field)


def test_a_passkey_has_no_name_and_is_verified_once(idp):
    authenticator(idp)
    [made] = idp.call("GET", METHODS, type="passkey").json["authentication_methods"]
    answer = idp.call("PATCH", path_of(made["id"]), {"name": "x"})
    assert problem(answer) == (400, "Bad Request", "Unknown property: name", "name")
    answer = verify(idp, "x", {}, made["id"])
    assert problem(answer) == INVALID_SESSION
    assert "`passkey|new`" in hint(answer)


def test_a_database_without_passkeys_and_a_removed_client_are_403(make_idp):
    document = replace(MANAGED, connections=(database(DATABASE, enabled=False),))
    expected = (403, "Forbidden", "Passkeys are not enabled for the connection", None)
    assert problem(make_idp(document=document).enroll("passkey")) == expected
    idp = make_idp(document=MANAGED)
    token = idp.account_token()
    others = tuple(one for one in idp.tenant.document.clients if one.client_id != "web")
    idp.edit(replace(idp.tenant.document, clients=others, client_grants=()))
    answer = idp.call("POST", METHODS, {"type": "passkey"}, token=token)
    assert problem(answer)[:2] == (403, "Forbidden")


def test_without_cbor2_the_extra_is_named(idp, monkeypatch):
    monkeypatch.setitem(sys.modules, "cbor2", None)
    answer = idp.enroll("passkey")
    assert answer.status_code == 501
    assert "mockidp-server[passkeys]" in hint(answer)
