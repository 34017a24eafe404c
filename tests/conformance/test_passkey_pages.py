"""Passkeys on the hosted pages: the button, the offer after a password, and sign-ups."""

import html
import json
import re
import sys
from dataclasses import replace

import pytest

from helpers.acme import CALLBACK, DATABASE, PASSWORD_OF_ALL, URL
from helpers.mfa_pages import path_of
from helpers.passkeys import TENANT, PasskeyClient, authenticator, database
from helpers.tenant_client import hint, sent_to_callback
from mockidp.tenant.content.prompts import Prompts
from mockidp.testing.software_authenticator import SoftwareAuthenticator

PAGES = replace(TENANT, prompts=Prompts(identifier_first=True))
ENROLLMENT, IDENTIFIER = "/u/passkey-enrollment", "/u/login/identifier"
DAY = 86400


@pytest.fixture
def idp():
    return PasskeyClient(PAGES)


def with_options(**options):
    """Return the tenant with other `passkey_options`."""
    made = database(DATABASE)
    extra = {**made.options.extra, "passkey_options": options}
    made = replace(made, options=replace(made.options, extra=extra))
    return replace(PAGES, connections=(made, *PAGES.connections[1:]))


def options_on(page):
    """Return the options for the browser; None if the page offers no passkey."""
    found = re.search(r'data-passkey="([^"]*)"', page.text)
    return json.loads(html.unescape(found[1])) if found else None


def open_login(idp):
    """Start a login. Return the URL and the first page."""
    url = idp.authorize().location
    return url, idp.get(url)


def type_password(idp):
    """Log alice in with her password. Return the URL of the next page."""
    url, _ = open_login(idp)
    idp.submit(url, username="alice@acme.example", action="default")
    answer = idp.submit(url.replace("identifier", "password"), password=PASSWORD_OF_ALL)
    return idp.follow(answer).location


def code_in(answer):
    return sent_to_callback(answer)["code"]


# --- the identifier page ---


def test_the_button_logs_in_with_a_passkey(idp):
    held = authenticator(idp)
    url, page = open_login(idp)
    assert path_of(url) == IDENTIFIER
    assert "Continue with a passkey" in page.text
    answer = idp.submit(url, passkey=json.dumps(held.get(options_on(page))))
    assert code_in(idp.follow(answer))


@pytest.mark.parametrize(
    "document",
    [
        TENANT,
        with_options(challenge_ui="autofill"),
        replace(PAGES, connections=(database(DATABASE, enabled=False),)),
    ],
    ids=["one page", "autofill only", "no passkeys"],
)
def test_there_is_no_button(document):
    _, page = open_login(PasskeyClient(document))
    assert options_on(page) is None
    assert "passkey" not in page.text.lower()


def test_without_cbor2_there_is_no_button_and_the_hint_names_the_extra(idp, monkeypatch):
    monkeypatch.setitem(sys.modules, "cbor2", None)
    _, page = open_login(idp)
    assert options_on(page) is None
    assert "mockidp-server[passkeys]" in hint(page)


def test_an_answer_that_fails_is_shown_on_the_page_with_a_new_challenge(idp):
    held = authenticator(idp)
    held.origin = "https://evil.example"
    url, page = open_login(idp)
    first = options_on(page)
    page = idp.submit(url, passkey=json.dumps(held.get(first)))
    assert page.status_code == 400
    assert 'data-error-code="passkey-refused"' in page.text
    assert "7.2 step 13" in hint(page)
    second = options_on(page)
    assert second["challenge"] != first["challenge"]
    held.origin = URL
    answer = idp.submit(url, passkey=json.dumps(held.get(second)))
    again = idp.submit(url, passkey=json.dumps(held.get(second)))
    assert code_in(idp.follow(answer))
    assert "has no such challenge" in hint(again)


def test_the_challenge_of_a_page_is_none_of_the_token_endpoint(idp):
    held = authenticator(idp)
    url, page = open_login(idp)
    state = url.partition("state=")[2]
    assert idp.redeem(state, held.get(options_on(page))).json["error"] == "invalid_grant"


# --- the offer after a password ---


