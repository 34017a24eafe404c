"""The method that gives a user a passkey, and the authenticator that holds it."""

import pytest

from helpers.acme import URL
from helpers.passkeys import TENANT, PasskeyClient
from mockidp import MockIdPError, SoftwareAuthenticator


@pytest.fixture
def idp(interface):
    return interface.make(TENANT)


@pytest.fixture
def app(interface, idp):
    mock = interface.behind(idp)
    return PasskeyClient(tenant=mock.tenant, app=mock.app, url=idp.url)


def test_the_authenticator_answers_each_challenge(idp, app):
    alice = idp.add_passkey("alice")
    assert alice.origin == idp.url
    for used in (1, 2):
        assert app.log_in_with(alice).status_code == 200
        assert alice.passkeys[0].sign_count == used


def test_all_passkeys_of_a_user_have_one_handle(idp):
    first, second = idp.add_passkey("alice"), idp.add_passkey("alice", rp_id="acme.example")
    assert second.passkeys[0].rp_id == "acme.example"
    assert second.passkeys[0].user_handle == first.passkeys[0].user_handle
    assert idp.add_passkey("bob").passkeys[0].user_handle != first.passkeys[0].user_handle


def test_an_unknown_user_and_a_connection_without_passkeys_are_errors(interface, idp):
    with pytest.raises(MockIdPError, match="nobody"):
        idp.add_passkey("nobody")
    with pytest.raises(MockIdPError, match="has no passkeys"):
        interface.make().add_passkey("alice")


def test_the_authenticator_explains_what_it_cannot_answer():
    empty = SoftwareAuthenticator(URL)
    with pytest.raises(MockIdPError, match=r"no passkey of acme.example. Relying parties: none"):
        empty.get({"rpId": "acme.example", "challenge": ""})
    options = {
        "challenge": "", "rp": {"id": "x"}, "user": {"id": ""},
        "pubKeyCredParams": [{"type": "public-key", "alg": -8000}],
    }  # fmt: skip
    with pytest.raises(MockIdPError, match="none of the algorithms"):
        empty.create(options)
