"""APIs that express-oauth2-jwt-bearer and jwks-rsa protect, with tokens of a running tenant."""

import time

import jwt
import pytest
import requests

from helpers.client_facts import shows
from helpers.tenant_client import claims_of

API = "https://api.acme.example/"
REPORTS = "https://reports.acme.example/"
ALICE = {"username": "alice@acme.example", "password": "Passw0rd!"}


@pytest.fixture(scope="module", params=["url", "tls_url"])
def guarded(request, node, acme, signing_key):
    """Return the responses of the two guarded APIs to each token, for the tenant at http and https."""
    base = getattr(acme, request.param)

    def get_token(**parameters):
        with requests.Session() as session:
            session.trust_env = False  # no proxy
            answer = session.post(
                f"{base}/oauth/token", json=parameters, verify=acme.ca_file, timeout=10
            )
        assert answer.status_code == 200, answer.text
        return answer.json()["access_token"]

    machine = {"client_id": "acme-m2m", "client_secret": "acme-m2m-secret"}
    web = {"client_id": "acme-web", "client_secret": "acme-web-secret", **ALICE}
    good = get_token(grant_type="client_credentials", audience=API, **machine)

    def sign_again(**changes):
        kid = jwt.get_unverified_header(good)["kid"]
        return jwt.encode(claims_of(good) | changes, signing_key, "RS256", {"kid": kid})

    now = int(time.time())
    tokens = {
        "good": good,
        "user's": get_token(grant_type="password", audience=API, scope="openid read:items", **web),
        "signed again": sign_again(),
        "expired": sign_again(iat=now - 7200, exp=now - 3600),
        "opaque": get_token(grant_type="password", scope="openid", **web),
        "wrong audience": get_token(grant_type="password", audience=REPORTS, **web),
        "without the scope": get_token(grant_type="password", audience=API, scope="openid", **web),
        "tampered": good[:-8] + ("A" * 8),
        "none": "",
    }
    given = {"issuer": f"{base}/", "audience": API, "scope": "read:items", "tokens": tokens}
    return node("guards.cjs", given, ca_file=acme.ca_file)


# The message of each guard shows that the token failed for the intended reason.
MESSAGES = {
    "express-oauth2-jwt-bearer": {
        "opaque": "Invalid Token or Protected Header formatting",
        "wrong audience": "Unexpected 'aud' value",
        "expired": '"exp" claim timestamp check failed',
        "tampered": "signature verification failed",
        "none": "Unauthorized",
    },
    "jwks-rsa": {
        "opaque": "jwt malformed",
        "wrong audience": f"jwt audience invalid. expected: {API}",
        "expired": "jwt expired",
        "tampered": "invalid signature",
        "none": "jwt must be provided",
    },
}


REFUSED_TOKENS = ["opaque token", "wrong aud", "expired token", "wrong signature", "no token"]


@shows("express-oauth2-jwt-bearer", refuses=REFUSED_TOKENS, over="http, https")
@shows("jwks-rsa", refuses=REFUSED_TOKENS, over="http, https")
@pytest.mark.parametrize("guard", MESSAGES)
@pytest.mark.parametrize("token", ["opaque", "wrong audience", "expired", "tampered", "none"])
def test_a_guarded_api_refuses_other_tokens(guarded, guard, token):
    answer = guarded[guard][token]
    assert (answer["status"], answer["message"]) == (401, MESSAGES[guard][token])


@shows("express-oauth2-jwt-bearer", refuses=["token without the scope"], over="http, https")
def test_a_guarded_api_refuses_a_token_without_the_scope(guarded):
    answer = guarded["express-oauth2-jwt-bearer"]["without the scope"]
    assert (answer["status"], answer["message"]) == (403, "Insufficient Scope")


@shows("express-oauth2-jwt-bearer", "access token of a machine or a user", over="http, https")
@shows("jwks-rsa", "access token of a machine or a user", over="http, https")
@pytest.mark.parametrize("guard", MESSAGES)
@pytest.mark.parametrize(
    ("token", "subject"),
    [
        ("good", "acme-m2m@clients"),
        ("signed again", "acme-m2m@clients"),
        ("user's", "auth0|alice"),
    ],
)
def test_a_guarded_api_accepts_a_token_for_it(guarded, guard, token, subject):
    assert guarded[guard][token] == {"status": 200, "sub": subject}
