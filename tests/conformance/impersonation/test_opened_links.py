"""The response to an opened link: code or tokens, their user, and their lifetime."""

import jwt
import pytest

from mockidp.resources.user import USER
from mockidp.testing.records import remove

ORIGIN = "http://localhost:9400"
CALLBACK = "http://localhost:3000/callback"
API = "https://api.acme.example/"


def claims(token):
    return jwt.decode(token, options={"verify_signature": False})


def test_a_link_has_the_documented_shape(http):
    answer = http.request_link()
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.text.startswith(f"{ORIGIN}/users/auth0%7Calice/impersonate?&bewit=")
    assert "Mockidp-Hint" not in answer.headers


def test_a_link_leads_to_the_callback_with_code_and_state(http, callback_of):
    answer = http.get(http.link(state="a b&c=%7C/日本"))
    callback, values = callback_of(answer)
    assert callback == CALLBACK
    assert list(values) == ["code", "state"]
    assert values["state"] == "a b&c=%7C/日本"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers


def test_the_response_to_the_code_has_exactly_four_fields(http, callback_of):
    _, values = callback_of(http.get(http.link(scope="openid offline_access")))
    answer = http.redeem(values["code"])
    assert answer.status_code == 200
    assert list(answer.json) == ["access_token", "id_token", "token_type", "expires_in"]
    assert answer.json["token_type"] == "Bearer"
    assert answer.json["expires_in"] == 86400
    assert "." not in answer.json["access_token"]
    assert http.tenant.refresh_families.count() == 0
    assert claims(answer.json["id_token"])["sub"] == "auth0|alice"


def test_the_code_requires_the_callback_as_redirect_uri(http, callback_of):
    _, values = callback_of(http.get(http.link()))
    answer = http.redeem(values["code"], redirect_uri="http://localhost:3000/other")
    assert answer.status_code == 403
    assert "redirect URI is wrong" in answer.json["error_description"]


@pytest.mark.parametrize("response_type", ["token", "token id_token", "id_token token"])
def test_tokens_come_in_the_fragment(http, callback_of, response_type):
    answer = http.get(http.link(response_type=response_type))
    callback, values = callback_of(answer)
    assert callback == CALLBACK
    assert answer.headers["Location"].startswith(f"{CALLBACK}#access_token=")
    assert list(values) == [
        "access_token", "id_token", "scope", "expires_in", "token_type", "state",
    ]  # fmt: skip
    assert values["scope"] == "openid"
    assert values["expires_in"] == "86400"
    assert values["token_type"] == "Bearer"
    assert values["state"] == "S"
    assert http.userinfo(values["access_token"]).json["sub"] == "auth0|alice"
    assert "at_hash" in claims(values["id_token"])


def test_without_openid_there_is_no_id_token(http, callback_of):
    _, values = callback_of(http.get(http.link(response_type="token", scope="profile")))
    assert "id_token" not in values
    assert values["scope"] == "profile"


def test_userinfo_names_the_impersonator(http, callback_of):
    _, values = callback_of(http.get(http.link(scope="openid email")))
    tokens = http.redeem(values["code"]).json
    profile = http.userinfo(tokens["access_token"]).json
    assert profile["sub"] == "auth0|alice"
    assert profile["email"] == "alice@acme.example"
    assert profile["impersonated"] is True
    assert profile["impersonator"] == {"user_id": "auth0|admin", "email": "admin@acme.example"}
    assert "impersonated" not in claims(tokens["id_token"])


def test_a_setting_adds_the_claims_to_the_id_token(serve, callback_of):
    http = serve(claims_in_id_token=True)
    _, values = callback_of(http.get(http.link()))
    payload = claims(http.redeem(values["code"]).json["id_token"])
    assert payload["impersonated"] is True
    assert payload["impersonator"]["user_id"] == "auth0|admin"


def test_the_body_may_describe_the_impersonator(http, callback_of):
    who = {"impersonator": {"user_id": "auth0|nobody", "email": "ops@acme.example"}}
    _, values = callback_of(http.get(http.link(json=who)))
    profile = http.userinfo(http.redeem(values["code"]).json["access_token"]).json
    assert profile["impersonator"] == {"user_id": "auth0|admin", "email": "ops@acme.example"}


def test_the_body_may_have_only_the_impersonators_id(http, callback_of):
    who = {"impersonator_id": "", "impersonator": {"user_id": "auth0|admin"}}
    _, values = callback_of(http.get(http.link(json=who)))
    profile = http.userinfo(http.redeem(values["code"]).json["access_token"]).json
    assert profile["impersonator"]["user_id"] == "auth0|admin"


