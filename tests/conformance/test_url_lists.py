"""How the URL lists of a client are compared: callbacks, logout URLs and origins."""

import pytest

from helpers.acme import ACME, CALLBACK, with_client
from helpers.tenant_client import TenantClient, hint
from helpers.tenants import IN_NO_FILE
from mockidp.tenant.config.load import parse_tenant

PATTERN = "https://app-*-team.example.com"
LISTS = {
    "callbacks": (f"{PATTERN}/cb", "https://Exact.example.com/cb?a=1", CALLBACK),
    "allowed_logout_urls": (f"{PATTERN}/out", "http://Localhost:3000/out?a=1"),
    "web_origins": (PATTERN, "https://Web.example.com:8443"),
    "allowed_origins": ("https://*.preview.example.com", "http://localhost:5173/path"),
}


@pytest.fixture
def idp():
    return TenantClient(with_client(ACME, "web", **LISTS))


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://app-7-team.example.com/cb", True),
        ("https://app-pr-12-x-team.example.com/cb", True),
        ("https://Exact.example.com/cb?a=1", True),
        (CALLBACK, True),
        ("https://app-7.8-team.example.com/cb", False),
        ("https://app--team.example.com/cb", False),
        ("https://APP-7-team.example.com/cb", False),
        ("https://app-7-team.example.com/CB", False),
        ("https://app-7-team.example.com/cb?a=1", False),
        ("https://app-7-team.example.com:443/cb", False),
        ("https://app-evil.test/-team.example.com/cb", False),
        ("https://user@app-7-team.example.com/cb", False),
        ("https://exact.example.com/cb?a=1", False),
        ("https://Exact.example.com/cb?a=2", False),
        ("https://Exact.example.com/cb", False),
        ("http://LOCALHOST:3000/callback", False),
        ("http://localhost:3001/callback", False),
        ("http://127.0.0.1:3000/callback", False),
        (f"{PATTERN}/cb", False),
    ],
)
def test_auth0_callbacks__the_whole_url_is_compared_case_sensitively(idp, url, allowed):
    answer = idp.authorize(redirect_uri=url)
    if allowed:
        location = idp.log_in(answer.location).headers["Location"]
        assert location.startswith(f"{url}&code=" if "?" in url else f"{url}?code=")
        return
    assert answer.status_code == 403
    assert hint(answer).startswith(
        f"Parameter `redirect_uri` {url} is not among the callbacks of client web. "
    )


@pytest.mark.parametrize(
    ("url", "v2", "oidc"),
    [
        ("https://app-7-team.example.com/out", 302, 302),
        ("https://APP-7-team.Example.COM/out", 302, 302),
        ("HTTPS://app-7-team.example.com:443/out", 302, 302),
        ("https://app-7-team.example.com/out?b=2#c", 302, 400),
        ("https://app-7-team.example.com/OUT", 400, 400),
        ("https://app-7-team.example.com/out/", 400, 400),
        ("https://app-7.8-team.example.com/out", 400, 400),
        ("https://app-evil.test?-team.example.com/out", 400, 400),
        ("https://user@app-7-team.example.com/out", 400, 400),
        ("http://localhost:3000/out?a=1", 302, 302),
        ("http://LOCALHOST:3000/out?a=1", 302, 302),
        ("http://localhost:3000/out?a=2", 302, 400),
        ("http://localhost:3000/out", 302, 400),
        ("http://localhost:3000/Out?a=1", 400, 400),
        ("http://localhost/out?a=1", 400, 400),
        ("https://localhost:3000/out?a=1", 400, 400),
        (f"{PATTERN}/out", 400, 400),
    ],
)
def test_auth0_logout_urls__scheme_and_host_match_in_any_case(idp, url, v2, oidc):
    id_token = idp.tokens()["id_token"]
    for path, parameters, status in (
        ("/v2/logout", {"client_id": "web", "returnTo": url}, v2),
        ("/oidc/logout", {"id_token_hint": id_token, "post_logout_redirect_uri": url}, oidc),
    ):
        answer = idp.get(path, **parameters)
        assert answer.status_code == status
        if status == 302:
            assert answer.headers["Location"] == url
        else:
            assert hint(answer).startswith(
                f"URL {url} is not in `allowed_logout_urls` of client web. "
            )


