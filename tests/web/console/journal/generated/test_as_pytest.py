"""Exchanges as tests: each generated test passes on a fresh tenant, and contains no secret."""

import inspect
import time
from http.client import HTTPConnection
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from helpers.generated_tests import run, sources
from helpers.provocations import PROVOCATIONS
from mockidp.protocol.oauth.pkce import s256
from mockidp.tenant.journal.entry import JournalEntry
from mockidp.web.console.journal.as_pytest import as_pytest
from mockidp.web.console.journal.flow import flows_of

CALLBACK = "http://localhost:3000/callback"
API = "https://api.acme.example/"
NEEDS_MORE = ("seen.run(", "tls_url")
"""Provocations that need another program, or https."""
OVER_HTTP = sorted(
    {one for one in PROVOCATIONS.values() if not any(s in inspect.getsource(one) for s in NEEDS_MORE)},
    key=lambda one: one.__name__,
)  # fmt: skip
WITHOUT_TEST = {
    "_unknown_host": ["The request was sent to a host that is not the tenant's."],
}
"""Provocations whose request cannot be sent again."""
CHANGED_TENANT = {"_silent_login_without_session"}
"""Provocations that change the tenant before one of their requests."""


@pytest.fixture
def seen(idp):
    """Return what the provocations use."""

    def see(answer):
        return f"{answer.text}\n{answer.headers.get('Mockidp-Hint', '')}"

    def get(path, **options):
        return see(requests.get(idp.url + path, timeout=10, allow_redirects=False, **options))

    def post(**form):
        client = {"client_id": "acme-m2m", "client_secret": "acme-m2m-secret"}
        data = {"grant_type": "client_credentials", **client, **form}
        return see(requests.post(f"{idp.url}/oauth/token", data=data, timeout=10))

    return SimpleNamespace(idp=idp, get=get, post=post, see=see)


@pytest.mark.parametrize("provoke", OVER_HTTP, ids=lambda one: one.__name__)
def test_a_provoked_refusal_is_refused_again(idp, seen, provoke):
    provoke(seen)
    made = sources(idp)
    whys = [one.partition(". ")[2].strip() for one in made if one.startswith("#")]
    assert whys == WITHOUT_TEST.get(provoke.__name__, [])
    for source in made:
        if not source.startswith("#") and provoke.__name__ not in CHANGED_TENANT:
            run(idp, source)


def test_many_refusals_are_tested():
    assert len(OVER_HTTP) > 15


def get(idp, path, **options):
    return requests.get(idp.url + path, timeout=10, allow_redirects=False, **options)


def post(idp, path="/oauth/token", **options):
    return requests.post(idp.url + path, timeout=10, allow_redirects=False, **options)


def log_in(idp, **parameters):
    """Log alice in. Return the code."""
    idp.sign_in_as("alice")
    query = {"client_id": "acme-web", "response_type": "code", "redirect_uri": CALLBACK}
    location = get(idp, "/authorize", params=query | parameters).headers["Location"]
    return parse_qs(urlsplit(location).query)["code"][0]


def redeem(idp, code, /, **changed):
    form = {
        "grant_type": "authorization_code",
        "client_id": "acme-web",
        "client_secret": "acme-web-secret",
        "code": code,
        "redirect_uri": CALLBACK,
    }
    return post(idp, data=form | changed)


VERIFIER = "v" * 50


@pytest.mark.parametrize(("method", "challenge"), [("S256", s256(VERIFIER)), ("plain", VERIFIER)])
@pytest.mark.parametrize("sent", [VERIFIER, "w" * 50])
def test_a_code_with_pkce_is_redeemed_again(idp, method, challenge, sent):
    code = log_in(idp, code_challenge=challenge, code_challenge_method=method)
    redeem(idp, code, code_verifier=sent)
    run(idp, sources(idp, refused=False)[-1])


@pytest.mark.parametrize(
    "changed",
    [
        {"client_secret": "wrong"},
        {"redirect_uri": "http://localhost:3000/other"},
        {"client_id": "acme-spa", "client_secret": None},
        {"code": "unknown"},
        {},
    ],
)
def test_a_code_is_redeemed_again(idp, changed):
    redeem(idp, log_in(idp), **changed)
    run(idp, sources(idp, refused=False)[-1])


def test_an_expired_code_expires_again(idp):
    code = log_in(idp)
    idp.clock.advance(3600)
    redeem(idp, code)
    (source,) = sources(idp)
    assert "idp.clock.advance(3600)" in source
    run(idp, source)


def test_a_code_without_its_login_has_no_test(idp):
    code = log_in(idp)
    idp.journal.clear()
    redeem(idp, code)
    (source,) = sources(idp, refused=False)
    assert source == (
        "# There is no test for exchange 1. The journal does not have the login that issued the "
        "code.\n"
    )


@pytest.mark.parametrize("secret", ["acme-m2m-secret", "wrong"])
def test_credentials_in_a_header_are_read_from_the_tenant(idp, secret):
    form = {"grant_type": "client_credentials", "audience": API}
    post(idp, data=form, auth=("acme-m2m", secret))
    run(idp, sources(idp, refused=False)[-1])


@pytest.mark.parametrize("password", ["Passw0rd!", "wrong"])
def test_a_login_form_is_sent_again(idp, password):
    query = {"client_id": "acme-web", "response_type": "code", "redirect_uri": CALLBACK}
    page = get(idp, "/authorize", params=query).headers["Location"]
    state = parse_qs(urlsplit(page).query)["state"][0]
    form = {"state": state, "username": "alice@acme.example", "password": password}
    post(idp, "/u/login", data=form | {"action": "default"})
    run(idp, sources(idp, refused=False)[-1])


