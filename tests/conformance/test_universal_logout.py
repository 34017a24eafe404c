"""Universal Logout: the identity provider of a connection logs a user out everywhere."""

from dataclasses import replace

import pytest

from helpers.acme import API
from helpers.assertions import OTHER_KEY
from helpers.backchannel_app import delivered, with_logout_url
from helpers.mfa import refused
from helpers.providers import AtProvider
from helpers.tenant_client import hint, sent_to_callback
from helpers.universal_logout import (
    ISSUER,
    PATH,
    SAML_ISSUER,
    TENANT,
    revocation_token,
    revoke,
    subject,
)
from mockidp.protocol.logout.global_revocation import AUTH_METHOD

UNAUTHORIZED = (401, "invalid_token", "Unauthorized")
INVALID = (400, "invalid_request", "Invalid subject")
CAROL, DAVE = "okta|acme|00u1", "okta|acme|00u2"


@pytest.fixture
def idp():
    return AtProvider(TENANT)


def log_in(idp, user_id=CAROL, connection="acme"):
    """Log a user in at the identity provider. Return the tokens."""
    url = idp.open_provider(connection, scope="openid offline_access", audience=API)
    return idp.redeem(idp.come_back(idp.pick(url, user_id))["code"]).json


def test_auth0_universal_logout__sessions_end_and_refresh_tokens_are_revoked(idp):
    tokens = log_in(idp)
    other = AtProvider(tenant=idp.tenant)
    others = log_in(other, DAVE)
    answer = revoke(idp)
    assert (answer.status_code, answer.data) == (204, b"")
    assert hint(answer) == ""
    assert sent_to_callback(idp.authorize(prompt="none"))["error"] == "login_required"
    assert idp.refresh(tokens["refresh_token"]).status_code == 403
    assert other.refresh(others["refresh_token"]).status_code == 200


def test_auth0_universal_logout__access_tokens_stay_valid(idp):
    tokens = log_in(idp)
    assert revoke(idp).status_code == 204
    assert idp.userinfo(tokens["access_token"]).status_code == 200


def test_auth0_universal_logout__apps_get_logout_tokens(app):
    idp = AtProvider(with_logout_url(app.url, document=TENANT))
    log_in(idp)
    revoke(idp)
    (token,) = delivered(idp)
    assert (token.initiator, token.user_id, token.state) == ("idp-logout", CAROL, "delivered")


def test_auth0_universal_logout__a_user_without_a_session_is_logged_out_already(idp):
    assert revoke(idp).status_code == 204
    assert revoke(idp).status_code == 204


@pytest.mark.parametrize("name", ["sub_id", "subject"])
def test_auth0_universal_logout__the_subject_has_the_name_of_either_draft(idp, name):
    log_in(idp)
    assert revoke(idp, body={name: subject("00u1")["sub_id"]}).status_code == 204
    assert idp.tenant.journal.last("global_token_revocation").user == CAROL


@pytest.mark.parametrize(
    ("connection", "sub", "options", "iss"),
    [
        ("acme", "00u3", {}, ISSUER),
        ("Acme%20OIDC", "00u1", {"sub": "any"}, ISSUER),
        (
            "acme-saml",
            "grace@acme.example",
            {"iss": SAML_ISSUER, "sub": "0oa2"},
            "http://idp.example/saml",
        ),
    ],
)
def test_auth0_universal_logout__connections_to_okta_have_three_strategies(
    idp, connection, sub, options, iss
):
    answer = revoke(idp, connection=connection, body=subject(sub, iss), **options)
    assert answer.status_code == 204


def test_auth0_universal_logout__any_host_name_of_the_tenant_is_its_audience(idp):
    url = f"https://127.0.0.1:9400{PATH}acme"
    assert revoke(idp, aud=["https://other.example/", url]).status_code == 204


def test_auth0_universal_logout__a_jwt_without_optional_claims_is_accepted(idp):
    assert revoke(idp, iat=None, nbf=None).status_code == 204


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        ({"typ": "JWT"}, "Its `typ` is 'JWT' instead of global-token-revocation+jwt."),
        ({"typ": None}, "Its `typ` is None"),
        ({"key": OTHER_KEY}, "The signature does not match the content"),
        ({"key": "s" * 32, "alg": "HS256"}, "signed with HS256 instead of RS256"),
        ({"iss": "https://other.okta.com"}, "Its `iss` is 'https://other.okta.com' instead of"),
        ({"iss": None}, "Its `iss` is None instead of"),
        ({"sub": "0oa9"}, "Its `sub` is '0oa9' instead of 0oa1."),
        ({"aud": "https://other.example/"}, "It has to be this endpoint's URL."),
        ({"aud": None}, "Its `aud` is None."),
        ({"jti": None}, "Its `jti` is missing"),
        ({"jti": ""}, "Its `jti` is missing"),
        ({"exp": None}, "Its `exp` is missing"),
        ({"exp": 1}, "It expired"),
        ({"nbf": 2**40}, "Its `nbf` is not a number, or in the future."),
        ({"iat": 2**40}, "Its `iat` is not a number, or in the future."),
        ({"token": "none"}, "A JWT has three parts"),
    ],
)
def test_auth0_universal_logout__other_jwts_are_refused_with_401(idp, options, cause):
    tokens = log_in(idp)
    answer = revoke(idp, **options)
    assert refused(answer) == UNAUTHORIZED
    assert hint(answer).startswith("The JWT of the identity provider was refused.")
    assert cause in hint(answer)
    assert idp.refresh(tokens["refresh_token"]).status_code == 200


