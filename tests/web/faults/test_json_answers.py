"""Faults that change JSON answers: changed and missing members, wrong documents."""

import pytest

from helpers.acme import API
from helpers.tenant_client import hint

ISSUER = "http://localhost:9400/"
DISCOVERY, JWKS = "/.well-known/openid-configuration", "/.well-known/jwks.json"


def answers(idp):
    token = idp.tokens()["access_token"]
    return {
        "token": lambda: idp.machine_token(audience=API).json,
        "userinfo": lambda: idp.userinfo(token).json,
        "discovery": lambda: idp.get(DISCOVERY).json,
        "jwks": lambda: idp.get(JWKS).json,
    }


@pytest.mark.parametrize(
    ("endpoint", "name"),
    [("token", "expires_in"), ("userinfo", "sub"), ("discovery", "issuer"), ("jwks", "keys")],
)
def test_a_member_is_changed_added_and_removed(idp, endpoint, name):
    ask = answers(idp)[endpoint]
    good = ask()
    with idp.fault(endpoint, set={name: {"odd": [None, 1.5]}, "more": "ö"}):
        assert ask() == good | {name: {"odd": [None, 1.5]}, "more": "ö"}
    with idp.fault(endpoint, remove=[name, "never there"]):
        assert ask() == {key: value for key, value in good.items() if key != name}
    assert set(ask()) == set(good)


def test_members_keep_their_order(idp):
    good = list(idp.machine_token(audience=API).json)
    idp.fault("token", set={"token_type": "mac", "zero": 0})
    assert list(idp.machine_token(audience=API).json) == [*good, "zero"]


def test_a_refusal_is_not_changed_and_not_counted(idp):
    fault = idp.fault("token", set={"expires_in": 1}, times=1)
    answer = idp.machine_token(client_secret="wrong")
    assert (answer.status_code, answer.json["error"]) == (401, "access_denied")
    assert (
        "secret"
        in hint(answer).partition("Fault `token: set expires_in` (1 of 1) had no effect: ")[0]
    )
    assert hint(answer).endswith("the answer is a refusal, which this fault does not change.")
    assert fault.fired == 0
    assert idp.machine_token(audience=API).json["expires_in"] == 1
    assert fault.fired == 1


def test_the_tenant_has_handled_the_request(idp):
    code = idp.callback()["code"]
    with idp.fault("token", remove=["access_token"]):
        assert "access_token" not in idp.redeem(code).json
    assert idp.redeem(code).json["error_description"] == "Invalid authorization code"


def test_text_that_cannot_be_encoded_is_replaced(idp):
    idp.fault("token", set={"odd": "\ud800"})
    assert idp.machine_token(audience=API).json["odd"] == "?"


def test_several_faults_change_one_answer_in_their_order(idp):
    idp.fault("token", set={"a": 1, "b": 1})
    idp.fault("token", set={"b": 2}, remove=["scope"])
    body = idp.machine_token(audience=API).json
    assert (body["a"], body["b"], "scope" in body) == (1, 2, False)


def test_the_issuer_of_the_document_is_another(idp):
    assert idp.get(DISCOVERY).json["issuer"] == ISSUER
    with idp.fault("discovery", wrong="issuer"):
        assert idp.get(DISCOVERY).json["issuer"] == "https://another-issuer.example/"
    assert idp.get(DISCOVERY).json["issuer"] == ISSUER


def test_the_jwks_is_empty(idp):
    with idp.fault("jwks", empty=True):
        assert idp.get(JWKS).json == {"keys": []}
    assert len(idp.get(JWKS).json["keys"]) == 2


def test_the_jwks_lacks_the_key_that_signs_now(idp):
    def kids():
        return [key["kid"] for key in idp.get(JWKS).json["keys"]]

    before = kids()
    new = idp.tenant.rotate_keys()
    with idp.fault("jwks", stale=True):
        assert new not in kids()
        assert before[0] in kids()
    assert kids()[0] == new


def test_a_stale_jwks_works_after_another_fault(idp):
    idp.fault("jwks", remove=["keys"])
    idp.fault("jwks", stale=True)
    assert idp.get(JWKS).json == {"keys": []}


def test_a_json_answer_that_is_not_an_object_is_not_changed(idp):
    idp.fault("token", status=200, body="[1]", headers={"Content-Type": "application/json"})
    idp.fault("token", set={"a": 1})
    answer = idp.machine_token(audience=API)
    assert answer.json == [1]
    assert " had no effect: the answer has nothing that this fault changes." in hint(answer)


def test_removing_what_is_not_there_does_not_count(idp):
    misspelt = idp.fault("token", remove=["acess_token"])
    of_token = idp.fault("access_token", remove=["nonse"])
    answer = idp.machine_token(audience=API)
    assert answer.status_code == 200
    assert (misspelt.fired, of_token.fired) == (0, 0)
    assert " had no effect: the answer has nothing that this fault changes." in hint(answer)
    assert " had no effect: the access_token has nothing that this fault changes." in hint(answer)


def test_malformed_json_is_not_changed(idp):
    idp.fault("token", status=200, body="{", headers={"Content-Type": "application/json"})
    idp.fault("token", remove=["a"])
    assert idp.machine_token(audience=API).data == b"{"


def test_the_first_of_two_replacing_faults_answers(idp):
    first = idp.fault("token", status=503, headers={"A": "1"})
    second = idp.fault("token", error="server_error", headers={"A": "2"})
    answer = idp.machine_token(audience=API)
    assert (answer.status_code, answer.headers["A"]) == (503, "1")
    assert idp.tenant.journal.last("token").faults == (first.name, second.name)
