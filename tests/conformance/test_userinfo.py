"""/userinfo: the claims about the user of an access token."""

import base64
import json

import pytest

from helpers.acme import ACME, API, URL, with_settings
from helpers.tenant_client import TenantClient, bearer, hint
from mockidp.protocol.tokens.jwt import make_token

CHALLENGE = (
    'Bearer realm="Users", error="invalid_token", error_description="The access token signature '
    "could not be validated. Please check that the access token is signed with RS256, since HS256 "
    'tokens with several audiences are not supported."'
)
NEVER_CACHED = (
    "private, no-store, no-cache, must-revalidate, post-check=0, pre-check=0, no-transform"
)


def assert_unauthorized(answer, cause, challenge=CHALLENGE):
    assert answer.status_code == 401
    assert answer.text == "Unauthorized"
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.headers["WWW-Authenticate"] == challenge
    assert answer.headers["Cache-Control"] == NEVER_CACHED
    assert cause in hint(answer)


def test_auth0_userinfo__body_and_headers_are_auth0s(idp):
    answer = idp.userinfo(idp.tokens("bob", scope="openid profile email")["access_token"])
    assert answer.status_code == 200
    assert list(answer.json) == [
        "sub", "nickname", "name", "picture", "updated_at", "email", "email_verified",
    ]  # fmt: skip
    assert answer.json["sub"] == "auth0|bob"
    assert answer.json["updated_at"] == "2024-01-01T00:00:00.000Z"
    expected = {
        "Content-Type": "application/json",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Credentials": "false",
        "Access-Control-Expose-Headers": (
            "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset"
        ),
        "X-RateLimit-Limit": "10",
    }
    assert {name: answer.headers[name] for name in expected} == expected


def test_oidc_core_5_3_1__the_token_may_be_posted_or_in_the_query(idp):
    token = idp.tokens()["access_token"]
    body = {"sub": "auth0|alice"}
    assert idp.get("/userinfo", access_token=token).json == body
    assert idp.post("/userinfo", access_token=token).json == body
    assert idp.post("/userinfo", headers=bearer(token)).json == body
    assert idp.post("/userinfo", json_body={"access_token": token}).json == body


def test_rfc6750_2__the_name_of_the_scheme_is_case_insensitive(idp):
    token = idp.tokens()["access_token"]
    assert idp.get("/userinfo", headers={"Authorization": f"bearer  {token} "}).status_code == 200


def test_rfc6750_2__two_tokens_at_once_are_refused(idp):
    token = idp.tokens()["access_token"]
    answer = idp.get("/userinfo", headers=bearer(token), access_token=token)
    assert answer.status_code == 400
    assert answer.json["error_description"] == "Multiple access tokens"
    assert token not in str(answer.headers)


