"""Typical mistakes of clients: the answer is Auth0's, and the hint names the mistake."""

import base64
import dataclasses
import hashlib

import pytest

from helpers.acme import ACME, API, CALLBACK, URL, with_client
from helpers.tenant_client import TenantClient, basic, hint
from mockidp.protocol.pkce import s256
from mockidp.resources.client import JwtConfiguration

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
        ("null", "the code is the text 'null': a variable of the client was empty"),
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
        (s256(VERIFIER), None, "the authorization request did not send code_challenge_method=S256"),
        (VERIFIER, "S256", "both are the same text; the challenge must be the base64url SHA-256"),
        (base64.b64encode(DIGEST.digest()).decode(), "S256", "the challenge is base64; it must be"),
        (DIGEST.hexdigest(), "S256", "the challenge encodes the hexadecimal SHA-256"),
        (
            base64.urlsafe_b64encode(DIGEST.hexdigest().encode()).rstrip(b"=").decode(),
            "S256",
            "the challenge encodes the hexadecimal SHA-256",
        ),
        (s256("w" * 43), "S256", "it belongs to another login, or the client used another method"),
        ("w" * 43, "plain", "it belongs to another login, or the client used another method"),
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
    assert "both are the same text" in refused(idp.redeem(code, code_verifier=challenge), 403)


# --- refresh tokens ---


def test_what_was_sent_for_a_refresh_token_is_named(idp):
    tokens = idp.tokens(scope="openid offline_access")
    expected = ", and a refresh token is expected"
    token = tokens["refresh_token"]
    for sent, cause in (
        (
            f"Bearer {token}",
            "the refresh token begins with Bearer: the header has its scheme twice",
        ),
        (f"'{token}'", "the refresh token is in quotation marks"),
        (
            "undefined",
            "the refresh token is the text 'undefined': a variable of the client was empty",
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
            "the access token begins with Bearer: the header has its scheme twice",
        ),
        (f"bearer  {jwt}", "the access token begins with Bearer: the header has its scheme twice"),
        (f'"{opaque}"', "the access token is in quotation marks"),
        (f'"{jwt}"', "the access token is in quotation marks"),
        (
            "undefined",
            "the access token is the text 'undefined': a variable of the client was empty",
        ),
        ("null", "the access token is the text 'null': a variable of the client was empty"),
        ("[object Object]", "the access token is the text '[object Object]': a variable of the"),
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
        (" ", "Authorization: Bearer <token>"),
    ],
)
def test_an_authorization_header_without_a_token_is_explained(idp, header, cause):
    assert unauthorized(idp, header).startswith(f"no access token was sent: {cause}")


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


# --- audience, scope, grant type, names and passwords ---


@pytest.mark.parametrize(
    ("audience", "meant"),
    [
        ("web", "that is a client_id: send the identifier of the API that is called"),
        ("The API", f"that is the name of the API {API}"),
        (API.rstrip("/"), f"{API} exists: check the trailing slash"),
        (f"{API}/", f"{API} exists: check the trailing slash"),
        (f" {API}", "it has white space, such as a line break, before or after it"),
        ("https%3A%2F%2Fapi.example%2F", "it is percent-encoded twice"),
        ("undefined", "it is the text 'undefined': a variable of the client was empty"),
        (
            URL,
            f"that is the issuer: send the identifier of the API that is called, or {URL}/api/v2/",
        ),
        (f"{URL}/", "that is the issuer"),
        (f"{URL}/api/v2", f"{URL}/api/v2/ exists: check the trailing slash"),
    ],
)
def test_what_an_unknown_audience_probably_is(audience, meant):
    apis = tuple(
        dataclasses.replace(one, name="The API") if one.identifier == API else one
        for one in ACME.resource_servers
    )
    idp = TenantClient(dataclasses.replace(ACME, resource_servers=apis))
    answer = idp.machine_token(audience=audience)
    assert answer.json["error_description"] == f"Service not enabled within domain: {audience}"
    assert f"no API has the identifier {audience!r}; {meant}" in refused(answer, 403)


