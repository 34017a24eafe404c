"""Which mock a command uses, and how it announces that mock."""

import json

import jwt
import pytest

from mockidp.clients.remote.control_client import ControlClient
from mockidp.server import Server, parse_address
from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app

API = "https://api.acme.example/"
SECRET = "x" * 32


def test_the_default_mock_is_not_announced(mockidp):
    done = mockidp("health")
    assert done.mock == ""


@pytest.mark.parametrize(
    "given",
    [
        ({}, ["--url", "{url}"], "--url"),
        ({"MOCKIDP_URL": "http://other.test"}, ["--url", "{url}/"], "--url"),
        ({"MOCKIDP_URL": "{url}"}, [], "MOCKIDP_URL"),
        ({"MOCKIDP_URL": "{url}", "MOCKIDP_LISTEN": "127.0.0.1:1"}, [], "MOCKIDP_URL"),
    ],
)
@pytest.mark.parametrize(
    "command", [["health"], ["token", "-u", "alice"], ["journal"], ["explain", "a.b.c"], ["reset"]]
)
def test_any_other_mock_is_announced_with_its_source(mockidp, environment, url, command, given):
    variables, options, source = given
    environment(**{name: text.format(url=url) for name, text in variables.items()})
    done = mockidp(*command, *(one.format(url=url) for one in options))
    assert (done.status in (0, 1), done.err) == (True, "")
    assert done.mock == f"mockidp: using the mock at {url} (from {source})\n"


def test_the_port_of_a_mock_that_is_configured_here_is_announced(mockidp, environment, url):
    environment(MOCKIDP_LISTEN=url.removeprefix("http://"))
    assert mockidp("health").mock == f"mockidp: using the mock at {url} (from MOCKIDP_LISTEN)\n"


def test_the_help_explains_which_mock_is_used(mockidp):
    shown = " ".join(mockidp("--help").out.split())
    assert "A command calls the mock at --url, else at MOCKIDP_URL, else" in shown


# --- explain: the mock that the link, token or login URL names ---


@pytest.fixture
def link(mockidp, url):
    return mockidp("link", "alice", "--state", "x", "--url", url).out.strip()


@pytest.fixture
def token(mockidp, url):
    return mockidp("token", "-a", API, "-u", "alice", "--url", url).out.strip()


@pytest.fixture
def other_url():
    """The URL of another mock, which does not know the links and tokens of the first."""
    with Server(create_app(Tenant()), listen=[parse_address("127.0.0.1:0")]) as server:
        yield server.url


@pytest.fixture
def login_url(url):
    callback = "http://localhost:3000/callback"
    return f"{url}/authorize?client_id=acme-web&response_type=code&redirect_uri={callback}"


@pytest.mark.parametrize("thing", ["link", "token", "login_url"])
def test_a_link_token_or_login_url_is_explained_by_the_mock_that_it_names(
    request, mockidp, environment, other_url, thing
):
    url = request.getfixturevalue("url")
    environment(MOCKIDP_URL=other_url)
    done = mockidp("explain", request.getfixturevalue(thing))
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines()[0].endswith(": accepted")
    source = {"link": "the link", "token": "the token's iss", "login_url": "the login URL"}[thing]
    assert done.mock == f"mockidp: using the mock at {url} (from {source})\n"


def test_a_token_in_a_callback_names_its_mock_too(mockidp, environment, url, other_url, token):
    environment(MOCKIDP_URL=other_url)
    done = mockidp("explain", f"http://localhost:3000/callback?x=1#access_token={token}&state=x")
    assert done.status == 0
    assert done.mock == f"mockidp: using the mock at {url} (from the token's iss)\n"


def test_the_option_overrides_the_mock_that_a_link_names(mockidp, other_url, link):
    done = mockidp("explain", link, "--url", other_url)
    assert done.status == 1
    assert done.mock == f"mockidp: using the mock at {other_url} (from --url)\n"


def test_a_link_of_the_mock_at_the_url_is_explained_there(mockidp, environment, link, url):
    environment(MOCKIDP_URL=f"{url}/")
    done = mockidp("explain", link.replace("http://", "HTTP://"))
    assert done.mock == f"mockidp: using the mock at {url} (from MOCKIDP_URL)\n"


