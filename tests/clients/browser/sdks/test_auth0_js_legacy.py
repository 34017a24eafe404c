"""auth0-js 9 with the endpoints of Auth0's legacy pipeline."""

import pytest

from helpers.client_facts import shows

DATABASE = "Username-Password-Authentication"
LEGACY = "http://auth0.com/oauth/legacy/grant-type"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ALICE = {"connection": DATABASE, "username": "alice@acme.example", "password": "Passw0rd!"}
FLAGS = {"allow_legacy_ro_grant_types": True, "allow_legacy_delegation_grant_types": True}
CALL = """([name, options]) => new Promise((done) => {
    client.client[name](options, (error, result) => done(error ?? result))
})"""


@pytest.fixture(scope="module")
def site(installed):
    modules = installed("auth0-js")
    return [modules.parent / "apps" / "auth0-js", modules]


@pytest.fixture
def old_app(visitor, server):
    """Open an older application, which may use the legacy endpoints."""
    visitor.control("PATCH", "/tenant", {"tenant": {"flags": FLAGS}})
    for client in ("old", "old-api"):
        fields = {
            "client_id": client,
            "oidc_conformant": False,
            "token_endpoint_auth_method": "none",
            "callbacks": ["http://localhost:3000/callback"],
            "web_origins": ["http://localhost:3000"],
            "grant_types": [f"{LEGACY}/ro", f"{LEGACY}/delegation/id_token", "implicit"],
        }
        visitor.control("POST", "/clients", fields)
    visitor.open(domain=server.url, clientID="old", overrides={"__token_issuer": f"{server.url}/"})
    visitor.wait_for_heading("Nobody")
    return visitor


@shows("auth0-js", "/oauth/ro", "/delegation", over="http")
def test_a_password_and_a_delegation(old_app):
    tokens = old_app.evaluate(CALL, ["loginWithResourceOwner", ALICE])
    assert tokens["tokenType"] == "bearer"
    profile = old_app.evaluate(CALL, ["userInfo", tokens["accessToken"]])
    assert profile["email"] == "alice@acme.example"
    delegation = {"id_token": tokens["idToken"], "target": "old-api", "grant_type": JWT_BEARER}
    assert old_app.evaluate(CALL, ["delegation", delegation])["expiresIn"] == 36000


@shows(
    "auth0-js",
    refuses=["wrong password at /oauth/ro", "unknown connection", "unknown target of a delegation"],
    over="http",
)
def test_refusals_of_the_legacy_endpoints(old_app):
    wrong = old_app.evaluate(CALL, ["loginWithResourceOwner", ALICE | {"password": "wrong"}])
    assert (wrong["code"], wrong["statusCode"]) == ("invalid_user_password", 401)
    unknown = old_app.evaluate(CALL, ["loginWithResourceOwner", ALICE | {"connection": "none"}])
    assert unknown["description"] == "the connection was not found"
    delegation = {"id_token": "x", "target": "nobody", "grant_type": JWT_BEARER}
    refused = old_app.evaluate(CALL, ["delegation", delegation])
    assert (refused["code"], refused["description"]) == ("unauthorized_client", "invalid target")


@shows("auth0-js", refuses=["/oauth/ro for an OIDC-conformant client"], over="http")
def test_a_conformant_client_cannot_use_the_resource_owner_endpoint(old_app):
    old_app.patch_client("old", oidc_conformant=True)
    refused = old_app.evaluate(CALL, ["loginWithResourceOwner", ALICE])
    assert refused["description"] == "OIDC conformant clients cannot use /oauth/ro"


@shows("auth0-js", "single sign-on data", over="http")
def test_the_application_gets_single_sign_on_data(old_app):
    script = "() => new Promise((done) => client.client.getSSOData((error, data) => done(data)))"
    assert old_app.evaluate(script) == {"sso": False}
    old_app.log_in()
    old_app.page.goto("http://localhost:3000/")
    old_app.wait_for_heading("Nobody")
    data = old_app.evaluate(script)
    assert (data["sso"], data["lastUsedUsername"]) == (True, "alice@acme.example")