@pytest.mark.parametrize(("requested", "default"), [(API, None), (None, API), (API, API)])
@pytest.mark.parametrize("response_type", ["code", "token"])
def test_an_audience_is_ignored_as_auth0_does(
    serve, callback_of, requested, default, response_type
):
    http = serve(default_audience=default)
    link = http.link(audience=requested, response_type=response_type)
    _, values = callback_of(http.get(link))
    tokens = http.redeem(values["code"]).json if response_type == "code" else values
    assert "." not in tokens["access_token"]


@pytest.mark.parametrize("response_type", ["code", "token"])
@pytest.mark.parametrize(("requested", "default"), [(API, None), (None, API)])
def test_honour_audience_gives_a_jwt(serve, callback_of, requested, default, response_type):
    http = serve(honour_audience=True, default_audience=default)
    scope = "openid read:items write:items"
    link = http.link(audience=requested, scope=scope, response_type=response_type)
    _, values = callback_of(http.get(link))
    tokens = http.redeem(values["code"]).json if response_type == "code" else values
    payload = claims(tokens["access_token"])
    assert payload["aud"] == [API, f"{ORIGIN}/userinfo"]
    assert payload["sub"] == "auth0|alice"
    assert payload["scope"] == "openid read:items", "a scope that the API has not is dropped"
    assert "impersonated" not in payload
    profile = http.userinfo(tokens["access_token"]).json
    assert profile["impersonator"]["user_id"] == "auth0|admin"


def test_honour_audience_without_any_audience_is_opaque(serve, callback_of):
    http = serve(honour_audience=True)
    _, values = callback_of(http.get(http.link()))
    assert "." not in http.redeem(values["code"]).json["access_token"]


def test_a_setting_starts_a_session(serve, callback_of):
    http = serve(sso_session=True)
    link = http.link()
    head = http.send("HEAD", link)
    assert head.status_code == 302
    assert "Set-Cookie" not in head.headers
    answer = http.get(link)
    assert answer.headers["Set-Cookie"].startswith("auth0-http=")
    _, values = callback_of(answer)
    assert "sid" in claims(http.redeem(values["code"]).json["id_token"])


def test_no_session_is_started_by_default(http, callback_of):
    _, values = callback_of(http.get(http.link()))
    assert http.tenant.sessions.count() == 0
    assert "sid" not in claims(http.redeem(values["code"]).json["id_token"])


@pytest.mark.parametrize("response_type", ["code", "token"])
def test_head_has_the_response_of_get_and_does_not_use_up_the_link(
    http, callback_of, response_type
):
    link = http.link(response_type=response_type)
    head = http.send("HEAD", link)
    callback, values = callback_of(head)
    assert head.data == b""
    assert callback == CALLBACK
    assert values["state"] == "S"
    assert "are not valid." in head.headers["Mockidp-Hint"]
    if response_type == "code":
        assert http.redeem(values["code"]).status_code == 403
    else:
        assert http.userinfo(values["access_token"]).status_code == 401
        assert claims(values["id_token"])["exp"] < http.tenant.now()
    callback_of(http.get(link))
    assert http.send("HEAD", link).status_code == 401


def test_a_post_to_a_link_requests_another(http, callback_of):
    link = http.link()
    refused = http.send("POST", link, json={})
    assert (refused.status_code, refused.text) == (401, "Unauthorized")
    body = {"protocol": "oauth2", "impersonator_id": "auth0|admin", "client_id": "web"}
    headers = {"Authorization": f"Bearer {http.token}"}
    answer = http.send("POST", link, json=body, headers=headers)
    assert answer.status_code == 200
    assert answer.text != link
    callback_of(http.get(link))


def test_an_unusual_user_id_is_unchanged_after_the_link(http, callback_of):
    link = http.link(user="auth0%7CZo%C3%AB%20K%2F%C3%B6")
    assert "/users/auth0%7CZo%C3%AB%20K%2F%C3%B6/impersonate?&bewit=" in link
    _, values = callback_of(http.get(link))
    token = http.redeem(values["code"]).json["access_token"]
    assert http.userinfo(token).json["sub"] == "auth0|Zoë K/ö"


def test_a_link_for_a_removed_user_is_refused(http):
    link = http.link()
    assert remove(http.tenant, USER, "auth0|alice")
    answer = http.get(link)
    assert answer.status_code == 401
    assert answer.json["error_description"] == "Impersonation - Bad mac"
    assert "auth0|alice was removed" in answer.headers["Mockidp-Hint"]
