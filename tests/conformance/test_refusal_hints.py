"""Hints for typical mistakes with codes, challenges and tokens."""

import base64
import hashlib

import pytest

from helpers.acme import ACME, API, CALLBACK, with_client
from helpers.tenant_client import TenantClient, hint
from mockidp.protocol.oauth.pkce import s256
from mockidp.resources.client_tokens import JwtConfiguration

VERIFIER = "v" * 43


def refused(answer, status):
    assert answer.status_code == status
    return hint(answer)


# --- codes ---


@pytest.mark.parametrize(
    ("damage", "cause"),
    [
        ("{}#_=_", "The code has a URL's fragment at its end, such as #_=_."),
        ("{}\n", "The code has white space, such as a line break, before or after it."),
        ('"{}"', "The code is in quotation marks."),
        ("%{:02X}{}", "The code is percent-encoded twice."),
        ("null", "The code is the text 'null', so a variable of the client was empty."),
    ],
)
def test_a_damaged_code_is_explained(idp, damage, cause):
    code = idp.callback()["code"]
    parts = (ord(code[0]), code[1:]) if "%" in damage else (code,)
    assert refused(idp.redeem(damage.format(*parts)), 403) == cause
    assert idp.redeem(code).status_code == 200


def test_a_token_sent_instead_of_a_code_is_explained(idp):
    tokens = idp.tokens(scope="openid offline_access")
    api = idp.tokens(audience=API)["access_token"]
    for token, kind in (
        (tokens["refresh_token"], "a refresh token"),
        (tokens["access_token"], "an opaque access token"),
        (tokens["id_token"], "an ID token of client web"),
        (api, "a JWT access token"),
    ):
        assert refused(idp.redeem(token), 403) == f"A code is expected, but {kind} was sent."


@pytest.mark.parametrize(
    ("sent", "cause"),
    [
        (f"{CALLBACK} ", "It has white space, such as a line break, before or after it."),
        ("http%3A%2F%2Flocalhost%3A3000%2Fcallback", "It is percent-encoded twice."),
        (f"{CALLBACK}#", "It has a URL's fragment at its end, such as #_=_."),
        (f"{CALLBACK}/", "The two must be identical."),
        (None, "The two must be identical."),
    ],
)
def test_a_damaged_redirect_uri_is_explained(idp, sent, cause):
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
def test_a_wrong_challenge_is_explained(idp, challenge, method, cause):
    code = idp.callback(code_challenge=challenge, code_challenge_method=method)["code"]
    answer = idp.redeem(code, code_verifier=VERIFIER)
    assert answer.json["error_description"] == "Failed to verify code verifier"
    assert cause in refused(answer, 403)


def test_a_verifier_that_is_the_challenge_is_explained(idp):
    challenge = s256(VERIFIER)
    code = idp.callback(code_challenge=challenge, code_challenge_method="S256")["code"]
    assert "Both are the same text" in refused(idp.redeem(code, code_verifier=challenge), 403)


# --- refresh tokens ---


def test_a_wrong_refresh_token_is_explained(idp):
    tokens = idp.tokens(scope="openid offline_access")
    expected = "A refresh token is expected, but"
    token = tokens["refresh_token"]
    for sent, cause in (
        (
            f"Bearer {token}",
            "The refresh token begins with Bearer, so the header has its scheme twice.",
        ),
        (f"'{token}'", "The refresh token is in quotation marks."),
        (
            "undefined",
            "The refresh token is the text 'undefined', so a variable of the client was empty.",
        ),
        (tokens["access_token"], f"{expected} an opaque access token was sent."),
        (tokens["id_token"], f"{expected} an ID token of client web was sent."),
        (idp.callback()["code"], f"{expected} an authorization code was sent."),
    ):
        assert refused(idp.refresh(sent), 403) == cause


# --- /userinfo and the Management API v1 ---


def unauthorized(idp, header):
    answer = idp.get("/userinfo", headers={"Authorization": header})
    assert answer.text == "Unauthorized"
    return refused(answer, 401)


