"""The e-mail that verifies the address of a new user, and the page of its link."""

from collections import Counter
from dataclasses import replace

import pytest

from helpers.accounts import begin, path_of, sign_up_on_page
from helpers.acme import ACME, DATABASE
from helpers.tenant_client import TenantClient, hint, race, sent_to_callback
from mockidp.tenant.content.email_template import EmailTemplate


def link_of(idp):
    idp.follow(sign_up_on_page(idp, begin(idp)))
    return path_of(idp.tenant.outbox.last(kind="verify_email").link)


def dora_of(idp):
    return idp.tenant.directory.find_user("dora@acme.example", [DATABASE])


def test_the_link_verifies_the_address_once(idp):
    link = link_of(idp)
    assert link.startswith("/u/email-verification?ticket=")
    assert not dora_of(idp).email_verified
    page = idp.another_browser().get(link)
    assert page.status_code == 200
    assert "<title>Email Verification</title>" in page.text
    assert "<h1>Email Verified</h1>" in page.text
    assert "Your email address was successfully verified." in page.text
    assert dora_of(idp).email_verified
    again = idp.get(link)
    assert again.status_code == 400
    assert "This account is already verified." in again.text
    assert "This link was used" in hint(again)


def test_sessions_stay(idp):
    idp.another_browser().get(link_of(idp))
    assert sent_to_callback(idp.authorize(prompt="none"))["code"]


def test_only_one_of_50_visits_verifies(idp):
    link = link_of(idp)
    answers = race(lambda: idp.another_browser().get(link).status_code)
    assert Counter(answers) == {200: 1, 400: 49}


@pytest.mark.parametrize("path", ["", "?ticket=x"])
def test_an_unknown_link_is_refused(idp, path):
    answer = idp.get(f"/u/email-verification{path}")
    assert answer.status_code == 400
    assert "<h1>Error</h1>" in answer.text
    assert "User account does not exist or the verification code is invalid." in answer.text
    assert hint(answer)


def test_it_expires(idp):
    link = link_of(idp)
    idp.later(432_000)
    answer = idp.get(link)
    assert answer.status_code == 400
    assert hint(answer).startswith("This link expired at ")
    assert not dora_of(idp).email_verified


def test_it_does_not_verify_another_address(idp):
    link = link_of(idp)
    user = replace(dora_of(idp), email="dora2@acme.example")
    idp.tenant.directory.users.store.put(user.user_id, user)
    answer = idp.get(link)
    assert answer.status_code == 400
    assert "This link was sent to dora@acme.example, but user auth0|" in hint(answer)


def test_a_welcome_follows_if_the_tenant_sends_one():
    templates = (EmailTemplate(template="welcome_email"),)
    idp = TenantClient(replace(ACME, email_templates=templates))
    idp.get(link_of(idp))
    message = idp.tenant.outbox.last()
    assert (message.kind, message.to, message.link) == (
        "welcome_email", "dora@acme.example", None,
    )  # fmt: skip


def test_no_welcome_is_sent_otherwise(idp):
    idp.get(link_of(idp))
    assert [one.kind for one in idp.tenant.outbox] == ["verify_email"]


def test_a_template_can_redirect_at_the_end():
    template = EmailTemplate(template="verify_email", resultUrl="https://app.example/hi")
    idp = TenantClient(replace(ACME, email_templates=(template,)))
    answer = idp.get(link_of(idp))
    assert answer.location.startswith("https://app.example/hi?supportSignUp=true&")
    assert "Your%20email%20was%20verified." in answer.location


def test_a_template_can_be_off():
    template = EmailTemplate(template="verify_email", enabled=False)
    idp = TenantClient(replace(ACME, email_templates=(template,)))
    idp.follow(sign_up_on_page(idp, begin(idp)))
    assert len(idp.tenant.outbox) == 0
