"""The pages of a password reset: the request during a login, and the link of the e-mail."""

from collections import Counter
from dataclasses import replace
from hashlib import md5

import pytest

from helpers.accounts import choose, request_reset, reset_link, with_options
from helpers.acme import ACME, with_client, with_tenant
from helpers.tenant_client import TenantClient, hint, race, sent_to_callback
from mockidp.resources.password_hash import HashValue, PasswordHash
from mockidp.resources.password_options import PasswordHistoryOptions, PasswordNoPersonalInfo
from mockidp.tenant.content.email_template import EmailTemplate
from mockidp.tenant.state.snapshot_data import snapshot_data, snapshot_from

NEW_PASSWORD = "N3w-password"


def with_hash(password, **unknown):
    """Return a document whose user alice was imported with the hash of a password.

    Args:
        password: The password.
        **unknown: Fields of the hash that mockidp does not know, as in an export.
    """
    value = md5(password.encode()).hexdigest()
    hashed = PasswordHash(
        algorithm="md5", hash=HashValue(value=value, encoding="hex", extra=unknown), extra=unknown
    )
    alice = replace(ACME.users[0], password=None, custom_password_hash=hashed, roles=())
    return replace(ACME, users=(alice, *ACME.users[1:]))


class TestTheLinkOfTheEmail:
    def test_it_sets_the_password_once(self, idp):
        link = reset_link(idp)
        page = idp.get(link)
        assert page.status_code == 200
        for text in (
            "<h1>Change Your Password</h1>", "Enter a new password below", "Your password must",
            "* At least 8 characters in length", "Reset password</button>",
            '<label for="password-reset" id="password-reset-label">New password',
            'class="_form-reset-password"',
            '<label for="re-enter-password" id="re-enter-password-label">Re-enter new password',
        ):  # fmt: skip
            assert text in page.text
        answer = choose(idp, link, NEW_PASSWORD)
        assert answer.status_code == 200
        assert "<h1>Password Changed!</h1>" in answer.text
        assert "Your password has been changed successfully." in answer.text
        assert idp.password_token(password=NEW_PASSWORD).status_code == 200
        assert idp.password_token().status_code == 403
        for again in (idp.get(link), choose(idp, link, "Another-1")):
            assert again.status_code == 400
            assert "<h1>Invalid Link</h1>" in again.text
            assert "This link has already been used." in again.text
            assert "This link was used, or replaced by a newer one, at" in hint(again)
            assert hint(again)[:40] in again.text

    def test_of_50_browsers_one_changes_the_password(self, idp):
        link = reset_link(idp)
        passwords = iter([f"N3w-password-{number}" for number in range(50)])
        answers = race(lambda: choose(idp.another_browser(), link, next(passwords)))
        assert Counter(one.status_code for one in answers) == {200: 1, 400: 49}
        assert all("Invalid Link" in one.text for one in answers if one.status_code == 400)

    def test_it_expires_by_the_clock_of_the_tenant(self, idp):
        link = reset_link(idp)
        idp.later(431_999)
        assert idp.get(link).status_code == 200
        idp.later(1)
        for answer in (idp.get(link), choose(idp, link, NEW_PASSWORD)):
            assert answer.status_code == 400
            assert "<h1>Link Expired</h1>" in answer.text
            assert "return to the login page and select &#34;Forgot Your Password" in answer.text
            assert hint(answer).startswith("This link expired at ")
        assert idp.password_token().status_code == 200

    @pytest.mark.parametrize("query", ["", "?ticket=", "?ticket=nobody", "?ticket=%00"])
    def test_an_unknown_one_is_refused(self, idp, query):
        answer = idp.get(f"/u/reset-password{query}")
        assert answer.status_code == 400
        assert "Invalid Link" in answer.text or "NUL" in answer.text
        assert hint(answer)

    def test_it_is_no_link_for_another_page(self, idp):
        link = reset_link(idp).replace("reset-password", "email-verification")
        assert idp.get(link).status_code >= 400

    def test_a_newer_one_replaces_it(self, idp):
        first, second = reset_link(idp), reset_link(idp)
        assert "Invalid Link" in idp.get(first).text
        assert idp.get(second).status_code == 200

    def test_it_does_not_work_for_a_deleted_user(self, idp):
        link = reset_link(idp)
        idp.edit(replace(ACME, users=ACME.users[1:]))
        answer = idp.get(link)
        assert "Invalid Link" in answer.text
        assert hint(answer) == "User auth0|alice was deleted."

    @pytest.mark.parametrize(
        ("form", "field", "code", "text"),
        [
            ({}, "password-reset", "no-password", "Password is required"),
            (
                {"password-reset": NEW_PASSWORD},
                "re-enter-password",
                "no-re-enter-password",
                "New password confirmation is missing",
            ),
            (
                {"password-reset": NEW_PASSWORD, "re-enter-password": "x"},
                "re-enter-password",
                "password-mismatch",
                "Passwords don&#39;t match",
            ),
            (
                {"password-reset": "short", "re-enter-password": "short"},
                "password-reset",
                "password-too-weak",
                "The password is too weak",
            ),
        ],
    )
    def test_a_refused_form_leaves_it_valid(self, idp, form, field, code, text):
        link = reset_link(idp)
        answer = idp.post(link, **form)
        assert answer.status_code == 400
        error = answer.text.partition(f'id="error-element-{field}"')[2].partition("</span></span>")[
            0
        ]
        assert f'data-error-code="{code}"' in error
        assert text in answer.text
        assert hint(answer)
        assert choose(idp, link, NEW_PASSWORD).status_code == 200

    def test_the_policy_of_the_connection_applies(self):
        idp = with_options(password_no_personal_info=PasswordNoPersonalInfo(enable=True))
        answer = choose(idp, reset_link(idp), "1-Alice-alice")
        assert 'data-error-code="password-contains-user-information"' in answer.text
        assert "Password contains user information" in answer.text

    def test_previous_passwords_are_refused(self):
        history = PasswordHistoryOptions(enable=True, size=2)
        idp = with_options(password_history=history)
        for password, code in (
            ("Passw0rd!", "password-previously-used"),
            ("First-0ne", ""),
            ("Second-0ne", ""),
            ("First-0ne", "password-previously-used"),
            ("Second-0ne", "password-previously-used"),
            ("Passw0rd!", ""),
        ):
            answer = choose(idp, reset_link(idp), password)
            assert answer.status_code == (400 if code else 200), password
            assert f'data-error-code="{code}"' in answer.text or not code
        assert "is one of the last 2 of user auth0|alice" in hint(
            choose(idp, reset_link(idp), "Passw0rd!")
        )

    @pytest.mark.parametrize("has_logged_in", [False, True])
    def test_the_password_of_an_imported_hash_is_a_previous_one(self, has_logged_in):
        idp = with_options(
            with_hash("Imp0rted!"), password_history=PasswordHistoryOptions(enable=True, size=2)
        )
        if has_logged_in:
            assert idp.password_token(password="Imp0rted!").status_code == 200
        for password, status in (
            ("Imp0rted!", 400),
            ("First-0ne", 200),
            ("Imp0rted!", 400),
            ("Second-0ne", 200),
            ("Imp0rted!", 200),
            ("Second-0ne", 400),
        ):
            assert choose(idp, reset_link(idp), password).status_code == status, password

    def test_the_password_of_an_imported_hash_is_known_after_a_restart(self):
        history = PasswordHistoryOptions(enable=True, size=2)
        idp = with_options(with_hash("Imp0rted!", new="field"), password_history=history)
        choose(idp, reset_link(idp), "First-0ne")
        state = snapshot_data(idp.tenant.snapshot())
        idp.tenant.reset()
        idp.tenant.restore(snapshot_from(state))
        assert choose(idp, reset_link(idp), "Imp0rted!").status_code == 400

    def test_without_a_history_the_password_of_an_imported_hash_may_be_used_again(self):
        idp = with_options(with_hash("Imp0rted!"))
        assert choose(idp, reset_link(idp), "Imp0rted!").status_code == 200

    def test_without_a_history_a_password_may_be_used_again(self, idp):
        assert choose(idp, reset_link(idp), "Passw0rd!").status_code == 200

    def test_it_leads_back_to_the_application(self):
        url = "https://app.example/login"
        idp = TenantClient(with_client(ACME, "spa", initiate_login_uri=url, name="My App"))
        page = choose(idp, reset_link(idp), NEW_PASSWORD)
        assert f'<a href="{url}">Back to My App</a>' in page.text

    def test_the_tenant_can_say_where_logins_begin(self):
        document = with_tenant(default_redirection_uri="https://acme.example/start")
        idp = TenantClient(document)
        page = choose(idp, reset_link(idp), NEW_PASSWORD)
        assert '<a href="https://acme.example/start">Back to spa</a>' in page.text

    @pytest.mark.parametrize("named", [True, False])
    def test_a_template_can_redirect_at_the_end(self, named):
        url = "https://app.example/done?a=1"
        template = EmailTemplate(
            template="reset_email", resultUrl=url, includeEmailInRedirect=named
        )
        idp = TenantClient(replace(ACME, email_templates=(template,)))
        answer = choose(idp, reset_link(idp), NEW_PASSWORD)
        assert answer.status_code == 302
        email = "email=alice%40acme.example&" if named else ""
        assert answer.location == (
            f"{url}&supportSignUp=true&supportForgotPassword=true&{email}success=true&code=success"
            "&message=You%20can%20now%20login%20to%20the%20application%20with%20the%20new%20"
            "password."
        )


