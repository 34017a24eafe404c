"""The tests of the app. They need a mockidp at ISSUER that serves tenant.yaml."""

import pytest
import requests
from app import ISSUER, app


@pytest.fixture
def client():
    """Return a test client, which keeps the app's cookies."""
    return app.test_client()


def access_token(audience):
    """Return the access token of the client acme-jobs for an API."""
    form = {
        "grant_type": "client_credentials",
        "client_id": "acme-jobs",
        "client_secret": "acme-jobs-secret",
        "audience": audience,
    }
    return requests.post(f"{ISSUER}oauth/token", data=form, timeout=5).json()["access_token"]


def test_the_api_accepts_an_access_token(client):
    bearer = f"Bearer {access_token('https://api.acme.example/')}"
    answer = client.get("/api/items", headers={"Authorization": bearer})
    assert answer.json == {"items": ["anvil", "rocket"]}


def test_the_api_refuses_a_token_for_another_api(client):
    bearer = f"Bearer {access_token('https://reports.acme.example/')}"
    answer = client.get("/api/items", headers={"Authorization": bearer})
    assert (answer.status_code, answer.json) == (401, {"error": "Audience doesn't match"})


def test_dana_logs_in(client):
    to_idp = client.get("/login", base_url="http://localhost:3000").location
    # The next login succeeds as Dana without a login page.
    response = requests.post(f"{ISSUER}_mockidp/v1/sign-ins", json={"user": "dana"}, timeout=5)
    assert response.ok, response.text
    back = requests.get(to_idp, allow_redirects=False, timeout=5).headers["Location"]
    home = client.get(back, base_url="http://localhost:3000", follow_redirects=True)
    assert home.text == "<h1>Hello Dana Acme</h1>"