def test_auth0_universal_logout__a_jwt_works_once(idp):
    token = revocation_token(f"{idp.url}{PATH}acme", now=idp.tenant.now())
    assert revoke(idp, token=token).status_code == 204
    answer = revoke(idp, token=token)
    assert refused(answer) == UNAUTHORIZED
    assert "A JWT with this `jti` was used before." in hint(answer)


def test_auth0_universal_logout__a_request_without_a_jwt_is_400(idp):
    answer = revoke(idp, token="")
    assert refused(answer) == (400, "invalid_request", "Missing authentication")
    assert "The request has no bearer token." in hint(answer)


def test_auth0_universal_logout__a_connection_without_a_key_is_explained(idp):
    answer = revoke(idp, connection="no-key")
    assert refused(answer) == UNAUTHORIZED
    assert "No entry of `mockidp.identity_providers` has the key of connection no-key" in (
        hint(answer)
    )


@pytest.mark.parametrize(
    ("connection", "expected", "cause"),
    [
        ("acmee", (404, "not_found", "Not Found"), "Did you mean acme?"),
        (
            "google-oauth2",
            (400, "invalid_request", "Invalid connection"),
            "has the strategy google-oauth2. Auth0 supports Universal Logout for oidc, okta, samlp.",
        ),
    ],
)
def test_auth0_universal_logout__other_connections_are_refused(idp, connection, expected, cause):
    answer = revoke(idp, connection=connection)
    assert refused(answer) == expected
    assert cause in hint(answer)


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ({}, "The body has the members none. Send `sub_id` only."),
        ({"user": "carol"}, "The body has the members user."),
        (subject("00u1") | {"reason": "x"}, "The body has the members sub_id, reason."),
        (subject("00u1") | {"subject": {}}, "The body has the members sub_id, subject."),
        ({"sub_id": "00u1"}, "Auth0 supports only the format iss_sub."),
        ({"sub_id": {"format": "email", "email": "carol@acme.example"}}, "only the format iss_sub"),
        ({"sub_id": {"format": "opaque", "id": "00u1"}}, "select Issuer and Subject Identifier"),
        ({"sub_id": {"format": "iss_sub", "iss": ISSUER}}, "Send strings as `format`, `iss` and"),
        ({"sub_id": {"format": "iss_sub", "iss": ISSUER, "sub": 1}}, "Send strings as"),
        ({"sub_id": {"format": "iss_sub", "iss": "", "sub": "00u1"}}, "Send strings as"),
        (
            {"sub_id": {"format": "iss_sub", "iss": ISSUER, "sub": "00u1", "id": "x"}},
            "and no other members.",
        ),
    ],
)
def test_rfc9493_3__other_subjects_are_refused(idp, body, cause):
    answer = revoke(idp, body=body)
    assert refused(answer) == INVALID
    assert cause in hint(answer)


def test_auth0_universal_logout__a_body_that_is_not_json_is_refused(idp):
    token = revocation_token(f"{idp.url}{PATH}acme", now=idp.tenant.now())
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    answer = idp.request("POST", f"{PATH}acme", headers=headers, data="{")
    assert refused(answer) == (400, "invalid_request", "Invalid JSON")


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (subject("00u9"), "such as okta|acme|SUB."),
        (subject("alice"), "No user of connection acme has this `sub`."),
        (subject("00u1", "https://other.okta.com"), "The `iss` of the subject is https://other"),
    ],
)
def test_auth0_universal_logout__an_unknown_user_is_404(idp, body, cause):
    answer = revoke(idp, body=body)
    assert refused(answer) == (404, "not_found", "User not found")
    assert cause in hint(answer)


@pytest.mark.parametrize("document", ["openid-configuration", "oauth-authorization-server"])
def test_auth0_universal_logout__discovery_names_the_endpoint(idp, document):
    found = idp.get(f"/.well-known/{document}").json
    assert found["global_token_revocation_endpoint"] == f"{idp.url}{PATH}{{connectionName}}"
    assert found["global_token_revocation_endpoint_auth_methods_supported"] == [AUTH_METHOD]


def test_auth0_universal_logout__an_export_may_name_no_key(idp):
    idp.edit(replace(TENANT, mockidp=replace(TENANT.mockidp, identity_providers=())))
    assert refused(revoke(idp)) == UNAUTHORIZED
