"""Logins in which several features meet: second factors, tickets, devices and organizations."""

import re
from dataclasses import replace

from helpers.acme import ACME
from helpers.cross_origin import allowing, ticket
from helpers.devices import DEVICES, Device, confirm
from helpers.mfa import APP, PHONE, PHONE_OF_ALICE, MfaClient, refused, with_mfa
from helpers.organizations import B2B, RED, with_organization
from helpers.passwordless import EMAIL, TENANT, code_for, with_connection
from helpers.tenant_client import TenantClient, hint, sent_to_callback
from mockidp.resources.organization import OrganizationConnection


def second_factor_page(idp, user="alice"):
    return idp.log_in(idp.follow(idp.authorize()).location, user).location


def open_link(idp):
    """Open the link of a passwordless login."""
    query = {"client_id": "web", "response_type": "code", "connection": "email", "email": EMAIL}
    return idp.get("/passwordless/verify_redirect", verification_code=code_for(idp), **query)


def secret_on(page):
    """Return the secret on the page that enrolls an app."""
    return re.search(r"secret=([A-Z2-7]+)", page)[1]


def remember_the_browser(idp):
    """Log alice in with her app, remember the browser, and end her session."""
    answer = idp.submit(second_factor_page(idp), code=idp.code(), rememberBrowser="true")
    assert "code" in sent_to_callback(idp.follow(answer))
    idp.get("/v2/logout")


def test_a_code_of_one_user_is_not_a_second_factor_of_the_next_user_of_the_page():
    idp = MfaClient(PHONE_OF_ALICE)
    page = second_factor_page(idp)
    assert page.startswith("/u/mfa-sms-challenge")
    idp.get(page)
    sent = idp.tenant.outbox.last().code
    login_page = page.replace("mfa-sms-challenge", "login")
    page = idp.log_in(login_page, "bob").location
    assert page.startswith("/u/mfa-otp-enrollment-qr"), "bob has no factor yet"
    answer = idp.follow(idp.submit(page.replace("otp-enrollment-qr", "sms-challenge"), code=sent))
    assert answer.location.startswith("/u/mfa-otp-enrollment-qr")


def test_a_recovery_code_is_not_shown_to_the_next_user_of_the_page():
    idp = MfaClient()
    page = second_factor_page(idp)
    state = page.partition("state=")[2]
    of_alice = idp.tenant.logins.get(state).second_factor.recovery_code
    idp.log_in(page.replace("mfa-otp-enrollment-qr", "login"), "bob")
    of_bob = idp.tenant.logins.get(state).second_factor.recovery_code
    assert len({None, of_alice, of_bob}) == 3


def test_an_unconfirmed_app_is_not_a_second_factor():
    idp = MfaClient()
    abandoned = idp.associate(idp.mfa_token(), authenticator_types=["otp"]).json["secret"]
    token = idp.mfa_token()
    enrolled = idp.associate(
        token, authenticator_types=["oob"], oob_channels=["sms"], phone_number=PHONE
    ).json
    code = idp.tenant.outbox.last().code
    assert idp.oob(token, enrolled["oob_code"], binding_code=code).status_code == 200
    answer = idp.otp(idp.mfa_token(), idp.code(abandoned))
    assert refused(answer) == (403, "invalid_grant", "Invalid otp_code.")
    assert "has not enrolled an authenticator app" in hint(answer)


def test_a_remembered_browser_needs_no_second_factor_for_a_device():
    idp = MfaClient(APP, document=DEVICES)
    remember_the_browser(idp)
    device = Device(idp, scope="openid")
    answer = idp.log_in(confirm(idp, device.user_code).location)
    assert answer.location == "/u/device/success"


def test_a_remembered_browser_needs_no_second_factor_for_a_login_ticket():
    idp = MfaClient(APP, document=allowing())
    remember_the_browser(idp)
    assert "code" in sent_to_callback(idp.authorize(login_ticket=ticket(idp)))


def test_a_remembered_browser_needs_no_second_factor_for_an_opened_link():
    idp = MfaClient(document=TENANT)
    answer = idp.follow(open_link(idp))
    assert answer.location.startswith("/u/mfa-otp-enrollment-qr")
    secret = secret_on(idp.get(answer.location).text)
    answer = idp.submit(answer.location, code=idp.code(secret), rememberBrowser="true")
    idp.follow(idp.submit(idp.follow(answer).location))
    assert "code" in sent_to_callback(idp.follow(open_link(idp)))


