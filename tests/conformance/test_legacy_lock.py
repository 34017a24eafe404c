"""What Lock and older login pages load: /user/ssodata, /client/{id}.js and the challenges."""

import json
import re
from dataclasses import replace

import pytest

from helpers.acme import ACME, CALLBACK, DATABASE, ORIGIN, with_client
from helpers.legacy import LEGACY_TENANT
from helpers.tenant_client import TenantClient, hint
from mockidp.resources.connection import Connection, ConnectionOptions
from mockidp.resources.password_options import (
    ConnectionValidation,
    PasswordComplexityOptions,
    UsernameLength,
)
from mockidp.tenant.content.zero_config import ZERO_CONFIG

WITH_LOCK_API = replace(ACME, mockidp=replace(ACME.mockidp, legacy_lock_api=True))


@pytest.fixture
def idp():
    return TenantClient()


def finish_login(idp, **parameters):
    """Log in, and return to the client."""
    assert "code=" in idp.log_in(idp.authorize(**parameters).location).location


def test_auth0_ssodata__without_a_session(idp):
    answer = idp.get("/user/ssodata")
    assert (answer.status_code, answer.json) == (200, {"sso": False})


def test_auth0_ssodata__with_a_session(idp):
    finish_login(idp, client_id="other")
    idp.get("/authorize", client_id="web", response_type="code", prompt="none")
    assert idp.get("/user/ssodata").json == {
        "sso": True,
        "sessionClients": ["other", "web"],
        "lastUsedClientID": "web",
        "lastUsedUserID": "auth0|alice",
        "lastUsedUsername": "alice@acme.example",
        "lastUsedConnection": {"name": DATABASE, "strategy": "auth0"},
    }
    idp.get("/authorize", client_id="other", response_type="code", prompt="none")
    assert idp.get("/user/ssodata").json["sessionClients"] == ["web", "other"]


def test_a_login_that_was_not_finished_has_no_client(idp):
    idp.edit(with_client(ACME, "web", is_first_party=False))
    idp.log_in(idp.authorize().location)
    data = idp.get("/user/ssodata").json
    assert (data["sessionClients"], data["lastUsedClientID"]) == ([], None)


def test_auth0_ssodata__the_user_was_removed(idp):
    finish_login(idp)
    idp.edit(replace(ACME, users=ACME.users[1:]))
    assert idp.get("/user/ssodata").json == {"sso": False}


def test_auth0_ssodata__directories_are_not_listed(idp):
    answer = idp.get("/user/ssodata", ldaps=1, client_id="web")
    assert answer.json == {"sso": False}
    assert "Active Directory" in hint(answer)


def test_auth0_ssodata__pages_of_other_origins_are_refused(idp):
    assert idp.get("/user/ssodata", headers={"Origin": idp.url}).status_code == 200
    answer = idp.get("/user/ssodata", headers={"Origin": ORIGIN})
    assert (answer.status_code, answer.text) == (403, f"Origin {ORIGIN} is not allowed.")
    assert "set `mockidp.legacy_lock_api`" in hint(answer)


def test_auth0_ssodata__pages_of_other_origins_with_the_setting():
    idp = TenantClient(WITH_LOCK_API)
    answer = idp.get("/user/ssodata", headers={"Origin": ORIGIN})
    assert answer.json == {"sso": False}
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"


def test_auth0_ssodata__jsonp():
    idp = TenantClient(WITH_LOCK_API)
    answer = idp.get("/user/ssodata", cbx="Auth0.callback_1")
    assert answer.content_type == "application/x-javascript; charset=utf-8"
    assert answer.text == 'Auth0.callback_1({"sso": false});'


@pytest.mark.parametrize("name", ["alert(1)//", "a" * 101, "1a"])
def test_auth0_ssodata__jsonp_calls_a_function(name):
    answer = TenantClient(WITH_LOCK_API).get("/user/ssodata", cbx=name)
    assert (answer.status_code, answer.json["error_description"]) == (400, "Invalid cbx")


def test_auth0_ssodata__jsonp_needs_the_setting(idp):
    answer = idp.get("/user/ssodata", cbx="callback")
    assert (answer.status_code, answer.json["error_description"]) == (400, "JSONP is not allowed")


def script_of(answer, function="Auth0.setClient"):
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "application/x-javascript; charset=utf-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return json.loads(re.fullmatch(rf"{re.escape(function)}\((.*)\);", answer.text)[1])


def test_auth0_client_js__the_settings_of_a_client(idp):
    settings = script_of(idp.get("/client/web.js", t=1))
    assert settings == {
        "id": "web",
        "tenant": "Acme",
        "subscription": "enterprise",
        "authorize": f"{idp.url}/authorize",
        "callback": CALLBACK,
        "hasAllowedOrigins": True,
        "strategies": settings["strategies"],
    }


def test_auth0_client_js__the_connections_of_a_client():
    settings = script_of(TenantClient(LEGACY_TENANT).get("/client/old.js"))
    connections = {
        strategy["name"]: [one["name"] for one in strategy["connections"]]
        for strategy in settings["strategies"]
    }
    assert connections["google-oauth2"] == ["google-oauth2"]
    assert connections["email"] == ["email"]
    assert DATABASE in connections["auth0"]


