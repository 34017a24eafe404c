"""Refresh tokens: with and without rotation, their lifetimes, their reuse."""

import pytest

from helpers.acme import ACME, API, URL, with_client, with_settings, with_tenant
from helpers.tenant_client import TenantClient, claims_of, hint, race
from mockidp.resources.client_tokens import RefreshTokenPolicy

SCOPE = "openid profile offline_access"
UNKNOWN = {"error": "invalid_grant", "error_description": "Unknown or invalid refresh token."}
REUSED = {
    "error": "invalid_grant",
    "error_description": "Unsuccessful Refresh Token exchange, reused refresh token detected",
}


def assert_refused(answer, body, cause):
    assert answer.status_code == 403
    assert answer.json == body
    assert cause in hint(answer)


def first(idp, client_id="web", **parameters):
    return idp.tokens(client_id=client_id, **{"scope": SCOPE} | parameters)["refresh_token"]


# --- every client ---


def test_auth0_token__a_refresh_tokens_body_has_auth0s_order(idp):
    body = idp.refresh(first(idp)).json
    assert list(body) == ["access_token", "id_token", "scope", "expires_in", "token_type"]
    assert body["scope"] == SCOPE
    rotated = idp.refresh(first(idp, "spa"), client_id="spa").json
    assert list(rotated) == [
        "access_token", "refresh_token", "id_token", "scope", "expires_in", "token_type",
    ]  # fmt: skip


def test_auth0_token__without_openid_there_is_no_id_token(idp):
    body = idp.refresh(first(idp, scope="profile offline_access")).json
    assert list(body) == ["access_token", "scope", "expires_in", "token_type"]


def test_rfc6749_6__the_new_access_token_is_for_the_same_user_and_api(idp):
    token = first(idp, audience=API, scope="openid read:items offline_access")
    claims = claims_of(idp.refresh(token).json["access_token"])
    assert claims["aud"] == [API, f"{URL}/userinfo"]
    assert (claims["sub"], claims["scope"]) == (
        "auth0|alice",
        "openid read:items offline_access",
    )
    assert "gty" not in claims


def test_auth0_token__gty_contains_the_grant_with_which_the_family_began(idp):
    body = idp.password_token(audience=API, scope="openid offline_access").json
    claims = claims_of(idp.refresh(body["refresh_token"]).json["access_token"])
    assert claims["gty"] == ["refresh_token", "password"]


def test_oidc_core_12_2__the_id_token_keeps_its_sid_and_has_no_nonce(idp):
    tokens = idp.tokens(scope=SCOPE, nonce="n-1")
    idp.later(10)
    claims = claims_of(idp.refresh(tokens["refresh_token"]).json["id_token"])
    assert claims["sid"] == claims_of(tokens["id_token"])["sid"]
    assert claims["iat"] == int(idp.tenant.now())
    assert "nonce" not in claims


@pytest.mark.parametrize(
    ("requested", "granted"),
    [
        ("openid", "openid"),
        ("profile openid", "openid profile"),
        ("openid profile offline_access", SCOPE),
        ("openid offline_access more:scopes", "openid offline_access"),
        ("", SCOPE),
    ],
)
def test_rfc6749_6__scope_may_be_narrowed_and_resent(idp, requested, granted):
    token = first(idp)
    assert idp.refresh(token, scope=requested).json["scope"] == granted
    assert idp.refresh(token).json["scope"] == SCOPE, "narrowing is for one exchange"


def test_mockidp_token__a_refresh_token_for_userinfo_stays_so_with_a_default_audience():
    idp = TenantClient(with_tenant(ACME, default_audience=API))
    token = first(idp, audience=f"{URL}/userinfo")
    assert "." not in idp.refresh(token).json["access_token"]


def test_mockidp_token__a_refresh_token_is_valid_under_every_host_name(idp):
    token = first(idp)
    answer = idp.another_browser("https://127.0.0.1:9443").refresh(token)
    assert claims_of(answer.json["id_token"])["iss"] == "https://127.0.0.1:9443/"


