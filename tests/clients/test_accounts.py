"""auth0 4 for Node, and auth0-python 6, with sign-ups and password resets."""

from urllib.parse import urlsplit

import pytest
import requests
from auth0.authentication import Database, GetToken
from auth0.authentication.exceptions import Auth0Error

from helpers.client_facts import shows
from mockidp import RemoteIdP

DATABASE = "Username-Password-Authentication"
REALM = "http://auth0.com/oauth/grant-type/password-realm"
SENT = "We've just sent you an email to reset your password."


@pytest.fixture(scope="module")
def remote(acme):
    """The running tenant, with a client of its own."""
    remote = RemoteIdP(acme.url)
    remote.add_client("shop", client_secret="shop-secret", grant_types=["password", REALM])
    yield remote
    remote.remove_client("shop")
    for user in remote.list_users():
        if user.email in ("dora@acme.example", "erin@acme.example"):
            remote.remove_user(user.user_id)


@shows(
    "auth0 4",
    "sign-up",
    "password reset",
    refuses=["weak password", "sign-up of a known address", "unknown connection"],
    over="https",
)
def test_auth0_4_for_node(node, acme, remote):
    done = node(
        "accounts.mjs",
        {
            "domain": urlsplit(acme.tls_url).netloc,
            "client": {"clientId": "shop", "clientSecret": "shop-secret"},
            "connection": DATABASE,
            "email": "dora@acme.example",
            "password": "Passw0rd!",
            "newPassword": "N3w-password",
        },
        ca_file=acme.ca_file,
    )
    signed_up = done["signedUp"]
    assert signed_up["id"] == signed_up["_id"]
    assert (signed_up["email"], signed_up["email_verified"]) == ("dora@acme.example", False)
    user = remote.get_user(f"auth0|{signed_up['_id']}")
    assert (user.name, user.user_metadata, user.email_verified) == (
        "Dora D.", {"plan": "gold"}, True,
    )  # fmt: skip
    assert (done["verified"], done["changed"]) == (200, 200)
    assert done["sent"] == done["unknownUser"] == SENT
    assert "access_token" in done["tokens"]
    weak = done["weak"]["refused"]
    assert weak["error_description"]["rules"][0]["code"] == "lengthAtLeast"
    assert (weak["name"], weak["error"]) == ("PasswordStrengthError", "invalid_password")
    for name, error, description in (
        ("again", "invalid_signup", "Invalid sign up"),
        ("nowhere", "connection not found", None),
        ("resetNowhere", "connection not found", None),
        ("notAnAddress", "invalid_request", "Email is not valid."),
    ):
        refused = done[name]["refused"]
        assert (refused["status"], refused["error"]) == (400, error)
        assert refused.get("error_description") == description
    assert done["oldPassword"]["refused"] == {"error": "invalid_grant", "status": 403}


@pytest.fixture
def sdk(acme, remote, monkeypatch):
    """Return a function that creates an SDK client of the tenant at https."""
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(acme.ca_file))
    return lambda kind, client="shop": kind(
        urlsplit(acme.tls_url).netloc, client, client_secret="shop-secret"
    )


def test_auth0_python_6(sdk, acme, remote):
    database, email = sdk(Database), "erin@acme.example"
    answer = database.signup(email, "Passw0rd!", DATABASE, given_name="Erin")
    assert remote.get_user(f"auth0|{answer['_id']}").given_name == "Erin"
    assert database.change_password(email, DATABASE, organization="org_1") == SENT
    link = remote.outbox.last(to=email, kind="reset_email").link
    form = {"password-reset": "N3w-password", "re-enter-password": "N3w-password"}
    page = requests.post(link, data=form, verify=str(acme.ca_file), timeout=10)
    assert "Password Changed!" in page.text
    tokens = sdk(GetToken).login(email, "N3w-password", realm=DATABASE, scope="openid")
    assert tokens["id_token"]


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (
            lambda sdk: sdk(Database).signup("alice@acme.example", "Passw0rd!", DATABASE),
            "invalid_signup",
        ),
        (lambda sdk: sdk(Database).signup("x@acme.example", "short", DATABASE), "invalid_password"),
        (
            lambda sdk: sdk(Database).signup("x@x.example", "Passw0rd!", "no"),
            "connection not found",
        ),
        (
            lambda sdk: sdk(Database, "nobody").signup("x@x.example", "Passw0rd!", DATABASE),
            "invalid_request",
        ),
        (lambda sdk: sdk(Database).change_password("x@x.example", "no"), "connection not found"),
    ],
)
def test_auth0_python_6_is_refused(sdk, call, error):
    with pytest.raises(Auth0Error) as refused:
        call(sdk)
    assert (refused.value.status_code, refused.value.error_code) == (400, error)
