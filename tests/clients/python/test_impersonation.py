"""Impersonation links from the side of the application, with plain `requests`.

The admin's tool puts the target page into `state`, and the application redirects to it.
"""

import base64
import json

import pytest
import requests
from flask import Flask, request, session

CALLBACK = "http://localhost:3000/callback"
API = "https://api.acme.example/"


def make_state(target):
    return base64.urlsafe_b64encode(json.dumps({"target": target}).encode()).decode()


TO_ADMIN = make_state("/admin")


class Application(Flask):
    """Redeems the code of a link, and redirects to the page in the state."""

    def __init__(self, tenant):
        super().__init__("application")
        self.secret_key = "session secret"
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
    """Return a function that requests a link as the admin's tool does."""

    def make_link(state=TO_ADMIN, **additional):
        grant = {
            "grant_type": "client_credentials", "client_id": "acme-global",
            "client_secret": "acme-global-secret",
        }  # fmt: skip
        token = requests.post(f"{tenant.url}/oauth/token", json=grant, timeout=10).json()
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


def test_the_link_leads_to_the_page_in_the_state(application, user_of, make_link):
    page = user_of(application).visit(make_link())
    assert page.url == "http://localhost:3000/admin"
    assert page.json()["sub"] == "auth0|alice"
    assert page.json()["impersonated"] is True
    assert page.json()["impersonator"] == {
        "user_id": "auth0|admin", "email": "admin@acme.example",
    }  # fmt: skip


def test_the_access_token_is_opaque_with_any_audience(application, user_of, make_link):
    user_of(application).visit(make_link(audience=API))
    assert "." not in application.tokens["access_token"]
    assert application.profile()["sub"] == "auth0|alice"


def test_a_link_works_once(application, user_of, make_link):
    link, admin = make_link(), user_of(application)
    assert admin.visit(link).status_code == 200
    again = admin.visit(link)
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
    ids=["next appended", "next prepended", "normalized", "another user", "another host"],
)
def test_a_changed_link_is_a_bad_mac_with_the_reason_in_the_hint(
    application, user_of, make_link, change, hint
):
    link, admin = make_link(), user_of(application)
    answer = admin.visit(change(link))
    assert is_bad_mac(answer)
    assert hint in answer.headers["Mockidp-Hint"]
    assert admin.visit(link).url == "http://localhost:3000/admin"


def test_a_link_without_a_state_is_a_bad_mac(application, user_of, make_link):
    answer = user_of(application).visit(make_link(state=""))
    assert is_bad_mac(answer)
    assert "`additionalParameters.state` was empty" in answer.headers["Mockidp-Hint"]