def test_auth0_token__an_unknown_refresh_token_is_403(idp):
    assert_refused(idp.refresh("v1.never-made"), UNKNOWN, "never issued such a refresh token")


def test_auth0_token__another_clients_refresh_token_is_unknown(idp):
    token = first(idp)
    assert_refused(
        idp.refresh(token, client_id="other"),
        UNKNOWN,
        "was issued to client web, but client other sent it.",
    )
    assert idp.refresh(token).status_code == 200


def test_auth0_token__a_refresh_token_of_a_deleted_user_is_refused(idp):
    token = first(idp)
    document = idp.tenant.document
    idp.edit(type(document)(clients=document.clients))
    text = "The refresh_token was generated for a user who doesn't exist anymore."
    body = {"error": "invalid_grant", "error_description": text}
    assert_refused(idp.refresh(token), body, "User auth0|alice was deleted.")


def test_auth0_token__a_refresh_token_of_a_blocked_user_is_refused(idp):
    token = first(idp)
    users = tuple(type(u)(user_id=u.user_id, blocked=True) for u in ACME.users)
    idp.edit(type(ACME)(clients=ACME.clients, users=users))
    body = {"error": "invalid_grant", "error_description": "user is blocked"}
    assert_refused(idp.refresh(token), body, "User auth0|alice has `blocked: true`.")


def test_auth0_token__a_non_expiring_refresh_token_does_not_expire(idp):
    token = first(idp)
    for _ in range(5):
        idp.later(365 * 86400)
        assert idp.refresh(token).status_code == 200


# --- without rotation ---


def not_rotating(**policy):
    values = {"expiration_type": "expiring", "token_lifetime": 1000, "idle_token_lifetime": 300}
    return TenantClient(
        with_client(ACME, "web", refresh_token=RefreshTokenPolicy(**values | policy))
    )


def test_auth0_token__without_rotation_a_token_may_be_used_again():
    idp = not_rotating()
    token = first(idp)
    for _ in range(3):
        assert "refresh_token" not in idp.refresh(token).json


def test_auth0_token__using_a_token_restarts_its_idle_lifetime_only():
    idp = not_rotating()
    token = first(idp)
    for _ in range(3):
        idp.later(299)
        assert idp.refresh(token).status_code == 200
    idp.later(103)
    assert_refused(idp.refresh(token), UNKNOWN, "(`refresh_token.token_lifetime` of client web).")


def test_auth0_token__an_unused_token_expires():
    idp = not_rotating()
    token = first(idp)
    idp.later(300)
    assert_refused(idp.refresh(token), UNKNOWN, "`refresh_token.idle_token_lifetime` of client web")


def test_auth0_token__infinite_absolute_and_idle_lifetimes_are_independent():
    idp = not_rotating(infinite_token_lifetime=True)
    token = first(idp)
    for _ in range(9):
        idp.later(299)
        assert idp.refresh(token).status_code == 200
    idp.later(300)
    assert idp.refresh(token).json == UNKNOWN
    idp = not_rotating(infinite_idle_token_lifetime=True)
    token = first(idp)
    idp.later(999)
    assert idp.refresh(token).status_code == 200
    idp.later(1)
    assert idp.refresh(token).json == UNKNOWN


# --- with rotation ---


def test_rfc9700_4_14_2__each_exchange_gives_a_new_token(idp):
    token = first(idp, "spa")
    for _ in range(3):
        newer = idp.refresh(token, client_id="spa").json["refresh_token"]
        assert newer != token
        token = newer


