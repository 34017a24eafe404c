"""SDKs that authenticate with private_key_jwt: openid-client, auth0, auth0-python and Authlib."""

import time
from urllib.parse import urlsplit

import pytest
from auth0.authentication import GetToken
from auth0.authentication.exceptions import Auth0Error
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT

from helpers.assertions import OTHER_KEY, private_pem, public_pem
from helpers.client_facts import shows
from helpers.tenant_client import claims_of
from mockidp import RemoteIdP

API = "https://api.acme.example/"
PRIVATE_KEY_JWT = ["client credentials with private_key_jwt"]
WRONG_KEY = ["wrong key of private_key_jwt"]


@pytest.fixture(scope="module", autouse=True)
def signer(acme):
    """A client of the running tenant that signs its assertions."""
    remote = RemoteIdP(acme.url)
    credential = {"name": "sdk", "pem": public_pem()}
    remote.add_client(
        "signer",
        grant_types=["client_credentials"],
        client_authentication_methods={"private_key_jwt": {"credentials": [credential]}},
    )
    remote.add_client_grant(client_id="signer", audience=API, scope=["read:items"])
    yield
    remote.remove_client("signer")


@pytest.fixture(params=["url", "tls_url"])
def issuer(request, acme, monkeypatch):
    """The issuer at http and at https, which is verified with the mock's CA."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", acme.ca_file)
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("NO_PROXY", "*")
    return getattr(acme, request.param) + "/"


def is_for_the_signer(token):
    claims = claims_of(token)
    return (claims["sub"], claims["scope"]) == ("signer@clients", "read:items")


@shows(
    "openid-client 6",
    *PRIVATE_KEY_JWT,
    refuses=[*WRONG_KEY, "reused client assertion"],
    over="http, https",
)
@shows("auth0 6", *PRIVATE_KEY_JWT, refuses=WRONG_KEY, over="https")
@shows("auth0 4", *PRIVATE_KEY_JWT, refuses=WRONG_KEY, over="https")
def test_node_sdks(node, acme, issuer):
    is_tls = issuer.startswith("https:")
    given = {
        "issuer": issuer, "clientId": "signer", "audience": API, "key": private_pem(),
        "otherKey": private_pem(OTHER_KEY), "domain": urlsplit(issuer).netloc if is_tls else None,
    }  # fmt: skip
    done = node("private-key-jwt.mjs", given, ca_file=acme.ca_file)
    for answers in done.values():
        assert is_for_the_signer(answers["token"]["value"]["access_token"])
        assert (answers["wrongKey"]["refused"]["error"]) == "invalid_client"
        assert (answers["wrongKey"]["refused"]["status"]) == 401
    openid = done["openid"]
    assert is_for_the_signer(openid["first"]["value"]["access_token"])
    for refused in ("tokenEndpoint", "again"):
        assert openid[refused]["refused"]["error"] == "invalid_client"
        assert openid[refused]["refused"]["error_description"] == "Unauthorized"
    assert set(done) == ({"openid", "auth0-6", "auth0-4"} if is_tls else {"openid"})


def test_auth0_python(issuer):
    split = urlsplit(issuer)

    def get_token(key, **options):
        client = GetToken(
            split.netloc,
            "signer",
            client_assertion_signing_key=key,
            protocol=split.scheme,
            **options,
        )
        return client.client_credentials(API)["access_token"]

    if split.scheme == "https":
        assert is_for_the_signer(get_token(private_pem()))
    for key, alg in ((private_pem(OTHER_KEY), "RS256"), (private_pem(), "RS384")):
        with pytest.raises(Auth0Error) as refused:
            get_token(key, client_assertion_signing_alg=alg)
        assert (refused.value.status_code, refused.value.error_code) == (401, "invalid_client")


def authlib_token(issuer, key, **claims):
    session = OAuth2Session("signer", key, token_endpoint_auth_method="private_key_jwt")
    url = f"{issuer}oauth/token"
    session.register_client_auth_method(PrivateKeyJWT(url, claims=claims))
    return session.fetch_token(url, grant_type="client_credentials", audience=API)["access_token"]


def test_authlib(issuer):
    soon = {"exp": int(time.time()) + 60}
    assert is_for_the_signer(authlib_token(issuer, private_pem(), aud=issuer, **soon))
    refused = (
        (private_pem(OTHER_KEY), {"aud": issuer, **soon}),
        (private_pem(), soon),  # Authlib's audience is the token endpoint
        (private_pem(), {"aud": issuer}),  # Authlib's assertions are valid for an hour
    )
    for key, claims in refused:
        with pytest.raises(OAuthError) as error:
            authlib_token(issuer, key, **claims)
        assert (error.value.error, error.value.description) == ("invalid_client", "Unauthorized")
