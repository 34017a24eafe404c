"""Users, clients and APIs that a test adds, with Auth0's names of fields."""

import pytest

from helpers.acme import CALLBACK
from helpers.tenant_client import claims_of
from mockidp import Client, MockIdPError, ResourceServer, User

TENANT = {
    "clients": [{"client_id": "web", "name": "web", "callbacks": [CALLBACK]}],
    "resourceServers": [{"identifier": "https://x.example/", "scopes": [{"value": "x"}]}],
    "roles": [{"name": "viewer"}],
    "users": [{"user_id": "auth0|alice", "email": "alice@acme.example"}],
}


@pytest.fixture
def idp(interface):
    return interface.make(TENANT)


@pytest.mark.parametrize(
    ("named", "user_id", "email"),
    [
        ("carol", "auth0|carol", "carol@acme.example"),
        ("auth0|carol", "auth0|carol", "carol@acme.example"),
        ("google-oauth2|117", "google-oauth2|117", "117@acme.example"),
        ("carol@shop.example", "auth0|carol", "carol@shop.example"),
    ],
)
def test_an_added_user_has_an_id_an_email_and_a_password(idp, wire, named, user_id, email):
    user = idp.add_user(named)
    assert isinstance(user, User)
    assert (user.user_id, user.email, user.password) == (user_id, email, "Passw0rd!")
    idp.sign_in_as(named)
    assert claims_of(wire.tokens(scope="openid email")["id_token"])["email"] == email


HASH = {
    "algorithm": "sha1",
    "hash": {"value": "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8", "encoding": "hex"},
}
"""The hash of "password"."""


def test_an_added_user_with_a_hash_has_no_other_password(idp, wire):
    user = idp.add_user("carol", custom_password_hash=HASH)
    assert user.password is None
    login = wire.authorize().location
    assert wire.log_in(login, user="carol", password="Passw0rd!").status_code == 400
    assert wire.log_in(login, user="carol", password="password").location.startswith(CALLBACK)


@pytest.mark.parametrize("name", ["carol", "alice"])
def test_a_password_and_its_hash_are_refused_together(idp, name):
    both = {"password": "Passw0rd!", "custom_password_hash": HASH}
    with pytest.raises(MockIdPError, match="either password or custom_password_hash"):
        (idp.patch_user if name == "alice" else idp.add_user)(name, **both)
    idp.patch_user("alice", custom_password_hash=HASH)
    with pytest.raises(MockIdPError, match="either password or custom_password_hash"):
        idp.patch_user("alice", password="New")
    idp.patch_user("alice", password="New", custom_password_hash=None)
    assert idp.get_user("alice").password == "New"


def test_an_added_user_has_the_given_fields(idp, wire):
    permissions = [{"permission_name": "x", "resource_server_identifier": "https://x.example/"}]
    user = idp.add_user("carol", name="Carol C.", blocked=False, permissions=permissions)
    assert user.permissions[0].permission_name == "x"
    assert claims_of(idp.id_token(user="carol"))["name"] == "Carol C."


def test_adding_a_user_again_replaces_it(idp, behind):
    count = len(behind.tenant.directory.users)
    idp.add_user("carol", given_name="Carol")
    idp.add_user("carol", family_name="Cohen")
    carol = behind.tenant.directory.users["auth0|carol"]
    assert (carol.given_name, carol.family_name) == (None, "Cohen")
    assert len(behind.tenant.directory.users) == count + 1


def test_an_added_client_has_a_predictable_secret_and_can_log_users_in(idp, wire):
    client = idp.add_client("shop", callbacks=[CALLBACK])
    assert isinstance(client, Client)
    assert (client.name, client.client_secret) == ("shop", "shop-secret")
    idp.sign_in_as("alice")
    tokens = wire.tokens(client_id="shop")
    assert claims_of(tokens["id_token"])["aud"] == "shop"


def test_a_public_client_needs_no_secret(idp):
    client = idp.add_client("spa2", token_endpoint_auth_method="none", name="Other name")
    assert (client.client_secret, client.name) == (None, "Other name")


def test_the_global_client_can_be_added_with_global_or_is_global(idp):
    assert idp.add_client("g", is_global=True).is_global
    assert idp.add_client("g", **{"global": True}).is_global


