"""Requests for links need the Management API v1 token of the global client."""

import pytest

ORIGIN = "http://localhost:9400"
ASK = f"{ORIGIN}/users/auth0%7Calice/impersonate"
HOW = (
    "The call needs the Management API v1 token of the global client. Request it with POST "
    "/oauth/token, client_id global, its client_secret, grant_type client_credentials and no audience."
)


@pytest.fixture
def refused(http):
    """Return a function that requests a link with a token, and returns the hint of the refusal."""

    def ask(token=None, *, headers=None, http=http):
        if token is not None:
            headers = {"Authorization": f"Bearer {token}"}
        body = {"protocol": "oauth2", "impersonator_id": "auth0|admin", "client_id": "web"}
        answer = http.send("POST", ASK, json=body, headers=headers)
        assert answer.status_code == 401
        assert answer.text == "Unauthorized"
        assert answer.headers["Content-Type"].startswith("text/plain")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        return answer.headers["Mockidp-Hint"]

    return ask


def m2m_token(http, audience):
    body = {
        "client_id": "jobs",
        "client_secret": "jobs-secret",
        "grant_type": "client_credentials",
        "audience": audience,
    }
    return http.send("POST", f"{ORIGIN}/oauth/token", json=body).json["access_token"]


def mint(http, **body):
    answer = http.send("POST", f"{ORIGIN}/_mockidp/v1/tokens", json=body)
    return answer.json["access_token"]


def test_no_token(refused):
    assert refused() == f"No token was sent. {HOW}"
    assert refused(headers={"Authorization": "Basic eDp5"}) == (
        "No token was sent. The Authorization header has the scheme Basic, but Bearer is expected. "
        f"{HOW}"
    )


def test_a_missing_token_is_reported_before_a_malformed_body(http):
    answer = http.send("POST", ASK, data=b"{", content_type="application/json")
    assert (answer.status_code, answer.text) == (401, "Unauthorized")


def test_a_v2_token(http, refused):
    audience = f"{ORIGIN}/api/v2/"
    hint = refused(m2m_token(http, audience))
    assert hint == f"This is a Management API v2 token (audience {audience}). {HOW}"


def test_a_v2_token_with_two_audiences(http, refused):
    token = mint(http, user="alice", audience=f"{ORIGIN}/api/v2/", scope="openid read:users")
    assert refused(token).startswith("This is a Management API v2 token (audience ")


def test_an_ordinary_access_token(http, refused):
    token = mint(http, user="alice", audience="https://api.acme.example/", scope="read:items")
    assert refused(token) == f"This is a JWT for the audience 'https://api.acme.example/'. {HOW}"


def test_a_users_opaque_token(http, refused):
    assert refused(mint(http, user="alice")) == (
        f"This is the opaque access token of user auth0|alice. {HOW}"
    )


def test_an_expired_v1_token(http, refused):
    token = http.v1_token()
    assert http.request_link(token=token).status_code == 200
    http.tenant.clock.advance(86400)
    assert refused(token) == f"The token expired at 22:13:23 UTC. {HOW}"


def test_a_v1_token_is_valid_for_a_day(http):
    token = http.v1_token()
    http.tenant.clock.advance(86399)
    assert http.request_link(token=token).status_code == 200


def test_a_token_of_another_server(serve, refused):
    assert refused(serve().v1_token()) == f"This tenant never issued such a token. {HOW}"


@pytest.mark.parametrize("token", ["a.b", "a.b.c", "..", "v1.refresh"])
def test_a_malformed_jwt(refused, token):
    assert refused(token) == f"This looks like a JWT, but it cannot be decoded. {HOW}"


def test_a_tenant_without_a_global_client(serve, document, refused):
    from dataclasses import replace

    http = serve(document=replace(document, clients=document.clients[:3]))
    assert refused("x", http=http).endswith(
        "The tenant has no global client. Add a client with `global: true` to the tenant file."
    )
    assert http.tenant.bewit_key_id == "mockidp"


def test_a_v1_token_is_refused_at_userinfo(http):
    answer = http.userinfo(http.v1_token())
    assert answer.status_code == 401
    assert "v1 token" in answer.headers["Mockidp-Hint"]