def test_a_login_form_without_its_beginning_has_no_test(idp):
    post(idp, "/u/login", data={"state": "unknown", "username": "alice", "password": "x"})
    assert "the beginning of this login" in sources(idp)[0]


def test_an_unknown_user_gets_a_wrong_password_again(idp):
    form = {"grant_type": "password", "username": "nobody@acme.example", "password": "x"}
    post(idp, data=form | {"client_id": "acme-web", "client_secret": "acme-web-secret"})
    run(idp, sources(idp)[0])


@pytest.mark.parametrize("change", ["&next=/admin", ""])
def test_a_link_is_opened_again(idp, change):
    link = idp.impersonation_link("alice", state="state")
    requests.get(link + change, timeout=10, allow_redirects=False)
    run(idp, sources(idp, refused=False)[-1])


def test_a_link_is_opened_twice_again(idp):
    token = post(idp, json={"grant_type": "client_credentials", "client_id": "acme-global", "client_secret": "acme-global-secret"}).json()["access_token"]  # fmt: skip
    body = {
        "protocol": "oauth2",
        "impersonator_id": "auth0|admin",
        "client_id": "acme-web",
        "additionalParameters": {"state": "s", "response_type": "code"},
    }
    headers = {"Authorization": f"Bearer {token}"}
    link = post(idp, "/users/auth0|alice/impersonate", json=body, headers=headers).text
    for _ in range(2):
        requests.get(link, timeout=10, allow_redirects=False)
    for source in sources(idp, refused=False):
        run(idp, source)


@pytest.mark.parametrize("token", [None, "not-ours", "valid"])
def test_userinfo_is_read_again(idp, token):
    sent = idp.access_token(user="alice", scope="openid") if token == "valid" else token
    get(idp, "/userinfo", headers={"Authorization": f"Bearer {sent}"} if sent else {})
    run(idp, sources(idp, refused=False)[-1])


def test_a_management_call_is_sent_again(idp):
    headers = {"Authorization": f"Bearer {idp.management_token()}"}
    get(idp, "/api/v2/users", params={"per_page": "1"}, headers=headers)
    run(idp, sources(idp, refused=False)[-1])


@pytest.mark.parametrize("user", [None, "auth0|alice"])
def test_a_management_call_without_a_scope_is_refused_again(idp, user):
    token = idp.management_token("read:clients read:logs", user=user)
    get(idp, "/api/v2/users", headers={"Authorization": f"Bearer {token}"})
    (source,) = sources(idp)
    of_user = f", user={user!r}" if user else ""
    assert f"idp.management_token('read:clients read:logs'{of_user})" in source
    run(idp, source)


def test_a_management_call_whose_token_has_no_scope_has_no_test(idp):
    token = idp.access_token(audience=f"{idp.url}/api/v2/", claims={"scope": ""})
    get(idp, "/api/v2/users", headers={"Authorization": f"Bearer {token}"})
    assert "A test cannot make a token without scopes." in sources(idp)[0]


@pytest.mark.parametrize(
    ("path", "form", "why"),
    [
        ("/oauth/token", {"grant_type": "refresh_token", "refresh_token": "unknown-token-1"}, ""),
        ("/oauth/revoke", {"token": "a-token-of-some-length"}, "the value of `token`"),
    ],
)
def test_a_token_that_is_cut_is_replaced_or_there_is_no_test(idp, path, form, why):
    client = {"client_id": "acme-web", "client_secret": "acme-web-secret"}
    post(idp, path, data=form | client)
    (source,) = sources(idp, refused=False)
    if why:
        assert why in source
    else:
        run(idp, source)


def test_a_request_with_a_token_of_another_endpoint_has_no_test(idp):
    token = idp.access_token(user="alice", client="acme-web", audience=f"{idp.url}/me/")
    get(idp, "/me/v1/factors", headers={"Authorization": f"Bearer {token}"})
    assert "The journal does not keep the access token" in sources(idp, refused=False)[0]


def test_a_login_with_a_secret_request_has_no_test(idp):
    idp.sign_in_as("alice")
    query = {"client_id": "acme-web", "response_type": "code", "redirect_uri": CALLBACK}
    location = get(idp, "/authorize", params=query | {"link_with": "x" * 20}).headers["Location"]
    redeem(idp, parse_qs(urlsplit(location).query)["code"][0])
    assert "the value of `link_with`" in sources(idp, refused=False)[-1]


def test_what_the_tenant_sent_itself_has_no_test(idp):
    entry = JournalEntry(
        number=1, flow=1, at=time.time(), endpoint="backchannel_logout", method="POST",
        url="http://localhost/logout", parameters={}, status=200,
    )  # fmt: skip
    (flow,) = flows_of([entry], str)
    assert "The tenant sent this itself." in as_pytest(idp.tenant, flow, entry)


def test_no_path_ends_the_docstring(idp):
    connection = HTTPConnection(urlsplit(idp.url).netloc)
    connection.request("GET", '/x"""+str(1/0)+"""\\')
    assert connection.getresponse().status == 404
    connection.close()
    run(idp, sources(idp)[0])


def test_no_name_of_a_parameter_ends_a_comment(idp):
    get(idp, "/authorize", params={"secret\n": "x"})
    (source,) = sources(idp)
    assert "The journal does not keep the value of `secret `." in source
    exec(compile(source, "generated", "exec"), {})
