"""/delegation: exchange an ID token or refresh token for an ID token of another client."""

from dataclasses import replace

import jwt
import pytest

from helpers.acme import with_client
from helpers.legacy import LEGACY_TENANT, LegacyApp, refused
from helpers.tenant_client import hint
from mockidp.protocol.tokens.base64url import base64url
from mockidp.tenant.content.tenant_settings import TenantFlags


@pytest.fixture
def idp():
    return LegacyApp()


def claims_of(token):
    return jwt.decode(token, options={"verify_signature": False})


def refresh_token(idp, client_id="old"):
    answer = idp.ro(client_id=client_id, scope="openid offline_access", device="browser")
    return answer.json["refresh_token"]


def test_auth0_delegation__an_id_token_for_another_client(idp):
    answer = idp.delegate(id_token=idp.id_token(), target="old-api", scope="openid email")
    assert list(answer.json) == ["token_type", "expires_in", "id_token"]
    assert (answer.json["token_type"], answer.json["expires_in"]) == ("Bearer", 36000)
    claims = claims_of(answer.json["id_token"])
    assert (claims["sub"], claims["aud"], claims["azp"]) == ("auth0|alice", "old-api", "old")
    assert claims["email"] == "alice@acme.example"


def test_auth0_delegation__the_target_decides_the_signature(idp):
    answer = idp.delegate(id_token=idp.id_token(), target="old-hs256", api_type="app")
    assert answer.json["expires_in"] == 600
    jwt.decode(
        answer.json["id_token"], "old-hs256-secret-of-32-characters", algorithms=["HS256"], audience="old-hs256",
        options={"verify_iat": False, "verify_exp": False},
    )  # fmt: skip


def test_auth0_delegation__without_a_target_the_client_gets_a_new_token(idp):
    answer = idp.delegate(refresh_token=refresh_token(idp), api_type="auth0")
    claims = claims_of(answer.json["id_token"])
    assert claims["aud"] == "old"
    assert "azp" not in claims


def test_auth0_delegation__a_refresh_token_can_be_used_again(idp):
    token = refresh_token(idp)
    assert [idp.delegate(refresh_token=token).status_code for _ in range(2)] == [200, 200]


def test_auth0_delegation__it_issues_no_refresh_token(idp):
    answer = idp.delegate(id_token=idp.id_token(), scope="openid offline_access")
    assert "refresh_token" not in answer.json


def test_auth0_delegation__an_hs256_token_can_be_exchanged(idp):
    token = idp.id_token(client_id="old-hs256")
    answer = idp.delegate(client_id="old-hs256", id_token=token, target="old")
    assert claims_of(answer.json["id_token"])["azp"] == "old-hs256"


@pytest.mark.parametrize("name", ["client_id", "grant_type"])
def test_auth0_delegation__missing_parameters(idp, name):
    answer = idp.delegate(**{"id_token": idp.id_token(), name: None})
    refused(answer, 400, "invalid_request", f"missing {name} parameter")


def test_auth0_delegation__needs_one_token(idp):
    refused(idp.delegate(), 400, "invalid_request", "missing id_token parameter")
    answer = idp.delegate(id_token="a", refresh_token="b")
    text = "id_token and refresh_token cannot be sent together"
    refused(answer, 400, "invalid_request", text)


@pytest.mark.parametrize(
    ("changed", "expected", "why"),
    [
        (
            {"grant_type": "password"},
            (501, "unsupported_grant_type", "Unsupported grant type: password"),
            "accepts only urn:ietf:params:oauth:grant-type:jwt-bearer",
        ),
        (
            {"client_id": "conformant"},
            (400, "invalid_request", "OIDC conformant clients cannot use /delegation"),
            "`oidc_conformant: false`",
        ),
        (
            {"client_id": "without-grants"},
            (
                403,
                "unauthorized_client",
                (
                    "Grant type 'http://auth0.com/oauth/legacy/grant-type/delegation/id_token' not "
                    "allowed for the client."
                ),
            ),
            "Add http://auth0.com/oauth/legacy/grant-type/delegation/id_token",
        ),
        (
            {"client_id": "without-grants", "id_token": None, "refresh_token": "x"},
            (
                403,
                "unauthorized_client",
                (
                    "Grant type 'http://auth0.com/oauth/legacy/grant-type/delegation/refresh_token' not "
                    "allowed for the client."
                ),
            ),
            "Add http://auth0.com/oauth/legacy/grant-type/delegation/refresh_token",
        ),
        ({"target": "old-apy"}, (403, "unauthorized_client", "invalid target"), "Did you mean"),
        (
            {"target": "choosy"},
            (403, "access_denied", "Client old is not allowed to request a token for choosy"),
            "The `allowed_clients` of client choosy are old-api. Add old.",
        ),
        (
            {"api_type": "firebase"},
            (501, "not_implemented", "Delegation for firebase is not implemented by mockidp"),
            "Auth0 issues a token for Firebase.",
        ),
        (
            {"api_type": "fire"},
            (400, "invalid_request", "unknown api_type: fire"),
            "Did you mean firebase?",
        ),
        (
            {"client_id": "old-api"},
            (400, "invalid_grant", "jwt audience invalid"),
            "The ID token was issued to client old, but client old-api sent it.",
        ),
        ({"id_token": "x"}, (400, "invalid_grant", "jwt malformed"), "is not a JWT"),
        (
            {"id_token": None, "refresh_token": "v1.unknown"},
            (403, "invalid_grant", "Unknown or invalid refresh token."),
            "This tenant never issued such a refresh token.",
        ),
    ],
)
def test_auth0_delegation__refusals(idp, changed, expected, why):
    answer = idp.delegate(**{"id_token": idp.id_token()} | changed)
    assert why in refused(answer, *expected)


