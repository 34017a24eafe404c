"""Link accounts of users, and unlink them."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, DATABASE
from helpers.backchannel_app import with_logout_url
from helpers.tenant_client import hint, race
from mockidp.resources.connection import Connection
from mockidp.resources.user import User
from mockidp.tenant.logout.tokens import Wanted

ALICE = "/users/auth0%7Calice"
PATH = f"{ALICE}/identities"
GOOGLE = Connection(name="google-oauth2", strategy="google-oauth2")
SOCIAL = User(
    user_id="google-oauth2|1",
    connection="google-oauth2",
    email="al@gmail.example",
    name="Al",
    user_metadata={"theme": "dark"},
    identities=(
        {
            "connection": "google-oauth2",
            "user_id": "1",
            "provider": "google-oauth2",
            "isSocial": True,
            "access_token": "secret",
        },
    ),
)
LINK = {"provider": "google-oauth2", "user_id": "1"}
OWN = {"connection": DATABASE, "user_id": "alice", "provider": "auth0", "isSocial": False}


@pytest.fixture
def document():
    return replace(ACME, users=(*ACME.users, SOCIAL), connections=(*ACME.connections, GOOGLE))


@pytest.fixture
def idp(make_idp, document):
    return make_idp(document=document)


def error(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


@pytest.mark.parametrize("user_id", ["1", "google-oauth2|1"])
def test_an_account_is_linked_and_unlinked(idp, user_id):
    linked = idp.call("POST", PATH, LINK | {"user_id": user_id})
    assert linked.status_code == 201
    first, second = linked.json
    assert first == OWN
    assert list(second) == ["profileData", "connection", "user_id", "provider", "isSocial"]
    assert second["profileData"]["email"] == "al@gmail.example"
    assert second["profileData"]["email_verified"] is False
    assert idp.call("GET", "/users/google-oauth2|1").status_code == 404
    shown = idp.call("GET", ALICE).json["identities"]
    assert [one["user_id"] for one in shown] == ["alice", "1"]
    assert (
        idp.call("GET", "/users", q="identities.connection:google-oauth2").json[0]["user_id"]
        == "auth0|alice"
    )
    unlinked = idp.call("DELETE", f"{PATH}/google-oauth2/1")
    assert (unlinked.status_code, unlinked.json) == (200, [OWN])
    again = idp.call("GET", "/users/google-oauth2|1").json
    assert (again["email"], again["name"]) == ("al@gmail.example", "Al")
    assert "user_metadata" not in again


def test_the_provider_token_of_a_linked_account_is_kept(idp):
    idp.call("POST", PATH, LINK)
    assert "secret" not in idp.call("GET", ALICE).text
    assert idp.tenant.directory.user("auth0|alice").identities[1]["access_token"] == "secret"


def test_a_database_account_is_linked_with_its_phone(idp):
    idp.call("PATCH", "/users/auth0|bob", {"phone_number": "+15551234567"})
    identity = idp.call("POST", PATH, {"provider": "auth0", "user_id": "bob"}).json[1]
    profile = identity["profileData"]
    assert (profile["phone_number"], profile["phone_verified"]) == ("+15551234567", False)


def test_of_many_links_one_succeeds(idp):
    answers = race(lambda: idp.call("POST", PATH, LINK), count=50)
    assert sorted(one.status_code for one in answers) == [201, *[404] * 49]
    assert len(idp.call("GET", ALICE).json["identities"]) == 2


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            {"provider": "auth0", "user_id": "alice"},
            (
                400,
                "Main account and secondary account cannot be the same",
                "operation_not_supported",
            ),
        ),
        (LINK | {"user_id": "2"}, (404, "The user does not exist.", "inexistent_user")),
        (
            LINK | {"user_id": 1},
            (
                400,
                "Payload validation error: 'Expected type string' on property user_id.",
                "invalid_body",
            ),
        ),
        (
            {"user_id": "1"},
            (
                400,
                "Payload validation error: 'Missing required property: provider'.",
                "invalid_body",
            ),
        ),
        ({"link_with": "x"}, (400, "Invalid token", "invalid_body")),
        ({"link_with": None}, (400, "Invalid token", "invalid_body")),
        (
            {"link_with": "x", "user_id": "1"},
            (
                400,
                "Payload validation error: 'Additional properties not allowed: user_id'.",
                "invalid_body",
            ),
        ),
    ],
)
def test_a_wrong_link_is_refused(idp, body, expected):
    answer = idp.call("POST", PATH, body)
    assert error(answer) == expected
    assert hint(answer)


def test_an_identity_is_linked_once(idp):
    idp.call("POST", PATH, LINK)
    idp.call("POST", "/users", {"connection": "google-oauth2", "email": "x@y.example"})
    idp.tenant.directory.users.store.put(SOCIAL.user_id, SOCIAL)
    answer = idp.call("POST", PATH, LINK)
    assert error(answer) == (409, "Specified identity already exists.", "identity_conflict")
    assert "google-oauth2|1" in hint(answer)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("auth0/alice", (400, "You can not unlink a primary identity", "operation_not_supported")),
        ("google-oauth2/1", (404, "The identity does not exist.", None)),
    ],
)
def test_what_is_not_linked_cannot_be_unlinked(idp, path, expected):
    answer = idp.call("DELETE", f"{PATH}/{path}")
    assert error(answer) == expected
    assert hint(answer)


@pytest.mark.parametrize("fields", [{"user_id": "bob"}, {"email": "bob@acme.example"}])
def test_an_account_whose_id_or_address_was_used_again_stays_linked(idp, fields):
    idp.call("POST", PATH, {"provider": "auth0", "user_id": "bob"})
    body = {"connection": DATABASE, "email": "new@acme.example", "password": "Passw0rd!"}
    made = idp.call("POST", "/users", body | fields).json["user_id"]
    answer = idp.call("DELETE", f"{PATH}/auth0/bob")
    assert error(answer) == (409, "The user already exists.", "auth0_idp_error")
    assert f"because user {made} has" in hint(answer)
    assert len(idp.call("GET", ALICE).json["identities"]) == 2


class TestTokensOfUsers:
    """A user's own token links an account whose ID token it has."""

    SCOPE = "openid update:current_user_identities"

    @pytest.fixture
    def own(self, idp):
        return idp.tokens(scope=self.SCOPE, audience=f"{idp.url}/api/v2/")["access_token"]

    @pytest.fixture
    def of_bob(self, idp):
        return idp.another_browser().tokens("bob")["id_token"]

    def test_an_id_token_links_its_user(self, idp, own, of_bob):
        answer = idp.call("POST", PATH, {"link_with": of_bob}, token=own)
        assert answer.status_code == 201
        assert [one["user_id"] for one in answer.json] == ["alice", "bob"]
        assert idp.call("DELETE", f"{PATH}/auth0/bob", token=own).status_code == 200

    def test_the_id_token_of_another_client_is_refused(self, idp, own):
        other = idp.another_browser().tokens("bob", client_id="other")["id_token"]
        answer = idp.call("POST", PATH, {"link_with": other}, token=own)
        assert error(answer) == (400, "Invalid token", "invalid_body")
        assert "is for other" in hint(answer)

    def test_a_logout_token_is_refused(self, idp, own):
        idp.edit(with_logout_url("http://localhost:9/", document=idp.tenant.document))
        browser = idp.another_browser()
        browser.tokens("bob")
        browser.get("/v2/logout")
        (logout,) = idp.tenant.logout_delivery.tokens.of(Wanted())
        answer = idp.call("POST", PATH, {"link_with": logout.token}, token=own)
        assert error(answer) == (400, "Invalid token", "invalid_body")
        assert "logout token" in hint(answer)

    def test_an_expired_id_token_is_refused(self, idp, of_bob):
        idp.later(36001)
        fresh = idp.tokens(scope=self.SCOPE, audience=f"{idp.url}/api/v2/")["access_token"]
        answer = idp.call("POST", PATH, {"link_with": of_bob}, token=fresh)
        assert error(answer) == (400, "Invalid token", "invalid_body")
        assert "expired" in hint(answer)

    def test_an_id_is_refused(self, idp, own):
        answer = idp.call("POST", PATH, LINK, token=own)
        assert answer.status_code == 403
        assert "link_with" in hint(answer)

    def test_another_users_accounts_are_refused(self, idp, own, of_bob):
        answer = idp.call("POST", "/users/auth0|bob/identities", {"link_with": of_bob}, token=own)
        assert answer.status_code == 403
