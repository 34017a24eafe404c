"""Races between a check and the change that follows, one interleaving at a time."""

from dataclasses import replace
from hashlib import md5

import pytest

from helpers.acme import ACME
from helpers.devices import DEVICES, INVALID, TOO_FAST, Device, confirm, enter, log_in
from helpers.tenant_client import TenantClient, hint, race, sent_to_callback
from mockidp.flows.accounts.change_password import change_password
from mockidp.resources.password_hash import HashValue, PasswordHash

REUSED = "Unsuccessful Refresh Token exchange, reused refresh token detected"
UNKNOWN = "Unknown or invalid refresh token."


def offline(idp, client_id):
    return idp.tokens(client_id=client_id, scope="openid offline_access")["refresh_token"]


def test_the_slower_of_two_refreshes_is_reuse(idp, overtaken):
    token = offline(idp, "spa")
    won = []
    overtaken(
        idp.tenant.refresh_families, "swap", lambda: won.append(idp.refresh(token, client_id="spa"))
    )
    late = idp.refresh(token, client_id="spa")
    assert won[0].status_code == 200
    assert late.json["error_description"] == REUSED


def test_the_slower_of_two_refreshes_succeeds_within_the_leeway(idp, overtaken):
    token = offline(idp, "leeway")
    overtaken(idp.tenant.refresh_families, "swap", lambda: idp.refresh(token, client_id="leeway"))
    assert idp.refresh(token, client_id="leeway").status_code == 200


def test_a_refresh_after_a_concurrent_revocation_is_refused(idp, overtaken):
    token = offline(idp, "spa")
    overtaken(
        idp.tenant.refresh_families,
        "swap",
        lambda: idp.post("/oauth/revoke", client_id="spa", token=token),
    )
    late = idp.refresh(token, client_id="spa")
    assert late.json["error_description"] == UNKNOWN
    assert "The refresh token's family was revoked at" in hint(late)


def test_a_concurrently_finished_login_stays_finished(idp, overtaken):
    login = idp.authorize().location
    overtaken(idp.tenant.logins, "swap", lambda: idp.submit(login, action="deny"))
    late = idp.submit(login, username="auth0|alice", action="pick")
    assert late.status_code == 400
    assert "Set-Cookie" not in late.headers
    assert "Another request continued or finished this login" in hint(late)
    assert idp.request("GET", login).status_code == 400


def test_consent_to_a_concurrently_declined_login_is_refused(idp, overtaken):
    login = idp.authorize(client_id="third-party").location
    consent = idp.log_in(login).location
    overtaken(idp.tenant.logins, "swap", lambda: idp.submit(consent, action="deny"))
    assert idp.submit(consent, action="accept").status_code == 400


def test_a_login_resumed_twice_gives_one_code(idp, overtaken):
    login = idp.authorize().location
    resume = idp.submit(login, username="auth0|alice", action="pick").location
    won = []
    overtaken(idp.tenant.logins, "take", lambda: won.append(idp.request("GET", resume)))
    late = idp.request("GET", resume)
    assert sent_to_callback(won[0])["code"]
    assert late.status_code == 400
    assert "Another request continued or finished this login" in hint(late)


def test_a_login_resumed_by_fifty_threads_gives_one_code(idp):
    login = idp.authorize().location
    resume = idp.submit(login, username="auth0|alice", action="pick").location
    cookie = idp.browser.get_cookie("auth0-http", domain="localhost").value

    def go_on():
        browser = idp.another_browser()
        browser.browser.set_cookie("auth0-http", cookie, domain="localhost")
        return browser.request("GET", resume).status_code

    assert sorted(race(go_on)) == [302] + [400] * 49


def test_fifty_concurrent_logins_have_fifty_sessions():
    idp = TenantClient()

    def log_in():
        browser = idp.another_browser()
        browser.callback()
        return browser.browser.get_cookie("auth0-http", domain="localhost").value

    assert len(set(race(log_in))) == 50


def test_a_jwks_requested_during_a_rotation_is_not_cached(idp, monkeypatch):
    keys = idp.tenant.keys
    first = keys.current
    rotated = []

    class Slow(type(first)):
        @property
        def jwk(self):
            if not rotated:
                rotated.append(idp.tenant.rotate_keys())
            return super().jwk

    monkeypatch.setattr(first, "__class__", Slow)
    idp.get("/.well-known/jwks.json")
    assert rotated
    kids = [key["kid"] for key in idp.get("/.well-known/jwks.json").json["keys"]]
    assert kids == [key.kid for key in idp.tenant.keys.published]
    assert len(kids) == 3


@pytest.fixture
def device():
    return Device(TenantClient(DEVICES))


def test_the_slower_of_two_polls_gets_no_tokens(device, overtaken):
    log_in(device.idp, device.user_code)
    overtaken(device.idp.tenant.device_codes, "take", device.poll)
    assert device.poll().json == INVALID


def test_the_slower_of_two_polls_is_too_fast(device, overtaken):
    overtaken(device.idp.tenant.device_codes, "swap", device.poll)
    assert device.poll().json == TOO_FAST


def test_a_device_that_polls_while_its_user_logs_in_is_activated(device, overtaken):
    answer, store = confirm(device.idp, device.user_code), device.idp.tenant.device_codes
    polled = replace(store.get(device.codes["device_code"]), polled_at=device.idp.tenant.now())
    overtaken(store, "swap", lambda: store.put(device.codes["device_code"], polled))
    assert device.idp.log_in(answer.location).location == "/u/device/success"
    assert device.poll_later().status_code == 200


def test_a_device_that_is_canceled_while_its_user_logs_in_is_denied(device, overtaken):
    idp = device.idp
    answer, other = confirm(idp, device.user_code), enter(idp, device.user_code)
    overtaken(idp.tenant.device_codes, "swap", lambda: idp.submit(other, action="cancel"))
    assert idp.log_in(answer.location).location == "/u/device/denied"
    assert device.poll().json["error"] == "access_denied"


def test_the_password_of_a_hash_does_not_replace_one_that_was_set_meanwhile(overtaken):
    hashed = PasswordHash(
        algorithm="md5", hash=HashValue(value=md5(b"old").hexdigest(), encoding="hex")
    )
    user = replace(ACME.users[0], password=None, custom_password_hash=hashed)
    idp = TenantClient(replace(ACME, users=(user, *ACME.users[1:])))
    overtaken(
        idp.tenant.backend,
        "exclusive",
        lambda: change_password(idp.tenant, user, "new"),
    )
    assert idp.password_token(username=user.email, password="old").status_code == 200
    assert idp.tenant.directory.user(user.user_id).password == "new"
