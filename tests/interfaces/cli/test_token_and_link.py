"""`mockidp token` and `mockidp link`: tokens and links without a login."""

import json
import time
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from mockidp.cli.demo.environment import send

API = "https://api.acme.example/"
CALLBACK = "http://localhost:3000/callback"


@pytest.fixture(autouse=True)
def _url_in_the_environment(url, monkeypatch):
    monkeypatch.setenv("MOCKIDP_URL", url)


@pytest.fixture
def profile(url):
    """Return a function that returns the response of /userinfo to a token."""
    return lambda token: send(f"{url}/userinfo", bearer=token).json()


def claims_of(token):
    return jwt.decode(token.strip(), options={"verify_signature": False})


def test_a_token_for_a_user_at_an_api(mockidp, url):
    done = mockidp("token", "--audience", API, "--user", "alice")
    assert (done.status, done.err) == (0, "")
    claims = claims_of(done.out)
    assert (claims["sub"], claims["iss"]) == ("auth0|alice", f"{url}/")
    assert claims["scope"] == "read:items write:items"
    assert claims["aud"] == API


def test_a_token_for_a_client_itself(mockidp):
    done = mockidp("token", "-a", API, "-c", "acme-m2m", "-s", "read:items")
    claims = claims_of(done.out)
    assert (claims["sub"], claims["scope"]) == ("acme-m2m@clients", "read:items")


def test_without_an_audience_the_token_is_opaque_and_accepted_by_userinfo(mockidp, profile):
    done = mockidp("token", "-u", "alice@acme.example")
    assert "." not in done.out
    assert profile(done.out.strip())["sub"] == "auth0|alice"


def test_json_prints_the_whole_answer(mockidp):
    answer = json.loads(mockidp("token", "-a", API, "-u", "bob", "--json").out)
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] == 86400
    assert claims_of(answer["access_token"])["sub"] == "auth0|bob"


def test_a_token_for_several_apis(mockidp):
    done = mockidp("token", "-a", API, "--audience", "https://reports.acme.example/", "-u", "bob")
    claims = claims_of(done.out)
    assert claims["aud"] == [API, "https://reports.acme.example/"]
    assert claims["scope"].startswith("read:items write:items read:reports")


def test_a_token_can_be_expired_or_have_a_chosen_lifetime(mockidp, url):
    expired = mockidp("token", "-a", API, "-u", "alice", "--expired").out
    assert claims_of(expired)["exp"] < time.time()
    done = mockidp("explain", expired.strip(), "--url", url)
    assert (done.status, "The token expired at" in done.out) == (1, True)
    short = mockidp("token", "-a", API, "-u", "alice", "--expires-in", "60", "--json")
    answer = json.loads(short.out)
    claims = claims_of(answer["access_token"])
    assert claims["exp"] - claims["iat"] == answer["expires_in"] == 60


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("plan=pro", "plan", "pro"),
        ('plan="7"', "plan", "7"),
        ("plan=7", "plan", 7),
        ("plan=", "plan", ""),
        ("plan=a=b", "plan", "a=b"),
        ("plan=null", "plan", None),
        ("plan=NaN", "plan", "NaN"),
        ('https://acme.example/roles=["x", {"y": true}]', "https://acme.example/roles",
         ["x", {"y": True}]),
    ],
)  # fmt: skip
def test_a_claim_is_json_or_text(mockidp, text, name, value):
    done = mockidp("token", "-a", API, "-u", "alice", "--claim", text, "--claim", "other=1")
    claims = claims_of(done.out)
    assert (claims[name], claims["other"]) == (value, 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--claim", "plan"], "'plan' is not NAME=VALUE"),
        (["--claim", "=pro"], "'=pro' is not NAME=VALUE"),
        (["--expires-in", "soon"], "'soon' is not a valid integer"),
        (
            ["--expired", "--expires-in", "5"],
            "--expired and --expires-in cannot be combined. Give one of them.",
        ),
    ],
)
def test_invalid_options_are_usage_errors(mockidp, arguments, message):
    done = mockidp("token", "-a", API, *arguments)
    assert (done.status, done.out) == (2, "")
    assert message in done.err.splitlines()[-1]


