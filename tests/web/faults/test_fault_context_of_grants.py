"""The facts that limit a fault at the token endpoint, by grant, and at the MFA API."""

from helpers import on_behalf_of
from helpers.acme import API, RBAC_API, with_tenant
from helpers.devices import DEVICES, Device, log_in
from helpers.fault_context import ALICE, BOB, facts
from helpers.mfa import APP, MFA_API, with_mfa
from helpers.tenant_client import bearer
from helpers.token_exchange import PARTNER, exchange, partner_token
from helpers.token_exchange import TENANT as EXCHANGING
from mockidp.protocol.oauth.grant_types import DEVICE_CODE, MFA_OTP, TOKEN_EXCHANGE


def test_with_a_code_the_context_has_its_client_and_user(idp, watch):
    code = idp.callback(audience=API)["code"]
    seen = watch("token")
    idp.redeem(code)
    idp.redeem(code)
    idp.redeem("never made")
    known = ("web", ALICE, API, "authorization_code")
    assert [facts(one) for one in seen] == [known, known, ("web", None, None, "authorization_code")]


def test_a_code_in_the_request_of_another_grant_is_ignored(idp, watch):
    code = idp.callback(audience=API)["code"]
    seen = watch("token")
    idp.machine_token(audience=API, code=code)
    assert facts(seen[0]) == ("m2m", None, API, "client_credentials")


def test_with_a_refresh_token_the_context_has_its_client_and_user(idp, watch):
    tokens = idp.tokens(scope="openid offline_access", audience=API)
    seen = watch("token")
    idp.refresh(tokens["refresh_token"])
    idp.refresh("never made")
    assert facts(seen[0]) == ("web", ALICE, API, "refresh_token")
    assert facts(seen[1]) == ("web", None, None, "refresh_token")


def test_with_a_password_the_context_has_the_named_user(idp, watch):
    seen = watch("token")
    idp.password_token(username="BOB@acme.example", password="wrong")
    idp.password_token(username="nobody")
    realm = {"grant_type": "http://auth0.com/oauth/grant-type/password-realm", "realm": "staff"}
    idp.password_token(username="alice@acme.example", **realm)
    idp.password_token(username="staffer@acme.example", **realm)
    assert [one.user for one in seen] == [BOB, None, None, "auth0|staffer"]


def test_a_refresh_token_for_userinfo_alone_has_no_audience_by_default(make_idp):
    idp = make_idp(with_tenant(default_audience=API))
    tokens = idp.tokens(scope="openid offline_access", audience="http://localhost:9400/userinfo")
    seen = []
    idp.fault("token", status=503, predicate=seen.append)
    idp.refresh(tokens["refresh_token"])
    assert facts(seen[0]) == ("web", ALICE, None, "refresh_token")


def test_with_a_device_code_the_context_has_the_user_who_confirmed(make_idp):
    idp = make_idp(DEVICES)
    device = Device(idp, audience=API)
    seen = []
    idp.fault("token", status=503, predicate=seen.append)
    device.poll()
    idp.token(client_id="cli", client_secret=None, grant_type=DEVICE_CODE, device_code="unknown")
    assert [(one.user, one.audience) for one in seen] == [(None, API), (None, None)]


def test_a_confirmed_device_has_its_user(make_idp):
    idp = make_idp(DEVICES)
    device = Device(idp, audience=API)
    log_in(idp, device.user_code)
    seen = []
    idp.fault("token", status=503, predicate=seen.append)
    device.poll()
    assert facts(seen[0])[1:3] == (ALICE, API)


def test_an_access_token_that_is_exchanged_has_its_user(make_idp):
    idp = make_idp(on_behalf_of.TENANT)
    token = on_behalf_of.user_token(idp)
    seen = []
    idp.fault("token", status=503, predicate=seen.append)
    on_behalf_of.exchange(idp, token)
    on_behalf_of.exchange(idp, "damaged")
    assert facts(seen[0]) == ("items", ALICE, RBAC_API, TOKEN_EXCHANGE)
    assert facts(seen[1]) == ("items", None, RBAC_API, TOKEN_EXCHANGE)


def test_a_subject_token_of_the_tenant_file_has_its_user(make_idp):
    idp = make_idp(EXCHANGING)
    seen = []
    idp.fault("token", status=503, predicate=seen.append)
    exchange(idp)
    exchange(idp, "unknown")
    exchange(idp, partner_token(idp), subject_token_type=PARTNER)
    exchange(idp, None)
    assert [one.user for one in seen] == [ALICE, None, ALICE, None]
    assert facts(seen[0]) == ("broker", ALICE, API, TOKEN_EXCHANGE)


def test_the_user_of_an_mfa_token_is_known_to_faults(idp):
    idp.edit(with_mfa(APP))
    token = idp.password_token().json["mfa_token"]
    form = {"grant_type": MFA_OTP, "mfa_token": token, "otp": "000000"}
    with idp.fault("token", status=503, when={"user": "bob"}):
        assert idp.token(**form).status_code == 403
    with idp.fault("token", status=503, when={"user": "alice", "grant": MFA_OTP}):
        assert idp.token(**form).status_code == 503
    with idp.fault("mfa_authenticators", status=503, when={"user": "alice"}):
        assert idp.get("/mfa/authenticators", headers=bearer(token)).status_code == 503


def test_the_user_of_an_access_token_for_the_mfa_api_is_known_to_faults(idp):
    idp.edit(with_mfa(policies=()))
    answer = idp.password_token(audience=MFA_API, scope="read:authenticators")
    headers = bearer(answer.json["access_token"])
    with idp.fault("mfa_authenticators", status=503, when={"user": "alice"}):
        assert idp.get("/mfa/authenticators", headers=headers).status_code == 503