def test_a_patch_changes_some_fields_of_a_client(idp, wire):
    idp.add_client(
        "shop", callbacks=[CALLBACK], refresh_token={"leeway": 5, "rotation_type": "rotating"}
    )
    other = "http://localhost:3000/other"
    client = idp.patch_client("shop", callbacks=[other], refresh_token={"leeway": 7})
    assert isinstance(client, Client)
    assert (client.client_secret, client.callbacks) == ("shop-secret", (other,))
    assert (client.refresh_token.leeway, client.refresh_token.rotation_type) == (7, "rotating")
    assert wire.authorize(client_id="shop", redirect_uri=other).status_code == 302
    assert wire.authorize(client_id="shop", redirect_uri=CALLBACK).status_code == 403


def test_a_patch_keeps_the_order_of_clients_and_their_secrets(idp, behind):
    idp.add_client("public", token_endpoint_auth_method="none")
    before = list(behind.tenant.directory.clients)
    idp.patch_client("web", name="The app")
    public = idp.patch_client("public", is_global=True)
    assert (public.client_secret, public.is_global) == (None, True)
    assert list(behind.tenant.directory.clients) == before


def test_a_patch_of_an_unknown_client_lists_the_known_ones(idp, behind):
    with pytest.raises(MockIdPError, match=r"There is no client 'nobody'\. Known: web"):
        idp.patch_client("nobody", callbacks=[CALLBACK])
    assert "nobody" not in behind.tenant.directory.clients


def test_an_invalid_patch_changes_nothing(idp, behind):
    before = behind.tenant.directory.clients["web"]
    with pytest.raises(MockIdPError, match=r"callbacks\[0\]: found the string 'nonsense'"):
        idp.patch_client("web", name="New", callbacks=["nonsense"])
    assert behind.tenant.directory.clients["web"] == before


def test_a_patch_does_not_change_the_id_of_a_client(idp, behind):
    before = behind.tenant.document
    with pytest.raises(
        MockIdPError, match="client 'web': client_id: expected 'web', or no client_id"
    ):
        idp.patch_client("web", client_id="other", name="Other")
    assert behind.tenant.document == before


def test_the_scopes_of_an_api_can_be_given_by_value(idp):
    api = idp.add_api(
        "https://new.example/", scopes=["read:x", "write:x"], token_dialect="rfc9068_profile"
    )
    assert isinstance(api, ResourceServer)
    assert api.scope_values == ("read:x", "write:x")
    assert claims_of(idp.access_token(audience="https://new.example/"))["scope"] == "read:x write:x"
    api = idp.add_api("https://new.example/", scopes=({"value": "a", "description": "A"},))
    assert (api.scopes[0].description, api.name) == ("A", "https://new.example/")


def test_all_mistakes_are_reported_at_once_and_nothing_is_added(idp, behind):
    with pytest.raises(MockIdPError) as caught:
        idp.add_user("carol", emial="c@acme.example", roles="viewer", blocked="no")
    lines = str(caught.value).splitlines()
    assert [line.split(": ")[:2] for line in lines] == [
        ["user 'auth0|carol'", "emial"],
        ["user 'auth0|carol'", "roles"],
        ["user 'auth0|carol'", "blocked"],
    ]
    assert lines[0].endswith("did you mean email?")
    assert "auth0|carol" not in behind.tenant.directory.users


@pytest.mark.parametrize(
    ("add", "message"),
    [
        (lambda idp: idp.add_client("x", callbacks="http://x/"), "callbacks: found the string"),
        (lambda idp: idp.add_client("x", callbacks=["nowhere"]), "expected an absolute URL"),
        (lambda idp: idp.add_client("x", name="web"), "'web' again, expected each name once"),
        (lambda idp: idp.add_api("x", scopes="read"), "scopes: found the string 'read', expected"),
        (lambda idp: idp.add_api("x", token_lifetime=True), "token_lifetime: found the boolean"),
        (
            lambda idp: idp.add_api("x", name=object()),
            "API 'x': name: found <object",
        ),
        (lambda idp: idp.add_user("x", email="alice@acme.example"), "each email once"),
    ],
)
def test_an_error_is_reported_with_its_place(idp, add, message):
    with pytest.raises(MockIdPError) as caught:
        add(idp)
    assert message in str(caught.value)
