"""Logins with the test client at `/_mockidp/try`, and access to its pages."""

from urllib.parse import urlsplit

import pytest
from werkzeug.test import Client as WsgiClient

from helpers.acme import with_settings
from helpers.tenant_client import TenantClient
from helpers.try_page import DOCUMENT, PATH, follow, part, query_of
from mockidp.cli.serving.example import example_file
from mockidp.tenant.config.fault import parse_fault
from mockidp.tenant.config.load import load_tenant
from mockidp.tenant.content.try_client import TEST_CLIENT
from mockidp.tenant.content.zero_config import ZERO_CONFIG
from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app

# --- the page ---


def test_the_page_is_a_form_with_the_parameters_of_a_login(idp, parse):
    page = parse(idp.get(PATH).text)
    assert page.forms[0]["form"]["action"] == f"{PATH}/login"
    assert page.forms[0]["form"]["method"] == "get"
    assert page.values(0) == {
        "scope": "openid profile email", "audience": "", "prompt": "", "organization": "",
        "connection": "", "login_hint": "",
    }  # fmt: skip
    assert {"value": "https://api.example/"} in page.all("option")


def test_the_query_fills_the_form(idp, parse):
    page = parse(idp.get(PATH, scope="openid", audience='x"><b>', prompt="login").text)
    values = page.values(0)
    assert (values["scope"], values["audience"], values["prompt"]) == ("openid", 'x"><b>', "login")


def test_the_console_links_to_it(idp, parse):
    assert {"class": "button primary", "href": PATH, "data-testid": "try"} in parse(
        idp.get("/_mockidp/").text
    ).all("a")


def test_the_pages_run_no_script_of_others_and_are_shown_in_no_frame(idp, log_in):
    log_in()
    for answer in (idp.get(PATH), idp.last, idp.get(PATH, state="x", code="y")):
        assert "script-src 'self';" in answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "deny"
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.text.count("<script") == 1
        assert "style=" not in answer.text


# --- a login ---


def test_the_request_is_a_code_request_with_pkce_state_and_nonce(idp):
    answer = idp.get(f"{PATH}/login", audience="https://api.example/", prompt="login", other="x")
    assert answer.status_code == 302
    assert urlsplit(answer.location).path == "/authorize"
    sent = query_of(answer)
    random = {name: sent.pop(name) for name in ("state", "nonce", "code_challenge")}
    assert sent == {
        "client_id": "mockidp-try", "response_type": "code",
        "redirect_uri": "http://localhost:9400/_mockidp/try", "scope": "openid profile email",
        "code_challenge_method": "S256", "audience": "https://api.example/", "prompt": "login",
    }  # fmt: skip
    assert len(set(random.values())) == 3
    again = query_of(idp.get(f"{PATH}/login"))
    assert not set(random.values()) & set(again.values())
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert f"Path={PATH}" in cookie
    assert "Secure" not in cookie


def test_a_login_shows_the_checks_the_tokens_and_userinfo(idp, log_in):
    page = log_in(audience="https://api.example/", scope="openid email read:items")
    assert page.text_of(page.find("h1")[0]) == "Logged in"
    checks = part(page, "checks")
    for name in ("signature", "iss", "aud", "nonce", "exp"):
        assert f"passed {name} " in checks
    assert "failed" not in checks
    assert '"sub": "auth0|alice"' in part(page, "id-token")
    assert '"azp": "mockidp-try"' in part(page, "access-token")
    assert '"email": "alice@acme.example"' in part(page, "userinfo")
    response = part(page, "token-response")
    assert '"scope": "openid email read:items"' in response
    assert "..." in response


def test_it_is_a_client_of_the_tenants_own_endpoints(idp, log_in):
    log_in()
    seen = [(one.endpoint, one.status, one.client) for one in idp.tenant.journal]
    assert seen == [
        ("authorize", 302, "mockidp-try"),
        ("login", 302, "mockidp-try"),
        ("resume", 302, "mockidp-try"),
        ("token", 200, "mockidp-try"),
        ("userinfo", 200, "mockidp-try"),
    ]
    token = idp.tenant.journal.last("token")
    assert token.notes["pkce"] == "S256"
    assert token.notes["nonce"] is True