def test_a_tenant_below_a_path_is_found(mockidp, environment, url, other_url):
    ControlClient(url).post("/tenants", {"name": "users"})
    environment(MOCKIDP_URL=f"{url}/t/users")
    link = mockidp("link", "alice", "--state", "x").out.strip()
    assert link.startswith(f"{url}/t/users/users/")
    environment(MOCKIDP_URL=other_url)
    done = mockidp("explain", link)
    assert (done.status, done.mock) == (
        0,
        f"mockidp: using the mock at {url}/t/users (from the link)\n",
    )


def foreign_token(issuer):
    payload = json.dumps({"iss": issuer, "sub": "auth0|alice"}).encode()
    return jwt.PyJWS().encode(payload, SECRET, "HS256")


def refused_by_the_other(done, other_url, source, reason):
    assert done.status == 1
    first, *rest = done.err.splitlines()
    assert first.startswith(
        f"mockidp: calling the mock at {other_url}, not the one that {source} names: {reason}"
    )
    assert (rest, done.mock) == ([], "")


@pytest.mark.parametrize(
    "issuer", ["https://acme.eu.auth0.com/", "http://localhost.evil.test:1/", "http://10.0.0.9/"]
)
def test_a_mock_on_another_machine_is_never_called(mockidp, environment, other_url, issuer):
    environment(MOCKIDP_URL=other_url)
    done = mockidp("explain", foreign_token(issuer))
    reason = f"{issuer.rstrip('/')} is not on this machine"
    refused_by_the_other(done, other_url, "the token's iss", reason)


def test_a_mock_that_has_stopped_is_not_used(mockidp, environment, other_url, unused_url):
    environment(MOCKIDP_URL=other_url)
    done = mockidp("explain", f"{unused_url}/users/auth0%7Calice/impersonate?&bewit=abc")
    refused_by_the_other(done, other_url, "the link", f"no mockidp answers at {unused_url} (")


@pytest.mark.parametrize("issuer", [5, None, "not a JWT", "http://local host/", "ftp://localhost/"])
def test_an_issuer_that_is_not_a_url_names_no_mock(mockidp, environment, other_url, issuer):
    environment(MOCKIDP_URL=other_url)
    done = mockidp("explain", foreign_token(issuer) if issuer != "not a JWT" else "a.b.c")
    assert (done.status, done.err) == (1, "")
    assert done.mock == f"mockidp: using the mock at {other_url} (from MOCKIDP_URL)\n"


@pytest.fixture
def seen(tenant):
    """The URL of a recording server, and later the paths and Authorization headers it received."""
    seen = []
    app = create_app(tenant, control_token="s3cret")

    def recording(environ, start_response):
        seen.append((environ["PATH_INFO"], environ.get("HTTP_AUTHORIZATION")))
        return app(environ, start_response)

    with Server(recording, listen=[parse_address("127.0.0.1:0")]) as server:
        seen.append(server.url)
        yield seen


def test_the_control_token_is_not_sent_to_the_mock_that_a_token_names(
    mockidp, environment, other_url, seen
):
    environment(MOCKIDP_URL=other_url, MOCKIDP_CONTROL_TOKEN="s3cret")
    (named,) = seen
    seen.clear()
    done = mockidp("explain", foreign_token(named))
    assert {token for _, token in seen} == {None}
    reason = "it requires the control token, which is only sent to the mock at --url"
    refused_by_the_other(done, other_url, "the token's iss", reason)


def test_the_control_token_is_sent_to_another_tenant_of_the_same_server(mockidp, environment, seen):
    (named,) = seen
    environment(MOCKIDP_URL=f"{named}/t/x", MOCKIDP_CONTROL_TOKEN="s3cret")
    seen.clear()
    done = mockidp("explain", foreign_token(named))
    assert done.status == 1
    assert done.mock == f"mockidp: using the mock at {named} (from the token's iss)\n"
    assert seen[-1] == ("/_mockidp/v1/explain", "Bearer s3cret")


def test_a_refusal_of_the_named_mock_is_shown(mockidp, environment, url, other_url, token):
    environment(MOCKIDP_URL=other_url)
    callback = f"http://localhost:3000/#access_token={token}&x={'a' * 11_000_000}"
    done = mockidp("explain", "-", stdin=callback.encode())
    assert (done.status, done.out) == (1, "")
    assert len(done.err.splitlines()) == 1
