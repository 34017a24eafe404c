"""Typical mistakes of clients: the answer is Auth0's, and the hint names the mistake."""

import base64
import hashlib

import pytest

from helpers.acme import ACME, API, CALLBACK, with_client
from helpers.tenant_client import TenantClient, hint
from mockidp.protocol.pkce import s256
from mockidp.resources.client_tokens import JwtConfiguration

VERIFIER = "v" * 43


def refused(answer, status):
    assert answer.status_code == status
    return hint(answer)


# --- codes ---


@pytest.mark.parametrize(
    ("damage", "cause"),
    [
        ("{}#_=_", "the code has a URL's fragment at its end, such as #_=_"),
        ("{}\n", "the code has white space, such as a line break, before or after it"),
        ('"{}"', "the code is in quotation marks"),
        ("%{:02X}{}", "the code is percent-encoded twice"),
        ("null", "the code is the text 'null', so a variable of the client was empty"),
    ],
)
def test_what_happened_to_a_code_is_named(idp, damage, cause):
    code = idp.callback()["code"]
    parts = (ord(code[0]), code[1:]) if "%" in damage else (code,)
    assert refused(idp.redeem(damage.format(*parts)), 403) == cause
    assert idp.redeem(code).status_code == 200


def test_a_token_that_is_sent_for_a_code_is_named(idp):
    tokens = idp.tokens(scope="openid offline_access")
    api = idp.tokens(audience=API)["access_token"]
    expected = ", and a code is expected"
    for token, kind in (
        (tokens["refresh_token"], "a refresh token"),
        (tokens["access_token"], "an opaque access token"),
        (tokens["id_token"], "an ID token of client web"),
        (api, "a JWT access token"),
    ):
        assert refused(idp.redeem(token), 403) == f"this is {kind}{expected}"


@pytest.mark.parametrize(
    ("sent", "cause"),
    [
        (f"{CALLBACK} ", "it has white space, such as a line break, before or after it"),
        ("http%3A%2F%2Flocalhost%3A3000%2Fcallback", "it is percent-encoded twice"),
        (f"{CALLBACK}#", "it has a URL's fragment at its end, such as #_=_"),
        (f"{CALLBACK}/", "they must be identical"),
        (None, "they must be identical"),
    ],
)
def test_what_happened_to_a_redirect_uri_is_named(idp, sent, cause):
    code = idp.callback()["code"]
    assert refused(idp.redeem(code, redirect_uri=sent), 403).endswith(cause)


# --- PKCE ---

DIGEST = hashlib.sha256(VERIFIER.encode())


