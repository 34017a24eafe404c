"""Real clients at two domains of one tenant: each accepts the tokens of its own domain only."""

import asyncio
import socket
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from auth0.authentication import GetToken, Users
from auth0.authentication.exceptions import Auth0Error, TokenValidationError
from auth0.authentication.token_verifier import AsymmetricSignatureVerifier, TokenVerifier
from auth0_api_python import ApiClient, ApiClientOptions
from auth0_api_python.errors import VerifyAccessTokenError

from helpers.client_facts import shows
from helpers.tenant_client import claims_of

API = "https://api.acme.example/"
LOGIN, PENDING = "login.acme.localhost", "soon.acme.localhost"
CONNECTION = "Username-Password-Authentication"
ALICE = ("alice@acme.example", "Passw0rd!")
REFUSED = {
    "code of another domain": "OAUTH_JWT_CLAIM_COMPARISON_FAILED",
    "refresh token of another domain": "OAUTH_JWT_CLAIM_COMPARISON_FAILED",
    "access token of another domain at userinfo": "OAUTH_WWW_AUTHENTICATE_CHALLENGE",
    "domain that is not verified": "OAUTH_RESPONSE_IS_NOT_CONFORM",
}


@pytest.fixture(scope="module", params=["http", "https"])
def domains(request, acme, remote):
    """Return the URLs of the tenant's own domain, of a custom domain and of one in verification."""
    remote.add_custom_domain(LOGIN)
    remote.add_custom_domain(PENDING, status="pending_verification")
    own = {"http": acme.url, "https": acme.tls_url}[request.param]
    port = urlsplit(own).port
    return SimpleNamespace(
        own=own,
        custom=f"{request.param}://{LOGIN}:{port}",
        pending=f"{request.param}://{PENDING}:{port}",
        scheme=request.param,
    )


@pytest.fixture
def local_names(monkeypatch, acme):
    """Resolve the custom domains to this machine, and trust the mock's CA."""
    resolve = socket.getaddrinfo

    def getaddrinfo(host, *args, **options):
        name = host.decode() if isinstance(host, bytes) else host
        return resolve("localhost" if name in {LOGIN, PENDING} else host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, acme.ca_file)
    monkeypatch.setenv("NO_PROXY", "*")


@shows("openid-client 6", "custom domains", refuses=REFUSED, over="http, https")
def test_openid_client(node, acme, domains):
    given = {
        "own": f"{domains.own}/",
        "custom": f"{domains.custom}/",
        "pending": f"{domains.pending}/",
        "names": [LOGIN, PENDING],
        "insecure": domains.scheme == "http",
        "callback": "http://localhost:3000/callback",
        "logoutUrl": "http://localhost:3000",
        "audience": API,
        "username": ALICE[0],
        "password": ALICE[1],
    }
    done = node("custom-domains.mjs", given, ca_file=acme.ca_file)
    for name, url in (("own", domains.own), ("custom", domains.custom)):
        assert done[name]["iss"] == f"{url}/"
        assert done[name]["profile"]["sub"] == "auth0|alice"
        assert claims_of(done[name]["fresh"]["id_token"])["iss"] == f"{url}/"
        assert claims_of(done[name]["tokens"]["access_token"])["iss"] == f"{url}/"
    refused = done["refused"]
    assert {name: one.get("code") for name, one in refused.items()} == REFUSED
    assert refused["code of another domain"]["iss"] == f"{domains.own}/"
    assert refused["access token of another domain at userinfo"]["status"] == 401
    assert (done["loggedOut"], done["hintOfAnotherDomain"]) == (302, 400)


def client_at(kind, url):
    split = urlsplit(url)
    return kind(split.netloc, "acme-web", client_secret="acme-web-secret", protocol=split.scheme)


def tokens_at(url):
    return client_at(GetToken, url).login(
        *ALICE, realm=CONNECTION, scope="openid profile email", audience=API
    )


@shows(
    "auth0-python 6",
    "custom domains",
    refuses=["ID token of another domain", "userinfo of another domain", "unverified domain"],
    over="http, https",
)
@pytest.mark.usefixtures("local_names")
def test_auth0_python(domains):
    own, custom = tokens_at(domains.own), tokens_at(domains.custom)
    keys = AsymmetricSignatureVerifier(f"{domains.custom}/.well-known/jwks.json")
    verifier = TokenVerifier(keys, f"{domains.custom}/", "acme-web")
    assert verifier.verify(custom["id_token"])["sub"] == "auth0|alice"
    with pytest.raises(TokenValidationError, match=r"Issuer \(iss\) claim mismatch"):
        verifier.verify(own["id_token"])
    users = Users(urlsplit(domains.custom).netloc, protocol=domains.scheme)
    assert users.userinfo(custom["access_token"])["sub"] == "auth0|alice"
    with pytest.raises(Auth0Error) as refused:
        users.userinfo(own["access_token"])
    assert refused.value.status_code == 401
    with pytest.raises(Auth0Error) as unknown:
        tokens_at(domains.pending)
    assert unknown.value.status_code == 400


@shows(
    "auth0-api-python",
    "custom domains",
    refuses=["access token of a domain that is not listed"],
    over="https",
)
@pytest.mark.parametrize("domains", ["https"], indirect=True)
@pytest.mark.usefixtures("local_names")
def test_auth0_api_python(domains, remote):
    own, custom = (urlsplit(url).netloc for url in (domains.own, domains.custom))

    def verify(allowed, url):
        api = ApiClient(ApiClientOptions(domains=allowed, audience=API))
        token = remote.access_token(user="alice", audience=API, url=url)
        return asyncio.run(api.verify_access_token(token))

    for url in (domains.own, domains.custom):
        assert verify([own, custom], url)["iss"] == f"{url}/"
    with pytest.raises(VerifyAccessTokenError):
        verify([custom], domains.own)
