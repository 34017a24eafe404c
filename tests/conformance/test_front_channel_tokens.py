"""Tokens from the front channel, checked by independent libraries."""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import replace
from urllib.parse import parse_qsl

import pytest
from authlib.oidc.core import HybridIDToken, ImplicitIDToken
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey

from helpers.acme import ACME, API, CALLBACK, with_client, with_settings
from helpers.tenant_client import Fields, TenantClient, claims_of, header_of, hint
from mockidp.protocol.oauth.grant_types import IMPLICIT
from mockidp.resources.client_tokens import JwtConfiguration

ISSUER = "http://localhost:9400/"
SECRET = "a secret of more than 256 bits, for HS256"


def answered(idp, user="alice", **parameters):
    """Log in with the client `hybrid`; return what the fragment carries."""
    defaults = {"client_id": "hybrid", "nonce": "n-1", "response_mode": "fragment"}
    begun = idp.follow(idp.authorize(**defaults | parameters))
    reply = idp.log_in(begun.location, user) if begun.location.startswith("/u/login") else begun
    assert reply.location.startswith(CALLBACK + "#"), reply.location
    return dict(parse_qsl(reply.location.partition("#")[2]))


def half_hash(text):
    """Compute at_hash and c_hash as OpenID Connect Core 3.3.2.11 defines them."""
    digest = hashlib.sha256(text.encode()).digest()
    return urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


def verified(idp, token):
    """Verify a signature with joserfc; return header and claims."""
    if header_of(token)["alg"] == "HS256":
        key = OctKey.import_key(SECRET)
    else:
        keys = idp.get("/.well-known/jwks.json").json["keys"]
        # The keys are listed for RS256, and sign PS256 as well.
        key = KeySet.import_key_set(
            {"keys": [{name: one[name] for name in one if name != "alg"} for one in keys]}
        )
    decoded = jwt.decode(token, key, algorithms=["HS256", "RS256", "PS256"])
    return decoded.header, decoded.claims


@pytest.mark.parametrize("response_type", ["id_token", "token id_token"])
def test_oidc_core_3_2_2_11__authlib_accepts_an_implicit_id_token(idp, response_type):
    values = answered(idp, response_type=response_type)
    header, claims = verified(idp, values["id_token"])
    token = ImplicitIDToken(
        claims,
        header,
        params={"nonce": "n-1", "access_token": values.get("access_token")},
        options={"iss": {"value": ISSUER}, "aud": {"value": "hybrid"}},
    )
    token.validate(now=int(idp.tenant.now()))
    assert ("at_hash" in claims) == ("token" in response_type.split())
    assert "c_hash" not in claims


@pytest.mark.parametrize("response_type", ["code id_token", "code token id_token"])
def test_oidc_core_3_3_2_11__authlib_accepts_a_hybrid_id_token(idp, response_type):
    values = answered(idp, response_type=response_type)
    header, claims = verified(idp, values["id_token"])
    token = HybridIDToken(
        claims,
        header,
        params={
            "nonce": "n-1", "access_token": values.get("access_token"), "code": values["code"],
        },
        options={"iss": {"value": ISSUER}, "aud": {"value": "hybrid"}},
    )  # fmt: skip
    token.validate(now=int(idp.tenant.now()))


@pytest.mark.parametrize("alg", ["RS256", "HS256", "PS256"])
def test_oidc_core_3_3_2_11__the_hashes_are_those_of_the_definition(alg):
    configuration = JwtConfiguration(alg=alg)
    idp = TenantClient(
        with_client(ACME, "hybrid", jwt_configuration=configuration, client_secret=SECRET)
    )
    values = answered(idp, response_type="code token id_token")
    header, claims = verified(idp, values["id_token"])
    assert header["alg"] == alg
    assert claims["at_hash"] == half_hash(values["access_token"])
    assert claims["c_hash"] == half_hash(values["code"])


def test_oidc_core_3_3_2_11__at_hash_of_an_apis_token(idp):
    values = answered(idp, response_type="token id_token", audience=API)
    assert claims_of(values["id_token"])["at_hash"] == half_hash(values["access_token"])


