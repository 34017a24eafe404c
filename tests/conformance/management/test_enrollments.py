"""Enrollments of second factors, and tickets with which a user enrolls one."""

from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from helpers.acme import ACME
from helpers.mfa_pages import answer_push, path_of
from helpers.tenant_client import hint
from mockidp.flows.mfa.authenticators import authenticators_of, new_authenticator
from mockidp.protocol.mfa.guardian import GuardianFactor
from mockidp.protocol.mfa.totp import totp_code

TICKET, ALICE = "/guardian/enrollments/ticket", {"user_id": "auth0|alice"}
ALL = ("otp", "sms", "email", "push-notification", "recovery-code")
PAYLOAD = "Payload validation error: "
DONE = "You have successfully added a new authentication factor."


def enabling(*factors):
    enabled = tuple(GuardianFactor(name=one, enabled=True) for one in factors)
    return replace(ACME, guardian_factors=enabled)


@pytest.fixture
def idp(make_idp):
    return make_idp(document=enabling("otp", "sms", "email", "push-notification"))


def ticket(idp, **fields):
    """Create a ticket for alice. Return path and query of its link."""
    answer = idp.call("POST", TICKET, ALICE | fields)
    assert (answer.status_code, list(answer.json)) == (200, ["ticket_id", "ticket_url"])
    url = urlsplit(answer.json["ticket_url"])
    assert (url.path, url.query) == ("/mfa/enrollment", f"ticket={answer.json['ticket_id']}")
    assert len(answer.json["ticket_id"]) == 32
    return f"{url.path}?{url.query}"


def factors_of(idp):
    user = idp.tenant.directory.user("auth0|alice")
    return [one.factor for one in authenticators_of(idp.tenant, user) if one.is_active]


def code_of_app(idp):
    user = idp.tenant.directory.user("auth0|alice")
    app = next(one for one in authenticators_of(idp.tenant, user) if one.factor == "otp")
    return totp_code(app.secret, idp.tenant.now())


def begin(idp, link, method=None):
    """Open a link, and choose a factor. Return the URL of its page."""
    page = idp.get(link).location
    return page if method is None else idp.submit(page, action=method).location


def test_a_ticket_enrolls_an_authenticator_app_once(idp):
    link = ticket(idp, factor="otp")
    page = begin(idp, link)
    assert path_of(page) == "/u/mfa-otp-enrollment-qr"
    assert idp.get(page).status_code == 200
    assert idp.submit(page, code="000000").status_code == 400
    done = idp.submit(page, code=code_of_app(idp))
    assert (done.status_code, DONE in done.text) == (200, True)
    assert "otp" in factors_of(idp)
    again = idp.get(link)
    assert (again.status_code, "already been used" in again.text) == (400, True)
    assert idp.get(page).status_code == 400


def test_the_user_chooses_a_factor_but_no_email_address(idp):
    page = begin(idp, ticket(idp))
    assert path_of(page) == "/u/mfa-login-options"
    text = idp.get(page).text
    assert all(f'value="{one}"' in text for one in ("otp", "phone", "push-notification"))
    assert 'value="email"' not in text
    phone = idp.submit(page, action="phone").location
    challenge = idp.submit(phone, phone="+15551234567").location
    assert path_of(challenge) == "/u/mfa-sms-challenge"
    done = idp.submit(challenge, code=idp.tenant.outbox.last().code)
    assert DONE in done.text
    assert "sms" in factors_of(idp)


def test_a_push_notification_enrolls_a_phone(idp):
    page = begin(idp, ticket(idp, factor="push-notification"))
    assert path_of(page) == "/u/mfa-push-enrollment-qr"
    idp.get(page)
    answer_push(idp, "approved")
    assert DONE in idp.submit(page).text
    assert "push-notification" in factors_of(idp)


def test_a_page_of_another_factor_leads_back_to_the_choice(idp):
    page = begin(idp, ticket(idp))
    other = idp.get(page.replace("mfa-login-options", "mfa-email-enrollment"))
    assert path_of(other.location) == "/u/mfa-login-options"
    otp = idp.submit(page, action="otp").location
    idp.get(otp)
    challenge = idp.get(otp.replace("mfa-otp-enrollment-qr", "mfa-sms-challenge"))
    assert path_of(challenge.location) == "/u/mfa-otp-enrollment-qr"


def test_the_first_enrollment_shows_a_recovery_code(make_idp):
    idp = make_idp(document=enabling("otp", "recovery-code"))
    page = begin(idp, ticket(idp, factor="otp"))
    idp.get(page)
    shown = idp.submit(page, code=code_of_app(idp)).location
    assert path_of(shown) == "/u/mfa-recovery-code-enrollment"
    assert idp.get(shown).status_code == 200
    assert DONE in idp.submit(shown, saved="true").text
    assert factors_of(idp) == ["otp", "recovery-code"]


