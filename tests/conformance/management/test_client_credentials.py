"""Credentials of clients in the Management API, and the assertions that they verify."""

import pytest

from helpers.assertions import OTHER_KEY, public_pem, request_token, sign, signer_document
from helpers.management import ManagementClient
from helpers.tenant_client import hint
from mockidp.codec.write import to_file
from mockidp.resources.client_credential import Credential

PATH, CLIENT = "/clients/signer/credentials", "/clients/signer"
MISSING = (404, "The credential does not exist.", None)
BODY = {"credential_type": "public_key", "name": "second", "pem": public_pem()}


def error(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


def using(*ids):
    credentials = [{"id": one} for one in ids]
    return {"client_authentication_methods": {"private_key_jwt": {"credentials": credentials}}}


def exported(idp):
    (client,) = (one for one in idp.tenant.directory.clients.values() if one.client_id == "signer")
    return to_file(client)


@pytest.fixture
def idp():
    first = Credential(name="first", pem=public_pem(OTHER_KEY))
    return ManagementClient(document=signer_document(first))


@pytest.fixture
def credential(idp):
    answer = idp.call("POST", PATH, BODY)
    assert answer.status_code == 201
    return answer.json


def test_a_credential_verifies_assertions_once_the_client_uses_it(idp, credential):
    assert list(credential) == [
        "id", "name", "credential_type", "kid", "alg", "created_at", "updated_at",
    ]  # fmt: skip
    assert credential["id"].startswith("cred_")
    assert len(credential["id"]) == len("cred_") + 22
    assert request_token(idp, sign(idp)).status_code == 401
    changed = idp.call("PATCH", CLIENT, using(credential["id"]))
    assert changed.status_code == 200
    methods = changed.json["client_authentication_methods"]
    assert methods["private_key_jwt"]["credentials"] == [{"id": credential["id"]}]
    assert "credentials" not in changed.json
    assert request_token(idp, sign(idp)).status_code == 200
    assert idp.call("DELETE", f"{PATH}/{credential['id']}").status_code == 204
    assert idp.call("DELETE", f"{PATH}/{credential['id']}").status_code == 204
    assert request_token(idp, sign(idp)).status_code == 401


def test_after_its_last_credential_is_deleted_a_client_is_exported_as_before(idp):
    before = exported(idp)
    made = [idp.call("POST", PATH, BODY | {"name": name}).json["id"] for name in ("a", "b")]
    idp.call("DELETE", f"{PATH}/{made[0]}")
    assert [one["name"] for one in exported(idp)["credentials"]] == ["b"]
    idp.call("DELETE", f"{PATH}/{made[1]}")
    assert exported(idp) == before


def test_credentials_of_a_tenant_file_and_of_calls_are_listed(idp, credential):
    found = idp.call("GET", PATH, include_totals="true").json
    assert {one["name"] for one in found} == {"first", "second"}
    for one in found:
        assert idp.call("GET", f"{PATH}/{one['id']}").json == one
        assert "pem" not in one


def test_a_credential_expires_when_a_call_says_so(idp, credential):
    idp.call("PATCH", CLIENT, using(credential["id"]))
    one = f"{PATH}/{credential['id']}"
    past = idp.call("PATCH", one, {"expires_at": "2020-01-01T00:00:00.000Z"}).json
    assert past["expires_at"] == "2020-01-01T00:00:00.000Z"
    assert request_token(idp, sign(idp)).status_code == 401
    assert "expires_at" not in idp.call("PATCH", one, {"expires_at": None}).json
    assert request_token(idp, sign(idp)).status_code == 200


@pytest.mark.parametrize("is_parsed", [True, False])
def test_the_expiry_in_a_certificate_has_no_effect_and_the_hint_says_so(idp, is_parsed):
    made = idp.call("POST", PATH, {**BODY, "parse_expiry_from_cert": is_parsed})
    assert made.status_code == 201
    assert not {"parse_expiry_from_cert", "expires_at"} & made.json.keys()
    assert ("Send `expires_at`" in hint(made)) is is_parsed


@pytest.mark.parametrize(
    "changed",
    [
        {"pem": "x"},
        {"parse_expiry_from_cert": "yes"},
        {"credential_type": "x509_cert"},
        {"alg": "none"},
        {"kid": "x"},
        {"pem": 5},
    ],
)
def test_a_credential_with_a_mistake_is_refused(idp, changed):
    answer = idp.call("POST", PATH, {**BODY, **changed})
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_body")
    assert hint(answer)


def test_an_unknown_credential_is_not_found(idp):
    assert error(idp.call("GET", f"{PATH}/cred_none")) == MISSING
    assert error(idp.call("PATCH", f"{PATH}/cred_none", {"expires_at": None})) == MISSING
    assert error(idp.call("PATCH", CLIENT, using("cred_none"))) == MISSING
