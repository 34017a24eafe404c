"""Revocation of refresh tokens."""

import pytest

from helpers.acme import CALLBACK
from helpers.tenant_client import basic, hint

SCOPE = "openid offline_access"


def revoke(idp, token, *, headers=None, json_body=None, **form):
    defaults = {"client_id": "web", "client_secret": "web-secret", "token": token}
    if json_body:
        return idp.post("/oauth/revoke", json_body=defaults)
    return idp.post(
        "/oauth/revoke",
        headers=headers,
        **{k: v for k, v in (defaults | form).items() if v is not None},
    )


@pytest.mark.parametrize("json_body", [False, True])
def test_rfc7009_2_1__a_revoked_token_is_unknown_afterwards(idp, json_body):
    token = idp.tokens(scope=SCOPE)["refresh_token"]
    answer = revoke(idp, token, json_body=json_body)
    assert (answer.status_code, answer.text) == (200, "")
    assert answer.headers["Vary"] == "Accept-Encoding, Origin"
    assert not hint(answer)
    refused = idp.refresh(token)
    assert refused.json["error_description"] == "Unknown or invalid refresh token."
    assert "by /oauth/revoke" in hint(refused)


def test_auth0_revoke__any_token_of_a_family_ends_the_family(idp):
    old = idp.tokens(client_id="spa", scope=SCOPE)["refresh_token"]
    newest = idp.refresh(old, client_id="spa").json["refresh_token"]
    assert revoke(idp, old, client_id="spa", client_secret=None).status_code == 200
    assert idp.refresh(newest, client_id="spa").status_code == 403


@pytest.mark.parametrize("token", ["never-made", "x" * 9000, "ü"])
def test_rfc7009_2_2__an_unknown_token_is_200(idp, token):
    answer = revoke(idp, token)
    assert (answer.status_code, answer.text) == (200, "")
    assert hint(answer) == (
        "Nothing was revoked, because this tenant did not issue such a refresh token."
    )


def test_auth0_revoke__an_access_token_is_not_revoked(idp):
    token = idp.tokens()["access_token"]
    assert revoke(idp, token, token_type_hint="access_token").status_code == 200
    assert idp.userinfo(token).status_code == 200


def test_auth0_revoke__revoking_twice_is_200(idp):
    token = idp.tokens(scope=SCOPE)["refresh_token"]
    revoke(idp, token)
    answer = revoke(idp, token)
    assert answer.status_code == 200
    assert "had already been revoked or had expired." in hint(answer)


def test_rfc7009_2_1__another_clients_token_is_not_revoked(idp):
    token = idp.tokens(scope=SCOPE)["refresh_token"]
    answer = revoke(idp, token, client_id="other", client_secret="other-secret")
    assert answer.status_code == 200
    assert "belongs to client web." in hint(answer)
    assert idp.refresh(token).status_code == 200


@pytest.mark.parametrize(
    "form", [{"client_secret": "wrong"}, {"client_secret": None}, {"client_id": "nobody"}]
)
def test_auth0_revoke__wrong_credentials_are_401_invalid_client(idp, form):
    answer = revoke(idp, "x", **form)
    assert answer.status_code == 401
    assert answer.json == {"error": "invalid_client", "error_description": "Unauthorized"}
    assert hint(answer)


@pytest.mark.parametrize("missing", ["client_id", "token"])
def test_rfc7009_2_1__a_missing_parameter_is_named(idp, missing):
    form = {missing: None}
    answer = revoke(idp, form.pop("token", "x"), **form)
    assert answer.status_code == 400
    assert answer.json["error_description"] == f"Missing required parameter: {missing}"


def test_rfc7009_2_1__credentials_may_be_in_a_basic_header(idp):
    token = idp.tokens(scope=SCOPE)["refresh_token"]
    headers = basic("web", "web-secret")
    answer = revoke(idp, token, headers=headers, client_id=None, client_secret=None)
    assert answer.status_code == 200
    assert idp.refresh(token).status_code == 403


def test_auth0_revoke__get_is_404(idp):
    assert idp.get("/oauth/revoke").status_code == 404


def test_auth0_revoke__the_grant_is_revoked_with_the_token(idp):
    tokens = idp.tokens(client_id="third-party", scope=SCOPE)
    again = idp.authorize(client_id="third-party", scope=SCOPE, redirect_uri=CALLBACK)
    assert again.location.startswith(CALLBACK)
    revoke(
        idp, tokens["refresh_token"], client_id="third-party", client_secret="third-party-secret"
    )
    consent_page = idp.follow(idp.authorize(client_id="third-party", scope=SCOPE))
    assert consent_page.location.startswith("/u/consent")