def test_auth0_client_js__the_options_of_a_database(idp):
    options = ConnectionOptions(
        requires_username=True,
        disable_signup=True,
        passwordPolicy="fair",
        password_complexity_options=PasswordComplexityOptions(min_length=12),
        validation=ConnectionValidation(username=UsernameLength(min=3, max=20)),
    )
    plain = Connection(name="plain")
    database = Connection(name="db", options=options)
    idp.edit(replace(ACME, databases=(plain, database), users=(), tenant=replace(
        ACME.tenant, default_directory="db"
    )))  # fmt: skip
    (strategy,) = script_of(idp.get("/client/web.js"))["strategies"]
    assert strategy["connections"] == [
        {
            "name": "plain",
            "passwordPolicy": "good",
            "showSignup": True,
            "showForgot": True,
            "requires_username": False,
        },
        {
            "name": "db",
            "passwordPolicy": "fair",
            "showSignup": False,
            "showForgot": True,
            "requires_username": True,
            "password_complexity_options": {"min_length": 12},
            "validation": {"username": {"min": 3, "max": 20}},
        },
    ]


def test_auth0_client_js__an_enterprise_connection(idp):
    options = ConnectionOptions(domain_aliases=("corp.example", "corp.test"))
    corp = Connection(name="corp", strategy="samlp", display_name="Corp", options=options)
    idp.edit(replace(ACME, connections=(*ACME.connections, corp)))
    strategies = script_of(idp.get("/client/web.js"))["strategies"]
    assert strategies[-1] == {
        "name": "samlp",
        "connections": [
            {
                "name": "corp",
                "display_name": "Corp",
                "domain_aliases": ["corp.example", "corp.test"],
            }
        ],
    }


def test_auth0_client_js__a_client_without_callbacks(idp):
    assert script_of(idp.get("/client/m2m.js"))["callback"] == ""


def test_auth0_info_js__the_connections_of_the_tenant(idp):
    options = ConnectionOptions(domain_aliases=("corp.example",))
    corp = Connection(name="corp", strategy="samlp", options=options, enabled_clients=("web",))
    google = Connection(name="google-oauth2", strategy="google-oauth2")
    email = Connection(name="email", strategy="email", enabled_clients=())
    databases = (Connection(name=DATABASE),)
    idp.edit(replace(ACME, databases=databases, connections=(corp, google, email)))
    settings = script_of(idp.get("/info-v1.js"), "Auth0.setTenant")
    assert settings["defaultDirectory"] == ACME.tenant.default_directory
    assert settings["clientsConnections"]["web"] == [DATABASE, "corp", "google-oauth2"]
    assert settings["clientsConnections"]["other"] == [DATABASE, "google-oauth2"]
    assert settings["connections"] == {
        "database": [
            {
                "name": DATABASE,
                "strategy": "auth0",
                "validation": {"passwordPolicy": "good"},
                "allowSignup": True,
                "allowForgot": True,
                "requiresUsername": False,
            }
        ],
        "enterprise": [{"name": "corp", "strategy": "samlp", "domains": ["corp.example"]}],
        "passwordless": [{"name": "email", "strategy": "email"}],
        "social": [{"name": "google-oauth2", "strategy": "google-oauth2"}],
    }


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/client/wbe.js", "Did you mean web?"),
        ("/client/web", "Request /client/web.js."),
        ("/client/%77eb", "Request /client/web.js."),
    ],
)
def test_auth0_client_js__refusals(idp, path, why):
    answer = idp.get(path)
    assert (answer.status_code, answer.json["error"]) == (404, "not_found")
    assert why in hint(answer)


def test_without_a_tenant_file_any_client_has_settings():
    assert script_of(TenantClient(ZERO_CONFIG).get("/client/any.js"))["id"] == "any"


@pytest.mark.parametrize(
    "path",
    [
        "/usernamepassword/challenge",
        "/dbconnections/signup/challenge",
        "/dbconnections/change_password/challenge",
        "/passwordless/challenge",
    ],
)
def test_auth0_challenge__no_captcha_is_required(idp, path):
    answer = idp.post(path, json_body={"state": "x"}, headers={"Origin": ORIGIN})
    assert (answer.status_code, answer.json) == (200, {"required": False})
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


def test_auth0_test__the_health_check(idp):
    answer = idp.get("/test")
    assert answer.json == {"clock": int(idp.tenant.now() * 1000)}


def test_webfinger__the_issuer_of_an_account(idp):
    answer = idp.get("/.well-known/webfinger", resource="acct:alice@acme.example")
    assert answer.content_type == "application/jrd+json"
    assert answer.json == {
        "subject": "acct:alice@acme.example",
        "links": [
            {"rel": "http://openid.net/specs/connect/1.0/issuer", "href": f"{idp.url}/"},
        ],
    }
    missing = idp.get("/.well-known/webfinger")
    assert missing.json["error_description"] == "Missing required parameter: resource"
