"""/activate and /u/device: the pages on which a user activates a device (RFC 8628 3.3)."""

import pytest

from helpers.acme import API, URL, with_settings
from helpers.devices import CANCELED, DEVICES, Device, confirm, enter, log_in
from helpers.mfa import with_mfa
from helpers.tenant_client import TenantClient, claims_of, hint, race
from mockidp import MockIdP
from mockidp.faults import Fault


@pytest.fixture
def idp():
    return TenantClient(DEVICES)


@pytest.fixture
def device(idp):
    return Device(idp, scope="openid", audience=API)


def error_of(answer):
    """Return the code and the text of the error at the field, and the hint."""
    assert answer.status_code == 400, answer.text
    assert 'id="error-element-code"' in answer.text
    assert 'data-error-code="invalid-expired-code"' in answer.text
    assert "</span>Invalid or expired user code</span>" in answer.text
    return hint(answer)


def test_the_page_asks_for_the_code(idp):
    answer = idp.get("/activate")
    assert answer.status_code == 200
    for text in (
        "<title>Device Activation</title>", "<h1>Device Activation</h1>",
        "Enter the code displayed on your device", ">Continue</button>", 'name="code" id="code"',
    ):  # fmt: skip
        assert text in answer.text
    assert 'name="state"' not in answer.text


def test_a_user_types_the_code_confirms_it_and_logs_in(idp, device):
    page = idp.get(enter(idp, device.user_code))
    for text in (
        "<title>Connect to Acme CLI</title>", "<h1>Device Confirmation</h1>", device.user_code,
        'value="confirm"', ">Confirm</button>", 'value="cancel"', ">Cancel</button>",
    ):  # fmt: skip
        assert text in page.text
    answer = confirm(idp, device.user_code)
    assert answer.location.startswith("/u/login?state=")
    answer = idp.log_in(answer.location)
    assert answer.location == "/u/device/success"
    page = idp.get(answer.location)
    assert "Congratulations, you&#39;re all set!" in page.text
    assert "Your device is now connected." in page.text
    assert device.poll().status_code == 200


@pytest.mark.parametrize("change", [str.lower, lambda code: code.replace("-", ""), " {} ".format])
def test_rfc8628_6_1__the_code_is_typed_in_any_case_and_with_any_separators(idp, device, change):
    assert enter(idp, change(device.user_code))


def test_a_code_in_the_url_leads_to_the_confirmation(idp, device):
    answer = idp.get("/activate", user_code=device.user_code)
    assert answer.location.startswith("/u/device/confirmation?state=")


def test_a_wrong_code_in_the_url_is_filled_in_with_the_error(idp):
    answer = idp.get("/activate", user_code="BCDF-GHJK")
    assert "No device of this tenant shows the user code 'BCDF-GHJK'." in error_of(answer)
    assert 'value="BCDF-GHJK"' in answer.text


@pytest.mark.parametrize("typed", ["nope", "  ", "-", "\u00df" * 200, "<b>"])
def test_a_wrong_code_is_refused(idp, device, typed):
    assert error_of(idp.post("/activate", code=typed))


@pytest.mark.parametrize("form", [{}, {"code": ""}, {"user_code": "BCDF-GHJK"}])
def test_a_form_without_code_is_refused(idp, form):
    assert error_of(idp.post("/activate", **form)) == (
        "No user code was sent. Send the code that the device shows as `code`."
    )


def test_an_expired_code_is_refused(idp, device):
    idp.later(900)
    refused = error_of(idp.post("/activate", code=device.user_code))
    assert refused.startswith(f"User code {device.user_code} expired at ")
    assert refused.endswith(" Start the login on the device again.")


def test_a_code_is_confirmed_once(idp, device):
    log_in(idp, device.user_code)
    assert error_of(idp.post("/activate", code=device.user_code)) == (
        f"User code {device.user_code} was already confirmed by auth0|alice."
    )


def test_a_canceled_code_cannot_be_confirmed(idp, device):
    answer = idp.submit(enter(idp, device.user_code), action="cancel")
    assert answer.location == "/u/device/denied"
    assert hint(answer) == f"The user canceled the confirmation of user code {device.user_code}."
    page = idp.get(answer.location)
    assert "Activation Denied" in page.text
    assert "We are not able to activate your device." in page.text
    assert error_of(idp.post("/activate", code=device.user_code)) == (
        f"User code {device.user_code} was denied. Start the login on the device again."
    )


def test_any_other_action_cancels(idp, device):
    assert idp.submit(enter(idp, device.user_code)).location == "/u/device/denied"
    assert device.poll().json == CANCELED


