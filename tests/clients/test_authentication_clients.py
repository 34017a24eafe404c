"""Authentication clients of Auth0, old and new: grants, accounts, passwordless, PAR, exchanges."""

from pathlib import Path
from urllib.parse import urlsplit

import jwt
import pytest
import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from helpers.client_facts import facts, shows

HERE = Path(__file__).parent
API = "https://api.acme.example/"
TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
GOOGLE = "http://auth0.com/oauth/token-type/google-id-token"
SENT = "We've just sent you an email to reset your password."
COMBINATION = "Invalid subject_token_type and requested_token_type combination."
REFUSED = {
    "wrongPassword": (403, "invalid_grant", "Wrong email or password."),
    "wrongAudience": (
        400, "invalid_request", "invalid audience specified for password grant exchange",
    ),
    "wrongSecret": (401, "access_denied", "Unauthorized"),
    "unknownRefreshToken": (403, "invalid_grant", "Unknown or invalid refresh token."),
    "machineWrongSecret": (401, "access_denied", "Unauthorized"),
    "machineWrongAudience": (
        403, "access_denied", "Service not enabled within domain: https://no.example/",
    ),
    "machineWithoutGrant": (
        403, "unauthorized_client", "Grant type 'client_credentials' not allowed for the client.",
    ),
    "signedUpAgain": (400, "invalid_signup", "Invalid sign up"),
    "badEmail": (400, "invalid_request", "Email is not valid."),
    "wrongCode": (403, "invalid_grant", "Wrong email or verification code."),
    "sentToNobody": (
        400, "bad.email", "error in email - email format validation failed: no address",
    ),
}  # fmt: skip
"""What every client reports: status, error and description."""
REFUSED_TO_NEW = {
    "pushedWrongCallback": (
        403,
        "unauthorized_client",
        "Callback URL mismatch. https://evil/ is not in the list of allowed callback URLs",
    ),
    "pushedWrongAudience": (403, "access_denied", "Service not found: https://no.example/"),
    "pushedWrongSecret": (401, "invalid_client", "Unauthorized"),
    "exchangedUnknown": (400, "invalid_request", "Invalid subject_token"),
    "exchangedDenied": (403, "access_denied", "Reported as stolen."),
    "exchangedWrongType": (400, "invalid_request", COMBINATION),
    "nativeUnknown": (403, "invalid_grant", "Invalid authorization code"),
    "nativeNotAllowed": (
        403,
        "unauthorized_client",
        f"Grant type {TOKEN_EXCHANGE} with subject_token_type {GOOGLE} not allowed for the client.",
    ),
}


@pytest.fixture(scope="module")
def server(serving, tmp_path_factory):
    """The running tenant."""
    folder = tmp_path_factory.mktemp("authentication")
    with serving(folder, HERE / "authentication_tenant.yaml", example=None) as server:
        yield server


def subject_of(step):
    return jwt.decode(step["value"]["access_token"], options={"verify_signature": False})["sub"]


def refusals(done, names):
    return {
        name: (one["status"], one["error"], one["description"])
        for name in names
        for one in [done[name]["refused"]]
    }


WORKS = (
    "password grant",
    "refresh token",
    "client credentials",
    "sign-up",
    "password reset",
    "passwordless code",
)
REFUSES = (
    "wrong password",
    "unknown API",
    "wrong client secret",
    "unknown refresh token",
    "grant type that the client may not use",
    "sign-up of a known address",
    "weak password",
    "invalid e-mail address",
    "wrong passwordless code",
)
NEW_WORKS = ("pushed authorization request", "token exchange", "native social login")
NEW_REFUSES = (
    "pushed request with a wrong callback",
    "unknown subject token",
    "unknown code of Apple",
    "native social login that the client may not use",
)