def test_the_hint_for_an_unknown_audience_lists_the_known_ones(idp):
    known = ", ".join(one.identifier for one in ACME.resource_servers)
    listed = refused(idp.machine_token(audience="urn:other"), 403)
    assert listed == f"no API has the identifier 'urn:other'; known: {known}"
    meant = refused(idp.machine_token(audience="https://apis.exmaple/"), 403)
    assert meant == (
        f"no API has the identifier 'https://apis.exmaple/'; known: {known}; did you mean {API}?"
    )


def test_scopes_with_commas_are_named(idp):
    answer = idp.machine_token(audience=API, scope="read:things,write:things")
    assert refused(answer, 403).endswith("scopes are separated by spaces, not commas")
    answer = idp.machine_token(audience=API, scope="other")
    assert "commas" not in refused(answer, 403)
    answer = idp.machine_token(audience=API, scope="read:itmes")
    assert refused(answer, 403) == (
        f"the clientGrant of m2m for {API} has read:items, write:items; did you mean read:items?"
    )


GRANT_TYPES = (
    "known: authorization_code, refresh_token, client_credentials, password, "
    "http://auth0.com/oauth/grant-type/password-realm"
)


@pytest.mark.parametrize(
    ("grant_type", "cause"),
    [
        ("client-credentials", f"; {GRANT_TYPES}; did you mean client_credentials?"),
        ("Authorization_Code", f"; {GRANT_TYPES}; did you mean authorization_code?"),
        ("authorisation_code", f"; {GRANT_TYPES}; did you mean authorization_code?"),
        ("password ", ", which has white space, such as a line break, before or after it"),
        (
            "http%3A%2F%2Fauth0.com%2Foauth%2Fgrant-type%2Fpassword-realm",
            ", which is percent-encoded",
        ),
        ("other", f"; {GRANT_TYPES}"),
    ],
)
def test_another_spelling_of_a_grant_type_is_named(idp, grant_type, cause):
    answer = idp.token(grant_type=grant_type)
    assert f"grant_type is {grant_type!r}{cause}" in refused(answer, 501)


def test_a_plus_in_a_name_or_a_password_that_became_a_space_is_named():
    users = tuple(
        dataclasses.replace(one, email="a+b@acme.example", password="1+1=2")
        if one.user_id == "auth0|alice" else one
        for one in ACME.users
    )  # fmt: skip
    idp = TenantClient(dataclasses.replace(ACME, users=users))
    cause = ": the one that was sent had a + that became a space: percent-encode it as %2B"
    for form in (
        {"username": "a b@acme.example", "password": "1+1=2"},
        {"username": "a+b@acme.example", "password": "1 1=2"},
    ):
        assert refused(idp.password_token(**form), 403).endswith(cause)
    answer = idp.password_token(username="a+b@acme.example", password="other")
    assert refused(answer, 403) == "user auth0|alice has another password"


# --- URLs that were escaped for HTML ---


def test_a_url_that_was_escaped_for_html_is_recognized(idp):
    answer = idp.get("/authorize?response_type=code&amp;client_id=web&amp;state=s")
    assert refused(answer, 400) == (
        "`amp;client_id` was sent: the URL was escaped for HTML (&amp;) and not unescaped"
    )


@pytest.mark.parametrize("path", ["/authorize", "/v2/logout"])
def test_what_happened_to_a_client_id_is_named_on_pages(idp, path):
    answer = idp.get(path, client_id="undefined")
    assert refused(answer, 400) == (
        "no client has the client_id 'undefined'; it is the text 'undefined': a variable of the "
        "client was empty"
    )


def test_a_client_id_in_header_and_body_must_be_the_same(idp):
    answer = idp.post("/oauth/token", headers=basic("web", "web-secret"), client_id="m2m")
    assert refused(answer, 400) == "client_id is 'm2m' in the body and 'web' in the Basic header"