@pytest.mark.parametrize(
    ("challenge", "method", "cause"),
    [
        (s256(VERIFIER), None, "the authorization request did not send `code_challenge_method=S256`"),
        (VERIFIER, "S256", "Both are the same text. Send the base64url SHA-256"),
        (base64.b64encode(DIGEST.digest()).decode(), "S256", "The challenge is base64. Encode it as"),
        (DIGEST.hexdigest(), "S256", "The challenge encodes the hexadecimal SHA-256"),
        (
            base64.urlsafe_b64encode(DIGEST.hexdigest().encode()).rstrip(b"=").decode(),
            "S256",
            "The challenge encodes the hexadecimal SHA-256",
        ),
        (s256("w" * 43), "S256", "It belongs to another login, or the client used another method."),
        ("w" * 43, "plain", "It belongs to another login, or the client used another method."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_challenge_is_named(idp, challenge, method, cause):
    code = idp.callback(code_challenge=challenge, code_challenge_method=method)["code"]
    answer = idp.redeem(code, code_verifier=VERIFIER)
    assert answer.json["error_description"] == "Failed to verify code verifier"
    assert cause in refused(answer, 403)


def test_a_verifier_that_is_the_challenge_is_named(idp):
    challenge = s256(VERIFIER)
    code = idp.callback(code_challenge=challenge, code_challenge_method="S256")["code"]
    assert "Both are the same text" in refused(idp.redeem(code, code_verifier=challenge), 403)


# --- refresh tokens ---


def test_what_was_sent_for_a_refresh_token_is_named(idp):
    tokens = idp.tokens(scope="openid offline_access")
    expected = ", and a refresh token is expected"
    token = tokens["refresh_token"]
    for sent, cause in (
        (
            f"Bearer {token}",
            "the refresh token begins with Bearer, so the header has its scheme twice",
        ),
        (f"'{token}'", "the refresh token is in quotation marks"),
        (
            "undefined",
            "the refresh token is the text 'undefined', so a variable of the client was empty",
        ),
        (tokens["access_token"], f"this is an opaque access token{expected}"),
        (tokens["id_token"], f"this is an ID token of client web{expected}"),
        (idp.callback()["code"], f"this is an authorization code{expected}"),
    ):
        assert refused(idp.refresh(sent), 403) == cause


# --- /userinfo and the Management API v1 ---


def unauthorized(idp, header):
    answer = idp.get("/userinfo", headers={"Authorization": header})
    assert answer.text == "Unauthorized"
    return refused(answer, 401)


def test_what_was_sent_for_an_access_token_is_named(idp):
    tokens = idp.tokens(scope="openid offline_access")
    opaque, expected = tokens["access_token"], ", and an access token is expected"
    jwt = idp.tokens(audience=API)["access_token"]
    for sent, cause in (
        (
            f"Bearer {opaque}",
            "the access token begins with Bearer, so the header has its scheme twice",
        ),
        (
            f"bearer  {jwt}",
            "the access token begins with Bearer, so the header has its scheme twice",
        ),
        (f'"{opaque}"', "the access token is in quotation marks"),
        (f'"{jwt}"', "the access token is in quotation marks"),
        (
            "undefined",
            "the access token is the text 'undefined', so a variable of the client was empty",
        ),
        ("null", "the access token is the text 'null', so a variable of the client was empty"),
        ("[object Object]", "the access token is the text '[object Object]', so a variable of the"),
        ("{{access_token}}", "the access token looks like a placeholder that was never replaced"),
        (tokens["id_token"], f"this is an ID token of client web{expected}"),
        (tokens["refresh_token"], f"this is a refresh token{expected}"),
        (idp.callback()["code"], f"this is an authorization code{expected}"),
    ):
        assert unauthorized(idp, f"Bearer {sent}").startswith(cause)


def test_an_id_token_with_hs256_is_named_too():
    configuration = JwtConfiguration(alg="HS256")
    idp = TenantClient(with_client(ACME, "web", jwt_configuration=configuration))
    id_token = idp.tokens()["id_token"]
    assert unauthorized(idp, f"Bearer {id_token}") == (
        "this is an ID token of client web, and an access token is expected"
    )


def test_a_token_for_an_api_only_keeps_its_hint(idp):
    token = idp.machine_token(audience=API).json["access_token"]
    assert unauthorized(idp, f"Bearer {token}").startswith(f"the token's audience is '{API}'")


@pytest.mark.parametrize(
    ("header", "cause"),
    [
        ("Bearer", "the Authorization header has nothing after Bearer"),
        ("Bearer: abc", "the Authorization header has a colon after Bearer: leave it out"),
        ("Basic eDp5", "the Authorization header has the scheme Basic, and Bearer is read"),
        ("Token abc", "the Authorization header has the scheme Token, and Bearer is read"),
        ("eyJhbGciOi", "the Authorization header has no scheme: put Bearer and a space before the"),
        ("v1.secret and more", "the Authorization header has no scheme: put Bearer and a space"),
        (" ", "Send `Authorization: Bearer <token>`."),
    ],
)
def test_an_authorization_header_without_a_token_is_explained(idp, header, cause):
    assert unauthorized(idp, header).startswith(f"No access token was sent. {cause}")


def test_at_the_token_endpoint_another_scheme_than_basic_is_named(idp):
    headers = {"Authorization": "Bearer abc"}
    answer = idp.post("/oauth/token", headers=headers, grant_type="x", client_id="web")
    assert refused(answer, 401).endswith(
        "the Authorization header has the scheme Bearer, and Basic is read"
    )


def test_asking_for_a_link_with_a_damaged_token_is_explained(idp):
    def ask(header):
        headers = {"Authorization": header}
        answer = idp.post("/users/auth0%7Calice/impersonate", headers=headers, client_id="web")
        return refused(answer, 401)

    form = {"client_id": "global", "client_secret": "global-secret"}
    token = idp.post("/oauth/token", grant_type="client_credentials", **form).json["access_token"]
    jwt = idp.machine_token(audience=API).json["access_token"]
    assert ask(f"Bearer Bearer {token}").startswith("the access token begins with Bearer")
    assert ask(f'Bearer "{jwt}"').startswith(
        "the access token is in quotation marks; the call needs"
    )
    assert ask("Bearer undefined").startswith("the access token is the text 'undefined'")
    assert ask(f"Token {token}").startswith("no token was sent: the Authorization header has the")