def test_a_device_asks_a_user_with_a_session_for_the_factor_they_have():
    idp = TenantClient(DEVICES)
    idp.callback()
    device = Device(idp, scope="openid")
    idp.edit(with_mfa(APP, document=DEVICES))
    answer = idp.follow(confirm(idp, device.user_code))
    assert answer.location.startswith("/u/mfa-otp-challenge?state=")


def test_a_ticket_of_a_connection_that_an_organization_does_not_have_is_refused():
    only_customers = (OrganizationConnection(name="customers"),)
    document = with_organization("red", allowing(B2B), connections=only_customers)
    idp = TenantClient(document)
    answer = idp.authorize(login_ticket=ticket(idp), organization=RED)
    sent = sent_to_callback(answer)
    assert sent["error_description"] == "no connections enabled for the organization"
    assert "is not enabled for organization red" in hint(answer)


def test_a_code_is_refused_after_its_connection_was_disabled_for_the_client():
    idp = TenantClient(TENANT)
    page = idp.authorize(connection="email").location
    page = idp.submit(page, username=EMAIL).location
    code = idp.tenant.outbox.last(to=EMAIL).code
    idp.edit(with_connection("email", enabled_clients=("other",)))
    answer = idp.submit(page, code=code)
    assert answer.location.startswith("/u/login/identifier")
    assert idp.tenant.sessions.count() == 0


def test_a_personal_account_cannot_log_in_with_a_connection_that_only_an_organization_has():
    idp = TenantClient(B2B)
    page = idp.authorize(client_id="may-select", connection="customers").location
    answer = idp.submit(page, organizationSkipped="true")
    assert answer.status_code == 302
    answer = idp.log_in(page.replace("organization/selection", "login"), "carol")
    assert answer.status_code == 400
    assert "the requested one is not enabled any more" in hint(answer)
    answer = idp.get(page.replace("organization/selection", "signup"))
    assert "accepts sign-ups: it has none." in hint(answer)
    answer = idp.get(page.replace("organization/selection", "reset-password/request"))
    assert hint(answer) == "None of the login's connections is a database: none."


def test_a_login_whose_client_was_removed_ends_on_a_page_and_not_at_the_callback():
    idp = TenantClient()
    page = idp.authorize().location
    clients = tuple(one for one in ACME.clients if one.client_id != "web")
    grants = tuple(one for one in ACME.client_grants if one.client_id != "web")
    answer = idp.submit(page, action="pick", user_id="auth0|alice")
    idp.edit(replace(ACME, clients=clients, client_grants=grants))
    answer = idp.follow(answer)
    assert answer.status_code == 400
    assert hint(answer) == "Client web was removed while the page was open."


def test_a_reused_refresh_token_is_refused_and_not_asked_for_a_second_factor():
    document = with_mfa(APP, policies=())
    idp = TenantClient(document)
    first = idp.tokens(client_id="spa", scope="openid offline_access")["refresh_token"]
    latest = idp.refresh(first, client_id="spa").json["refresh_token"]
    idp.edit(with_mfa(APP))
    assert refused(idp.refresh(first, client_id="spa"))[1] == "invalid_grant"
    assert refused(idp.refresh(latest, client_id="spa"))[1] == "invalid_grant"


def through_a_snapshot(idp):
    """Take a snapshot over HTTP, reset the tenant, and restore the snapshot."""
    snapshot = idp.get("/_mockidp/v1/snapshot").json
    idp.tenant.reset()
    answer = idp.request("PUT", "/_mockidp/v1/snapshot", json=snapshot)
    assert answer.status_code < 300, answer.text


def test_logins_go_on_after_a_snapshot_is_restored():
    users = tuple(replace(one, roles=()) for one in DEVICES.users)
    idp = MfaClient(PHONE_OF_ALICE, document=allowing(replace(DEVICES, users=users)))
    device = Device(idp, scope="openid")
    issued = ticket(idp)
    page = idp.log_in(confirm(idp, device.user_code).location).location
    idp.get(page)
    code = idp.tenant.outbox.last().code
    through_a_snapshot(idp)
    assert idp.follow(idp.submit(page, code=code)).location == "/u/device/success"
    assert device.poll_later().status_code == 200
    assert idp.authorize(login_ticket=issued).location.startswith("/u/login")
