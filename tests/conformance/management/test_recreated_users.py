"""A user who is created again with the id of a deleted one, as tests do, begins without history."""

import pytest

from helpers.acme import API, DATABASE
from mockidp.protocol.login.passkeys import DeclinedPasskey
from mockidp.protocol.mfa.records import RememberedBrowser
from mockidp.tenant.state.stores import USER

ALICE = "/users/auth0%7Calice"
AGAIN = {
    "connection": DATABASE, "user_id": "alice", "email": "alice@acme.example",
    "password": "Passw0rd!",
}  # fmt: skip
THIRD_PARTY = {"client_id": "third-party", "audience": API, "scope": "openid offline_access"}


def create_again(idp):
    assert idp.call("DELETE", ALICE).status_code == 204
    assert idp.call("POST", "/users", AGAIN).json["user_id"] == "auth0|alice"


@pytest.mark.parametrize(
    "factor",
    [
        {"type": "phone", "phone_number": "+15551234567"},
        {"type": "totp", "totp_secret": "JBSWY3DPEHPK3PXP"},
        {"type": "email", "email": "a@acme.example"},
    ],
)
def test_it_has_no_second_factor(idp, factor):
    assert idp.call("POST", f"{ALICE}/authentication-methods", factor).status_code == 201
    create_again(idp)
    assert idp.call("GET", f"{ALICE}/authentication-methods").json == []
    assert idp.call("GET", f"{ALICE}/enrollments").json == []


def test_it_has_given_no_consent(idp):
    idp.tokens(**THIRD_PARTY)
    assert len(idp.call("GET", "/grants").json) == 1
    create_again(idp)
    assert idp.call("GET", "/grants").json == []
    page = idp.follow(idp.authorize(**THIRD_PARTY)).location
    assert "/u/consent" in idp.log_in(page).location


def test_no_browser_skips_its_second_factor(idp):
    remembered = RememberedBrowser(user_id="auth0|alice")
    idp.tenant.remembered_browsers.put("browser auth0|alice", remembered)
    declined = DeclinedPasskey(user_id="auth0|alice")
    idp.tenant.declined_passkeys.put("browser auth0|alice", declined)
    create_again(idp)
    for store in (idp.tenant.remembered_browsers, idp.tenant.declined_passkeys):
        assert list(store.scan(USER, "auth0|alice")) == []