@pytest.mark.parametrize(
    "sdk",
    [
        pytest.param(
            f"auth0-{major}",
            marks=facts(
                f"auth0 {major}",
                *(WORKS + (NEW_WORKS if is_new else ())),
                refuses=REFUSES + (NEW_REFUSES if is_new else ()),
                over="https",
            ),
        )
        for major, is_new in ((6, True), (4, True), (3, False), (2, False))
    ],
)
def test_auth0_for_node(node, server, sdk):
    done = node(
        "authentication.cjs",
        {
            "sdk": sdk,
            "domain": urlsplit(server.tls_url).netloc,
            "web": {"clientId": "web", "clientSecret": "web-secret"},
            "machine": {"clientId": "jobs", "clientSecret": "jobs-secret"},
            "audience": API,
            "callback": "http://localhost:3000/callback",
            "users": {
                "alice": {"username": "alice@acme.example", "password": "Passw0rd!"},
                "signedUp": {"email": f"{sdk}@acme.example", "password": "Passw0rd!"},
                "withCode": f"code-{sdk}@acme.example",
            },
            "subject": {"type": "urn:acme:legacy-token", "token": "legacy-alice"},
        },
        ca_file=server.ca_file,
    )
    assert refusals(done, REFUSED) == REFUSED
    assert done["codeAgain"]["refused"]["error"] == "invalid_grant"
    assert done["weakPassword"]["refused"]["status"] == 400
    assert subject_of(done["password"]) == subject_of(done["refreshed"]) == "auth0|alice"
    assert subject_of(done["machine"]) == "jobs@clients"
    assert done["signedUp"]["value"]["email"] == f"{sdk}@acme.example"
    assert {"id_token", "access_token"} <= done["loggedIn"]["value"].keys()
    assert {"id_token", "access_token"} <= done["byCode"]["value"].keys()
    for name in ("reset", "resetOfNobody"):
        assert done[name]["value"] in (SENT, {})  # old SDKs expect JSON
    if sdk in ("auth0-6", "auth0-4"):
        assert refusals(done, REFUSED_TO_NEW) == REFUSED_TO_NEW
        assert done["pushed"]["value"]["expires_in"] == 30
        assert subject_of(done["exchanged"]) == "auth0|alice"
        id_token = done["native"]["value"]["id_token"]
        claims = jwt.decode(id_token, options={"verify_signature": False})
        assert claims["sub"] == "apple|ada"


@pytest.mark.parametrize(
    "major",
    [
        pytest.param(
            major, marks=facts(f"auth0-python {major}", *WORKS, refuses=REFUSES, over="http")
        )
        for major in (3, 5)
    ],
)
def test_auth0_python(old_auth0_python, server, major):
    done = old_auth0_python(
        {
            "major": major,
            "domain": urlsplit(server.url).netloc,
            "protocol": "http",
            "audience": API,
            "withCode": f"code-python-{major}@acme.example",
        }
    )
    without_text = {name: (*REFUSED[name][:2], "") for name in ("signedUpAgain", "badEmail")}
    assert refusals(done, REFUSED) == REFUSED | without_text  # it only reads error_description
    assert refusals(done, ["unknownRealm", "revokedRefreshToken"]) == {
        "unknownRealm": (400, "invalid_request", "Unknown realm nobody."),
        "revokedRefreshToken": REFUSED["unknownRefreshToken"],
    }
    assert done["sentWithoutSecret"]["refused"]["status"] == 403
    assert done["weakPassword"]["refused"]["status"] == 400
    assert subject_of(done["password"]) == subject_of(done["refreshed"]) == "auth0|alice"
    assert subject_of(done["machine"]) == "jobs@clients"
    assert done["signedUp"]["value"]["email_verified"] is False
    assert done["reset"]["value"] == SENT
    assert done["sentCode"]["value"]["email"] == f"code-python-{major}@acme.example"


@shows(
    "Authlib (requests)",
    "token exchange",
    refuses=[
        "unknown subject token",
        "denied subject token",
        "unknown type of subject token",
        "wrong client secret",
    ],
    over="http",
)
def test_authlib_exchanges_a_token(server):
    def exchange(subject_token, *, secret="web-secret", kind="urn:acme:legacy-token"):
        with OAuth2Session("web", secret) as session:
            return session.fetch_token(
                f"{server.url}/oauth/token",
                grant_type=TOKEN_EXCHANGE,
                subject_token=subject_token,
                subject_token_type=kind,
                audience=API,
            )

    tokens = exchange("legacy-alice")
    assert tokens["issued_token_type"] == "urn:ietf:params:oauth:token-type:access_token"
    keys = jwt.PyJWKClient(f"{server.url}/.well-known/jwks.json")
    key = keys.get_signing_key_from_jwt(tokens["access_token"])
    claims = jwt.decode(tokens["access_token"], key, algorithms=["RS256"], audience=API)
    assert claims["sub"] == "auth0|alice"
    for refused, error, description in (
        (("unknown", {}), "invalid_request", "Invalid subject_token"),
        (("stolen", {}), "access_denied", "Reported as stolen."),
        (("legacy-alice", {"kind": "urn:acme:other"}), "invalid_request", COMBINATION),
        (("legacy-alice", {"secret": "wrong"}), "access_denied", "Unauthorized"),
    ):
        token, named = refused
        with pytest.raises(OAuthError) as caught:
            exchange(token, **named)
        assert (caught.value.error, caught.value.description) == (error, description)
    journal = requests.get(f"{server.url}/_mockidp/v1/journal", timeout=10).json()["items"]
    assert journal[-1]["status"] == 401
