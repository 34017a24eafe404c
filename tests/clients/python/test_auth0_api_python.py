"""auth0-api-python: an API that verifies the access tokens of its callers."""

import asyncio
import functools
from urllib.parse import urlsplit

import pytest
from auth0_api_python import ApiClient, ApiClientOptions
from auth0_api_python.errors import (
    ApiError,
    MissingAuthorizationError,
    MissingRequiredArgumentError,
    VerifyAccessTokenError,
)

from helpers.client_facts import refusals, shows
from mockidp.protocol.oauth.grant_types import TOKEN_EXCHANGE

API = "https://api.acme.example/"
LEGACY = "urn:acme:legacy-token"
sdk = functools.partial(shows, "auth0-api-python", over="https")


@pytest.fixture
def api(idp, trusted_ca):
    """Return a function that creates an API, which keeps its keys as long as it exists."""
    domain = urlsplit(idp.tls_url).netloc
    return lambda **options: ApiClient(
        ApiClientOptions(**{"domain": domain, "audience": API} | options)
    )


@pytest.fixture
def token(idp):
    """Return a function that mints a token of alice for the API."""
    return functools.partial(idp.access_token, user="alice", audience=API, url=idp.tls_url)


def verify(api, token, **options):
    return asyncio.run(api.verify_access_token(token, **options))


@sdk("access tokens")
def test_a_users_token_is_accepted(api, token):
    claims = verify(api(), token(scope="read:items"))
    assert (claims["sub"], claims["scope"]) == ("auth0|alice", "read:items")


@sdk("requests with a bearer token", refuses=["request without a token"])
def test_a_request_is_verified(api, token):
    headers = {"Authorization": f"Bearer {token()}"}
    assert asyncio.run(api().verify_request(headers))["sub"] == "auth0|alice"
    with pytest.raises(MissingAuthorizationError) as refused:
        asyncio.run(api().verify_request({}))
    assert refused.value.get_headers()["WWW-Authenticate"].startswith("Bearer realm=")


@sdk("required custom claims", refuses=["token without a required claim"])
def test_a_custom_claim_can_be_required(api, token):
    plan = {"https://acme.example/plan": "pro"}
    assert verify(api(), token(claims=plan), required_claims=list(plan)).items() >= plan.items()
    with pytest.raises(VerifyAccessTokenError, match="Missing required claim: https://acme"):
        verify(api(), token(), required_claims=list(plan))


@sdk("several domains", refuses=["domain that is not in the list"])
def test_an_api_accepts_several_domains(api, token, idp):
    domain = urlsplit(idp.tls_url).netloc
    assert verify(api(domain=None, domains=["other.example", domain]), token())["sub"]
    with pytest.raises(VerifyAccessTokenError, match="not in the list of allowed domains"):
        verify(api(domain=None, domains=["other.example"]), token())


FLAWS = {
    "expired token": ({"expired": True}, "expired"),
    "wrong audience": ({"wrong": "aud"}, "Audience"),
    "wrong issuer": ({"wrong": "iss"}, "issuer"),
    "token with HS256": ({"alg": "HS256"}, "'HS256' is not"),
    "unsigned token": ({"alg": "none"}, "Signature"),
    "unknown key": ({"kid": "unknown"}, "No matching key"),
    "wrong signature": ({"signature": "another_key"}, "Signature"),
}


@pytest.mark.parametrize(("flaw", "message"), refusals("auth0-api-python", FLAWS, over="https"))
def test_a_bad_token_is_refused(api, token, flaw, message):
    with pytest.raises(VerifyAccessTokenError, match=message) as refused:
        verify(api(), token(**flaw))
    assert (refused.value.get_status_code(), refused.value.get_error_code()) == (
        401, "invalid_token",
    )  # fmt: skip


@sdk(refuses=["opaque token", "empty token"])
def test_a_token_that_is_no_jwt_is_refused(api, token):
    with pytest.raises(VerifyAccessTokenError, match="Failed to parse token header"):
        verify(api(), token(audience=None))
    with pytest.raises(MissingRequiredArgumentError):
        verify(api(), "")


@sdk(refuses=["token of the http origin"])
def test_a_token_of_the_other_origin_is_refused(api, token, idp):
    with pytest.raises(VerifyAccessTokenError, match="Invalid token issuer format"):
        verify(api(), token(url=idp.url))


@sdk("key rotation", refuses=["key that is newer than the cached keys", "revoked key"])
def test_an_api_follows_a_key_rotation(api, token, idp):
    cached = api()
    first = token()
    assert verify(cached, first)
    idp.rotate_keys()
    assert verify(cached, token())  # the next key was published before
    idp.rotate_keys()
    with pytest.raises(VerifyAccessTokenError, match="No matching key found"):
        verify(cached, token())
    assert verify(api(), token())
    assert verify(api(), first)
    oldest = idp.list_keys()[-1]
    idp.revoke_key(oldest.kid)
    with pytest.raises(VerifyAccessTokenError, match="No matching key found"):
        verify(api(), first)


@sdk(
    "custom token exchange",
    refuses=["unknown subject token", "token exchange with a wrong secret"],
)
def test_a_token_is_exchanged(api, idp):
    def exchange(subject_token, *, secret="acme-web-secret"):
        client = api(client_id="acme-web", client_secret=secret)
        return asyncio.run(client.get_token_by_exchange_profile(subject_token, LEGACY, API))

    def decide(exchange):
        if exchange.subject_token != "known":
            exchange.reject_invalid_subject_token("unknown")
        return "alice"

    idp.add_token_exchange_profile("legacy", subject_token_type=LEGACY)
    idp.exchange_tokens("legacy", decide)
    allowed = {"allow_any_profile_of_type": ["custom_authentication"]}
    idp.patch_client("acme-web", token_exchange=allowed, grant_types=[TOKEN_EXCHANGE])
    assert verify(api(), exchange("known")["access_token"])["sub"] == "auth0|alice"
    for arguments, error in (
        ({"subject_token": "stolen"}, ("invalid_request", 400)),
        ({"subject_token": "known", "secret": "wrong"}, ("access_denied", 401)),
    ):
        with pytest.raises(ApiError) as refused:
            exchange(**arguments)
        assert (refused.value.code, refused.value.status_code) == error


@sdk("token exchange on behalf of a user", refuses=["access token for another API"])
def test_a_token_is_exchanged_on_behalf_of_its_user(api, idp, token):
    downstream = "https://stock.example/"
    idp.add_api(downstream, scopes=["read:stock"])
    idp.add_client(
        "items-service",
        client_secret="items-secret",
        app_type="resource_server",
        resource_server_identifier=API,
        grant_types=[TOKEN_EXCHANGE],
        token_exchange={"allow_any_profile_of_type": ["on_behalf_of_token_exchange"]},
    )
    client = api(client_id="items-service", client_secret="items-secret")

    def exchange(subject_token):
        return asyncio.run(client.get_token_on_behalf_of(subject_token, downstream))

    result = exchange(token())
    assert (result["scope"], result["token_type"]) == ("read:stock", "Bearer")
    claims = verify(api(audience=downstream), result["access_token"])
    assert (claims["sub"], claims["act"]["sub"]) == ("auth0|alice", "items-service")
    with pytest.raises(ApiError) as refused:
        exchange(result["access_token"])
    assert (refused.value.code, refused.value.status_code) == ("invalid_request", 401)


@sdk(refuses=["untrusted certificate"])
def test_https_needs_the_ca(api, token, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(VerifyAccessTokenError, match="CERTIFICATE_VERIFY_FAILED"):
        verify(api(), token())
