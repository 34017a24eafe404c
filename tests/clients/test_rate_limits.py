"""Clients at a tenant with Auth0's rate limits: they retry, and report the refusal."""

from urllib.parse import urlsplit

import pytest
import requests
from auth0.authentication import Database, GetToken, Users
from auth0.authentication.exceptions import RateLimitError

from helpers.client_facts import shows
from mockidp import RemoteIdP

API = "https://api.acme.example/"
CHECK_HEADERS = (
    "Too many requests. Check the X-RateLimit-Limit, X-RateLimit-Remaining and X-RateLimit-Reset "
    "headers."
)
GLOBAL = "Global limit has been reached"
EMAIL = "alice@acme.example"
DATABASE = "Username-Password-Authentication"


@pytest.fixture(scope="module")
def limited(serving, tmp_path_factory):
    """Run `mockidp serve --example acme` with rate limits."""
    with serving(tmp_path_factory.mktemp("limited"), "--set", "rate_limits=auth0") as server:
        yield server


@pytest.fixture
def idp(limited):
    """The running tenant, in its initial state."""
    with RemoteIdP(limited.url) as idp:
        idp.reset()
        yield idp


def profile_token(idp, limited):
    """Return a token of alice for /userinfo."""
    url = limited.tls_url
    return idp.access_token(audience=f"{url}/userinfo", user="alice", scope="openid", url=url)


@shows("auth0 6", "retry after a rate limit", over="https")
@shows(
    "auth0 6",
    refuses=[
        "rate limit of /oauth/token",
        "rate limit of /userinfo",
        "rate limit of password resets",
    ],
    over="https",
)
@shows(
    "openid-client 6",
    refuses=["rate limit of /oauth/token", "rate limit of /userinfo", "rate limit of the tenant"],
    over="https",
)
def test_node_sdks_retry_or_report_the_limit(node, limited, idp):
    idp.clock.freeze("2030-01-31T12:00:00Z")
    done = node(
        "rate-limits.mjs",
        {
            "domain": urlsplit(limited.tls_url).netloc,
            "issuer": f"{limited.tls_url}/",
            "control": f"{limited.url}/_mockidp/v1",
            "machine": {"clientId": "acme-m2m", "clientSecret": "acme-m2m-secret"},
            "accessToken": profile_token(idp, limited),
            "audience": API,
            "email": EMAIL,
        },
        ca_file=limited.ca_file,
    )
    auth0, openid = done["auth0"], done["openid"]
    assert auth0["recovered"]["value"] == 200
    statuses = [entry.status for entry in idp.journal.of("token")]
    recovered = statuses.index(200)
    assert recovered >= 1
    # Then four requests of a client that retries, and one of a client that does not.
    assert statuses[recovered + 1 : recovered + 6] == [429] * 5
    api_error = dict.fromkeys(("retried", "token", "reset"), "AuthApiError")
    for name, error in {**api_error, "profile": "UserInfoError"}.items():
        refused = auth0[name]["refused"]
        assert (refused["name"], refused["status"]) == (error, 429)
        assert (refused["error"], refused["error_description"]) == (
            "too_many_requests", CHECK_HEADERS,
        )  # fmt: skip
        assert refused["remaining"] == "0"
    waits = {name: int(auth0[name]["refused"]["reset"]) for name in ("token", "reset", "profile")}
    assert waits["reset"] - waits["token"] == 59
    assert waits["profile"] - waits["token"] == 11
    assert [one["value"] for one in auth0["later"]] == [200, 200, 200]
    assert openid["token"]["refused"]["error"] == "too_many_requests"
    assert openid["token"]["refused"]["status"] == 429
    for name in ("profile", "discovery"):
        assert openid[name]["refused"]["code"] == "OAUTH_RESPONSE_IS_NOT_CONFORM"
        assert openid[name]["refused"]["status"] == 429
    assert openid["later"]["value"] == f"{limited.tls_url}/"


@shows(
    "auth0-python 6",
    refuses=[
        "rate limit of /oauth/token",
        "rate limit of /userinfo",
        "rate limit of password resets",
    ],
    over="https",
)
def test_auth0_python_reports_when_the_limit_resets(limited, idp, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", limited.ca_file)
    monkeypatch.setenv("NO_PROXY", "*")
    domain = urlsplit(limited.tls_url).netloc
    machine = GetToken(domain, "acme-m2m", client_secret="acme-m2m-secret")
    idp.clock.freeze("2030-01-31T12:00:00Z")
    now, token = int(idp.clock.now()), profile_token(idp, limited)
    calls = {
        "token": (lambda: machine.client_credentials(API), 1),
        "userinfo": (lambda: Users(domain).userinfo(token), 12),
        "change_password": (
            lambda: Database(domain, "acme-web").change_password(EMAIL, DATABASE), 60,
        ),
    }  # fmt: skip
    for limit, (call, wait) in calls.items():
        assert call()
        idp.exhaust_rate_limit(limit)
        with pytest.raises(RateLimitError) as refused:
            call()
        assert (refused.value.status_code, refused.value.reset_at) == (429, now + wait)
        assert refused.value.message == CHECK_HEADERS
    idp.clock.advance(60)
    assert all(call() for call, _ in calls.values())
    idp.exhaust_rate_limit("authentication_api")
    with pytest.raises(RateLimitError, match=GLOBAL):
        machine.client_credentials(API)


def test_a_client_that_obeys_retry_after_recovers(limited, idp):
    class Retry(requests.adapters.Retry):
        """Waits on the clock of the tenant, which does not depend on how busy the machine is."""

        def sleep(self, response=None):
            idp.clock.advance(self.get_retry_after(response))

    idp.clock.freeze("2030-01-31T12:00:00Z")
    idp.exhaust_rate_limit("jwks")
    session = requests.Session()
    retry = Retry(3, status_forcelist=[429], backoff_factor=0)
    session.mount("http://", requests.adapters.HTTPAdapter(max_retries=retry))
    answer = session.get(f"{limited.url}/.well-known/jwks.json", timeout=10)
    assert answer.status_code == 200
    assert [entry.status for entry in idp.journal.of("jwks")] == [429, 200]
