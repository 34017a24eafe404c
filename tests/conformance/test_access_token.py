"""Access tokens for an API: claims by dialect, algorithms, audience, permissions."""

import jwt
import pytest
from authlib.oauth2.rfc9068.claims import JWTAccessTokenClaims
from joserfc import jwt as jose
from joserfc.jwk import KeySet, OctKey

from helpers.acme import API, RBAC_API, URL, with_settings, with_tenant
from helpers.tenant_client import TenantClient, claims_of, header_of


def test_auth0_access_token__claims_of_a_users_token_have_auth0s_order(idp):
    body = idp.tokens(audience=API, scope="openid read:items")
    now = int(idp.tenant.now())
    assert header_of(body["access_token"]) == {
        "alg": "RS256",
        "typ": "JWT",
        "kid": idp.tenant.keys.current.kid,
    }
    assert list(claims_of(body["access_token"]).items()) == [
        ("iss", f"{URL}/"),
        ("sub", "auth0|alice"),
        ("aud", [API, f"{URL}/userinfo"]),
        ("iat", now),
        ("exp", now + 86400),
        ("azp", "web"),
        ("scope", "openid read:items"),
    ]


def test_auth0_access_token__aud_is_a_string_without_openid(idp):
    assert claims_of(idp.tokens(audience=API, scope="read:items")["access_token"])["aud"] == API


@pytest.mark.parametrize("alg", ["hs256", "ps256"])
def test_auth0_access_token__aud_is_a_string_unless_the_api_signs_rs256(idp, alg):
    audience = f"https://{alg}.example/"
    token = idp.tokens(audience=audience, scope="openid")["access_token"]
    assert claims_of(token)["aud"] == audience
    assert header_of(token)["alg"] == alg.upper()


@pytest.mark.parametrize("audience", [None, f"{URL}/userinfo"])
def test_auth0_access_token__without_an_api_it_is_opaque(idp, audience):
    token = idp.tokens(audience=audience)["access_token"]
    assert len(token) == 32
    assert token.isalnum()


def test_auth0_access_token__unknown_scopes_are_dropped_without_an_error(idp):
    body = idp.tokens(audience=API, scope="read:items read:secrets openid email")
    assert body["scope"] == "read:items openid email"


def test_auth0_rbac__scopes_and_permissions_are_the_users(idp):
    requested = "openid read:reports write:reports"
    alice = idp.tokens(audience=RBAC_API, scope=requested)
    assert alice["scope"] == "openid read:reports"
    assert claims_of(alice["access_token"])["permissions"] == ["read:reports"]
    bob = idp.tokens("bob", audience=RBAC_API, scope=requested, prompt="login")
    assert bob["scope"] == "openid write:reports"
    assert claims_of(bob["access_token"])["permissions"] == ["write:reports"]


def test_auth0_rbac__a_scope_that_the_user_may_not_have_is_dropped_with_a_hint(idp):
    idp.tokens(audience=RBAC_API, scope="openid read:reports write:reports unknown")
    hints = [one.hint for one in idp.tenant.journal if "write:reports" in one.hint]
    expected = (
        f"User auth0|alice does not get `write:reports`: API {RBAC_API} has `enforce_policies`, and "
        "neither the user nor a role of the user has that permission."
    )
    assert hints == [expected]


def test_auth0_rbac__permissions_are_included_without_a_request_even_if_empty(idp):
    assert claims_of(idp.tokens(audience=RBAC_API)["access_token"])["permissions"] == [
        "read:reports"
    ]
    other = "https://rfc9068-authz.example/"
    assert claims_of(idp.tokens(audience=other)["access_token"])["permissions"] == []


def test_auth0_rbac__a_plain_dialect_has_no_permissions(idp):
    assert "permissions" not in claims_of(idp.tokens(audience=API)["access_token"])


def test_rfc9068_2_2__the_dialect_has_its_own_claims(idp):
    token = idp.password_token(audience="https://rfc9068.example/", scope="read:x")
    access_token = token.json["access_token"]
    claims = claims_of(access_token)
    assert header_of(access_token)["typ"] == "at+jwt"
    assert list(claims) == ["iss", "sub", "aud", "iat", "exp", "client_id", "scope", "jti"]
    again = idp.password_token(audience="https://rfc9068.example/").json["access_token"]
    assert claims_of(again)["jti"] != claims["jti"]


def test_rfc9068__authlib_accepts_the_dialect(idp):
    token = idp.tokens(audience="https://rfc9068-authz.example/")["access_token"]
    keys = KeySet.import_key_set(idp.get("/.well-known/jwks.json").json)
    decoded = jose.decode(token, keys, algorithms=["RS256"])
    claims = JWTAccessTokenClaims(decoded.claims, decoded.header)
    claims.validate(now=int(idp.tenant.now()))


def test_auth0_access_token__hs256_is_signed_with_the_apis_secret(idp):
    token = idp.tokens(audience="https://hs256.example/", scope="read:x")["access_token"]
    assert header_of(token) == {"alg": "HS256", "typ": "JWT"}
    jose.decode(token, OctKey.import_key("s" * 32), algorithms=["HS256"])


def test_auth0_access_token__ps256_is_signed_with_the_tenants_key(idp):
    token = idp.tokens(audience="https://ps256.example/", scope="read:x")["access_token"]
    key = idp.tenant.keys.current.public_key
    assert jwt.decode(token, key, algorithms=["PS256"], audience="https://ps256.example/")


def test_auth0_access_token__pyjwt_verifies_it_with_the_served_keys(idp):
    token = idp.tokens(audience=API)["access_token"]
    keys = jwt.PyJWKSet.from_dict(idp.get("/.well-known/jwks.json").json)
    key = keys[header_of(token)["kid"]]
    claims = jwt.decode(token, key, audience=API, issuer=f"{URL}/", algorithms=["RS256"])
    assert claims["sub"] == "auth0|alice"


def test_auth0_access_token__the_issuer_follows_the_request(idp):
    elsewhere = idp.another_browser("https://idp.test")
    assert claims_of(elsewhere.tokens(audience=API)["access_token"])["iss"] == "https://idp.test/"


@pytest.mark.parametrize("issuer", ["https://acme.example", "https://acme.example/"])
def test_mockidp_issuer__a_setting_applies_to_every_host_name(issuer):
    idp = TenantClient(with_settings(issuer=issuer))
    body = idp.tokens(audience=API)
    assert claims_of(body["id_token"])["iss"] == "https://acme.example/"
    access = claims_of(body["access_token"])
    assert access["iss"] == "https://acme.example/"
    assert access["aud"] == [API, "https://acme.example/userinfo"]
    assert idp.userinfo(body["access_token"]).status_code == 200
    for own in ("userinfo", "api/v2/"):
        assert idp.callback(audience=f"https://acme.example/{own}")["code"]
    assert idp.get("/.well-known/openid-configuration").json["issuer"] == "https://acme.example/"


def test_auth0_access_token__the_default_audience_applies_to_the_password_grant():
    idp = TenantClient(with_tenant(default_audience=API))
    assert claims_of(idp.password_token().json["access_token"])["aud"] == API