def test_auth0_delegation__a_refresh_token_of_another_client(idp):
    answer = idp.delegate(client_id="old-api", refresh_token=refresh_token(idp))
    assert "issued to client old" in hint(answer)


def test_auth0_delegation__a_rotated_refresh_token(idp):
    rotating = replace(LEGACY_TENANT.clients[0].refresh_token, rotation_type="rotating")
    idp.edit(with_client(LEGACY_TENANT, "old", refresh_token=rotating))
    token = refresh_token(idp)
    stored = idp.tenant.refresh_tokens.get(token)
    family = idp.tenant.refresh_families.get(stored.family_id)
    idp.tenant.refresh_families.put(
        family.id, replace(family, latest_counter=1), expires_at=family.absolute_expires_at
    )
    assert "was exchanged for a newer one" in hint(idp.delegate(refresh_token=token))


def test_auth0_delegation__the_client_named_by_its_name_is_allowed(idp):
    idp.edit(with_client(LEGACY_TENANT, "choosy", allowed_clients=("Old App",)))
    assert idp.delegate(id_token=idp.id_token(), target="choosy").status_code == 200


@pytest.mark.parametrize("with_refresh_token", [True, False])
def test_auth0_delegation__a_blocked_user(idp, with_refresh_token):
    sent = (
        {"refresh_token": refresh_token(idp)}
        if with_refresh_token
        else {"id_token": idp.id_token()}
    )
    users = [replace(one, blocked=True) for one in LEGACY_TENANT.users]
    idp.edit(replace(LEGACY_TENANT, users=tuple(users)))
    refused(idp.delegate(**sent), 403, "invalid_grant", "user is blocked")


def test_auth0_delegation__the_endpoint_can_be_disabled(idp):
    idp.edit(replace(LEGACY_TENANT, tenant=replace(LEGACY_TENANT.tenant, flags=TenantFlags())))
    why = refused(idp.delegate(), 404, "endpoint_disabled", "Endpoint /delegation is disabled")
    assert "allow_legacy_delegation_grant_types" in why


def _changed(token, part, **values):
    """Return an ID token with other claims or header, whose signature does not match."""
    parts = token.split(".")
    read = {"header": jwt.get_unverified_header(token), "claims": claims_of(token)}
    position = 0 if part == "header" else 1
    parts[position] = base64url(
        repr(read[part] | values).replace("'", '"').replace("True", "true").encode()
    )
    return ".".join(parts)


@pytest.mark.parametrize(
    ("part", "values", "text", "why"),
    [
        ("claims", {"sub": "auth0|bob"}, "invalid signature", "was changed"),
        ("claims", {"aud": "nobody"}, "jwt audience invalid", "is not a client of this tenant"),
        ("header", {"alg": "HS256"}, "invalid signature", "The secret of client old did not sign"),
        ("header", {"alg": "none"}, "invalid signature", "signed with none"),
    ],
)
def test_auth0_delegation__a_changed_id_token(idp, part, values, text, why):
    answer = idp.delegate(id_token=_changed(idp.id_token(), part, **values))
    assert why in refused(answer, 400, "invalid_grant", text)


def test_auth0_delegation__an_expired_id_token(idp):
    token = idp.id_token()
    idp.later(36000)
    refused(idp.delegate(id_token=token), 400, "invalid_grant", "jwt expired")


def test_auth0_delegation__the_user_was_deleted(idp):
    token = idp.id_token()
    idp.edit(replace(LEGACY_TENANT, users=LEGACY_TENANT.users[-1:]))
    refused(idp.delegate(id_token=token), 400, "invalid_grant", "user not found")


@pytest.mark.parametrize("target", ["old-api", None])
def test_auth0_delegation__a_target_that_requires_organizations(idp, target):
    token = idp.id_token()
    idp.edit(with_client(LEGACY_TENANT, target or "old", organization_usage="require"))
    text = "parameter organization is required for this client"
    why = refused(idp.delegate(id_token=token, target=target), 400, "invalid_request", text)
    assert f"client {target or 'old'} is require" in why