def test_an_access_token_without_an_audience_is_shown_as_opaque(log_in):
    assert "It is opaque" in part(log_in(), "access-token")


def test_without_openid_there_is_no_id_token_to_check(log_in):
    page = log_in(scope="read:items", audience="https://api.example/")
    assert page.text_of(page.find("h1")[0]) == "Logged in"
    assert page.find(**{"data-testid": "checks"}) == []
    assert page.find(**{"data-testid": "id-token"}) == []
    assert "HTTP status 401 Why it was refused:" in part(page, "userinfo")


def test_the_hint_of_a_success_is_shown(idp, log_in):
    idp.tenant.faults.add(parse_fault({"endpoint": "token", "delay": 0.001}))
    assert part(log_in(), "mockidp-hint").startswith("Hint: Fault token: delay (1) fired: ")


def test_logging_out_ends_the_session_and_returns_to_the_page(idp, log_in, parse):
    page = log_in()
    (link,) = (one["href"] for one in page.all("a") if one.get("data-testid") == "log-out")
    answer = idp.get(link)
    assert (answer.status_code, answer.location) == (302, f"http://localhost:9400{PATH}")
    assert idp.get(PATH).status_code == 200
    refused = log_in(prompt="none")
    assert "login_required" in part(refused, "refused")


def test_an_existing_session_is_used_without_a_page(idp, log_in):
    log_in()
    log_in(prompt="none")
    assert idp.last.status_code == 200
    assert idp.tenant.journal.last("token").user == "auth0|alice"


def test_it_works_over_https(idp, log_in):
    secure = idp.another_browser("https://localhost:9443")
    page = log_in(secure)
    assert "passed iss https://localhost:9443/" in part(page, "checks")
    assert "Secure" in secure.get(f"{PATH}/login").headers["Set-Cookie"]


def test_it_works_at_a_loopback_address(idp, log_in):
    page = log_in(idp.another_browser("http://127.0.0.1:18120"))
    assert "passed iss http://127.0.0.1:18120/" in part(page, "checks")


def test_it_works_with_a_pinned_issuer(idp, log_in):
    idp.edit(with_settings(DOCUMENT, issuer="https://idp.test/", browser_url="http://b.test/"))
    assert "passed iss https://idp.test/" in part(log_in(), "checks")


def test_it_works_for_a_tenant_below_a_path_and_at_its_own_host(idp, log_in, parse):
    assert idp.post("/_mockidp/v1/tenants", json_body={"name": "other"}).status_code == 201
    other = idp.app.additional.all()[0].tenant
    answer = idp.get(f"/t/other{PATH}/login")
    assert answer.location.startswith("/t/other/authorize?")
    assert "Path=/t/other/_mockidp/try" in answer.headers["Set-Cookie"]
    login = idp.request("GET", answer.location)
    picked = idp.post(login.location, action="pick", user_id="auth0|alice")
    page = parse(follow(idp, picked).text)
    assert "passed iss http://localhost:9400/t/other/" in part(page, "checks")
    assert "alice" in part(page, "userinfo")
    assert len(other.journal) == 5
    assert len(idp.tenant.journal) == 0
    page = log_in(idp.another_browser("http://other.localhost:9400"))
    assert "passed iss http://other.localhost:9400/" in part(page, "checks")


@pytest.mark.parametrize("document", [ZERO_CONFIG, load_tenant(example_file("acme"))])
def test_the_tenant_without_a_file_and_the_example_have_the_client(document, log_in):
    idp = TenantClient(document)
    assert "passed aud mockidp-try" in part(log_in(idp), "checks")
    assert [one for one in document.clients if one == TEST_CLIENT]
    refused = idp.authorize(
        client_id="mockidp-try", redirect_uri="http://evil.example/_mockidp/try"
    )
    assert refused.status_code == 403


