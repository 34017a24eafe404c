"""Assertions on the journal: when they pass, and what a failure reports."""

import pytest

from helpers.acme import API, CALLBACK, PASSWORD_OF_ALL
from helpers.methods import impersonation_link
from mockidp.errors import MockIdPError
from mockidp.protocol.oauth.pkce import s256
from mockidp.testing.assertions import Assertions

# They need only a journal.
assert_no_refusals = Assertions.assert_no_refusals
assert_signed_in = Assertions.assert_signed_in
assert_token_requested = Assertions.assert_token_requested
VERIFIER = "v" * 43
S256 = {"code_challenge": s256(VERIFIER), "code_challenge_method": "S256"}


@pytest.fixture
def fails(idp):
    """Return a function that calls an assertion that has to fail, and returns the lines of the failure."""

    def report(assertion, *names, **words):
        with pytest.raises(AssertionError) as failure:
            assertion(idp.tenant, *names, **words)
        return str(failure.value).splitlines()

    return report


def log_in(idp, verifier=None, **parameters):
    code = idp.callback(**parameters)["code"]
    return idp.redeem(code, code_verifier=verifier)


# --- assert_signed_in ---


def test_a_code_that_was_redeemed_is_a_sign_in(idp):
    log_in(idp, VERIFIER, nonce="n", scope="openid email", audience=API, **S256)
    entry = assert_signed_in(
        idp.tenant,
        "alice",
        client="web",
        pkce="S256",
        nonce=True,
        audience=API,
        scope="email openid",
    )
    assert entry.endpoint == "token"
    assert [token.kind for token in entry.tokens] == ["access_token", "id_token"]
    assert_signed_in(idp.tenant, "alice@acme.example", pkce=True)


def test_a_sign_in_without_pkce_and_nonce_does_not_match(idp, fails):
    log_in(idp)
    assert_signed_in(idp.tenant, "alice", pkce=False, nonce=False)
    report = fails(assert_signed_in, "alice", pkce="S256", nonce=True)
    assert report == [
        "Found no sign-in with user='auth0|alice', pkce='S256', nonce=True. There was 1 exchange:",
        "  #5 token POST 200 client=web user=auth0|alice grant=authorization_code",
        "    pkce is None, not 'S256', and nonce is False, not True.",
    ]
    assert fails(assert_signed_in, "alice", pkce=True)[2] == "    pkce is None, not True."


def test_a_plain_challenge_does_not_match_s256(idp, fails):
    log_in(idp, VERIFIER, code_challenge=VERIFIER)
    assert_signed_in(idp.tenant, "alice", pkce="plain")
    assert "    pkce is 'plain', not 'S256'." in fails(assert_signed_in, "alice", pkce="S256")
    assert "    pkce is 'plain', not False." in fails(assert_signed_in, "alice", pkce=False)


def test_all_of_a_scope_must_be_granted(idp, fails):
    log_in(idp, scope="openid")
    report = fails(assert_signed_in, "alice", scope="openid email")
    assert report[2] == "    scope is 'openid', not 'openid email'."


def test_the_last_of_many_is_returned(idp):
    log_in(idp)
    log_in(idp)
    assert assert_signed_in(idp.tenant, "alice") == idp.tenant.journal.last("token")


def test_a_refused_code_is_reported_with_the_failed_check(idp, fails):
    log_in(idp, "w" * 43, **S256)
    report = fails(assert_signed_in, "alice", client="web")
    assert report[1:4] == [
        "  #5 token POST 403 invalid_grant client=web user=auth0|alice grant=authorization_code",
        "    it was refused: Failed to verify code verifier.",
        "    failed code_verifier(sent='wwwwwwww...', method='S256'): Parameter `code_verifier` does not match the `code_challenge` (method S256). It belongs to another login, or the client used another method.",
    ]