def test_oidc_core_3_1_3_6__an_id_token_from_the_token_endpoint_has_no_hashes(idp):
    values = answered(idp, response_type="code token id_token")
    redeemed = idp.redeem(values["code"], client_id="hybrid").json
    first, second = claims_of(values["id_token"]), claims_of(redeemed["id_token"])
    assert {"at_hash", "c_hash"} & set(second) == set()
    for name in ("iss", "sub", "aud", "nonce", "sid"):
        assert first[name] == second[name], name


@pytest.mark.parametrize("response_type", ["token", "token id_token", "code token"])
def test_auth0_tokens__an_opaque_token_of_the_front_channel_is_valid_for_two_hours(
    idp, response_type
):
    values = answered(idp, response_type=response_type)
    assert values["expires_in"] == "7200"
    assert values["token_type"] == "Bearer"
    idp.later(7199)
    assert idp.userinfo(values["access_token"]).json["sub"] == "auth0|alice"
    idp.later(1)
    assert idp.userinfo(values["access_token"]).status_code == 401


def test_auth0_tokens__token_lifetime_for_web_sets_the_lifetime_of_an_apis_token():
    apis = tuple(
        replace(one, token_lifetime_for_web=600) if one.identifier == API else one
        for one in ACME.resource_servers
    )
    idp = TenantClient(replace(ACME, resource_servers=apis))
    values = answered(idp, response_type="token", audience=API, scope="openid read:items")
    claims = claims_of(values["access_token"])
    assert values["expires_in"] == "600"
    assert claims["exp"] - claims["iat"] == 600
    assert claims["scope"] == values["scope"] == "openid read:items"
    assert "gty" not in claims


def test_auth0_tokens__the_code_of_a_hybrid_answer_gives_a_token_of_the_usual_lifetime(idp):
    values = answered(idp, response_type="code token", audience=API)
    assert values["expires_in"] == "7200"
    assert idp.redeem(values["code"], client_id="hybrid").json["expires_in"] == 86400


def test_rfc6749_4_2_2__unknown_scopes_are_left_out_of_scope(idp):
    values = answered(idp, response_type="token", audience=API, scope="openid nothing read:items")
    assert values["scope"] == "openid read:items"


def test_rfc6749_4_2_2__without_a_scope_the_parameter_is_absent(idp):
    values = answered(idp, response_type="token", scope=None)
    assert list(values) == ["access_token", "expires_in", "token_type", "state"]


def test_rfc6749_4_2_2__the_front_channel_never_gives_a_refresh_token(idp):
    values = answered(idp, response_type="code token", audience=API, scope="openid offline_access")
    assert "refresh_token" not in values
    assert values["scope"] == "openid"
    assert claims_of(values["access_token"])["scope"] == "openid"
    assert idp.tenant.refresh_families.count() == 0
    assert "refresh_token" in idp.redeem(values["code"], client_id="hybrid").json


def test_rfc7636_4_6__the_code_of_a_hybrid_answer_keeps_its_challenge(idp):
    values = answered(
        idp, response_type="code id_token", code_challenge="c" * 43, code_challenge_method="plain"
    )
    assert idp.redeem(values["code"], client_id="hybrid").status_code == 403
    values = answered(
        idp, response_type="code id_token", code_challenge="c" * 43, code_challenge_method="plain"
    )
    redeemed = idp.redeem(values["code"], client_id="hybrid", code_verifier="c" * 43)
    assert redeemed.status_code == 200


def test_oidc_core_3_2_2_10__without_openid_there_is_no_id_token_and_a_hint(idp):
    begun = idp.authorize(
        client_id="hybrid", response_type="token id_token", nonce="n", scope="profile"
    )
    reply = idp.log_in(begun.location)
    assert "id_token" not in reply.location
    assert "access_token" in reply.location
    assert hint(reply) == (
        "The answer has no `id_token`, because the scope does not contain openid."
    )


def test_oidc_core_5_4__an_id_token_without_an_access_token_has_the_profile_with_any_setting():
    idp = TenantClient(with_settings(profile="oidc"))
    scope = "openid email"
    alone = answered(idp, response_type="id_token", scope=scope)
    assert claims_of(alone["id_token"])["email"] == "alice@acme.example"
    with_token = answered(idp, response_type="token id_token", scope=scope)
    assert "email" not in claims_of(with_token["id_token"])