def test_the_page_does_not_shift_a_seeded_run(log_in):
    tenant = Tenant(DOCUMENT, seed=1)
    idp = TenantClient(tenant=tenant)
    before = tenant.ids.state()
    for path in (PATH, f"{PATH}/login", "/_mockidp/"):
        idp.get(path)
    assert tenant.ids.state() == before


# --- access ---


def test_a_script_of_another_origin_cannot_use_it(idp):
    headers = {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"}
    for path in (PATH, f"{PATH}/login"):
        assert idp.get(path, headers=headers).status_code == 403


def test_a_control_token_does_not_lock_it(parse, log_in):
    app = create_app(Tenant(DOCUMENT), control_token="the token")
    idp = TenantClient(tenant=app.tenant, app=app)
    assert "passed aud mockidp-try" in part(log_in(idp), "checks")


def test_the_calls_of_the_page_leave_nothing_in_its_own_trace(idp, log_in):
    log_in()
    assert list(idp.tenant.trace.checks) == []


def test_the_tokens_of_the_page_are_written_before_it_calls_userinfo(idp, log_in):
    written, by_then = [], []
    idp.tenant.backend.transactions.commit = written.append
    fault = parse_fault({"endpoint": "userinfo", "status": 503})
    idp.tenant.faults.add(fault, lambda _: by_then.append([*written[-1]]) is None)
    assert "alice" in part(log_in(), "id-token")
    assert [idp.tenant.opaque_tokens in last for last in by_then] == [True]


def test_it_works_below_the_prefix_of_a_trusted_proxy(parse):
    app = create_app(Tenant(with_settings(DOCUMENT, trust_proxy=True)))
    bare, cookies = WsgiClient(app, use_cookies=False), {}
    proxy = {
        "X-Forwarded-Proto": "https", "X-Forwarded-Host": "idp.localhost",
        "X-Forwarded-Prefix": "/idp",
    }  # fmt: skip

    def send(method, url, **form):
        """Send a request of a browser at https://idp.localhost/idp, as the proxy forwards it."""
        path = url.removeprefix("https://idp.localhost").removeprefix("/idp")
        headers = {**proxy, "Cookie": "; ".join(f"{name}={one}" for name, one in cookies.items())}
        answer = bare.open(path, method=method, base_url="http://a:1", headers=headers, data=form)
        for cookie in answer.headers.get_all("Set-Cookie"):
            assert "Path=/idp" in cookie
            name, _, value = cookie.partition(";")[0].partition("=")
            cookies[name] = value
        return answer

    login = send("GET", send("GET", f"{PATH}/login").location)
    answer = send("POST", login.location, action="pick", user_id="auth0|alice")
    while answer.status_code == 302:
        answer = send("GET", answer.location)
    page = parse(answer.text)
    assert "passed iss https://idp.localhost/idp/" in part(page, "checks")
    assert '"sub": "auth0|alice"' in part(page, "userinfo")
    assert "/idp/_mockidp/" in [one["href"] for one in page.all("a")]


def test_with_a_control_token_the_page_shows_no_hint_of_another_login(parse):
    app = create_app(Tenant(DOCUMENT), control_token="the token")
    own, other = (WsgiClient(app) for _ in range(2))
    host = {"Host": "localhost:9400"}
    refused = other.get(f"{PATH}/login?audience=https://private.example/", headers=host)
    refused = other.get(refused.location, headers=host)
    assert query_of(refused)["error"] == "access_denied"
    sent = query_of(own.get(f"{PATH}/login", headers=host))
    url = f"{PATH}?state={sent['state']}&error=access_denied"
    shown = own.get(url, headers=host)
    assert shown.status_code == 200
    assert "private.example" not in shown.text
    assert parse(shown.text).find(**{"data-testid": "mockidp-hint"}) == []
