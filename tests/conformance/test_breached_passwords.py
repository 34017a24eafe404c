"""Passwords that were disclosed in a data breach."""

from dataclasses import replace

import pytest

from helpers.accounts import choose, path_of, reset_link, sign_up
from helpers.acme import DATABASE, ORIGIN, PASSWORD_OF_ALL, with_client, with_settings
from helpers.tenant_client import TenantClient, hint, sent_to_callback
from mockidp.protocol.login.attack_protection import AttackProtection
from mockidp.protocol.oauth.grant_types import PASSWORD_REALM
from mockidp.protocol.passwords.breached import BreachedPasswordDetection, BreachStage, BreachStages
from mockidp.tenant.config.load import parse_tenant

LISTED = with_settings(breached_passwords=("Br3ached!", PASSWORD_OF_ALL))
LOGIN = {"username": "alice@acme.example", "password": PASSWORD_OF_ALL}
BLOCK = BreachStage(shields=("block",))


def tenant(*shields, enabled=True, **stages):
    """Return a client of a tenant that lists breached passwords and has these shields."""
    detection = BreachedPasswordDetection(
        enabled=enabled, shields=shields, stage=BreachStages(**stages)
    )
    protection = AttackProtection(breached_password_detection=detection)
    return TenantClient(replace(LISTED, attack_protection=protection))


@pytest.fixture
def idp():
    return TenantClient(LISTED)


def log_in(idp):
    """Post the login page. Return the answer."""
    return idp.submit(idp.authorize().location, **LOGIN, action="default")


class TestLogins:
    def test_a_token_request_is_refused_and_the_user_gets_an_email(self, idp):
        answer = idp.password_token()
        assert answer.status_code == 401
        assert answer.json == {
            "error": "password_leaked",
            "error_description": "This login attempt has been blocked because the password you're "
            "using was previously disclosed through a data breach (not in this application). "
            "Please check your email for more information.",
        }
        assert hint(answer) == (
            "The password is in `mockidp.breached_passwords`. Reset the password of user "
            "auth0|alice, or remove it from the list."
        )
        (message,) = idp.tenant.outbox
        assert (message.kind, message.to) == ("stolen_credentials", "alice@acme.example")
        choose(idp, path_of(message.link), "S4fe-password")
        assert idp.password_token(password="S4fe-password").status_code == 200

    def test_the_login_page_refuses_it(self, idp):
        answer = log_in(idp)
        assert answer.status_code == 400
        assert 'id="prompt-alert"' in answer.text
        assert 'data-error-code="password-breached"' in answer.text
        assert "Please reset your password to proceed." in answer.text
        assert "`mockidp.breached_passwords`" in hint(answer)
        assert idp.tenant.journal.last("login").error == "password_leaked"

    def test_a_cross_origin_login_is_refused(self):
        document = with_client(LISTED, "web", cross_origin_authentication=True)
        idp = TenantClient(document)
        body = {"client_id": "web", "credential_type": PASSWORD_REALM, "realm": DATABASE, **LOGIN}
        answer = idp.post("/co/authenticate", json_body=body, headers={"Origin": ORIGIN})
        assert (answer.status_code, answer.json["error"]) == (401, "password_leaked")
        assert len(idp.tenant.outbox) == 1

    def test_a_wrong_password_is_only_wrong(self, idp):
        assert idp.password_token(password="Br3ached!").status_code == 403
        assert len(idp.tenant.outbox) == 0

    def test_other_passwords_are_accepted(self):
        idp = TenantClient(with_settings(breached_passwords=("Br3ached!",)))
        assert idp.password_token().status_code == 200
        assert hint(idp.password_token()) == ""

    @pytest.mark.parametrize(
        ("shields", "status", "mails"),
        [
            ((), 200, 0),
            (("admin_notification",), 200, 0),
            (("user_notification",), 200, 1),
            (("block",), 401, 0),
            (("block", "user_notification"), 401, 1),
        ],
    )
    def test_the_shields_decide(self, shields, status, mails):
        idp = tenant(*shields)
        answer = idp.password_token()
        assert (answer.status_code, len(idp.tenant.outbox)) == (status, mails)
        if status == 200:
            assert hint(answer) == (
                "The password is in `mockidp.breached_passwords`, but it was accepted because "
                "`attackProtection.breachedPasswordDetection.shields` does not contain `block`."
            )
            assert sent_to_callback(idp.follow(log_in(idp)))["code"]

    def test_a_detection_that_is_off_accepts_everything(self):
        idp = tenant("block", enabled=False)
        answer = idp.password_token()
        assert answer.status_code == 200
        assert "`attackProtection.breachedPasswordDetection.enabled` is false" in hint(answer)


class TestNewPasswords:
    def test_a_sign_up_is_refused(self, idp):
        answer = sign_up(idp, password="Br3ached!")
        assert answer.status_code == 400
        assert answer.json["code"] == "password_leaked"
        assert answer.json["description"].startswith("This combination of credentials was detected")
        assert hint(answer).startswith("The password is in `mockidp.breached_passwords`.")

    def test_the_sign_up_page_refuses_it(self, idp):
        state = idp.authorize().location.partition("state=")[2]
        form = {"email": "dora@acme.example", "password": "Br3ached!"}
        answer = idp.post(f"/u/signup?state={state}", **form)
        assert answer.status_code == 400
        error = answer.text.partition('id="error-element-password"')[2]
        assert 'data-error-code="password-breached"' in error

    def test_a_reset_is_refused_and_the_link_stays_valid(self, idp):
        link = reset_link(idp)
        answer = choose(idp, link, "Br3ached!")
        assert answer.status_code == 400
        error = answer.text.partition('id="error-element-password-reset"')[2]
        assert 'data-error-code="password-breached"' in error
        assert choose(idp, link, "S4fe-password").status_code == 200

    @pytest.mark.parametrize("is_on", [True, False])
    def test_each_stage_has_its_own_shields(self, is_on):
        sign_ups = tenant(**({"pre_user_registration": BLOCK} if is_on else {}))
        resets = tenant(**({"pre_change_password": BLOCK} if is_on else {}))
        answer = sign_up(sign_ups, password="Br3ached!")
        assert answer.status_code == (400 if is_on else 200)
        if not is_on:
            assert "`attackProtection.breachedPasswordDetection.stage.pre-user" in hint(answer)
        status = choose(resets, reset_link(resets), "Br3ached!").status_code
        assert status == (400 if is_on else 200)
        status = choose(sign_ups, reset_link(sign_ups), "Br3ached!").status_code
        assert status == 200


def test_an_export_is_read():
    text = """
attackProtection:
  breachedPasswordDetection:
    enabled: true
    shields: [block, admin_notification]
    admin_notification_frequency: [daily]
    method: standard
    stage:
      pre-user-registration: {shields: [block]}
      pre-change-password: {shields: []}
"""
    detection = parse_tenant(text).attack_protection.breached_password_detection
    assert detection.shields_at("login") == ("block", "admin_notification")
    assert detection.shields_at("pre-user-registration") == ("block",)
    assert detection.shields_at("pre-change-password") == ()