def test_for_an_unfinished_login_the_last_exchange_is_reported(idp, fails):
    idp.authorize(redirect_uri="http://localhost:3000/other")
    idp.get("/.well-known/jwks.json")
    report = fails(assert_signed_in, "alice", client="web")
    assert report[0].endswith(". There was 1 exchange:")
    assert report[1] == "  #1 authorize GET 403 unauthorized_client client=web"
    assert "failed redirect_uri(sent='http://localhost:3000/other'" in report[3]


def test_a_code_that_was_not_redeemed_is_not_a_sign_in(idp, fails):
    idp.callback()
    report = fails(assert_signed_in, "alice", client="web")
    assert report[1] == "  #4 resume GET 302 client=web user=auth0|alice"
    assert report[2] == "    no tokens were issued."


def test_a_refresh_is_not_a_sign_in(idp, fails):
    tokens = idp.tokens(scope="openid offline_access")
    idp.tenant.journal.clear()
    idp.refresh(tokens["refresh_token"])
    report = fails(assert_signed_in, "alice")
    assert report[2] == "    it refreshed the tokens of an earlier sign-in."


def test_a_password_is_a_sign_in(idp):
    idp.password_token()
    assert assert_signed_in(idp.tenant, "alice", pkce=False).grant == "password"


def test_a_client_that_acts_for_itself_is_not_a_sign_in(idp, fails):
    idp.machine_token(audience=API)
    report = fails(assert_signed_in, "alice")
    assert report[2] == "    user is None, not 'auth0|alice'."


@pytest.mark.parametrize("response_type", ["code", "token id_token"])
def test_an_impersonation_link_is_a_sign_in_once_there_are_tokens(idp, response_type):
    link = impersonation_link(
        idp.tenant, idp.url, "alice", client="web", state="s", response_type=response_type
    )
    answer = idp.request("GET", link.removeprefix(idp.url), headers={"Host": "localhost:9400"})
    if response_type == "code":
        code = answer.location.partition("code=")[2].partition("&")[0]
        assert idp.redeem(code).status_code == 200
    entry = assert_signed_in(idp.tenant, "alice", client="web", scope="openid")
    assert entry.notes["impersonator"] == "auth0|bob"
    assert_signed_in(idp.tenant, "alice", impersonator="bob")


@pytest.mark.parametrize("response_type", ["token", "id_token", "code id_token"])
def test_tokens_from_the_front_channel_are_a_sign_in(idp, response_type):
    begun = idp.authorize(
        client_id="hybrid", response_type=response_type, nonce="n", response_mode="form_post"
    )
    assert idp.log_in(begun.location).status_code == 200
    entry = assert_signed_in(
        idp.tenant, "alice", client="hybrid", nonce=True, pkce=False, scope="openid"
    )
    assert entry.endpoint == "resume"


def test_the_challenge_of_a_hybrid_request_is_known(idp, fails):
    challenge = {"code_challenge": "c" * 43, "code_challenge_method": "S256"}
    begun = idp.authorize(client_id="hybrid", response_type="code token", **challenge)
    idp.log_in(begun.location)
    assert_signed_in(idp.tenant, "alice", pkce="S256", nonce=False)
    assert "    nonce is False, not True." in fails(assert_signed_in, "alice", nonce=True)


def test_a_link_that_was_requested_with_head_is_not_a_sign_in(idp, fails):
    link = impersonation_link(
        idp.tenant, idp.url, "alice", client="web", state="s", response_type="token id_token"
    )
    idp.request("HEAD", link.removeprefix(idp.url))
    assert fails(assert_signed_in, "alice")[2] == "    no tokens were issued."


def test_an_empty_journal_is_reported(fails):
    assert fails(assert_signed_in, "alice") == [
        "Found no sign-in with user='auth0|alice'. There were no exchanges."
    ]


def test_an_unknown_user_is_an_error_of_the_test(idp):
    for assertion in (
        lambda: assert_signed_in(idp.tenant, "alcie"),
        lambda: assert_token_requested(idp.tenant, user="alcie"),
    ):
        with pytest.raises(MockIdPError, match=r"There is no user 'alcie'. Known: auth0\|alice"):
            assertion()


