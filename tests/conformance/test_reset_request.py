"""The page on which somebody asks for a new password, during a login."""

from dataclasses import replace

import pytest

from helpers.accounts import begin, choose, path_of, with_options
from helpers.acme import ACME, DATABASE
from helpers.tenant_client import Fields, claims_of, hint, sent_to_callback

NEW_PASSWORD = "N3w-password"


class TestTheRequestDuringALogin:
    def test_it_sends_a_link_and_says_so(self, idp):
        state = begin(idp)
        path = f"/u/reset-password/request/{DATABASE}?state={state}"
        page = idp.get(path)
        assert page.status_code == 200
        assert "<h1>Forgot Your Password?</h1>" in page.text
        assert '<label for="username" id="username-label">Email address</label>' in page.text
        assert f'<a href="/u/login?state={state}">Back to web</a>' in page.text
        answer = idp.post(path, state=state, username="alice@acme.example", action="default")
        assert answer.status_code == 200
        assert "<h1>Check Your Email</h1>" in answer.text
        assert "alice@acme.example" in answer.text
        again = Fields(answer.text)
        assert again.action == path
        assert again.values["username"] == "alice@acme.example"
        idp.post(path, state=state, username="alice@acme.example", action="resend")
        assert [one.kind for one in idp.tenant.outbox] == ["reset_email", "reset_email"]
        link = path_of(idp.tenant.outbox.last().link)
        assert choose(idp.another_browser(), link, NEW_PASSWORD).status_code == 200
        done = idp.follow(
            idp.post(
                f"/u/login?state={state}", username="alice@acme.example", password=NEW_PASSWORD
            )
        )
        assert claims_of(idp.redeem(sent_to_callback(done)["code"]).json["id_token"])["sub"]

    def test_the_first_database_is_used_without_a_connection(self, idp):
        state = begin(idp)
        answer = idp.post(
            "/u/reset-password/request", state=state, email="alice@acme.example", action="default"
        )
        assert "Check Your Email" in answer.text
        assert len(idp.tenant.outbox) == 1

    def test_it_begins_with_the_login_hint(self, idp):
        state = begin(idp, login_hint="bob@acme.example")
        page = idp.get(f"/u/reset-password/request?state={state}")
        assert Fields(page.text).values["username"] == "bob@acme.example"

    def test_an_unknown_user_sees_the_same_page(self, idp):
        state = begin(idp)
        path = f"/u/reset-password/request/{DATABASE}"
        answer = idp.post(path, state=state, username="nobody@acme.example")
        assert "Check Your Email" in answer.text
        assert len(idp.tenant.outbox) == 0
        assert hint(answer).startswith("No e-mail was sent.")

    @pytest.mark.parametrize(
        ("options", "username", "code"),
        [
            ({}, "", "no-email"),
            ({}, "alice", "invalid-email-format"),
            ({"requires_username": True}, "", "no-username"),
        ],
    )
    def test_a_name_is_needed(self, options, username, code):
        idp = with_options(**options)
        state = begin(idp)
        answer = idp.post(f"/u/reset-password/request/{DATABASE}", state=state, username=username)
        assert answer.status_code == 400
        assert 'id="error-element-username"' in answer.text
        assert f'data-error-code="{code}"' in answer.text
        assert hint(answer)

    def test_a_username_is_accepted_where_users_have_one(self):
        idp = with_options(requires_username=True)
        idp.edit(
            replace(
                idp.tenant.document,
                users=(*ACME.users, replace(ACME.users[0], user_id="auth0|x", email="x@x.example",
                                            username="xx")),
            )
        )  # fmt: skip
        state = begin(idp)
        page = idp.get(f"/u/reset-password/request/{DATABASE}?state={state}")
        assert "Username or email address" in page.text
        idp.post(f"/u/reset-password/request/{DATABASE}", state=state, username="xx")
        assert idp.tenant.outbox.last().to == "x@x.example"

    @pytest.mark.parametrize("name", ["nowhere", "google-oauth2"])
    def test_another_connection_is_refused(self, name):
        idp = with_options()
        state = begin(idp)
        for answer in (
            idp.get(f"/u/reset-password/request/{name}?state={state}"),
            idp.post(f"/u/reset-password/request/{name}", state=state, username="a@b.example"),
        ):
            assert answer.status_code == 400
            assert "Invalid connection" in answer.text
            assert f"The path names connection {name!r}" in hint(answer)

    def test_a_login_without_a_database_is_refused(self):
        idp = with_options()
        state = begin(idp, connection="google-oauth2")
        answer = idp.get(f"/u/reset-password/request?state={state}")
        assert answer.status_code == 400
        assert hint(answer) == "None of the login's connections is a database: google-oauth2."

    def test_a_lost_login_is_refused(self, idp):
        answer = idp.get("/u/reset-password/request?state=lost")
        assert (answer.status_code, "back button" in answer.text) == (400, True)