def test_auth0_logout_urls__the_tenants_list_is_compared_in_the_same_way(idp):
    assert idp.get("/v2/logout", returnTo="http://LocalHost:3000/tenant-bye?a").status_code == 302
    assert idp.get("/v2/logout", returnTo="http://localhost:3000/Tenant-Bye").status_code == 400


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke"])
@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://app-7-team.example.com", True),
        ("https://pr-1.preview.example.com", True),
        ("https://web.example.com:8443", True),
        ("http://localhost:5173", True),
        ("https://exact.example.com", True),
        ("HTTP://LOCALHOST:5173", True),
        ("https://a.pr-1.preview.example.com", False),
        ("https://preview.example.com", False),
        ("https://app-7-team.example.com.evil.test", False),
        ("https://web.example.com", False),
        ("http://localhost", False),
        ("https://localhost:5173", False),
        ("http://localhost:5173/path", False),
        ("https://*.preview.example.com", False),
        ("null", False),
    ],
)
def test_auth0_origins__scheme_host_and_port_are_compared(idp, path, origin, allowed):
    for method in ("OPTIONS", "POST"):
        answer = idp.request(method, path, headers={"Origin": origin})
        assert answer.headers.get("Access-Control-Allow-Origin") == (origin if allowed else None)
        assert answer.headers["Vary"] == "Accept-Encoding, Origin"


def test_a_tenant_file_may_allow_the_origin_of_files_and_of_mobile_apps():
    lists = 'allowed_origins: ["file://*", "capacitor://localhost"], web_origins: ["file://*"]'
    document = parse_tenant(f"clients: [{{client_id: app, client_secret: s, {lists}}}]")
    idp = TenantClient(document)
    for origin in ("file://", "capacitor://localhost"):
        answer = idp.request("OPTIONS", "/oauth/token", headers={"Origin": origin})
        assert answer.headers["Access-Control-Allow-Origin"] == origin
        assert hint(answer) == ""


def test_a_url_with_a_wildcard_is_never_a_redirect_target():
    """Without redirect_uri or returnTo the first URL that is no pattern is taken."""
    idp = TenantClient(with_client(ACME, "web", **LISTS))
    answer = idp.log_in(idp.authorize(redirect_uri=None).location)
    assert answer.headers["Location"].startswith("https://Exact.example.com/cb?a=1&code=")
    assert (
        idp.get("/v2/logout", client_id="web").headers["Location"]
        == "http://Localhost:3000/out?a=1"
    )
    idp = TenantClient(
        with_client(ACME, "web", callbacks=LISTS["callbacks"][:1], allowed_logout_urls=(PATTERN,))
    )
    answer = idp.authorize(redirect_uri=None)
    assert answer.status_code == 400
    assert hint(answer) == (
        "Parameter `redirect_uri` was not sent, and client web has no callback without a wildcard to "
        "fall back to."
    )
    answer = idp.get("/v2/logout", client_id="web")
    assert (answer.status_code, answer.text) == (200, "OK")


def test_an_entry_for_organizations_matches_nothing_and_the_hint_says_so():
    entry = "https://{organization_name}.example.com/cb"
    idp = TenantClient(with_client(ACME, "web", callbacks=(entry,)))
    answer = idp.authorize(redirect_uri="https://acme.example.com/cb")
    assert answer.status_code == 403
    assert f"Entry {entry} matches only in a login to an organization" in hint(answer)


@pytest.mark.parametrize(
    "url",
    [
        "com.Example.App://Auth.Example/Callback",
        "com.example.app:///callback",
        "com.example.app:/callback",
        pytest.param("http://a..b/cb?", marks=IN_NO_FILE),
        "http://a.example:/cb",
        pytest.param(f"http://{'a' * 64}.example/cb", marks=IN_NO_FILE),
    ],
)
def test_auth0_callbacks__the_location_is_the_registered_url_unchanged(url):
    idp = TenantClient(with_client(ACME, "web", callbacks=(url,)))
    answer = idp.authorize(redirect_uri=url, prompt="none", state=None)
    joiner = "" if url.endswith("?") else "?"
    location = f"{url}{joiner}error=login_required&error_description=Login%20required"
    assert answer.headers["Location"] == location
    assert answer.text == f"Found. Redirecting to {location}"
    assert answer.headers["Content-Length"] == str(len(answer.text))
