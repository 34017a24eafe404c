"""Discovery and keys."""

import base64
import hashlib

import jwt
import pytest
from authlib.oidc.discovery import OpenIDProviderMetadata
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding
from joserfc.jwk import KeySet

from helpers.acme import API, DATABASE, URL
from helpers.tenant_client import TenantClient, header_of

DISCOVERY = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")
JWKS = "/.well-known/jwks.json"


@pytest.mark.parametrize("path", DISCOVERY)
def test_oidc_discovery_3__the_document(idp, path):
    answer = idp.get(path)
    assert answer.content_type == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json == {
        "issuer": f"{URL}/",
        "authorization_endpoint": f"{URL}/authorize",
        "token_endpoint": f"{URL}/oauth/token",
        "device_authorization_endpoint": f"{URL}/oauth/device/code",
        "userinfo_endpoint": f"{URL}/userinfo",
        "mfa_challenge_endpoint": f"{URL}/mfa/challenge",
        "jwks_uri": f"{URL}/.well-known/jwks.json",
        "revocation_endpoint": f"{URL}/oauth/revoke",
        "end_session_endpoint": f"{URL}/oidc/logout",
        "scopes_supported": [
            "openid",
            "profile",
            "offline_access",
            "name",
            "given_name",
            "family_name",
            "nickname",
            "email",
            "email_verified",
            "picture",
            "created_at",
            "identities",
            "phone",
            "address",
        ],
        "response_types_supported": [
            "code",
            "token",
            "id_token",
            "code token",
            "code id_token",
            "token id_token",
            "code token id_token",
        ],
        "code_challenge_methods_supported": ["S256", "plain"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": [
            "client_secret_basic",
            "client_secret_post",
            "private_key_jwt",
            "tls_client_auth",
            "self_signed_tls_client_auth",
        ],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256", "RS384", "PS256"],
        "claims_supported": [
            "aud",
            "auth_time",
            "created_at",
            "email",
            "email_verified",
            "exp",
            "family_name",
            "given_name",
            "iat",
            "identities",
            "iss",
            "name",
            "nickname",
            "phone_number",
            "picture",
            "sub",
        ],
        "request_uri_parameter_supported": False,
        "request_parameter_supported": True,
        "tls_client_certificate_bound_access_tokens": True,
        "request_object_signing_alg_values_supported": ["RS256", "RS384", "PS256"],
        "id_token_signing_alg_values_supported": ["HS256", "RS256", "PS256"],
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "global_token_revocation_endpoint": (
            f"{URL}/oauth/global-token-revocation/connection/{{connectionName}}"
        ),
        "global_token_revocation_endpoint_auth_methods_supported": ["global-token-revocation+jwt"],
    }


def test_oidc_discovery_3__authlib_accepts_it():
    document = TenantClient(url="https://localhost:9443").get(DISCOVERY[0]).json
    metadata = OpenIDProviderMetadata(document)
    metadata.validate()


POSTED = {
    "token_endpoint",
    "revocation_endpoint",
    "device_authorization_endpoint",
    "mfa_challenge_endpoint",
    "global_token_revocation_endpoint",
}


def test_auth0_discovery__every_endpoint_in_it_is_there(idp):
    document = idp.get(DISCOVERY[0]).json
    for name, url in document.items():
        if name.endswith(("_endpoint", "_uri")):
            method = "POST" if name in POSTED else "GET"
            path = url.removeprefix(URL).replace("{connectionName}", DATABASE)
            answer = idp.request(method, path)
            assert answer.status_code not in {404, 501}, name


@pytest.mark.parametrize("url", ["https://localhost", "http://127.0.0.1:8080", "http://[::1]:9400"])
def test_mockidp_discovery__urls_follow_scheme_and_host_of_the_request(url):
    document = TenantClient(url=url).get(DISCOVERY[0]).json
    assert document["issuer"] == f"{url}/"
    assert document["token_endpoint"] == f"{url}/oauth/token"


