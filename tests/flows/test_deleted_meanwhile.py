"""A user or organization that is deleted while a request changes it is not brought back."""

from dataclasses import replace
from hashlib import md5
from urllib.parse import parse_qsl, urlsplit

import pytest

from helpers.accounts import choose, path_of, reset_link, sign_up
from helpers.acme import ACME, API
from helpers.connected_accounts import App
from helpers.management import ManagementClient
from helpers.methods import invite
from helpers.native_social import TENANT as NATIVE
from helpers.native_social import exchange as exchange_native
from helpers.organizations import B2B, EMPTY, RED
from helpers.passwordless import EMAIL, TENANT, code_for, redeem, with_connection
from helpers.scim import DANA, Directory
from helpers.tenant_client import TenantClient, hint, sent_to_callback
from helpers.token_vault import GOOGLE, exchange, refresh_token
from helpers.token_vault import TENANT as VAULT
from mockidp import MockIdP, MockIdPError
from mockidp.resources.password_hash import HashValue, PasswordHash
from mockidp.resources.user import USER
from mockidp.testing.records import remove

ALICE = "auth0|alice"
NEW_PASSWORD = "N3w-password"
INVALID = "parameter organization is invalid"
PERMISSION = {"permissions": [{"resource_server_identifier": API, "permission_name": "read:items"}]}


@pytest.fixture
def deleted(overtaken):
    """Return a function that deletes a user just before a request changes it."""

    def deleted(idp, user_id=ALICE):
        overtaken(idp.tenant.backend, "exclusive", lambda: remove(idp.tenant, USER, user_id))

    return deleted


def is_gone(idp, user_id=ALICE):
    return idp.tenant.directory.user(user_id) is None


def test_a_new_password_is_not_set(idp, deleted):
    link = reset_link(idp)
    deleted(idp)
    answer = choose(idp, link, NEW_PASSWORD)
    assert answer.status_code == 400
    assert "<h1>Invalid Link</h1>" in answer.text
    assert hint(answer) == "User auth0|alice was deleted."
    assert is_gone(idp)
    assert idp.tenant.previous_passwords.get(ALICE) is None


def test_an_address_is_not_verified(idp, deleted):
    user_id = f"auth0|{sign_up(idp).json['_id']}"
    link = path_of(idp.tenant.outbox.last(kind="verify_email").link)
    deleted(idp, user_id)
    answer = idp.get(link)
    assert answer.status_code == 400
    assert hint(answer) == f"User {user_id} was deleted."
    assert is_gone(idp, user_id)


@pytest.mark.parametrize("has_hash", [False, True])
def test_a_login_is_not_counted(deleted, has_hash):
    hashed = PasswordHash(
        algorithm="md5", hash=HashValue(value=md5(b"Passw0rd!").hexdigest(), encoding="hex")
    )
    alice = ACME.users[0]
    if has_hash:
        alice = replace(alice, password=None, custom_password_hash=hashed)
    idp = TenantClient(replace(ACME, users=(alice, *ACME.users[1:])))
    deleted(idp)
    assert idp.password_token().status_code == 200
    assert is_gone(idp)


class TestAPasswordlessUser:
    @pytest.fixture
    def idp(self):
        idp = TenantClient(TENANT)
        redeem(idp, code_for(idp))
        return idp

    def deleted(self, overtaken, idp):
        store = idp.tenant.directory.users.store
        user = idp.tenant.directory.find_user(EMAIL, ["email"])
        store.put(user.user_id, replace(user, app_metadata={"plan": "gold"}))
        overtaken(store, "find", lambda: store.delete(user.user_id))
        return user.user_id

    def test_is_created_again_without_what_the_old_one_had(self, idp, overtaken):
        code = code_for(idp)
        user_id = self.deleted(overtaken, idp)
        assert redeem(idp, code).status_code == 200
        assert idp.tenant.directory.user(user_id).app_metadata == {}

    def test_is_refused_if_the_connection_allows_no_sign_ups(self, idp, overtaken):
        code = code_for(idp)
        user_id = self.deleted(overtaken, idp)
        closed = with_connection("email", options={"disable_signup": True})
        idp.edit(replace(idp.tenant.document, connections=closed.connections))
        answer = redeem(idp, code)
        assert answer.json["error"] == "access_denied"
        assert f"Connection email has no user {EMAIL}" in hint(answer)
        assert is_gone(idp, user_id)