@pytest.mark.parametrize(
    "headers", [None, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer "}]
)
def test_auth0_userinfo__without_a_token_it_is_401(idp, headers):
    answer = idp.get("/userinfo", headers=headers)
    assert_unauthorized(answer, "No access token was sent", "Bearer")


@pytest.mark.parametrize(
    ("token", "cause"),
    [
        ("nonsense", "never issued such an opaque token"),
        ("ünïcode", "never issued such an opaque token"),
        ("a.b", "A JWT has three parts, but this has 2"),
        ("a.b.c.d.e", "A JWT has three parts, but this has 5"),
        ("a.b.c", "Header or payload is not base64url JSON"),
        ("é.b.c", "Header or payload is not base64url JSON"),
        ("W10.W10.c", "Header or payload is not a JSON object"),
        ("e30.e30.c", "The token is signed with None instead of RS256 or PS256"),
        ("eyJhbGciOiJub25lIn0.e30.", "The token is signed with none"),
        ("eyJhbGciOlsiUlMyNTYiXX0.e30.c", "The token is signed with ['RS256']"),
        ("eyJhbGciOiJSUzI1NiJ9.e30.c", "The token has no `kid`, which names the key"),
    ],
)
def test_auth0_userinfo__a_malformed_token_is_401_with_the_same_challenge(idp, token, cause):
    assert_unauthorized(idp.get("/userinfo", headers=bearer(token)), cause)


@pytest.mark.parametrize("signature", ["AAAA", "A", "é", ""])
def test_auth0_userinfo__a_changed_signature_is_401(idp, signature):
    token = idp.tokens(audience=API)["access_token"].rpartition(".")[0] + "." + signature
    assert_unauthorized(idp.userinfo(token), "The signature does not match the content")


def test_auth0_userinfo__deeply_nested_json_is_refused(idp):
    deep = base64.urlsafe_b64encode(b"[" * 20_000).rstrip(b"=").decode()
    assert_unauthorized(idp.post("/userinfo", access_token=f"{deep}.e30.c"), "not base64url JSON")


def test_auth0_userinfo__a_token_for_an_api_has_two_audiences_and_is_accepted(idp):
    token = idp.tokens(audience=API, scope="openid email read:items")["access_token"]
    assert list(idp.userinfo(token).json) == ["sub", "email", "email_verified"]


@pytest.mark.parametrize("url", ["https://127.0.0.1:9443", "http://idp.test", "http://idp:80"])
def test_mockidp_userinfo__a_token_is_valid_under_every_host_name(idp, url):
    token = idp.tokens(audience=API)["access_token"]
    assert idp.another_browser(url).userinfo(token).status_code == 200


def test_auth0_userinfo__a_token_without_openid_is_401(idp):
    token = idp.tokens(scope="profile")["access_token"]
    assert_unauthorized(idp.userinfo(token), "Request scope=openid at login.")


def test_auth0_userinfo__a_token_for_an_api_only_is_401(idp):
    token = idp.tokens(audience=API, scope="read:items")["access_token"]
    assert_unauthorized(idp.userinfo(token), "The token's audience is 'https://api.example/'")


def test_auth0_userinfo__an_id_token_is_not_an_access_token(idp):
    assert_unauthorized(
        idp.userinfo(idp.tokens()["id_token"]),
        "An access token is expected, but an ID token of client web was sent.",
    )


def test_auth0_userinfo__an_hs256_token_is_401(idp):
    token = idp.tokens(audience="https://hs256.example/")["access_token"]
    assert_unauthorized(idp.userinfo(token), "The token is signed with HS256")


@pytest.mark.parametrize("audience", [None, API])
def test_auth0_userinfo__an_expired_token_is_401(idp, audience):
    token = idp.tokens(audience=audience)["access_token"]
    idp.later(86399)
    assert idp.userinfo(token).status_code == 200
    idp.later(1)
    assert_unauthorized(idp.userinfo(token), "The access token expired at ")


def test_auth0_userinfo__a_v1_token_has_no_user(idp):
    token = idp.machine_token(client_id="global").json["access_token"]
    assert_unauthorized(idp.userinfo(token), "which has no user.")


@pytest.mark.parametrize("audience", [None, API])
def test_auth0_userinfo__a_token_of_a_deleted_user_is_401(idp, audience):
    token = idp.tokens(audience=audience)["access_token"]
    idp.edit(type(ACME)(clients=ACME.clients))
    assert_unauthorized(idp.userinfo(token), "User auth0|alice of the access token does not exist.")


def test_auth0_userinfo__a_token_of_a_revoked_key_is_401(idp):
    token = idp.tokens(audience=API)["access_token"]
    old = idp.tenant.keys.current.kid
    idp.tenant.rotate_keys()
    assert idp.userinfo(token).status_code == 200
    assert idp.tenant.revoke_key(old)
    assert_unauthorized(idp.userinfo(token), f"No key of this tenant has the `kid` '{old}'")


def test_auth0_userinfo__another_tenants_token_is_401(idp):
    other = TenantClient()
    token = other.tokens(audience=API)["access_token"]
    assert_unauthorized(idp.userinfo(token), "The token was made elsewhere")


def test_mockidp_userinfo__a_host_that_only_resembles_the_tenants_is_not_an_audience(idp):
    now = int(idp.tenant.now())
    for aud in ("https://evil.example/userinfo", "ftp://localhost/userinfo", 5, None, []):
        claims = {"sub": "auth0|alice", "aud": aud, "exp": now + 60, "scope": "openid"}
        answer = idp.userinfo(make_token(claims, key=idp.tenant.keys.current).sign())
        assert answer.status_code == 401, aud


def test_mockidp_userinfo__hosts_of_the_setting_are_the_tenants_own():
    idp = TenantClient(
        with_settings(hosts=("Login.Acme.Example",)), url="https://login.acme.example"
    )
    token = idp.tokens(audience=API)["access_token"]
    assert idp.userinfo(token).status_code == 200
    assert idp.another_browser(URL).userinfo(token).status_code == 200


def test_auth0_userinfo__broken_json_is_an_oauth_error(idp):
    answer = idp.request(
        "POST", "/userinfo", data="{", headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 400
    assert json.loads(answer.text) == {
        "error": "invalid_request",
        "error_description": "Invalid JSON",
    }


def _signed(idp, **claims):
    """Return an access token of the tenant's own for /userinfo, with some claims replaced."""
    good = {
        "iss": f"{URL}/", "sub": "auth0|alice", "aud": [API, f"{URL}/userinfo"],
        "iat": 0, "exp": int(idp.tenant.now()) + 60, "scope": "openid",
    }  # fmt: skip
    made = {name: value for name, value in (good | claims).items() if value is not ABSENT}
    return make_token(made, key=idp.tenant.keys.current).sign()


ABSENT = object()


@pytest.mark.parametrize(
    ("claims", "cause"),
    [
        ({"exp": "tomorrow"}, "Claim `exp` is 'tomorrow' instead of a number of seconds"),
        ({"exp": None}, "Claim `exp` is 'None'"),
        ({"exp": []}, "Claim `exp` is '[]'"),
        ({"exp": True}, "Claim `exp` is 'True'"),
        ({"exp": float("nan")}, "Claim `exp` is 'nan'"),
        ({"exp": float("inf")}, "Claim `exp` is 'inf'"),
        ({"exp": 10**400}, "Claim `exp` is '1000"),
        ({"exp": ABSENT}, "The access token has no `exp`, so it is never accepted."),
        ({"scope": ["openid"]}, "The token's scope is a JSON list"),
        ({"scope": 1}, "The token's scope is a JSON int"),
        ({"scope": {}}, "The token's scope is a JSON dict"),
        ({"scope": None}, "The token's scope does not contain openid."),
        ({"scope": ABSENT}, "The token's scope does not contain openid."),
        ({"aud": 5}, "The token's audience is 5"),
        ({"aud": [None, {}]}, "The token's audience is [None, {}]"),
        ({"sub": ["auth0|alice"]}, "User ['auth0|alice'] of the access token does not exist."),
        ({"sub": None}, "User None of the access token does not exist."),
    ],
)
def test_rfc7519_4_1__claims_of_unusual_types_are_refused(idp, claims, cause):
    assert idp.userinfo(_signed(idp)).status_code == 200
    assert_unauthorized(idp.userinfo(_signed(idp, **claims)), cause)


@pytest.mark.parametrize("change", ["{}=", "{}==", "{}!", "{}\n", "+{}", "{}/"])
def test_rfc7515_2__base64url_is_decoded_strictly(idp, change):
    signed, _, signature = _signed(idp).rpartition(".")
    changed = f"{signed}.{change.format(signature)}"
    answer = idp.get("/userinfo", headers=bearer(changed) if "\n" not in changed else None,
                     access_token=changed if "\n" in changed else None)  # fmt: skip
    assert_unauthorized(answer, "The signature does not match the content")


def test_rfc4648_3_5__unused_bits_at_the_end_are_zero(idp):
    signed, _, signature = _signed(idp).rpartition(".")
    # 256 bytes end in four bits that carry nothing.
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = signature[:-1] + letters[letters.index(signature[-1]) + 1]
    answer = idp.userinfo(f"{signed}.{other}")
    assert_unauthorized(answer, "The signature does not match the content")
