"""Tokens without a flow."""

import jwt
import pytest
from werkzeug.test import Client

from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app

ORIGIN = "http://localhost:9400"
API = "https://api.acme.example/"
OTHER = "https://hs.acme.example/"


def mint(control, **body):
    answer = control.call("tokens", **body)
    assert answer.status_code == 200, answer.text
    return answer.json


def claims(control, minted):
    key = control.tenant.keys.current.public_key
    options = {"verify_exp": False, "verify_iat": False}
    return jwt.decode(
        minted["access_token"], key, ["RS256"], audience=API, issuer=f"{ORIGIN}/", options=options
    )


@pytest.mark.parametrize("name", ["auth0|alice", "alice", "alice@acme.example", "ally"])
def test_for_a_user_by_any_name(control, name):
    minted = mint(control, user=name, audience=API)
    assert list(minted) == ["access_token", "scope", "expires_in", "token_type"]
    assert minted["expires_in"] == 86400
    result = claims(control, minted)
    assert result["sub"] == "auth0|alice"
    assert result["azp"] == "jobs"
    assert result["scope"] == minted["scope"] == "read:items write:items"


def test_for_a_client(control):
    result = claims(control, mint(control, client="web", audience=API, scope="read:items"))
    assert result["sub"] == "web@clients"
    assert result["azp"] == "web"
    assert result["gty"] == "client-credentials"
    assert result["scope"] == "read:items"


def test_for_a_user_through_a_client(control):
    result = claims(
        control, mint(control, user="bob", client="web", audience=API, scope="openid email")
    )
    assert result["azp"] == "web"
    assert result["scope"] == "openid email"
    assert result["aud"] == [API, f"{ORIGIN}/userinfo"]


def test_for_several_apis(control):
    result = claims(control, mint(control, client="web", audience=[API, OTHER]))
    assert result["aud"] == [API, OTHER]
    assert claims(control, mint(control, client="web", audience=[API]))["aud"] == API


@pytest.mark.parametrize("audience", [None, "", []])
def test_an_empty_audience_counts_as_absent(control, audience):
    assert mint(control, user="bob", audience=audience)["access_token"].count(".") == 0


def test_without_an_audience_it_is_opaque_and_valid_at_userinfo(control):
    minted = mint(control, user="bob")
    assert minted["scope"] == "openid profile email"
    headers = {"Authorization": f"Bearer {minted['access_token']}"}
    answer = control.send("GET", "/userinfo", headers=headers)
    assert answer.json["sub"] == "auth0|bob"
    assert answer.json["email"] == "bob@acme.example"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "A token needs an audience or a user."),
        ({"user": None, "scope": ""}, "A token needs an audience or a user."),
        ({"client": "web"}, "A token needs an audience or a user."),
        ({"user": "eve"}, "There is no user 'eve'. Known: auth0|alice, auth0|bob, auth0|admin"),
        (
            {"client": "wob", "audience": API},
            "There is no client 'wob'. Known: jobs, web, old, global",
        ),
        ({"user": "bob", "audience": "https://x/"}, "No API has the identifier 'https://x/'"),
        ({"user": "bob", "audience": API[:-1]}, "Check the trailing slash."),
        (
            {"user": "bob", "audience": [API, "https://x/"]},
            "No API has the identifier 'https://x/'",
        ),
        ({"user": "bob", "audience": API, "scope": "read:itmes"}, "Did you mean read:items?"),
    ],
)
def test_unknown_names_are_reported(control, body, says):
    answer = control.call("tokens", **body)
    assert answer.status_code == 400
    assert says in answer.json["detail"]
    assert says in answer.headers["Mockidp-Hint"]


def test_the_lenient_tenant_mints_for_any_audience():
    client = Client(create_app(Tenant()))
    body = {"audience": "anything", "scope": "a b"}
    answer = client.post("/_mockidp/v1/tokens", base_url=ORIGIN, json=body)
    result = jwt.decode(answer.json["access_token"], options={"verify_signature": False})
    assert (result["aud"], result["scope"], result["azp"]) == ("anything", "a b", "mockidp")