class TestAnOrganization:
    @pytest.fixture
    def idp(self):
        return TenantClient(B2B)

    def accept(self, idp):
        """Return the path of the last request of a login with an invitation."""
        link = invite(idp.tenant, RED, "dave@acme.example", client="web")
        invitation = dict(parse_qsl(urlsplit(link).query))
        del invitation["organization_name"]
        form = {"username": "dave@acme.example", "password": "Passw0rd!", "action": "default"}
        return idp.submit(idp.authorize(**invitation).location, **form).location

    def test_is_not_joined_by_a_user_who_is_gone(self, idp, deleted):
        resume = self.accept(idp)
        deleted(idp, "auth0|dave")
        answer = idp.get(resume)
        assert sent_to_callback(answer)["error_description"] == INVALID
        assert "User auth0|dave was deleted during the login." in hint(answer)
        assert is_gone(idp, "auth0|dave")
        assert idp.tenant.directory.organization(RED).member("auth0|dave") is None

    def test_is_not_brought_back_by_a_new_member(self, idp, overtaken):
        resume = self.accept(idp)
        organizations = idp.tenant.directory.organizations.store
        overtaken(idp.tenant.backend, "exclusive", lambda: organizations.delete("red"))
        answer = idp.get(resume)
        assert sent_to_callback(answer)["error_description"] == INVALID
        assert f"Organization {RED} was deleted during the login." in hint(answer)
        assert idp.tenant.directory.organization(RED) is None


def test_the_profile_that_an_app_sends_is_not_stored(deleted):
    idp = TenantClient(NATIVE)
    token = MockIdP(tenant=idp.tenant, url=idp.url).native_social_token("ada")
    deleted(idp, "apple|ada")
    profile = '{"name": {"firstName": "Ada", "lastName": "Byron"}}'
    assert exchange_native(idp, token, user_profile=profile).status_code == 200
    assert is_gone(idp, "apple|ada")


class TestAConnectedAccount:
    def test_is_not_renewed(self, deleted):
        idp = TenantClient(VAULT)
        token = refresh_token(idp, user="vera")
        idp.later(4000)
        deleted(idp, "auth0|vera")
        assert exchange(idp, token).status_code == 200
        assert is_gone(idp, "auth0|vera")

    def test_is_not_added_by_an_app(self, deleted):
        app = App()
        started = app.start().json
        code = app.agree(started)["connect_code"]
        deleted(app)
        answer = app.complete(started, code)
        assert answer.status_code == 401
        assert "User auth0|alice was deleted." in hint(answer)
        assert is_gone(app)

    def test_is_not_removed_by_an_app(self, deleted):
        app = App()
        account = app.connect().json["id"]
        deleted(app)
        assert app.call("DELETE", f"/accounts/{account}").status_code in (204, 404)
        assert is_gone(app)

    def test_is_not_added_by_a_test(self, deleted):
        idp = TenantClient(VAULT)
        mock = MockIdP(tenant=idp.tenant, url=idp.url)
        deleted(idp)
        with pytest.raises(MockIdPError, match=r"There is no user 'auth0\|alice'"):
            mock.connect_account("alice", GOOGLE)
        assert is_gone(idp)


class TestTheManagementApi:
    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("PATCH", "", {"name": "Al"}),
            ("PATCH", "", {"password": NEW_PASSWORD}),
            ("POST", "/roles", {"roles": ["viewer"]}),
            ("DELETE", "/roles", {"roles": ["viewer"]}),
            ("POST", "/permissions", PERMISSION),
            ("DELETE", "/permissions", PERMISSION),
            ("POST", "/identities", {"provider": "auth0", "user_id": "bob"}),
        ],
    )
    def test_changes_no_user_who_is_gone(self, deleted, method, path, body):
        idp = ManagementClient()
        viewer = idp.tenant.directory.roles["viewer"].id
        if "roles" in body:
            body = {"roles": [viewer]}
        deleted(idp)
        answer = idp.call(method, f"/users/auth0%7Calice{path}", body)
        assert answer.status_code == 404, answer.text
        assert answer.json["message"] == "The user does not exist."
        assert is_gone(idp)
        assert not is_gone(idp, "auth0|bob")

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("/roles/{role}/users", {"users": [ALICE]}),
            ("/organizations/{organization}/members", {"members": [ALICE]}),
        ],
    )
    def test_gives_nothing_to_a_user_who_is_gone(self, deleted, path, body):
        idp = ManagementClient(document=B2B)
        role = idp.tenant.directory.roles["viewer"].id
        deleted(idp)
        answer = idp.call("POST", path.format(role=role, organization=EMPTY), body)
        assert answer.status_code in (400, 404), answer.text
        assert is_gone(idp)
        assert idp.tenant.directory.organization(EMPTY).member(ALICE) is None


def test_a_directory_changes_no_user_who_is_gone(deleted):
    directory = Directory()
    directory.provision()
    deleted(directory, DANA)
    answer = directory.patch({"op": "replace", "path": "active", "value": False})
    assert answer.status_code == 404
    assert is_gone(directory, DANA)
