"""openid-client 5: its flows on http and https, and what it refuses."""

from helpers.client_facts import shows
from helpers.tenant_client import claims_of

API = "https://api.acme.example/"
LOGINS = (
    *("code", "refreshed", "posted", "hybrid", "implicit"),
    *("pushed", "signed", "recent", "basic", "device"),
)
REFUSED = {
    "wrong state": "RPError: state mismatch, expected another, got: ",
    "wrong iss in the callback": "RPError: iss mismatch, expected ",
    "wrong nonce": "RPError: nonce mismatch, expected ",
    "wrong iss": "RPError: unexpected iss value, expected ",
    "wrong aud": "RPError: aud mismatch, expected ",
    "expired ID token": "RPError: JWT expired, now ",
    "login before max_age": "RPError: too much time has elapsed since the last End-User",
    "wrong signature": "RPError: failed to validate JWT signature",
    "wrong at_hash": "RPError: at_hash mismatch, expected ",
    "wrong c_hash": "RPError: c_hash mismatch, expected ",
    "wrong code verifier": "OPError: invalid_grant (Failed to verify code verifier)",
    "used code": "OPError: invalid_grant (Invalid authorization code)",
    "denied login": "OPError: access_denied (User has canceled the interaction.)",
    "wrong client secret": "OPError: access_denied (Unauthorized)",
    "reused refresh token": "OPError: invalid_grant (Unsuccessful Refresh Token exchange, reused",
    "revoked refresh token": "OPError: invalid_grant (Unknown or invalid refresh token.)",
    "userinfo of another user": "RPError: userinfo sub mismatch, expected auth0|alice, got: auth0|",
    "unknown access token": "OPError: invalid_token (",
    "denied device": "OPError: access_denied (User cancelled the confirmation prompt.)",
    "wrong key of private_key_jwt": "OPError: invalid_client (Unauthorized)",
}


@shows(
    "openid-client 5",
    "authorization code with PKCE",
    "form_post",
    "hybrid flow",
    "implicit flow",
    "pushed authorization request",
    "signed authorization request",
    "max_age",
    "client_secret_basic",
    "refresh token",
    "revocation",
    "userinfo",
    "device flow",
    "client credentials with private_key_jwt",
    "RP-initiated logout",
    refuses=REFUSED,
    over="http, https",
)
def test_openid_client_5(flows):
    run, issuer = flows
    done = run("openid-client-5.mjs")
    for login in LOGINS:
        assert (done[login]["sub"], done[login]["iss"]) == ("auth0|alice", issuer)
    assert done["profile"]["email"] == "alice@acme.example"
    machine = claims_of(done["machine"]["access_token"])
    assert (machine["sub"], machine["aud"]) == ("signer@clients", API)
    assert done["loggedOut"] == {"status": 302, "location": "http://localhost:3000"}
    assert done["unregisteredLogout"] == {"status": 400, "location": None}
    refused = {name: error[: len(REFUSED[name])] for name, error in done["refused"].items()}
    assert refused == REFUSED
