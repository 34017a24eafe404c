"""The hosted passwordless login: the address on one page, and the code on the next."""

from dataclasses import replace

import pytest

from helpers.acme import web_client
from helpers.html_page import Page
from helpers.passwordless import EMAIL, GRANTS, PHONE, TENANT, with_connection
from helpers.tenant_client import TenantClient, claims_of, hint, sent_to_callback

IDENTIFIER = "/u/login/identifier?state="
EMAIL_CODE = "/u/login/passwordless-email-challenge?state="
SMS_CODE = "/u/login/passwordless-sms-challenge?state="


@pytest.fixture
def idp():
    return TenantClient(TENANT)


def begin(idp, typed=EMAIL, connection="email", **parameters):
    """Type an address on the first page. Return the answer."""
    answer = idp.authorize(connection=connection, **parameters)
    assert answer.location.startswith(IDENTIFIER)
    return idp.submit(answer.location, username=typed, action="default")


def shown(idp, answer):
    """Return the page to which an answer redirects, parsed."""
    return Page(idp.request("GET", answer.location).text)


def error_of(answer):
    """Return code and text of the only error on a page that was shown again."""
    assert answer.status_code == 400
    page = Page(answer.text)
    (number,) = [n for n, (_, found) in enumerate(page.elements) if "data-error-code" in found]
    element = page.elements[number][1]
    return element["id"], element["data-error-code"], page.text_of(number)


def test_auth0_passwordless__a_login_with_a_code_by_e_mail(idp):
    answer = begin(idp, f" {EMAIL.upper()} ")
    assert answer.location.startswith(EMAIL_CODE)
    code = idp.tenant.outbox.last(to=EMAIL).code
    callback = sent_to_callback(idp.follow(idp.submit(answer.location, code=code)))
    claims = claims_of(idp.redeem(callback["code"]).json["id_token"])
    assert claims["sub"].startswith("email|")
    assert idp.tenant.directory.user(claims["sub"]).email_verified
    assert "code" in sent_to_callback(idp.authorize(connection="email", prompt="none"))


def test_auth0_passwordless__a_login_with_a_code_by_sms(idp):
    answer = begin(idp, PHONE, "sms")
    assert answer.location.startswith(SMS_CODE)
    code = idp.tenant.outbox.last(to=PHONE).code
    callback = sent_to_callback(idp.follow(idp.submit(answer.location, code=f" {code} ")))
    claims = claims_of(idp.redeem(callback["code"]).json["id_token"])
    assert claims["sub"].startswith("sms|")


def test_the_first_page_asks_for_the_address(idp):
    page = shown(idp, idp.authorize(connection="email", login_hint=EMAIL))
    form = page.forms[0]
    assert "_form-login-id" in form["form"]["class"]
    assert form["fields"]["username"]["value"] == EMAIL
    assert form["fields"]["username"]["inputmode"] == "email"
    assert "password" not in form["fields"]
    assert "Email address" in page.text
    page = shown(idp, idp.authorize(connection="sms"))
    assert page.forms[0]["fields"]["username"]["inputmode"] == "tel"
    assert "Phone number" in page.text


def test_auth0_passwordless__the_page_of_the_code_has_auth0s_markup(idp):
    page = shown(idp, begin(idp))
    assert page.title == "Enter your code to log in | web"
    assert [page.text_of(number) for number in page.find("h1")] == ["Verify Your Identity"]
    assert "We've sent an email with your code to" in page.text
    assert EMAIL in page.text
    form = page.forms[0]
    assert form["form"]["class"] == "_form-login-passwordless-email-code"
    assert form["form"]["data-form-primary"] == "true"
    assert list(form["fields"]) == ["state", "code"]
    assert form["fields"]["code"]["inputmode"] == "numeric"
    assert form["actions"] == ["default"]
    assert page.forms[1]["actions"] == ["resend-code"]
    assert page.find("a", **{"data-link-name": "edit-username"})
    page = shown(idp, begin(idp, PHONE, "sms"))
    assert page.forms[0]["form"]["class"] == "_form-login-passwordless-sms-otp"
    assert "We've sent a text message to:" in page.text


def test_no_page_and_no_hint_contains_the_code(idp):
    answer = begin(idp)
    code = idp.tenant.outbox.last(to=EMAIL).code
    page = idp.request("GET", answer.location)
    assert code not in page.text
    assert "/_mockidp/v1/outbox" in page.text
    idp.submit(answer.location, code=code)
    assert code not in str(list(idp.tenant.journal))


@pytest.mark.parametrize("action", ["resend-code", "resend"])
def test_auth0_passwordless__another_code_replaces_the_first(idp, action):
    page = begin(idp).location
    first = idp.tenant.outbox.last(to=EMAIL).code
    answer = idp.submit(page, action=action)
    assert answer.location == page
    second = idp.tenant.outbox.last(to=EMAIL).code
    assert error_of(idp.submit(page, code=first))[1] == "invalid-code"
    assert "code" in sent_to_callback(idp.follow(idp.submit(page, code=second)))