def test_a_user_who_is_deleted_meanwhile_ends_the_enrollment(make_idp):
    idp = make_idp(document=enabling("otp", "recovery-code"))
    page = begin(idp, ticket(idp, factor="otp"))
    idp.get(page)
    shown = idp.submit(page, code=code_of_app(idp)).location
    idp.call("DELETE", "/users/auth0%7Calice")
    answer = idp.get(shown)
    assert answer.status_code == 400
    assert "auth0|alice was deleted" in hint(answer)


def test_an_enrolled_user_needs_a_ticket_for_several_factors(idp):
    new_authenticator(idp.tenant, "auth0|alice", "sms", address="+1555", is_active=True)
    refused = idp.get(ticket(idp, factor="otp"))
    assert (refused.status_code, "This link is invalid." in refused.text) == (400, True)
    assert "allow_multiple_enrollments: true" in hint(refused)
    page = begin(idp, ticket(idp, factor="otp", allow_multiple_enrollments=True))
    idp.get(page)
    assert DONE in idp.submit(page, code=code_of_app(idp)).text
    assert {"sms", "otp"} <= set(factors_of(idp))


def test_a_ticket_expires_after_five_days(idp):
    link = ticket(idp, factor="otp")
    idp.later(432000 - 1)
    assert idp.get(link).status_code == 302
    idp.later(1)
    answer = idp.get(link)
    assert (answer.status_code, "This link has expired." in answer.text) == (400, True)


@pytest.mark.parametrize(("enabled", "factor"), [(("email",), None), (("sms",), "otp")])
def test_a_ticket_for_a_factor_that_is_not_enabled_is_refused(make_idp, enabled, factor):
    idp = make_idp(document=enabling(*enabled))
    answer = idp.get(ticket(idp, **({"factor": factor} if factor else {})))
    assert answer.status_code == 400
    assert "guardianFactors" in hint(answer)


@pytest.mark.parametrize(
    ("fields", "to"),
    [
        ({"send_mail": True}, "alice@acme.example"),
        ({"send_mail": True, "email": "other@acme.example"}, "other@acme.example"),
        ({"send_mail": False}, None),
        ({}, None),
    ],
)
def test_the_link_is_sent_on_demand(idp, fields, to):
    link = ticket(idp, **fields)
    assert [(one.to, one.kind) for one in idp.tenant.outbox] == (
        [(to, "enrollment_email")] if to else []
    )
    if to:
        assert idp.tenant.outbox.last().link.endswith(link)


def test_a_user_without_an_address_gets_no_email(idp):
    idp.call("PATCH", "/users/auth0%7Calice", {"email": None})
    answer = idp.call("POST", TICKET, ALICE | {"send_mail": True})
    assert answer.status_code == 200
    assert "No e-mail was sent" in hint(answer)


def test_the_locale_of_the_email_has_no_effect(idp):
    assert "email_locale" in hint(idp.call("POST", TICKET, ALICE | {"email_locale": "de"}))


@pytest.mark.parametrize(
    ("fields", "status", "message", "code"),
    [
        ({"user_id": "auth0|none"}, 404, "The user does not exist.", "inexistent_user"),
        (
            {"factor": "duo"},
            400,
            "Payload validation error: 'No enum match' on property factor.",
            "invalid_body",
        ),
        (
            {"factor": "email"},
            400,
            "The factor email cannot be enrolled with a ticket",
            "operation_not_supported",
        ),
        (
            {"email": "none"},
            400,
            f"{PAYLOAD}'Object didn't pass validation for format email: none' on property email.",
            "invalid_body",
        ),
    ],
)
def test_a_wrong_ticket_is_refused(idp, fields, status, message, code):
    answer = idp.call("POST", TICKET, ALICE | fields)
    found = (answer.status_code, answer.json["message"], answer.json["errorCode"])
    assert found == (status, message, code)
    assert hint(answer)


def test_an_enrollment_is_read_and_deleted_by_its_id(idp):
    new_authenticator(idp.tenant, "auth0|alice", "sms", address="+15551234567", is_active=True)
    (listed,) = [
        one
        for one in idp.call("GET", "/users/auth0%7Calice/enrollments").json
        if one["type"] == "sms"
    ]
    path = f"/guardian/enrollments/{listed['id']}"
    assert idp.call("GET", path).json == listed
    assert idp.call("DELETE", path).status_code == 204
    assert "sms" not in factors_of(idp)
    for method in ("GET", "DELETE"):
        answer = idp.call(method, path)
        assert (answer.status_code, answer.json["message"], answer.json["errorCode"]) == (
            404, "Enrollment not found", "enrollment_not_found",
        )  # fmt: skip


def test_a_recovery_code_is_no_enrollment(make_idp):
    idp = make_idp(document=enabling(*ALL))
    made = new_authenticator(idp.tenant, "auth0|alice", "recovery-code", is_active=True)
    path = f"/guardian/enrollments/{made.id.partition('|')[2]}"
    assert idp.call("GET", path).status_code == 404
