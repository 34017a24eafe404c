"""Logins at an identity provider together with second factors, devices, hints and sign-ins."""

from dataclasses import replace

from helpers.devices import DEVICES, Device
from helpers.mfa import APP, SECRET, MfaClient, with_mfa
from helpers.providers import CONNECTIONS, DOCUMENT, GINA, GOOGLE, AtProvider, google_user
from helpers.tenant_client import claims_of, hint, sent_to_callback
from mockidp.tenant.state.sign_ins import SignIn


def test_auth0_mfa__a_second_factor_follows_the_identity_provider():
    document = replace(DOCUMENT, users=(google_user(mfa_factors=(APP,)),))
    idp = AtProvider(with_mfa(document=document, factors=("otp",)))
    page = idp.follow(idp.request("GET", idp.pick(idp.open_provider()))).location
    assert page.startswith("/u/mfa-otp-challenge")
    code = MfaClient.code(idp, SECRET)
    code = sent_to_callback(idp.follow(idp.submit(page, code=code)))["code"]
    claims = claims_of(idp.redeem(code).json["id_token"])
    assert (claims["sub"], claims["amr"]) == (GINA, ["mfa"])


def device_at_provider():
    idp = AtProvider(replace(DEVICES, connections=CONNECTIONS, users=(google_user(),)))
    device = Device(idp, scope="openid")
    page = idp.get("/activate", user_code=device.user_code).location
    login = idp.submit(page, action="confirm").location
    return device, idp.submit(login, connection=GOOGLE).location


def test_auth0_device__a_social_user_activates_a_device():
    device, url = device_at_provider()
    done = device.idp.follow(device.idp.request("GET", device.idp.pick(url)))
    assert done.location == "/u/device/success"
    assert claims_of(device.tokens()["id_token"])["sub"] == GINA


def test_auth0_device__a_canceled_login_denies_the_device():
    device, url = device_at_provider()
    done = device.idp.follow(device.idp.request("GET", device.idp.answer(url, action="deny")))
    assert done.location.startswith("/u/device/")
    assert device.poll_later().json["error"] == "access_denied"


def test_auth0_screen_hint__is_not_used_with_an_identity_provider(idp):
    answer = idp.authorize(connection=GOOGLE, screen_hint="signup")
    assert answer.location.startswith("/u/login/provider?state=")
    assert hint(answer) == ""


def test_the_login_page_leads_to_the_requested_identity_provider(idp):
    state = idp.open_provider().partition("state=")[2]
    for page in ("/u/login", "/u/login/identifier"):
        assert idp.get(page, state=state).location == f"/u/login/provider?state={state}"


def test_a_prepared_sign_in_of_a_social_user_answers_at_once(idp):
    idp.tenant.sign_ins.add(SignIn(user_id=GINA))
    code = sent_to_callback(idp.authorize(connection=GOOGLE))["code"]
    assert claims_of(idp.redeem(code).json["id_token"])["sub"] == GINA