def test_rfc9700_4_14_2__using_a_token_twice_revokes_the_whole_family(idp):
    old = first(idp, "spa")
    newest = idp.refresh(old, client_id="spa").json["refresh_token"]
    answer = idp.refresh(old, client_id="spa")
    assert_refused(answer, REUSED, "The whole family is now revoked.")
    assert_refused(
        idp.refresh(newest, client_id="spa"), UNKNOWN, "The refresh token's family was revoked at "
    )
    assert_refused(
        idp.refresh(old, client_id="spa"), UNKNOWN, "The refresh token's family was revoked at "
    )


def test_rfc9700_4_14_2__another_login_is_another_family(idp):
    other = first(idp, "spa")
    old = first(idp, "spa")
    idp.refresh(old, client_id="spa")
    idp.refresh(old, client_id="spa")
    assert idp.refresh(other, client_id="spa").status_code == 200


def test_auth0_token__a_setting_reports_reuse_as_an_unknown_token():
    idp = TenantClient(with_settings(refresh_token_reuse_error="unknown"))
    old = first(idp, "spa")
    idp.refresh(old, client_id="spa")
    assert_refused(idp.refresh(old, client_id="spa"), UNKNOWN, "was used again")


def test_auth0_token__within_the_leeway_the_previous_token_is_valid(idp):
    old = first(idp, "leeway")
    newest = idp.refresh(old, client_id="leeway").json["refresh_token"]
    idp.later(9.9)
    sibling = idp.refresh(old, client_id="leeway").json["refresh_token"]
    assert idp.refresh(newest, client_id="leeway").status_code == 200
    assert sibling != newest


def test_auth0_token__after_the_leeway_it_is_reuse(idp):
    old = first(idp, "leeway")
    idp.refresh(old, client_id="leeway")
    idp.later(10)
    assert_refused(idp.refresh(old, client_id="leeway"), REUSED, "leeway 10 s")


def test_auth0_token__the_leeway_applies_only_to_the_previous_token(idp):
    oldest = first(idp, "leeway")
    older = idp.refresh(oldest, client_id="leeway").json["refresh_token"]
    idp.refresh(older, client_id="leeway")
    assert_refused(idp.refresh(oldest, client_id="leeway"), REUSED, "Refresh token 0 of its family")


def test_auth0_token__rotation_does_not_lengthen_the_absolute_lifetime(idp):
    token = first(idp, "spa")
    for _ in range(3):
        idp.later(299)
        token = idp.refresh(token, client_id="spa").json["refresh_token"]
    idp.later(103)
    assert_refused(idp.refresh(token, client_id="spa"), UNKNOWN, "token_lifetime` of client spa")


def test_auth0_token__an_unused_rotating_token_expires(idp):
    token = first(idp, "spa")
    idp.later(300)
    answer = idp.refresh(token, client_id="spa")
    assert_refused(answer, UNKNOWN, "idle_token_lifetime` of client spa")


def test_rfc9700_4_14_2__fifty_concurrent_requests_exchange_a_token_once_and_revoke_its_family(idp):
    token = first(idp, "spa")
    answers = race(lambda: idp.another_browser().refresh(token, client_id="spa"))
    (won,) = [answer.json for answer in answers if answer.status_code == 200]
    texts = {answer.json["error_description"] for answer in answers if answer.status_code == 403}
    assert texts <= {REUSED["error_description"], UNKNOWN["error_description"]}
    assert idp.refresh(won["refresh_token"], client_id="spa").json == UNKNOWN


def test_auth0_token__concurrent_requests_within_the_leeway_all_succeed(idp):
    token = first(idp, "leeway")
    answers = race(lambda: idp.another_browser().refresh(token, client_id="leeway"))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json["refresh_token"] for answer in answers}) == 50


def test_mockidp_token__a_token_whose_family_is_no_longer_stored_is_unknown(idp):
    token = first(idp)
    ((family, _),) = idp.tenant.refresh_families.scan()
    idp.tenant.refresh_families.delete(family)
    assert_refused(
        idp.refresh(token), UNKNOWN, "family is no longer stored, because it ended long ago"
    )