def test_a_user_creates_a_passkey_after_a_password_and_is_not_asked_again(idp):
    url = type_password(idp)
    assert path_of(url) == ENROLLMENT
    held = SoftwareAuthenticator(URL)
    options = options_on(idp.get(url))
    assert options["user"]["name"] == "alice@acme.example"
    made = held.create(options)
    answer = idp.submit(url, passkey=json.dumps(made), action="default")
    assert code_in(idp.follow(answer))
    assert code_in_next_login(idp, held)
    assert path_of(type_password(idp.another_browser())) == CALLBACK


def code_in_next_login(idp, held):
    browser = idp.another_browser()
    url, page = open_login(browser)
    return code_in(
        browser.follow(browser.submit(url, passkey=json.dumps(held.get(options_on(page)))))
    )


def test_a_user_who_declines_is_asked_again_after_thirty_days(idp):
    url = type_password(idp)
    assert code_in(idp.follow(idp.submit(url, action="abort-passkey-enrollment")))
    idp.later(30 * DAY - 60)
    assert path_of(type_password(idp.another_browser())) == CALLBACK
    idp.later(60)
    assert path_of(type_password(idp.another_browser())) == ENROLLMENT


@pytest.mark.parametrize(
    "document",
    [TENANT, with_options(progressive_enrollment_enabled=False)],
    ids=["one page", "switched off"],
)
def test_there_is_no_offer(document):
    idp = PasskeyClient(document)
    if document is TENANT:
        assert code_in(idp.log_in(idp.authorize().location))
    else:
        assert path_of(type_password(idp)) == CALLBACK


def test_what_the_script_did_not_fill_in_is_explained(idp):
    page = idp.submit(type_password(idp), action="default")
    assert page.status_code == 400
    assert "Without JavaScript, choose the other button" in hint(page)


def test_a_passkey_that_fails_or_is_for_another_user_is_refused(idp):
    url = type_password(idp)
    held = SoftwareAuthenticator("https://evil.example")
    page = idp.submit(url, passkey=json.dumps(held.create(options_on(idp.get(url)))))
    assert "7.1 step 9" in hint(page)
    state = url.partition("state=")[2]
    challenge = idp.tenant.passkey_challenges.get(state)
    idp.tenant.passkey_challenges.put(state, replace(challenge, user_id="auth0|bob"))
    held.origin = URL
    page = idp.submit(url, passkey=json.dumps(held.create(options_on(page))))
    assert hint(page) == "The challenge is for another user. Try again."


def test_the_page_leads_on_when_nothing_is_to_be_enrolled(idp):
    url = type_password(idp)
    idp.submit(url, action="abort-passkey-enrollment")
    for answer in (idp.get(url), idp.submit(url, action="default")):
        assert path_of(answer.location) == "/authorize/resume"


# --- sign-ups ---


def start_sign_up(idp, email="new@acme.example"):
    """Type an address on the first page of a sign-up. Return the URL of the next one."""
    url = idp.authorize(screen_hint="signup").location
    return idp.submit(url, email=email, action="default").location


def test_a_new_user_signs_up_with_a_passkey(idp):
    url = start_sign_up(idp)
    assert path_of(url) == ENROLLMENT
    held = SoftwareAuthenticator(URL)
    answer = idp.submit(url, passkey=json.dumps(held.create(options_on(idp.get(url)))))
    assert code_in(idp.follow(answer))
    made = idp.tenant.directory.find_user("new@acme.example", [DATABASE])
    assert made.password is None
    assert code_in_next_login(idp, held)


def test_a_new_user_chooses_a_password_instead(idp):
    url = start_sign_up(idp)
    url = idp.submit(url, action="abort-passkey-enrollment").location
    assert path_of(url) == "/u/signup/password"
    answer = idp.submit(url, email="new@acme.example", password=PASSWORD_OF_ALL)
    assert code_in(idp.follow(answer))


def test_a_sign_up_with_a_used_address_is_refused(idp):
    url = start_sign_up(idp, "alice@acme.example")
    held = SoftwareAuthenticator(URL)
    page = idp.submit(url, passkey=json.dumps(held.create(options_on(idp.get(url)))))
    assert page.status_code == 400
    assert "auth0|alice" in hint(page)


def test_a_database_without_passkeys_asks_for_a_password():
    idp = PasskeyClient(replace(PAGES, connections=(database(DATABASE, enabled=False),)))
    url = start_sign_up(idp)
    assert path_of(url) == "/u/signup/password"
    answer = idp.get(url.replace("signup/password", "passkey-enrollment"))
    assert path_of(answer.location) == "/authorize/resume"
