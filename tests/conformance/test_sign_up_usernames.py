"""Usernames in sign-ups."""

import pytest

from helpers.accounts import sign_up, with_options
from helpers.acme import PASSWORD_OF_ALL, with_tenant
from helpers.tenant_client import hint
from mockidp.resources.password_options import (
    ConnectionValidation,
    UsernameLength,
)
from mockidp.tenant.content.tenant_settings import TenantFlags


class TestUsernames:
    def test_a_connection_can_require_one(self):
        idp = with_options(requires_username=True)
        answer = sign_up(idp)
        assert answer.status_code == 400
        assert answer.json == {
            "error": "missing username for Username-Password-Authentication connection with "
            "requires_username enabled"
        }
        answer = sign_up(idp, username="dora")
        assert (answer.status_code, answer.json["username"]) == (200, "dora")
        token = idp.password_token(username="dora", password=PASSWORD_OF_ALL)
        assert token.status_code == 200

    def test_an_attribute_can_require_one(self):
        username = {"identifier": {"active": True}, "signup": {"status": "required"}}
        idp = with_options(extra={"attributes": {"username": username}})
        assert "missing username" in sign_up(idp).json["error"]

    def test_other_connections_ignore_it(self, idp):
        answer = sign_up(idp, username="dora")
        assert (answer.status_code, "username" in answer.json) == (200, False)
        assert "Parameter `username` was ignored" in hint(answer)

    @pytest.mark.parametrize(
        ("username", "code"),
        [
            ("abcdefghijklmnop", "invalid-username-max-length"),
            ("dora d", "invalid-username-invalid-characters"),
            ("d@acme.example", "invalid-username-email-not-allowed"),
        ],
    )
    def test_its_form_is_checked(self, username, code):
        answer = sign_up(with_options(requires_username=True), username=username)
        assert (answer.status_code, answer.json["code"]) == (400, code)
        assert f"Parameter `username` is {username!r}. The username" in hint(answer)

    @pytest.mark.parametrize(("username", "status"), [("abc", 400), ("abcd", 200), ("a" * 21, 400)])
    def test_a_connection_can_set_its_length(self, username, status):
        validation = ConnectionValidation(username=UsernameLength(min=4, max=20))
        idp = with_options(requires_username=True, validation=validation)
        assert sign_up(idp, username=username).status_code == status

    @pytest.mark.parametrize("tells", [True, False])
    def test_it_is_used_once_in_a_connection(self, tells):
        idp = with_options(requires_username=True)
        flags = TenantFlags(enable_public_signup_user_exists_error=tells)
        idp.edit(with_tenant(idp.tenant.document, flags=flags))
        assert sign_up(idp, username="dora").status_code == 200
        answer = sign_up(idp, username="DORA", email="other@acme.example")
        expected = "username_exists" if tells else "invalid_signup"
        assert (answer.status_code, answer.json["code"]) == (400, expected)