class TestAfterwards:
    def test_sessions_end_and_refresh_tokens_stay(self, idp):
        tokens = idp.tokens(scope="openid offline_access")
        assert sent_to_callback(idp.authorize(prompt="none"))["code"]
        choose(idp.another_browser(), reset_link(idp), NEW_PASSWORD)
        assert sent_to_callback(idp.authorize(prompt="none"))["error"] == "login_required"
        assert idp.refresh(tokens["refresh_token"]).status_code == 200

    def test_the_address_is_verified(self, idp):
        unverified = replace(ACME.users[0], email_verified=False)
        idp.edit(replace(ACME, users=(unverified, *ACME.users[1:])))
        choose(idp, reset_link(idp), NEW_PASSWORD)
        user = idp.tenant.directory.user("auth0|alice")
        assert user.email_verified
        assert user.updated_at > unverified.updated_at

    def test_a_block_of_brute_force_protection_is_lifted(self, idp):
        for _ in range(11):
            blocked = idp.password_token(password="wrong")
        assert blocked.status_code == 429
        choose(idp, reset_link(idp), NEW_PASSWORD)
        assert idp.password_token(password=NEW_PASSWORD).status_code == 200


def test_a_request_without_a_session_needs_no_login(idp):
    assert request_reset(idp).status_code == 200