def test_a_token_for_the_management_api(mockidp, url):
    done = mockidp("token", "--management", "--scope", "read:users", "--expires-in", "60")
    assert (done.status, done.err) == (0, "")
    claims = claims_of(done.out)
    assert (claims["aud"], claims["scope"]) == (f"{url}/api/v2/", "read:users")
    answer = json.loads(mockidp("token", "--management", "--json").out)
    assert len(answer["scope"].split()) == 273


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-a", API], "--management and --audience cannot be combined. Give one of them."),
        (["--expired"], "--management cannot be combined with --expired"),
        (["--claim", "a=b"], "--management cannot be combined with --claim"),
    ],
)
def test_some_options_are_not_for_the_management_api(mockidp, arguments, message):
    done = mockidp("token", "--management", *arguments)
    assert (done.status, done.out) == (2, "")
    assert message in done.err.splitlines()[-1]


def test_a_token_without_audience_and_user_is_a_usage_error(mockidp):
    done = mockidp("token", "--client", "acme-m2m")
    assert (done.status, done.out) == (2, "")
    assert done.err.splitlines()[-1] == (
        "Error: pass an --audience, or a --user for an opaque token"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-a", "https://nowhere/"], "No API has the identifier 'https://nowhere/'"),
        (["-a", API, "-u", "\u00e5lice"], "There is no user '\u00e5lice'. Known: auth0|alice"),
        (["-a", API, "-s", "read:itmes"], "Did you mean read:items?"),
        (["-u", "alice", "--claim", "a=b"], "A token without an audience is opaque, "),
        (["-a", API, "-c", "unknown"], "There is no client 'unknown'. Known: acme-web"),
        (["-u", "\udcff"], "surrogate"),
    ],
)
def test_unknown_names_in_a_token_are_refused(mockidp, arguments, message):
    done = mockidp("token", *arguments)
    assert (done.status, done.out) == (1, "")
    (line,) = done.err.splitlines()
    assert line.startswith("mockidp: ")
    assert message in line


def test_a_link_leads_to_the_callback(mockidp, profile):
    done = mockidp("link", "alice", "--state", "hello")
    assert (done.status, done.err) == (0, "")
    opened = send(done.out.strip())
    assert opened.status == 302
    assert opened.location.startswith(f"{CALLBACK}?code=")
    assert opened.location.endswith("&state=hello")
    assert send(done.out.strip()).status == 401


def test_every_part_of_a_link_can_be_chosen(mockidp, profile):
    native = "com.acme.app://callback"
    done = mockidp(
        "link", "auth0|bob", "--client", "acme-web", "--as", "alice", "-s", "x",
        "--callback", CALLBACK, "--response-type", "token",
    )  # fmt: skip
    fragment = parse_qs(urlsplit(send(done.out.strip()).location).fragment)
    assert fragment["state"] == ["x"]
    found = profile(fragment["access_token"][0])
    assert (found["sub"], found["impersonator"]["user_id"]) == ("auth0|bob", "auth0|alice")
    other = mockidp("link", "bob", "-c", "acme-native", "--callback", native, "-s", "x")
    assert send(other.out.strip()).location.startswith(f"{native}?code=")


def test_json_describes_the_link(mockidp):
    answer = json.loads(mockidp("link", "alice", "-s", "x", "--json").out)
    assert answer["url"].startswith("http://")
    assert (answer["user"], answer["impersonator"]) == ("auth0|alice", "auth0|admin")
    assert (answer["client"], answer["callback_url"]) == ("acme-web", CALLBACK)


def test_a_link_without_state_is_made_with_a_warning(mockidp):
    done = mockidp("link", "alice")
    assert done.status == 0
    (line,) = done.err.splitlines()
    assert line.startswith(
        "mockidp: opening a link without --state fails with Bad mac, as at Auth0, unless "
    )
    assert send(done.out.strip()).status == 401


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["unknown"], "no user 'unknown'"),
        (["alice", "--as", "unknown"], "no user 'unknown'"),
        (["alice", "--client", "app"], "app"),
        (["alice", "--callback", "http://elsewhere/"], "http://elsewhere/ is not in the list"),
        (["alice", "--response-type", "x"], "Unsupported response type: x"),
    ],
)
def test_unknown_names_in_a_link_are_refused(mockidp, arguments, message):
    done = mockidp("link", *arguments, "--state", "x")
    assert (done.status, done.out) == (1, "")
    (line,) = done.err.splitlines()
    assert message in line


def test_a_link_without_a_user_is_a_usage_error(mockidp):
    done = mockidp("link")
    assert done.status == 2
    assert done.err.splitlines()[-1] == "Error: Missing argument 'USER'."
