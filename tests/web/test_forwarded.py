"""The headers of a proxy, trusted and untrusted."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import Client as WsgiClient

from helpers.acme import ACME, with_client, with_settings
from helpers.tenant_client import TenantClient, hint
from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app

pytestmark = pytest.mark.usefixtures("no_tracebacks")

DISCOVERY = "/.well-known/openid-configuration"
INSIDE = "http://mockidp:9400"


@pytest.fixture
def trusting():
    return TenantClient(with_settings(trust_proxy=True), url=INSIDE)


@pytest.fixture
def warnings(caplog):
    caplog.set_level(logging.WARNING, logger="mockidp")
    return lambda: [record.getMessage() for record in caplog.records]


def forwarded(**headers):
    return {f"X-Forwarded-{name.title()}": value for name, value in headers.items()}


def issuer(idp, **headers):
    answer = idp.get(DISCOVERY, headers=forwarded(**headers))
    assert answer.status_code == 200, answer.text
    return answer.json["issuer"]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, f"{INSIDE}/"),
        ({"proto": "https"}, "https://mockidp:9400/"),
        ({"proto": "HTTPS", "host": "idp.test"}, "https://idp.test/"),
        ({"proto": "https", "host": "idp.test:8443"}, "https://idp.test:8443/"),
        ({"proto": "https", "host": "idp.test", "port": "8443"}, "https://idp.test:8443/"),
        ({"proto": "https", "host": "idp.test", "port": "443"}, "https://idp.test/"),
        ({"host": "[::1]:8080"}, "http://[::1]:8080/"),
        ({"host": "idp.test", "prefix": "/sso/mock/"}, "http://idp.test/sso/mock/"),
        ({"prefix": "/"}, f"{INSIDE}/"),
        # The value of the nearest proxy comes last.
        ({"proto": "http, https", "host": "x.test, idp.test"}, "https://idp.test/"),
        ({"for": "203.0.113.7"}, f"{INSIDE}/"),
    ],
)
def test_a_trusted_proxy_sets_the_url(trusting, headers, expected):
    assert issuer(trusting, **headers) == expected


def test_a_login_behind_a_trusted_proxy_has_its_cookie_and_its_paths(trusting):
    headers = forwarded(proto="https", host="idp.test", prefix="/sso")
    query = "client_id=web&response_type=code&scope=openid"
    redirect = trusting.request("GET", f"/authorize?{query}", headers=headers)
    assert redirect.location.startswith("/sso/u/login?")
    page = redirect.location.removeprefix("/sso")
    assert f'action="{redirect.location}"' in trusting.request("GET", page, headers=headers).text
    form = {"username": "alice@acme.example", "password": "Passw0rd!"}
    posted = trusting.request("POST", page, data=form, headers=headers)
    assert posted.headers["Set-Cookie"].startswith("auth0=")
    for part in ("; Secure", "Path=/sso", "SameSite=None"):
        assert part in posted.headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        (
            {"proto": "javascript"},
            "Header `X-Forwarded-Proto` is 'javascript' instead of http or https.",
        ),
        (
            {"host": "a b"},
            "Headers `X-Forwarded-Host` and `X-Forwarded-Port` result in 'a b', which is not a host.",
        ),
        ({"host": "\xfc"}, "which is not a host."),
        ({"port": "http"}, "result in 'mockidp:http', which is not a host."),
        ({"port": "123456"}, "result in 'mockidp:123456', which is not a host."),
        (
            {"prefix": "sso"},
            "Header `X-Forwarded-Prefix` is 'sso' instead of a path such as /idp.",
        ),
        ({"prefix": "//evil.example"}, "Header `X-Forwarded-Prefix` is '//evil.example'"),
        ({"prefix": "/a%0d"}, "Header `X-Forwarded-Prefix` is '/a%0d'"),
    ],
)
def test_an_invalid_header_of_a_proxy_is_refused_and_named(trusting, headers, message):
    answer = trusting.get(DISCOVERY, headers=forwarded(**headers))
    assert answer.status_code == 400
    assert answer.json["error_description"] == "Invalid forwarded header"
    assert message in hint(answer)
    assert trusting.tenant.journal.last("discovery").url == f"{INSIDE}{DISCOVERY}"


@pytest.mark.parametrize(
    ("sent", "forwarded_host"), [("mockidp:9400", "evil.example"), ("evil.example", "idp.test")]
)
def test_neither_host_nor_forwarded_host_may_be_foreign(trusting, sent, forwarded_host):
    headers = {"Host": sent, "X-Forwarded-Host": forwarded_host}
    answer = trusting.get(DISCOVERY, headers=headers)
    assert answer.json["error_description"] == "Unknown host"
    assert "evil.example" in hint(answer)


def test_a_link_works_below_the_prefix_of_a_proxy():
    document = with_client(with_settings(trust_proxy=True), "web", is_global=True)
    idp = TenantClient(document, url=INSIDE)
    headers = forwarded(proto="https", host="idp.test", prefix="/sso")
    link = idp.request(
        "POST",
        "/_mockidp/v1/impersonation-links",
        json={"user": "alice", "state": "s"},
        headers=headers,
    ).json["url"]
    assert link.startswith("https://idp.test/sso/users/auth0%7Calice/impersonate?&bewit=")
    target = link.removeprefix("https://idp.test/sso")
    raw = {"REQUEST_URI": target, "RAW_URI": target}
    opened = idp.request("GET", target, headers=headers, environ_overrides=raw)
    assert opened.status_code == 302, hint(opened)


def test_an_invalid_url_without_forwarded_headers_is_not_reported_as_theirs(trusting):
    answer = trusting.get(DISCOVERY, headers={"Host": "a b"})
    assert answer.json["error_description"] == "Invalid Host header"
    mounted = {"SCRIPT_NAME": "/a b", "REQUEST_URI": f"/a%20b{DISCOVERY}"}
    answer = trusting.request("GET", DISCOVERY, environ_overrides=mounted)
    assert answer.json["issuer"] == f"{INSIDE}/a b/"
    assert trusting.tenant.journal.last("discovery").url == f"{INSIDE}/a%20b{DISCOVERY}"


def test_random_forwarded_headers_cause_no_bug(trusting):
    words = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"))

    @given(st.dictionaries(st.sampled_from(["proto", "host", "port", "prefix", "for"]), words))
    def read(headers):
        assert trusting.get(DISCOVERY, headers=forwarded(**headers)).status_code in {200, 400}

    read()


def test_a_server_without_script_name_is_supported():
    app = create_app(Tenant(with_settings(trust_proxy=True)))

    def without_a_mount(environ, start_response):
        del environ["SCRIPT_NAME"]
        return app(environ, start_response)

    headers = forwarded(proto="gopher")
    answer = WsgiClient(without_a_mount).get("/authorize", base_url=INSIDE, headers=headers)
    assert answer.status_code == 400
    assert "gopher" in hint(answer)


def test_a_request_without_a_host_is_answered_with_additional_tenants(trusting):
    assert trusting.post("/_mockidp/v1/tenants", json_body={"name": "w1"}).status_code == 201

    def without_a_host(environ, start_response):
        del environ["HTTP_HOST"]
        return trusting.app(environ, start_response)

    headers = forwarded(proto="gopher")
    answer = WsgiClient(without_a_host).get(DISCOVERY, base_url=INSIDE, headers=headers)
    assert answer.status_code == 400
    assert answer.json["error_description"] == "Invalid Host header"


def test_a_tenant_that_is_created_through_a_proxy_is_below_its_prefix(trusting):
    headers = forwarded(proto="https", host="idp.test", prefix="/sso")
    made = trusting.request("POST", "/_mockidp/v1/tenants", json={"name": "w1"}, headers=headers)
    assert made.json["url"] == "https://idp.test/sso/t/w1"
    assert made.json["issuer"] == "https://idp.test/sso/t/w1/"
    answer = trusting.request("GET", f"/t/w1{DISCOVERY}", headers=headers)
    assert answer.json["issuer"] == made.json["issuer"]


def test_an_untrusted_proxy_changes_nothing_and_is_reported_once(warnings):
    idp = TenantClient(url=INSIDE)
    for _ in range(2):
        assert issuer(idp, proto="https", host="idp.test", prefix="/sso") == f"{INSIDE}/"
    proto, host = warnings()
    assert proto == (
        "X-Forwarded-Proto: 'https' is not trusted, so the request counts as http. Set "
        "MOCKIDP_TRUST_PROXY=true (`trust_proxy`) if the mock is behind a proxy of yours."
    )
    assert host.startswith("X-Forwarded-Host: 'idp.test' is not trusted, ")


def test_an_untrusted_proxy_that_would_change_nothing_is_not_reported(warnings):
    idp = TenantClient(url=INSIDE)
    assert issuer(idp, proto="http", host="mockidp:9400") == f"{INSIDE}/"
    assert warnings() == []


def test_trust_proxy_can_be_set_at_run_time():
    idp = TenantClient(ACME, url=INSIDE)
    idp.edit(with_settings(trust_proxy=True))
    assert issuer(idp, proto="https") == "https://mockidp:9400/"