def test_an_unknown_pkce_method_is_a_mistake_of_the_test(idp):
    with pytest.raises(MockIdPError, match=r"There is no PKCE method 'S265'\. Known: S256, plain"):
        assert_signed_in(idp.tenant, "alice", pkce="S265")


# --- assert_token_requested ---


def test_token_requests_are_counted(idp, fails):
    tokens = idp.tokens(scope="openid offline_access")
    for _ in range(2):
        idp.refresh(tokens["refresh_token"])
    found = assert_token_requested(
        idp.tenant, grant="refresh_token", client="web", user="alice", times=2
    )
    assert [entry.number for entry in found] == [6, 7]
    assert_token_requested(idp.tenant, grant="refresh_token")
    assert len(assert_token_requested(idp.tenant)) == 3
    assert assert_token_requested(idp.tenant, grant="password", times=0) == []
    report = fails(assert_token_requested, grant="refresh_token", times=1)
    assert report[0] == (
        "Expected 1 token request with grant='refresh_token', found 2. There were 3 exchanges:"
    )
    assert report[2] == "    it matches."
    assert report[-1] == "    grant is 'authorization_code', not 'refresh_token'."


def test_a_refused_token_request_counts(idp):
    idp.redeem("never-made")
    idp.token(grant_type="password", client_secret="wrong", audience=API)
    assert_token_requested(idp.tenant, grant="authorization_code", times=1)
    assert_token_requested(idp.tenant, grant="password", audience=API, times=1)


def test_a_preflight_is_not_a_token_request(idp, fails):
    idp.request("OPTIONS", "/oauth/token", headers={"Origin": "http://localhost:3000"})
    assert fails(assert_token_requested) == [
        "Expected at least 1 token request, found 0. There were no exchanges."
    ]


def test_a_request_that_nearly_matches_is_reported(idp, fails):
    idp.machine_token(audience=API)
    report = fails(assert_token_requested, client="web", audience=API)
    assert report[1:] == [
        "  #1 token POST 200 client=m2m grant=client_credentials",
        "    client is 'm2m', not 'web'.",
    ]


# --- assert_no_refusals ---


def test_successful_exchanges_are_not_refusals(idp):
    log_in(idp)
    assert_no_refusals(idp.tenant)


def test_refusals_are_reported_with_their_checks(idp, fails):
    log_in(idp)
    idp.redeem("never-made-by-us")
    report = fails(assert_no_refusals)
    assert report[0] == "Expected no refusals, found 1. There was 1 exchange:"
    assert report[1].endswith("token POST 403 invalid_grant client=web grant=authorization_code")
    assert report[2] == "    it was refused: Invalid authorization code."
    assert report[3].startswith(
        "    failed code(sent='never-ma...', client='web'): This tenant never"
    )


def test_an_error_sent_to_the_callback_is_a_refusal(idp, fails):
    idp.authorize(prompt="none")
    assert (
        "failed session(is_sent=False, usable=False, prompt=('none',))"
        in fails(assert_no_refusals)[3]
    )
    for ignoring in ("login_required", ["login_required"], {"login_required", "invalid_grant"}):
        assert_no_refusals(idp.tenant, ignoring=ignoring)
    idp.redeem("never-made")
    assert fails(assert_no_refusals, ignoring="login_required")[0].endswith(
        "found 1. There was 1 exchange:"
    )


def test_a_wrong_password_on_the_page_is_a_refusal(idp, fails):
    page = idp.authorize().location
    idp.submit(page, username="alice@acme.example", password="wrong")
    report = fails(assert_no_refusals)
    assert "invalid_user_password" in report[1]
    assert "wrong" not in report[3]
    idp.submit(page, username="alice@acme.example", password=PASSWORD_OF_ALL)
    assert_no_refusals(idp.tenant, ignoring="invalid_user_password")
    assert CALLBACK in idp.tenant.journal.last("authorize").parameters["redirect_uri"]