def test_oidc_core_2__auth_time_in_the_front_channel(idp):
    now = int(idp.tenant.now())
    values = answered(idp, response_type="id_token", max_age="100")
    assert claims_of(values["id_token"])["auth_time"] == now
    assert "auth_time" not in claims_of(answered(idp, response_type="id_token")["id_token"])


def large(length):
    """Return a tenant whose alice has a picture of a length."""
    users = tuple(
        replace(one, picture="p" * length) if one.user_id == "auth0|alice" else one
        for one in ACME.users
    )
    return TenantClient(replace(ACME, users=users))


def test_auth0_authorize__an_id_token_too_large_for_a_fragment_is_refused():
    idp = large(4000)
    begun = idp.authorize(
        client_id="hybrid", response_type="code id_token", nonce="n", scope="openid picture"
    )
    reply = idp.log_in(begun.location)
    assert dict(parse_qsl(reply.location.partition("#")[2])) == {
        "error": "invalid_request",
        "error_description": "The generated token is too large. Try with more specific scopes.",
        "state": "s1",
    }
    assert "a fragment takes at most 3584" in hint(reply)
    assert idp.tenant.codes.count() == 0, "a code that nobody received"


def test_auth0_authorize__the_limit_of_a_fragment_is_a_setting():
    idp = TenantClient(with_settings(fragment_id_token_limit=10))
    assert answered(idp, response_type="id_token")["error"] == "invalid_request"
    assert answered(idp, response_type="code")["state"] == "s1"


def test_auth0_authorize__a_smaller_scope_or_form_post_avoids_the_limit():
    idp = large(4000)
    assert "id_token" in answered(idp, response_type="id_token")
    reply = idp.authorize(
        client_id="hybrid", response_type="id_token", nonce="n", scope="openid picture",
        response_mode="form_post",
    )  # fmt: skip
    assert claims_of(Fields(reply.text).values["id_token"])["picture"] == "p" * 4000


def test_auth0_authorize__a_legacy_client_gets_an_id_token_with_token():
    idp = TenantClient(with_client(ACME, "hybrid", oidc_conformant=False))
    values = answered(idp, response_type="token", nonce=None, scope="openid user_id")
    assert claims_of(values["id_token"])["user_id"] == "auth0|alice"
    assert "id_token" not in answered(idp, response_type="token", nonce=None, scope="email")


@pytest.mark.parametrize("conformant", [True, None])
def test_auth0_authorize__any_other_client_gets_no_id_token(conformant):
    idp = TenantClient(with_client(ACME, "hybrid", oidc_conformant=conformant))
    values = answered(idp, response_type="token", nonce=None, scope="openid user_id")
    assert "id_token" not in values
    assert values["scope"] == "openid"


def test_auth0_authorize__a_request_for_an_api_is_never_legacy():
    idp = TenantClient(with_client(ACME, "hybrid", oidc_conformant=False))
    values = answered(
        idp, response_type="token id_token", audience=API, scope="openid user_id read:items"
    )
    assert values["scope"] == "openid read:items"
    assert "user_id" not in claims_of(values["id_token"])
    assert "id_token" not in answered(idp, response_type="token", audience=API)


def test_auth0_authorize__the_code_of_a_legacy_client_keeps_the_attributes():
    idp = TenantClient(with_client(ACME, "web", oidc_conformant=False))
    tokens = idp.tokens(scope="openid user_id")
    assert claims_of(tokens["id_token"])["user_id"] == "auth0|alice"
    assert idp.userinfo(tokens["access_token"]).json["user_id"] == "auth0|alice"


def test_auth0_token__the_password_grant_is_never_legacy():
    idp = TenantClient(with_client(ACME, "web", oidc_conformant=False))
    token = idp.password_token(scope="openid user_id").json
    assert "user_id" not in claims_of(token["id_token"])


def test_auth0_authorize__an_implicit_client_needs_no_secret():
    document = with_client(
        ACME, "spa", grant_types=(IMPLICIT,), jwt_configuration=JwtConfiguration()
    )
    idp = TenantClient(document)
    values = answered(idp, client_id="spa", response_type="token id_token")
    assert claims_of(values["id_token"])["aud"] == "spa"
