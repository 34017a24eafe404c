"""Keys of the Management API, and what a rotation does to the JWKS and to tokens."""

import jwt
import pytest

KEYS = "/keys/signing"


def kids_of_jwks(idp):
    return [one["kid"] for one in idp.get("/.well-known/jwks.json").json["keys"]]


def error(answer):
    return answer.status_code, answer.json["message"], answer.json["errorCode"]


def test_keys_are_those_of_the_jwks(idp):
    found = idp.call("GET", KEYS).json
    assert [one["kid"] for one in found] == kids_of_jwks(idp)
    assert [(one["current"], one["next"], one["previous"]) for one in found] == [
        (True, False, False),
        (False, True, False),
    ]
    assert list(found[0]) == [
        "kid", "cert", "pkcs7", "current", "next", "previous", "fingerprint", "thumbprint",
        "revoked",
    ]  # fmt: skip
    assert found[0]["cert"].startswith("-----BEGIN CERTIFICATE-----\r\n")
    assert found[0]["fingerprint"].replace(":", "") == found[0]["thumbprint"]
    assert idp.call("GET", f"{KEYS}/{found[1]['kid']}").json == found[1]


def test_a_rotated_key_signs_the_next_token(idp):
    current, following = kids_of_jwks(idp)
    answer = idp.call("POST", f"{KEYS}/rotate")
    assert (answer.status_code, answer.json["kid"]) == (201, following)
    signed = jwt.get_unverified_header(idp.tokens()["id_token"])["kid"]
    assert signed == following
    assert kids_of_jwks(idp)[2] == current
    assert idp.call("GET", f"{KEYS}/{current}").json["previous"] is True


def test_tokens_of_a_revoked_key_are_refused(idp):
    current, _ = kids_of_jwks(idp)
    idp.call("POST", f"{KEYS}/rotate")
    answer = idp.call("PUT", f"{KEYS}/{current}/revoke")
    assert (answer.status_code, list(answer.json)) == (200, ["cert", "kid"])
    assert current not in kids_of_jwks(idp)
    assert idp.call("GET", KEYS).status_code == 401


@pytest.mark.parametrize("position", [0, 1])
def test_the_current_and_the_next_key_cannot_be_revoked(idp, position):
    kid = kids_of_jwks(idp)[position]
    answer = idp.call("PUT", f"{KEYS}/{kid}/revoke")
    expected = (400, "Only a previous signing key can be revoked.", "operation_not_supported")
    assert error(answer) == expected
    assert kid in kids_of_jwks(idp)


@pytest.mark.parametrize(("method", "path"), [("GET", "/none"), ("PUT", "/none/revoke")])
def test_an_unknown_key_is_not_found(idp, method, path):
    answer = idp.call(method, KEYS + path)
    assert error(answer) == (404, "The signing key does not exist.", "inexistent_signing_key")
