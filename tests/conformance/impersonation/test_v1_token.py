"""Who may ask for a link: the bearer of the global client's Management API v1 token, alone."""

import pytest

ORIGIN = "http://localhost:9400"
ASK = f"{ORIGIN}/users/auth0%7Calice/impersonate"
HOW = (
    "The call needs the Management API v1 token of the global client. Request it with POST "
    "/oauth/token, client_id global, its client_secret, grant_type client_credentials and no audience."
)


@pytest.fixture
def refused(face):
    """Ask with a token and return the hint, up to how to get a right one."""

    def ask(token=None, *, headers=None, face=face):
        if token is not None:
            headers = {"Authorization": f"Bearer {token}"}
        body = {"protocol": "oauth2", "impersonator_id": "auth0|admin", "client_id": "web"}
        answer = face.send("POST", ASK, json=body, headers=headers)
        assert answer.status_code == 401
        assert answer.text == "Unauthorized"
        assert answer.headers["Content-Type"].startswith("text/plain")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        return answer.headers["Mockidp-Hint"]

    return ask


def m2m_token(face, audience):
    body = {
        "client_id": "jobs",
        "client_secret": "jobs-secret",
        "grant_type": "client_credentials",
        "audience": audience,
    }
    return face.send("POST", f"{ORIGIN}/oauth/token", json=body).json["access_token"]


def mint(face, **body):
    answer = face.send("POST", f"{ORIGIN}/_mockidp/v1/tokens", json=body)
    return answer.json["access_token"]


def test_no_token(refused):
    assert refused() == f"No token was sent. {HOW}"
    assert refused(headers={"Authorization": "Basic eDp5"}) == (
        "No token was sent. The Authorization header has the scheme Basic, but Bearer is expected. "
        f"{HOW}"
    )


def test_no_token_is_told_before_a_bad_body(face):
    answer = face.send("POST", ASK, data=b"{", content_type="application/json")
    assert (answer.status_code, answer.text) == (401, "Unauthorized")


def test_a_v2_token(face, refused):
    audience = f"{ORIGIN}/api/v2/"
    hint = refused(m2m_token(face, audience))
    assert hint == f"This is a Management API v2 token (audience {audience}). {HOW}"


def test_a_v2_token_with_two_audiences(face, refused):
    token = mint(face, user="alice", audience=f"{ORIGIN}/api/v2/", scope="openid read:users")
    assert refused(token).startswith("This is a Management API v2 token (audience ")


def test_an_ordinary_access_token(face, refused):
    token = mint(face, user="alice", audience="https://api.acme.example/", scope="read:items")
    assert refused(token) == f"This is a JWT for the audience 'https://api.acme.example/'. {HOW}"


def test_a_users_opaque_token(face, refused):
    assert refused(mint(face, user="alice")) == (
        f"This is the opaque access token of user auth0|alice. {HOW}"
    )


def test_an_expired_v1_token(face, refused):
    token = face.v1_token()
    assert face.ask(token=token).status_code == 200
    face.tenant.clock.advance(86400)
    assert refused(token) == f"The token expired at 22:13:23 UTC. {HOW}"


def test_a_v1_token_lives_for_a_day(face):
    token = face.v1_token()
    face.tenant.clock.advance(86399)
    assert face.ask(token=token).status_code == 200


def test_a_token_of_another_server(serve, refused):
    assert refused(serve().v1_token()) == f"This tenant never issued such a token. {HOW}"


@pytest.mark.parametrize("token", ["a.b", "a.b.c", "..", "v1.refresh"])
def test_what_looks_like_a_jwt_and_is_none(refused, token):
    assert refused(token) == f"This looks like a JWT, but it cannot be decoded. {HOW}"


def test_a_tenant_without_a_global_client_says_so(serve, document, refused):
    from dataclasses import replace

    face = serve(document=replace(document, clients=document.clients[:3]))
    assert refused("x", face=face).endswith(
        "The tenant has no global client. Add a client with `global: true` to the tenant file."
    )
    assert face.tenant.bewit_key_id == "mockidp"


def test_a_v1_token_is_no_good_at_userinfo(face):
    answer = face.userinfo(face.v1_token())
    assert answer.status_code == 401
    assert "v1 token" in answer.headers["Mockidp-Hint"]
