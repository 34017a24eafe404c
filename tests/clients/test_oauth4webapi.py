"""oauth4webapi: its flows on http and https, and what it refuses."""

from helpers.client_facts import shows
from helpers.tenant_client import claims_of

API = "https://api.acme.example/"
CLAIM = "OperationProcessingError: OAUTH_JWT_CLAIM_COMPARISON_FAILED"
ATTRIBUTE = "OperationProcessingError: OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED"
INVALID = "OperationProcessingError: OAUTH_INVALID_RESPONSE"
REFUSED = {
    "wrong issuer in discovery": ATTRIBUTE,
    "wrong state": INVALID,
    "wrong iss in the callback": INVALID,
    "wrong nonce": CLAIM,
    "wrong iss": CLAIM,
    "wrong aud": CLAIM,
    "expired ID token": "OperationProcessingError: OAUTH_JWT_TIMESTAMP_CHECK_FAILED",
    "wrong signature": INVALID,
    "wrong code verifier": "ResponseBodyError: invalid_grant",
    "unknown API": "AuthorizationResponseError: access_denied",
    "denied login": "AuthorizationResponseError: access_denied",
    "pushed request with a wrong callback": "ResponseBodyError: unauthorized_client",
    "pushed request with a wrong key": "ResponseBodyError: invalid_client",
    "reused refresh token": "ResponseBodyError: invalid_grant",
    "revoked refresh token": "ResponseBodyError: invalid_grant",
    "userinfo of another user": ATTRIBUTE,
    "unknown access token": ("WWWAuthenticateChallengeError: OAUTH_WWW_AUTHENTICATE_CHALLENGE"),
    "device without a decision": "ResponseBodyError: authorization_pending",
    "denied device": "ResponseBodyError: access_denied",
    "wrong key of private_key_jwt": "ResponseBodyError: invalid_client",
    "client credentials for an unknown API": "ResponseBodyError: access_denied",
}
PLAIN_HTTP = {
    "http without allowInsecureRequests": ("OperationProcessingError: OAUTH_HTTP_REQUEST_FORBIDDEN")
}


@shows(
    "oauth4webapi",
    "authorization code with PKCE",
    "pushed authorization request",
    "signed authorization request",
    "refresh token",
    "revocation",
    "userinfo",
    "device flow",
    "client credentials with private_key_jwt",
    refuses=REFUSED,
    over="http, https",
)
@shows("oauth4webapi", refuses=PLAIN_HTTP, over="http")
def test_oauth4webapi(flows):
    run, issuer = flows
    done = run("oauth4webapi.mjs")
    for login in ("code", "refreshed", "signed", "pushed", "device"):
        assert (done[login]["sub"], done[login]["iss"]) == ("auth0|alice", issuer)
    assert done["profile"]["email"] == "alice@acme.example"
    machine = claims_of(done["machine"]["access_token"])
    assert (machine["sub"], machine["aud"]) == ("signer@clients", API)
    assert done["refused"] == REFUSED | (PLAIN_HTTP if issuer.startswith("http:") else {})
