"""One tenant, intercepted at its own domain and at a custom domain."""

import httpx
import jwt
import pytest
import requests

import mockidp

OWN, LOGIN = "acme.eu.auth0.com", "login.acme.example"
API = "https://api.example/"
TENANT = {
    "customDomains": [{"domain": LOGIN}, {"domain": "soon.acme.example", "status": "pending"}],
    "clients": [
        {
            "client_id": "machine",
            "client_secret": "secret",
            "grant_types": ["client_credentials", "password"],
            "callbacks": ["https://app.example/callback"],
        }
    ],
    "resourceServers": [{"identifier": API}],
    "clientGrants": [
        {"client_id": "machine", "audience": API},
        {"client_id": "machine", "audience": f"https://{OWN}/api/v2/", "scope": ["read:users"]},
    ],
    "users": [{"user_id": "auth0|alice", "email": "alice@acme.example", "password": "Passw0rd!"}],
}
MACHINE = {"client_id": "machine", "client_secret": "secret"}


@pytest.fixture
def idp():
    with (
        mockidp.intercept(OWN, tenant=TENANT) as idp,
        mockidp.intercept(LOGIN, idp=idp),
        mockidp.intercept("soon.acme.example", idp=idp),
    ):
        yield idp


def machine_token(domain, audience=API):
    form = {"grant_type": "client_credentials", "audience": audience, **MACHINE}
    return requests.post(f"https://{domain}/oauth/token", data=form, timeout=5)


def claims(token):
    return jwt.decode(token, options={"verify_signature": False})


@pytest.mark.usefixtures("idp")
def test_each_domain_issues_tokens_with_its_issuer():
    for domain in (OWN, LOGIN):
        token = machine_token(domain).json()["access_token"]
        assert claims(token)["iss"] == f"https://{domain}/"


@pytest.mark.usefixtures("idp")
def test_the_management_api_has_the_own_domain_in_its_identifier():
    for domain in (OWN, LOGIN):
        token = machine_token(domain, f"https://{OWN}/api/v2/").json()["access_token"]
        assert claims(token)["aud"] == f"https://{OWN}/api/v2/"
    refused = machine_token(LOGIN, f"https://{LOGIN}/api/v2/")
    assert refused.status_code == 403
    assert f"Send https://{OWN}/api/v2/." in refused.headers["Mockidp-Hint"]


def test_userinfo_accepts_the_tokens_of_its_domain(idp):
    for domain, other in ((OWN, LOGIN), (LOGIN, OWN)):
        url = f"https://{domain}"
        token = idp.access_token(user="alice", audience=API, scope="openid", url=url)
        assert claims(token)["aud"] == [API, f"https://{OWN}/userinfo"]
        bearer = {"Authorization": f"Bearer {token}"}
        assert requests.get(f"{url}/userinfo", headers=bearer, timeout=5).status_code == 200
        refused = requests.get(f"https://{other}/userinfo", headers=bearer, timeout=5)
        assert refused.status_code == 401
        assert f"was issued by {url}/" in refused.headers["Mockidp-Hint"]


@pytest.mark.usefixtures("idp")
def test_a_domain_that_is_not_ready_does_not_answer():
    refused = machine_token("soon.acme.example")
    assert refused.status_code == 400
    assert "has `status: pending`" in refused.headers["Mockidp-Hint"]


def test_httpx_reaches_both_domains(idp):
    with httpx.Client(transport=idp.transport()) as client:
        for domain in (OWN, LOGIN):
            document = client.get(f"https://{domain}/.well-known/openid-configuration").json()
            assert document["issuer"] == f"https://{domain}/"