def test_a_wrong_access_token_is_explained(idp):
    tokens = idp.tokens(scope="openid offline_access")
    opaque, expected = tokens["access_token"], "An access token is expected, but"
    jwt = idp.tokens(audience=API)["access_token"]
    for sent, cause in (
        (
            f"Bearer {opaque}",
            "The access token begins with Bearer, so the header has its scheme twice.",
        ),
        (
            f"bearer  {jwt}",
            "The access token begins with Bearer, so the header has its scheme twice.",
        ),
        (f'"{opaque}"', "The access token is in quotation marks."),
        (f'"{jwt}"', "The access token is in quotation marks."),
        (
            "undefined",
            "The access token is the text 'undefined', so a variable of the client was empty.",
        ),
        ("null", "The access token is the text 'null', so a variable of the client was empty."),
        ("[object Object]", "The access token is the text '[object Object]', so a variable of the"),
        ("{{access_token}}", "The access token looks like a placeholder that was never replaced."),
        (tokens["id_token"], f"{expected} an ID token of client web was sent."),
        (tokens["refresh_token"], f"{expected} a refresh token was sent."),
        (idp.callback()["code"], f"{expected} an authorization code was sent."),
    ):
        assert unauthorized(idp, f"Bearer {sent}").startswith(cause)


def test_an_id_token_with_hs256_is_recognized():
    configuration = JwtConfiguration(alg="HS256")
    idp = TenantClient(with_client(ACME, "web", jwt_configuration=configuration))
    id_token = idp.tokens()["id_token"]
    assert unauthorized(idp, f"Bearer {id_token}") == (
        "An access token is expected, but an ID token of client web was sent."
    )


def test_a_token_for_an_api_only_keeps_its_hint(idp):
    token = idp.machine_token(audience=API).json["access_token"]
    assert unauthorized(idp, f"Bearer {token}").startswith(f"The token's audience is '{API}'")


@pytest.mark.parametrize(
    ("header", "cause"),
    [
        ("Bearer", "The Authorization header has no value after Bearer."),
        ("Bearer: abc", "The Authorization header has a colon after Bearer. Leave it out."),
        ("Basic eDp5", "The Authorization header has the scheme Basic, but Bearer is expected."),
        ("Token abc", "The Authorization header has the scheme Token, but Bearer is expected."),
        ("eyJhbGciOi", "The Authorization header has no scheme. Put Bearer and a space before the"),
        ("v1.secret and more", "The Authorization header has no scheme. Put Bearer and a space"),
        (" ", "Send `Authorization: Bearer <token>`."),
    ],
)
def test_an_authorization_header_without_a_token_is_explained(idp, header, cause):
    assert unauthorized(idp, header).startswith(f"No access token was sent. {cause}")


def test_a_scheme_other_than_basic_is_explained_at_the_token_endpoint(idp):
    headers = {"Authorization": "Bearer abc"}
    answer = idp.post("/oauth/token", headers=headers, grant_type="x", client_id="web")
    assert refused(answer, 401).endswith(
        "The Authorization header has the scheme Bearer, but Basic is expected."
    )


def test_a_link_request_with_a_damaged_token_is_explained(idp):
    def ask(header):
        headers = {"Authorization": header}
        answer = idp.post("/users/auth0%7Calice/impersonate", headers=headers, client_id="web")
        return refused(answer, 401)

    form = {"client_id": "global", "client_secret": "global-secret"}
    token = idp.post("/oauth/token", grant_type="client_credentials", **form).json["access_token"]
    jwt = idp.machine_token(audience=API).json["access_token"]
    assert ask(f"Bearer Bearer {token}").startswith("The access token begins with Bearer")
    assert ask(f'Bearer "{jwt}"').startswith(
        "The access token is in quotation marks. The call needs"
    )
    assert ask("Bearer undefined").startswith("The access token is the text 'undefined'")
    assert ask(f"Token {token}").startswith("No token was sent. The Authorization header has the")
