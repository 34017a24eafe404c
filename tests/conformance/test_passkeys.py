"""Passkeys without hosted pages: /passkey/register, /passkey/challenge and the grant webauthn."""

import json
import sys
from dataclasses import replace

import pytest

from helpers.acme import API, DATABASE, ORIGIN, URL
from helpers.mfa import with_mfa
from helpers.passkeys import NEW, TENANT, PasskeyClient, authenticator, database
from helpers.tenant_client import claims_of, hint
from helpers.tenants import IN_NO_FILE
from mockidp.resources.custom_domain import CustomDomain
from mockidp.tenant.content.tenant_settings import TenantSettings
from mockidp.testing.software_authenticator import SoftwareAuthenticator


@pytest.fixture
def idp():
    return PasskeyClient()


def refused(answer, error, description, *, status=400):
    assert answer.status_code == status, answer.text
    assert answer.json == {"error": error, "error_description": description}
    return hint(answer)


# --- what is answered ---


def test_auth0_passkeys__the_answer_to_a_sign_up_challenge(idp):
    answer = idp.start("register")
    assert answer.headers["Cache-Control"].startswith("private, no-store")
    assert list(answer.json) == ["authn_params_public_key", "auth_session"]
    options = answer.json["authn_params_public_key"]
    assert options.pop("challenge")
    assert options["user"].pop("id")
    assert options == {
        "timeout": 60000,
        "rp": {"id": "localhost", "name": "localhost"},
        "pubKeyCredParams": [{"type": "public-key", "alg": alg} for alg in (-8, -7, -257)],
        "authenticatorSelection": {"residentKey": "required", "userVerification": "preferred"},
        "user": {"name": "new@acme.example", "displayName": "New"},
    }


def test_auth0_passkeys__the_answer_to_a_login_challenge(idp):
    options = idp.start().json["authn_params_public_key"]
    assert options.pop("challenge")
    assert options == {"timeout": 60000, "rpId": "localhost", "userVerification": "preferred"}


def test_a_sign_up_creates_a_user_who_logs_in_with_the_passkey(idp):
    metadata = {"plan": "gold"}
    held, answer = idp.sign_up(started=idp.start("register", user_metadata=metadata))
    assert answer.status_code == 200, (answer.text, hint(answer))
    assert answer.headers["Cache-Control"] == "no-store"
    claims = claims_of(answer.json["id_token"])
    assert (claims["email"], claims["name"]) == (NEW["email"], NEW["name"])
    assert claims["email_verified"] is False
    made = idp.tenant.directory.user(claims["sub"])
    assert (made.password, made.connection, made.user_metadata) == (None, DATABASE, metadata)
    assert idp.tenant.outbox.last(to=NEW["email"]).kind == "verify_email"
    assert claims_of(idp.log_in_with(held).json["id_token"])["sub"] == claims["sub"]


@pytest.mark.parametrize("alg", [-7, -257])
def test_other_algorithms_are_accepted(idp, alg):
    started = idp.start("register")
    options = started.json["authn_params_public_key"]
    held = SoftwareAuthenticator(URL)
    made = held.create({**options, "pubKeyCredParams": [{"type": "public-key", "alg": alg}]})
    assert idp.redeem(started.json["auth_session"], made).status_code == 200
    assert idp.log_in_with(held).status_code == 200


def test_the_answer_may_be_json_in_a_form(idp):
    challenge = idp.start().json
    answer = authenticator(idp).get(challenge["authn_params_public_key"])
    done = idp.redeem(challenge["auth_session"], json.dumps(answer), audience=API)
    assert claims_of(done.json["access_token"])["sub"] == "auth0|alice"


def test_a_realm_names_another_database(idp):
    carol = authenticator(idp, "carol")
    done = idp.log_in_with(carol, started=idp.start(realm="staff"), realm="staff")
    assert claims_of(done.json["id_token"])["sub"] == "auth0|carol"


def test_a_web_origin_an_ios_app_and_an_android_app_may_answer():
    mobile = {"android": {"sha256_cert_fingerprints": ["AB:CD", "no hexadecimal digits"]}}
    web = replace(TENANT.clients[0], extra={"mobile": mobile})
    idp = PasskeyClient(replace(TENANT, clients=(web, *TENANT.clients[1:])))
    held = authenticator(idp)
    for origin in (ORIGIN, "https://localhost", "android:apk-key-hash:q80"):
        held.origin = origin
        assert idp.log_in_with(held).status_code == 200
    held.origin = "android:apk-key-hash:AAAA"
    assert idp.log_in_with(held).status_code == 403


def test_a_second_factor_is_demanded_after_a_passkey_as_well():
    idp = PasskeyClient(with_mfa(document=TENANT))
    answer = idp.log_in_with(authenticator(idp))
    assert (answer.status_code, answer.json["error"]) == (403, "mfa_required")


