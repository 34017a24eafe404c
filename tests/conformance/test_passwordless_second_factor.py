"""A passwordless login of a user who has to show a second factor."""

from dataclasses import replace

import pyotp
import pytest

from helpers.mfa import APP, SECRET, with_mfa
from helpers.passwordless import TENANT, code_for, redeem
from helpers.tenant_client import TenantClient, claims_of, sent_to_callback

ERIN = "erin@acme.example"


@pytest.fixture
def idp():
    document = with_mfa(document=TENANT)
    users = tuple(
        replace(one, mfa_factors=(APP,)) if one.email == ERIN else one for one in document.users
    )
    return TenantClient(replace(document, users=users))


def shown(idp):
    """Return the code that the authenticator app shows."""
    return pyotp.TOTP(SECRET).at(int(idp.tenant.now()))


def test_the_grant_asks_for_the_second_factor(idp):
    answer = redeem(idp, code_for(idp, ERIN, email=ERIN), username=ERIN)
    assert (answer.status_code, answer.json["error"]) == (403, "mfa_required")
    tokens = idp.token(
        grant_type="http://auth0.com/oauth/grant-type/mfa-otp",
        mfa_token=answer.json["mfa_token"],
        otp=shown(idp),
    ).json
    claims = claims_of(tokens["id_token"])
    assert claims["sub"] == "email|erin"
    assert claims["amr"] == ["mfa"]


def test_the_pages_ask_for_the_second_factor(idp):
    page = idp.authorize(connection="email").location
    page = idp.submit(page, username=ERIN).location
    code = idp.tenant.outbox.last(to=ERIN).code
    answer = idp.follow(idp.submit(page, code=code))
    assert answer.location.startswith("/u/mfa-otp-challenge?state=")
    answer = idp.follow(idp.submit(answer.location, code=shown(idp)))
    assert "code" in sent_to_callback(answer)


def test_an_opened_link_asks_for_the_second_factor(idp):
    code = code_for(idp, ERIN, email=ERIN)
    query = {"client_id": "web", "response_type": "code", "connection": "email", "email": ERIN}
    answer = idp.follow(idp.get("/passwordless/verify_redirect", verification_code=code, **query))
    assert answer.location.startswith("/u/mfa-otp-challenge?state=")
