"""How public test suites operate Auth0's other pages: sign-up, consent, codes, Lock, and so on.

Each row names the kind of source that it was collected from: page objects and commands of public
end-to-end suites, the output of recorders, and the field names of Auth0's SDK for own pages (ACUL).
Only selectors and the order of the steps are the same. A step is a selector, and what is done to
the element that it finds.
"""

from collections.abc import Callable
from typing import NamedTuple

import pyotp

from mockidp import MockIdP

ALICE, PASSWORD, NEW_PASSWORD = "alice@acme.example", "Passw0rd!", "N3w-password"
NEW = "dora@acme.example"
CALLBACK = "http://localhost:3000/callback"
MULTI_FACTOR = "http://schemas.openid.net/pape/policies/2007/06/multi-factor"
CLICK, ENTER, CHECK = object(), object(), object()
CONTINUE = 'role=button[name="Continue"]'


def totp_code(_page, idp):
    return idp.totp_code("alice")


def recovery_code(_page, idp):
    return idp.new_recovery_code("alice")


def code_of_secret(page, idp):
    """Return the code of an app that a person set up with the secret on the page."""
    secret = page.locator("#mfa-otp-secret").inner_text()
    return pyotp.TOTP(secret).at(int(idp.clock.now()))


def code_of_qr_code(page, idp):
    assert page.locator(".qr-code svg").bounding_box()["width"] > 150  # large enough for a camera
    uri = page.get_by_test_id("mockidp-uri").inner_text()
    return pyotp.parse_uri(uri).at(int(idp.clock.now()))


def emailed_code(_page, idp):
    return idp.outbox.last(to=NEW).code


REQUEST = {
    "response_type": "code", "client_id": "app", "scope": "openid", "redirect_uri": CALLBACK
}  # fmt: skip
PICK = ('[data-testid=pick-user][value="auth0|alice"]', CLICK)
RECORDED = [("#saved", CHECK), (CONTINUE, CLICK)]
SENT_LINK = "the link in the e-mail"


def enroll(idp):
    idp.enroll_totp("alice")


def enroll_with_recovery_code(idp):
    idp.enroll_totp("alice")
    idp.new_recovery_code("alice")


class Flow(NamedTuple):
    """Parameters of the request, the steps before the habit, and what the tenant needs."""

    request: dict
    before: tuple = ()
    arrange: Callable = MockIdP.reset


