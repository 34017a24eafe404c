"""The impersonation link from the side of the application, with plain `requests`.

The application keeps its own check of `state`: the admin's tool made it, and the application
finds its target page in it.
"""

import base64
import json

import pytest
import requests
from flask import Flask, request, session

CALLBACK = "http://localhost:3000/callback"
API = "https://api.acme.example/"


def packed(target):
    return base64.urlsafe_b64encode(json.dumps({"target": target}).encode()).decode()


TO_ADMIN = packed("/admin")


class Application(Flask):
    """Redeems the code that a link brings, and goes to the page that the state names."""

    def __init__(self, tenant):
        super().__init__("application")
        self.secret_key = "of the session"
        self.tenant = tenant
        self.tokens = None
        self.add_url_rule("/callback", view_func=self.callback)
        self.add_url_rule("/admin", view_func=self.admin)

    def callback(self):
        body = {
            "grant_type": "authorization_code", "client_id": "acme-web",
            "client_secret": "acme-web-secret", "redirect_uri": CALLBACK,
            "code": request.args["code"],
        }  # fmt: skip
        self.tokens = requests.post(f"{self.tenant.url}/oauth/token", json=body, timeout=10).json()
        session["profile"] = self.profile()
        target = json.loads(base64.urlsafe_b64decode(request.args["state"]))["target"]
        return "", 302, {"Location": target}

    def profile(self):
        headers = {"Authorization": f"Bearer {self.tokens['access_token']}"}
        return requests.get(f"{self.tenant.url}/userinfo", headers=headers, timeout=10).json()

    def admin(self):
        return session["profile"]


@pytest.fixture
def application(tenant):
    return Application(tenant)


@pytest.fixture
def make_link(tenant):
    """Give a function that asks for a link as the admin's tool does."""

    def make_link(state=TO_ADMIN, **additional):
        tool = {
            "grant_type": "client_credentials", "client_id": "acme-global",
            "client_secret": "acme-global-secret",
        }  # fmt: skip
        token = requests.post(f"{tenant.url}/oauth/token", json=tool, timeout=10).json()
        body = {
            "protocol": "oauth2",
            "impersonator_id": "auth0|admin",
            "client_id": "acme-web",
            "additionalParameters": {
                "response_type": "code", "state": state, "callback_url": CALLBACK, **additional,
            },
        }  # fmt: skip
        answer = requests.post(
            f"{tenant.url}/users/auth0|alice/impersonate",
            json=body,
            headers={"Authorization": f"Bearer {token['access_token']}"},
            timeout=10,
        )
        assert answer.status_code == 200
        return answer.text

    return make_link


def is_bad_mac(answer):
    return (answer.status_code, answer.json()) == (
        401,
        {"error": "access_denied", "error_description": "Impersonation - Bad mac"},
    )


def test_the_link_leads_to_the_page_that_the_state_names(application, person, make_link):
    page = person(application).visits(make_link())
    assert page.url == "http://localhost:3000/admin"
    assert page.json()["sub"] == "auth0|alice"
    assert page.json()["impersonated"] is True
    assert page.json()["impersonator"] == {
        "user_id": "auth0|admin", "email": "admin@acme.example",
    }  # fmt: skip


def test_its_access_token_is_opaque_whatever_audience_was_asked_for(application, person, make_link):
    person(application).visits(make_link(audience=API))
    assert "." not in application.tokens["access_token"]
    assert application.profile()["sub"] == "auth0|alice"


def test_it_works_once(application, person, make_link):
    link, admin = make_link(), person(application)
    assert admin.visits(link).status_code == 200
    again = admin.visits(link)
    assert is_bad_mac(again)
    assert "already used" in again.headers["Mockidp-Hint"]


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        (lambda link: f"{link}&next=/admin", "`next` was added"),
        (lambda link: link.replace("?&bewit", "?next=/admin&bewit"), "`next` was added"),
        (lambda link: link.replace("?&bewit", "?bewit"), "?"),
        (lambda link: link.replace("%7Calice", "%7Cbob"), "bob"),
        (lambda link: link.replace("localhost", "127.0.0.1"), "127.0.0.1"),
    ],
    ids=["next after", "next before", "normalised", "another user", "another host"],
)
def test_a_changed_link_is_a_bad_mac_and_the_hint_says_why(
    application, person, make_link, change, hint
):
    link, admin = make_link(), person(application)
    answer = admin.visits(change(link))
    assert is_bad_mac(answer)
    assert hint in answer.headers["Mockidp-Hint"]
    assert admin.visits(link).url == "http://localhost:3000/admin"


def test_a_link_without_a_state_is_a_bad_mac(application, person, make_link):
    answer = person(application).visits(make_link(state=""))
    assert is_bad_mac(answer)
    assert "`additionalParameters.state` was empty" in answer.headers["Mockidp-Hint"]