# --- refusals of the challenges ---


@pytest.mark.parametrize(
    ("client_id", "why"),
    [
        ("codes", "do not contain urn:okta:params:oauth:grant-type:webauthn"),
        ("third", "Third-party clients get no passkeys"),
        ("legacy", "`oidc_conformant` of client legacy is false"),
    ],
)
def test_a_client_that_may_not_use_passkeys_is_refused(idp, client_id, why):
    description = "The client is not configured for passkeys"
    assert why in refused(idp.start(client_id=client_id), "invalid_request", description)


def test_a_wrong_secret_is_invalid_client(idp):
    answer = idp.start(client_secret="wrong")
    refused(answer, "invalid_client", "Unauthorized", status=401)


def test_a_database_without_passkeys_and_an_unknown_one_are_refused(idp):
    text = "Passkeys are not enabled for the connection"
    why = refused(idp.start(realm="plain"), "invalid_request", text)
    assert "{passkey: {enabled: true}}" in why
    why = refused(idp.start(realm="nowhere"), "invalid_request", "Unknown realm nowhere.")
    assert "has no connection 'nowhere'" in why


def test_a_tenant_without_a_default_directory_needs_a_realm(idp):
    idp.edit(replace(TENANT, tenant=TenantSettings()))
    assert idp.start().status_code == 500
    assert idp.start(realm=DATABASE).status_code == 200


@pytest.mark.parametrize(
    ("profile", "description", "why"),
    [
        (None, "Missing required parameter: user_profile", "as a JSON object"),
        ("x", "Missing required parameter: user_profile", "as a JSON object"),
        ({}, "Missing required parameter: email", "was not sent"),
        ({"email": "x"}, "invalid email address", "is not an e-mail address"),
        (NEW | {"emial": "x"}, "invalid user_profile property: emial", "Did you mean `email`?"),
        (NEW | {"phone_number": "+1"}, "invalid user_profile property: phone_number", "Send email"),
        (NEW | {"username": "x"}, "invalid user_profile property: username", "no attribute"),
        (NEW | {"nickname": ""}, "invalid user_profile property: nickname", "1 to 300"),
        ({"email": "alice@acme.example"}, "The user already exists.", "/passkey/challenge"),
    ],
)
def test_a_profile_that_is_refused(idp, profile, description, why):
    answer = idp.start("register", user_profile=profile)
    assert why in refused(answer, "invalid_request", description)


def test_user_metadata_and_usernames_are_those_of_a_sign_up(idp):
    answer = idp.start("register", user_metadata={"n": 1})
    refused(answer, "invalid_request", "user_metadata is not valid")
    idp.edit(replace(TENANT, connections=(database(DATABASE, requires_username=True),)))
    answer = idp.start("register")
    assert "requires_username" in refused(
        answer,
        "invalid_request",
        f"missing username for {DATABASE} connection with requires_username enabled",
    )
    started = idp.start("register", user_profile=NEW | {"username": "newbie"})
    _, answer = idp.sign_up(started=started)
    assert idp.tenant.directory.find_user("newbie", [DATABASE]) is not None, answer.text


def test_a_database_without_sign_ups_is_refused(idp):
    idp.edit(replace(TENANT, connections=(database(DATABASE, disable_signup=True),)))
    refused(idp.start("register"), "invalid_request", "public signup is disabled")


@IN_NO_FILE
def test_auth0s_own_domain_has_no_passkeys(idp):
    settings = replace(TENANT.mockidp, issuer="https://acme.eu.auth0.com/")
    idp.edit(replace(TENANT, mockidp=settings))
    text = "Passkeys are only available at a custom domain"
    assert "acme.eu.auth0.com" in refused(idp.start(), "invalid_request", text)


def test_the_relying_party_is_the_custom_domain_or_its_identifier():
    named = CustomDomain(
        domain="login.acme.example", extra={"relying_party_identifier": "acme.example"}
    )
    bare = CustomDomain(domain="id.acme.example")
    document = replace(TENANT, custom_domains=(named, bare))
    for host, rp_id in (("login", "acme.example"), ("id", "id.acme.example")):
        idp = PasskeyClient(document, url=f"http://{host}.acme.example:9400")
        assert idp.start().json["authn_params_public_key"]["rpId"] == rp_id


def test_an_ip_address_as_relying_party_is_explained():
    idp = PasskeyClient(url="http://127.0.0.1:9400")
    assert "because it is an IP address" in hint(idp.start())


def test_without_cbor2_the_extra_is_named(idp, monkeypatch):
    monkeypatch.setitem(sys.modules, "cbor2", None)
    answer = idp.start()
    assert (answer.status_code, answer.json["error"]) == (501, "not_implemented")
    assert 'pip install "mockidp-server[passkeys]"' in hint(answer)