@pytest.mark.parametrize(("url", "issuer"), [("http://localhost:80", "http://localhost/"), ("https://localhost:443", "https://localhost/")])  # fmt: skip
def test_rfc6454_6_1__the_default_port_of_a_scheme_is_omitted(url, issuer):
    assert TenantClient(url=url).get(DISCOVERY[0]).json["issuer"] == issuer


def test_rfc7517__the_jwks_has_current_and_next_key_in_auth0s_order(idp):
    answer = idp.get(JWKS)
    assert answer.content_type == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == (
        "public, max-age=15, stale-while-revalidate=15, stale-if-error=86400"
    )
    keys = answer.json["keys"]
    assert [list(key) for key in keys] == [["kty", "use", "n", "e", "kid", "x5t", "x5c", "alg"]] * 2
    for key in keys:
        fixed = {name: key[name] for name in ("kty", "use", "e", "alg")}
        assert fixed == {"kty": "RSA", "use": "sig", "e": "AQAB", "alg": "RS256"}
        assert len(key["kid"]) == 21
    assert keys[0]["kid"] != keys[1]["kid"]
    assert KeySet.import_key_set(answer.json)


def test_rfc7517_4_7__the_certificate_belongs_to_the_key(idp):
    for key in idp.get(JWKS).json["keys"]:
        der = base64.b64decode(key["x5c"][0])
        certificate = x509.load_der_x509_certificate(der)
        digest = base64.urlsafe_b64encode(hashlib.sha1(der).digest()).rstrip(b"=").decode()
        assert key["x5t"] == digest
        public = certificate.public_key()
        assert public.public_numbers() == jwt.PyJWK(key).key.public_numbers()
        public.verify(
            certificate.signature,
            certificate.tbs_certificate_bytes,
            padding.PKCS1v15(),
            certificate.signature_hash_algorithm,
        )
        begins = certificate.not_valid_before_utc.timestamp()
        assert begins <= idp.tenant.now() < certificate.not_valid_after_utc.timestamp()


def verified(idp, token):
    keys = jwt.PyJWKSet.from_dict(idp.get(JWKS).json)
    key = keys[header_of(token)["kid"]]
    return jwt.decode(token, key, audience=API, algorithms=["RS256"])


def test_auth0_keys__rotation_signs_with_the_next_key_and_keeps_the_old_one(idp):
    before = [key["kid"] for key in idp.get(JWKS).json["keys"]]
    old = idp.tokens(audience=API)["access_token"]
    assert idp.tenant.rotate_keys() == before[1]
    new = idp.tokens(audience=API)["access_token"]
    assert header_of(new)["kid"] == before[1]
    after = [key["kid"] for key in idp.get(JWKS).json["keys"]]
    assert (after[0], after[2]) == (before[1], before[0])
    assert after[1] not in before
    assert verified(idp, old)
    assert verified(idp, new)


def test_auth0_keys__a_revoked_key_is_removed(idp):
    old = idp.tenant.keys.current.kid
    token = idp.tokens(audience=API)["access_token"]
    idp.tenant.rotate_keys()
    assert idp.tenant.revoke_key(old)
    assert old not in [key["kid"] for key in idp.get(JWKS).json["keys"]]
    with pytest.raises(KeyError):
        verified(idp, token)


def test_auth0_keys__only_a_previous_key_can_be_revoked(idp):
    keys = idp.tenant.keys
    for kid in (keys.current.kid, keys.following.kid, "unknown"):
        assert not idp.tenant.revoke_key(kid)
    assert len(idp.get(JWKS).json["keys"]) == 2


def test_auth0_keys__two_tenants_share_no_kid():
    first, second = TenantClient().get(JWKS).json, TenantClient().get(JWKS).json
    kids = {key["kid"] for document in (first, second) for key in document["keys"]}
    assert len(kids) == 4


@pytest.mark.parametrize("path", [*DISCOVERY, JWKS])
def test_auth0_documents__head_is_answered_and_post_is_404(idp, path):
    assert idp.request("HEAD", path).status_code == 200
    assert idp.request("POST", path).status_code == 404