def test_auth0_passwordless__a_code_that_is_not_accepted(idp):
    page = begin(idp).location
    code = idp.tenant.outbox.last(to=EMAIL).code
    answer = idp.submit(page, code="0")
    assert error_of(answer) == (
        "error-element-code", "invalid-code", "The code you entered is invalid",
    )  # fmt: skip
    assert "wrong guess 1 of 10" in hint(answer)
    idp.later(180)
    answer = idp.submit(page, code=code)
    assert error_of(answer)[1] == "invalid-code"
    assert "expired at" in hint(answer)


def test_auth0_passwordless__too_many_wrong_codes(idp):
    page = begin(idp).location
    code = idp.tenant.outbox.last(to=EMAIL).code
    for _ in range(10):
        idp.submit(page, code="0")
    assert error_of(idp.submit(page, code=code))[1:] == (
        "too-many-failures",
        "Too many failed codes. Wait for some minutes before retrying.",
    )


def test_an_empty_code_is_not_a_guess(idp):
    page = begin(idp).location
    answer = idp.submit(page)
    assert error_of(answer) == ("error-element-code", "no-code", "Please enter a code")
    assert idp.tenant.passwordless_codes.get(f"email\n{EMAIL}").wrong_guesses == 0


@pytest.mark.parametrize(
    ("typed", "connection", "code", "text"),
    [
        ("", "email", "no-email", "Please enter an email address"),
        ("food", "email", "invalid-email-format", "Email is not valid."),
        ("", "sms", "no-phone", "Please enter a phone number"),
        ("0777 777", "sms", "invalid-phone-format", "Phone number is not valid."),
    ],
)
def test_an_address_that_is_refused(idp, typed, connection, code, text):
    answer = begin(idp, typed, connection)
    assert error_of(answer) == ("error-element-username", code, text)
    assert "`username`" in hint(answer)
    assert len(idp.tenant.outbox) == 0


def test_a_connection_without_sign_up_sends_nothing_to_others(idp):
    idp.edit(with_connection("email", options={"disable_signup": True}))
    answer = begin(idp)
    assert error_of(answer)[1:] == ("signup-disabled", "Public signup is disabled")
    assert "options.disable_signup" in hint(answer)
    assert begin(idp, "erin@acme.example").location.startswith(EMAIL_CODE)


def test_a_code_creates_no_user_after_sign_up_was_disabled(idp):
    page = begin(idp).location
    code = idp.tenant.outbox.last(to=EMAIL).code
    idp.edit(with_connection("email", options={"disable_signup": True}))
    assert error_of(idp.submit(page, code=code))[1] == "signup-disabled"


def test_the_picker_has_the_users_of_the_connection(idp):
    page = idp.authorize(connection="email").location
    parsed = Page(idp.request("GET", page).text)
    assert parsed.forms[1]["actions"] == ["email|erin", "email|blocked"]
    answer = idp.submit(page, action="pick", user_id="email|erin")
    assert "code" in sent_to_callback(idp.follow(answer))
    assert len(idp.tenant.outbox) == 0


def test_a_blocked_user_is_refused_at_the_callback(idp):
    page = begin(idp, "blocked@acme.example").location
    code = idp.tenant.outbox.last().code
    callback = sent_to_callback(idp.follow(idp.submit(page, code=code)))
    assert callback["error_description"] == "user is blocked"


def test_the_address_can_be_edited(idp):
    page = begin(idp, "typo@acme.example").location
    state = page.rpartition("=")[2]
    first = idp.request("GET", f"{IDENTIFIER}{state}")
    assert 'value="typo@acme.example"' in first.text
    answer = idp.submit(f"{IDENTIFIER}{state}", username=EMAIL)
    code = idp.tenant.outbox.last(to=EMAIL).code
    assert "code" in sent_to_callback(idp.follow(idp.submit(answer.location, code=code)))


def test_a_client_with_only_passwordless_connections_needs_no_parameter():
    app = web_client("app", grant_types=GRANTS)
    only = tuple(replace(one, enabled_clients=("web",)) for one in TENANT.databases)
    google = tuple(
        replace(one, enabled_clients=("web",)) if one.name == "google" else one
        for one in TENANT.connections
    )
    idp = TenantClient(
        replace(TENANT, clients=(*TENANT.clients, app), databases=only, connections=google)
    )
    assert idp.authorize(client_id="app").location.startswith(IDENTIFIER)
    assert idp.authorize(client_id="web").location.startswith("/u/login?state=")


def test_other_pages_of_the_login_lead_to_the_right_one(idp):
    state = idp.authorize(connection="email").location.rpartition("=")[2]
    for path in (EMAIL_CODE, "/u/login?state="):
        assert idp.request("GET", path + state).location == IDENTIFIER + state
    assert idp.submit(EMAIL_CODE + state, code="1").location == IDENTIFIER + state
    other = idp.authorize().location.rpartition("=")[2]
    for method in ("GET", "POST"):
        answer = idp.request(method, EMAIL_CODE + other)
        assert answer.location == IDENTIFIER + other


def test_the_page_of_the_code_is_in_the_language_of_the_request(idp):
    idp.edit(replace(TENANT, tenant=replace(TENANT.tenant, enabled_locales=("en", "de"))))
    page = shown(idp, begin(idp, ui_locales="de"))
    assert "Bestätigen Sie Ihre Identität" in page.text