def test_a_browser_with_a_session_needs_no_password(idp, device):
    idp.callback()
    answer = idp.follow(confirm(idp, device.user_code))
    assert answer.location == "/u/device/success"
    assert device.poll().status_code == 200


def test_the_login_starts_a_session_for_the_browser(idp, device):
    log_in(idp, device.user_code)
    assert "code" in idp.callback()


def test_a_third_party_client_needs_consent(idp):
    device = Device(idp, "guest", scope="openid email")
    answer = log_in(idp, device.user_code)
    assert answer.location.startswith("/u/consent?state=")
    assert idp.follow(idp.submit(answer.location, action="accept")).location == "/u/device/success"
    assert device.tokens()["scope"] == "openid email"


def test_a_user_with_a_second_factor_is_asked_for_it():
    mock = MockIdP(with_mfa(document=DEVICES), url=URL)
    idp = TenantClient(tenant=mock.tenant, app=mock.app)
    mock.enroll_totp("alice")
    device = Device(idp, scope="openid")
    page = log_in(idp, device.user_code).location
    assert page.startswith("/u/mfa-otp-challenge?state=")
    answer = idp.follow(idp.submit(page, code=mock.totp_code("alice"), action="default"))
    assert answer.location == "/u/device/success"
    assert claims_of(device.poll().json["id_token"])["amr"] == ["mfa"]


@pytest.mark.parametrize("step", ["login", "consent"])
def test_an_abandoned_login_denies_the_device(idp, step):
    device = Device(idp, "guest", scope="openid")
    answer = confirm(idp, device.user_code)
    if step == "consent":
        answer = idp.log_in(answer.location)
    answer = idp.submit(answer.location, action="deny")
    assert answer.location == "/u/device/denied"
    denied = device.poll()
    assert (denied.status_code, denied.json["error"]) == (403, "access_denied")


def test_a_device_that_was_activated_elsewhere_meanwhile_is_refused(idp, device):
    answer = confirm(idp, device.user_code)
    log_in(idp.another_browser(), device.user_code, "bob")
    answer = idp.log_in(answer.location)
    assert answer.location == "/u/device/denied"
    assert hint(answer) == f"User code {device.user_code} was already confirmed by auth0|bob."
    assert device.poll().status_code == 200


def test_a_device_that_got_its_tokens_meanwhile_cannot_be_confirmed(idp, device):
    page = enter(idp, device.user_code)
    log_in(idp.another_browser(), device.user_code)
    device.tokens()
    answer = idp.submit(page, action="confirm")
    assert answer.status_code == 400
    assert "Invalid or expired user code" in answer.text
    assert hint(answer) == "The device got its tokens, or its code expired."


def test_one_of_fifty_concurrent_logins_activates_the_device(idp, device):
    browsers = [idp.another_browser() for _ in range(50)]
    states = []
    for browser in browsers:
        page = confirm(browser, device.user_code).location
        answer = browser.submit(page, username="alice@acme.example", password="Passw0rd!")
        states.append((browser, answer.location))
    answers = race(lambda: _resume(states))
    assert sorted(answers) == ["/u/device/denied"] * 49 + ["/u/device/success"]
    assert device.poll().status_code == 200


def _resume(states):
    browser, location = states.pop()
    return browser.get(location).location


def test_the_login_of_another_client_has_no_device(idp):
    state = idp.follow(idp.authorize()).location.partition("state=")[2]
    answer = idp.get("/u/device/confirmation", state=state)
    assert answer.status_code == 400
    assert hint(answer) == "Parameter `state` is that of a login without a device."


def test_an_unknown_state_is_refused(idp):
    assert idp.get("/u/device/confirmation", state="nope").status_code == 400


def test_the_login_page_before_the_confirmation_leads_back_to_it(idp, device):
    page = enter(idp, device.user_code)
    answer = idp.log_in(page.replace("/u/device/confirmation", "/u/login"))
    assert answer.location.startswith("/u/device/confirmation")
    assert idp.follow(idp.submit(answer.location, action="confirm")).location == "/u/device/success"


def test_a_client_that_was_removed_is_refused(idp, device):
    idp.edit(with_settings(DEVICES.__class__()))
    assert idp.post("/activate", code=device.user_code).status_code == 400


def test_a_fault_at_the_pages(idp):
    idp.tenant.faults.add(Fault(endpoint="device", error="server_error", times=1))
    assert idp.get("/activate").status_code == 500
    assert idp.get("/activate").status_code == 200


def test_a_fault_at_the_callback_does_not_change_the_page_of_a_device(idp, device):
    idp.tenant.faults.add(Fault(endpoint="callback", wrong="state"))
    assert log_in(idp, device.user_code).location == "/u/device/success"