FLOWS = {
    "sign-up": Flow({}, (('role=link[name="Sign up"]', CLICK),)),
    "two-page sign-up": Flow({"screen_hint": "signup"}),
    "consent": Flow({"client_id": "third-party"}, (PICK,)),
    "code of an app": Flow({"acr_values": MULTI_FACTOR}, (PICK,), enroll),
    "enrollment": Flow(
        {"acr_values": MULTI_FACTOR}, (('[data-testid=pick-user][value="auth0|bob"]', CLICK),)
    ),
    "recovery code": Flow({"acr_values": MULTI_FACTOR}, (PICK,), enroll_with_recovery_code),
    "password reset": Flow({}),
    "organization picker": Flow({"client_id": "post"}, (PICK,)),
    "organization name": Flow({"client_id": "pre"}),
    "e-mail code": Flow({"connection": "email"}),
    "Lock": Flow({"client_id": "classic"}),
}
LOCK_PASSWORD = (
    ".auth0-lock-input-show-password > .auth0-lock-input-block > .auth0-lock-input-wrap"
    " > .auth0-lock-input"
)
HABITS = {
    ("sign-up", "Playwright suite, names"): [
        ('input[name="email"]', NEW), ('input[name="password"]', PASSWORD),
        ('button[type="submit"] >> nth=0', CLICK),
    ],
    ("sign-up", "Cypress command, ids"): [
        ("input#email", NEW), ("input#password", PASSWORD),
        ('button[value=default]:has-text("Continue")', CLICK),
    ],
    ("sign-up", "recorder"): [
        ('role=textbox[name="Email address"]', NEW), ('role=textbox[name="Password"]', PASSWORD),
        (CONTINUE, CLICK),
    ],
    ("sign-up", "Selenium page object, class stems"): [
        ("xpath=//*[@id='email']", NEW), ("xpath=//input[@type='password']", PASSWORD),
        ("button._button-signup", CLICK),
    ],
    ("two-page sign-up", "Selenium page object, class stems"): [
        ("#email", NEW), ("button._button-signup-id", CLICK),
        ("#password", PASSWORD), ("button._button-signup-password", CLICK),
    ],
    ("two-page sign-up", "Cypress command, data attributes"): [
        ("[name=email]", NEW), ("[data-action-button-primary=true]", CLICK),
        ("[name=password]", PASSWORD), ("[data-action-button-primary=true]", CLICK),
    ],
    ("consent", "Playwright suite, value"): [('button[value="accept"]', CLICK)],
    ("consent", "Cypress command, either page"): [
        ('button[value="accept"], button.auth0-lock-submit', CLICK)
    ],
    ("consent", "recorder"): [('role=button[name="Accept"]', CLICK)],
    ("consent", "ACUL form names"): [('[name=action][value="accept"]', CLICK)],
    ("consent", "recorder, declined"): [('role=button[name="Decline"]', CLICK)],
    ("consent", "ACUL form names, declined"): [('button[value="deny"]', CLICK)],
    ("code of an app", "Playwright suite, name"): [
        ('input[name="code"]', totp_code), ('button[type="submit"]:visible >> nth=0', CLICK)
    ],
    ("code of an app", "Cypress command, id and Enter"): [
        ("#code", totp_code), ("#code", ENTER)
    ],
    ("code of an app", "recorder, remembered"): [
        ('role=textbox[name="Enter your one-time code"]', totp_code),
        ('role=checkbox[name="Remember this device for 30 days"]', CHECK),
        ('role=button[name="Continue"]', CLICK),
    ],
    ("code of an app", "Selenium page object"): [
        ("xpath=//*[@name='code']", totp_code),
        ("xpath=//*[@data-action-button-primary='true']", CLICK),
    ],
    ("enrollment", "Playwright suite, secret"): [
        ("text=Trouble Scanning?", CLICK), ("input[name=code]", code_of_secret),
        ("button[value=default]", CLICK), *RECORDED,
    ],
    ("enrollment", "ACUL form names, secret"): [
        ("[value=toggle-view]", CLICK), ("#code", code_of_secret), ("#code", ENTER), *RECORDED
    ],
    ("enrollment", "QR code read by the test"): [
        ('input[name="code"]', code_of_qr_code), (CONTINUE, CLICK), *RECORDED
    ],
    ("recovery code", "recorder"): [
        ('role=button[name="Try another method"]', CLICK),
        ('role=button[name="Recovery code"]', CLICK),
        ('role=textbox[name="Enter your recovery code"]', recovery_code), (CONTINUE, CLICK),
        *RECORDED,
    ],
    ("recovery code", "ACUL form names"): [
        ("[value=pick-authenticator]", CLICK), ("[value=recovery-code]", CLICK),
        ("[name=code]", recovery_code), ("[name=action][value=default]", CLICK), *RECORDED,
    ],
    ("password reset", "Cypress command, ids"): [
        ('a:has-text("Forgot password?")', CLICK), ("#username", ALICE),
        ("button[value=default]", CLICK), (SENT_LINK, CLICK),
        ("#password-reset", NEW_PASSWORD), ("#re-enter-password", NEW_PASSWORD),
        ("[data-action-button-primary=true]", CLICK),
    ],
    ("password reset", "recorder"): [
        ('role=link[name="Forgot password?"]', CLICK),
        ('role=textbox[name="Email address"]', ALICE), (CONTINUE, CLICK), (SENT_LINK, CLICK),
        ('role=textbox[name="New password"s]', NEW_PASSWORD),
        ('role=textbox[name="Re-enter new password"]', NEW_PASSWORD),
        ('role=button[name="Reset password"]', CLICK),
    ],
    ("organization picker", "ACUL form names"): [("[name=organization][value=org_1]", CLICK)],
    ("organization picker", "recorder"): [('role=button[name="First Org"]', CLICK)],
    ("organization name", "ACUL form names"): [
        ("[name=organizationName]", "first"), ("[name=action]", CLICK), PICK
    ],
    ("organization name", "recorder"): [
        ('role=textbox[name="Enter your Organization Name"]', "first"), (CONTINUE, CLICK), PICK
    ],
    ("e-mail code", "Playwright suite, names"): [
        ('input[name="username"]', NEW), ("button[type=submit]", CLICK),
        ('input[name="code"]', emailed_code), ("button[value=default]", CLICK),
    ],
    ("e-mail code", "recorder"): [
        ('role=textbox[name="Email address"]', NEW), (CONTINUE, CLICK),
        ('role=textbox[name="Enter the code"]', emailed_code), (CONTINUE, CLICK),
    ],
    ("Lock", "page object, names"): [
        ('[name="email"]', ALICE), ('[name="password"]', PASSWORD), ('[name="submit"]', CLICK)
    ],
    ("Lock", "TestCafe suite, blocks"): [
        (".auth0-lock-input-email input", ALICE), (".auth0-lock-input-password input", PASSWORD),
        ("button.auth0-lock-submit", CLICK),
    ],
    ("Lock", "Cypress suite, nested blocks"): [
        (".auth0-lock-input-email > .auth0-lock-input-wrap > .auth0-lock-input", ALICE),
        (LOCK_PASSWORD, PASSWORD),
        (".auth0-lock-widget-container .auth0-lock-submit", CLICK),
    ],
    ("Lock", "Selenium page object, part of the class"): [
        ('div[class*="auth0-lock-input-email"] input', ALICE),
        ('div[class*="auth0-lock-input-password"] input', PASSWORD), ("[name=password]", ENTER),
    ],
    ("Lock", "Cypress suite, ids"): [
        ('[id="1-email"]', ALICE), ('[id="1-password"]', PASSWORD), ('[id="1-submit"]', CLICK)
    ],
    ("Lock", "Playwright suite, placeholders"): [
        ('[placeholder="yours@example.com"]', ALICE), ('[placeholder="your password"]', PASSWORD),
        ('role=button[name="Log In"]', CLICK),
    ],
    ("Lock", "Capybara suite, types"): [
        ("input[type=email]", ALICE), ("input[type=password]", PASSWORD),
        ("button[type=submit]", CLICK),
    ],
    ("Lock", "Nightwatch page object, sign-up tab"): [
        (".auth0-lock-tabs > li:nth-of-type(2) > a", CLICK),
        (".auth0-lock-input-email input[name=email]", NEW),
        (".auth0-lock-input-password input[name=password]", PASSWORD),
        ("button.auth0-lock-submit", CLICK),
    ],
    ("Lock", "Cypress suite, forgotten password"): [
        (".auth0-lock-alternative-link", CLICK), (".auth0-lock-input-email input", ALICE),
        (".auth0-lock-submit", CLICK), (SENT_LINK, CLICK), ("#password-reset", NEW_PASSWORD),
        ("#re-enter-password", NEW_PASSWORD), ("button[type=submit]", CLICK),

    ],
    ("Lock", "page object, social button"): [
        (".auth0-lock-social-button[data-provider=google-oauth2]", CLICK),
        ("[data-testid=pick-user]", CLICK),
    ],
}  # fmt: skip
