"""The app's tests. They need a mockidp at ISSUER, with tenant.yaml as its tenant."""

import pytest
import requests
from app import ISSUER, app


@pytest.fixture
def client():
    """Return a browser of sorts: it keeps the app's cookies."""
    return app.test_client()


def access_token(audience):
    """Return what the job scheduler gets for an API."""
    form = {
        "grant_type": "client_credentials",
        "client_id": "acme-jobs",
        "client_secret": "acme-jobs-secret",
        "audience": audience,
    }
    return requests.post(f"{ISSUER}oauth/token", data=form, timeout=5).json()["access_token"]


def test_the_api_takes_an_access_token(client):
    bearer = f"Bearer {access_token('https://api.acme.example/')}"
    answer = client.get("/api/items", headers={"Authorization": bearer})
    assert answer.json == {"items": ["anvil", "rocket"]}


def test_the_api_refuses_a_token_for_another_one(client):
    bearer = f"Bearer {access_token('https://reports.acme.example/')}"
    answer = client.get("/api/items", headers={"Authorization": bearer})
    assert (answer.status_code, answer.json) == (401, {"error": "Audience doesn't match"})


def test_dana_logs_in(client):
    to_idp = client.get("/login", base_url="http://localhost:3000").location
    # Decides who logs in next, so that this test needs no login page.
    said = requests.post(f"{ISSUER}_mockidp/v1/sign-ins", json={"user": "dana"}, timeout=5)
    assert said.ok, said.text
    back = requests.get(to_idp, allow_redirects=False, timeout=5).headers["Location"]
    home = client.get(back, base_url="http://localhost:3000", follow_redirects=True)
    assert home.text == "<h1>Hello Dana Acme</h1>"
