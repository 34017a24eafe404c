"""`mockidp doctor`: its findings and their remedies."""

import contextlib
import json
from dataclasses import replace

import pytest

from mockidp.server import Server, parse_address
from mockidp.tls import Authority
from mockidp.web.app import create_app

HERE = parse_address("127.0.0.1:0")


@pytest.fixture
def diagnose(mockidp):
    """Return a function that runs the command and returns the findings by the name of the check."""

    def diagnose(url, *, status):
        done = mockidp("doctor", "--url", url, "--json")
        assert (done.status, done.err) == (status, "")
        answer = json.loads(done.out)
        assert answer["url"] == url
        assert answer["ok"] == (status == 0)
        assert answer["ok"] == all(one["ok"] for one in answer["findings"])
        return {one["check"]: one for one in answer["findings"]}

    return diagnose


@pytest.fixture
def setting(tenant):
    """Return a function that changes settings of the running tenant."""

    def setting(**settings):
        document = tenant.document
        tenant.change(replace(document, mockidp=replace(document.mockidp, **settings)))

    return setting


@pytest.fixture
def serve_app():
    """Return a function that serves a WSGI app and returns the URL."""
    with contextlib.ExitStack() as stack:
        yield lambda app: stack.enter_context(Server(app, listen=[HERE])).url


@pytest.fixture
def proxied(serve_app, tenant):
    """Return a function that serves the tenant behind a proxy that changes requests."""
    app = create_app(tenant)

    def proxied(change):
        def proxy(environ, start_response):
            change(environ)
            return app(environ, start_response)

        return serve_app(proxy)

    return proxied


def answering(status, body, *headers):
    def app(_environ, start_response):
        start_response(status, [("Content-Length", str(len(body))), *headers])
        return [body]

    return app


def failed(findings):
    return [check for check, one in findings.items() if not one["ok"]]


def test_a_mock_without_problems_has_only_ok_findings(mockidp, url, tenant):
    done = mockidp("doctor", "--url", url)
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines() == [
        f"ok  health    a mockidp answers at {url}",
        "ok  clock     agrees with this machine's",
        f"ok  discovery {url}/.well-known/openid-configuration answers",
        f"ok  issuer    {url}/ is the URL where discovery was read",
        f"ok  browser   is sent to {url}",
        f"ok  token     {url}/oauth/token answers",
        f"ok  jwks      {url}/.well-known/jwks.json answers",
    ]
    assert [entry.error for entry in tenant.journal] == [None] * 4


def test_upper_case_and_a_trailing_slash_in_the_url_are_accepted(diagnose, url):
    assert diagnose(url.replace("localhost", "LOCALHOST") + "/", status=0)


def test_a_pinned_issuer_that_differs_from_the_url_is_a_problem(mockidp, diagnose, url, setting):
    setting(issuer="http://localhost:9400")
    found = diagnose(url, status=1)
    assert failed(found) == ["issuer"]
    assert found["issuer"]["message"] == (
        f"discovery was read at {url}/, but the issuer is http://localhost:9400/: strict clients "
        "refuse that"
    )
    assert "set MOCKIDP_BROWSER_URL=http://localhost:9400/" in found["issuer"]["remedy"]
    lines = mockidp("doctor", "--url", url).out.splitlines()
    (line,) = (number for number, line in enumerate(lines) if line.startswith("NO  issuer"))
    assert lines[line + 1].strip() == "-> " + found["issuer"]["remedy"]


def test_a_browser_url_is_shown_and_is_ok(diagnose, url, setting):
    setting(browser_url="http://localhost:9400/")
    found = diagnose(url, status=0)["browser"]
    assert (found["message"], found["remedy"]) == ("is sent to http://localhost:9400", "")


def test_a_host_that_browsers_may_not_resolve_is_ok_and_has_a_remedy(diagnose, url):
    named = url.replace("localhost", "0.0.0.0")  # also this machine
    found = diagnose(named, status=0)["browser"]
    assert found["message"] == f"is sent to {named}"
    assert found["remedy"] == (
        f"If browsers cannot resolve 0.0.0.0, set MOCKIDP_BROWSER_URL={url} (browser_url)."
    )


def test_a_proxy_that_changes_the_host_is_recognized(diagnose, proxied):
    url = proxied(lambda environ: environ.update(HTTP_HOST="mockidp:9400"))
    found = diagnose(url, status=1)
    assert f"read at {url}/, but the issuer is http://mockidp:9400/" in found["issuer"]["message"]
    assert found["issuer"]["remedy"].startswith(
        "Configure the proxy in front of the mock to send X-Forwarded-Host, and"
    )


def test_a_refused_host_has_a_remedy(diagnose, proxied):
    def renamed(environ):
        environ["HTTP_HOST"] = "idp.acme.example"

    found = diagnose(proxied(renamed), status=1)
    assert list(found) == ["host"]
    assert "does not answer to the host 'idp.acme.example'" in found["host"]["message"]
    assert found["host"]["remedy"] == "Set MOCKIDP_HOSTS=idp.acme.example (hosts)."


def test_another_refusal_is_shown(diagnose, proxied, setting):
    setting(trust_proxy=True)
    url = proxied(lambda environ: environ.update(HTTP_X_FORWARDED_PROTO="gopher"))
    found = diagnose(url, status=1)
    assert found["host"]["message"].startswith(
        "the mock refuses: Header `X-Forwarded-Proto` is 'gopher'"
    )


@pytest.mark.parametrize(
    ("issuer", "message"),
    [(None, "strict clients refuse that"), ("the url", "the mock sees http://localhost")],
)
def test_a_proxy_that_terminates_tls_is_recognized(diagnose, proxied, setting, issuer, message):
    url = proxied(lambda environ: environ.update({"wsgi.url_scheme": "https"}))
    setting(issuer=issuer and url)
    found = diagnose(url, status=1)
    assert message in found["issuer"]["message"]
    assert found["issuer"]["remedy"] == (
        "Configure the proxy in front of the mock to send X-Forwarded-Proto, and set "
        "MOCKIDP_TRUST_PROXY=true (trust_proxy)."
    )
    # Discovery names https URLs, and the port serves http.
    assert failed(found) == ["issuer", "token", "jwks"]
    assert "cannot be reached from here" in found["token"]["message"]


def test_a_proxy_that_strips_a_path_prefix_is_recognized(diagnose, serve_app, tenant):
    app = create_app(tenant)

    def proxy(environ, start_response):
        for key in ("PATH_INFO", "REQUEST_URI"):
            environ[key] = environ[key].removeprefix("/idp")
        return app(environ, start_response)

    found = diagnose(serve_app(proxy) + "/idp", status=1)
    assert "X-Forwarded-Prefix" in found["issuer"]["remedy"]


@pytest.mark.parametrize(("seconds", "how"), [(3600, "ahead of"), (-90, "behind")])
def test_a_clock_that_was_moved_is_a_problem(diagnose, url, tenant, seconds, how):
    tenant.clock.offset(seconds)
    found = diagnose(url, status=1)
    assert failed(found) == ["clock"]
    assert how in found["clock"]["message"]
    assert found["clock"]["remedy"].startswith(
        f"If a test has moved it, run `mockidp clock offset 0 --url {url}`."
    )
    tenant.clock.offset(0)
    assert diagnose(url, status=0)["clock"]["ok"]


def test_with_an_invalid_date_header_clocks_are_not_compared(diagnose, serve_app):
    app = answering("200 OK", b'{"status": "ok"}', ("Date", "soon"))
    found = diagnose(serve_app(app), status=1)["clock"]
    assert found["message"] == "the response has no valid Date header"


@pytest.mark.parametrize("endpoint", ["discovery", "jwks"])
def test_an_endpoint_with_an_unexpected_answer_is_a_problem(diagnose, url, mockidp, endpoint):
    assert mockidp("fault", endpoint, "status=503", "--url", url).status == 0
    found = diagnose(url, status=1)
    assert failed(found) == [endpoint]
    assert found[endpoint]["message"].endswith("answers with status 503")
    assert f"Fault `{endpoint}: status 503`" in found[endpoint]["remedy"]


def test_an_invalid_discovery_document_is_a_problem(diagnose, serve_app):
    found = diagnose(serve_app(answering("200 OK", b'{"status": "ok", "issuer": 5}')), status=1)
    assert failed(found) == ["discovery"]
    assert "lacks one of issuer, authorization_endpoint" in found["discovery"]["message"]


def test_a_mock_that_does_not_run_is_a_problem(diagnose, unused_url):
    found = diagnose(unused_url, status=1)
    assert found["health"]["message"].startswith(f"no http server answers at {unused_url} (")
    assert "mockidp serve" in found["health"]["remedy"]


@pytest.mark.parametrize("body", [b"<html>", b"[1]"])
def test_another_server_is_recognized(diagnose, serve_app, body):
    found = diagnose(serve_app(answering("404 Not Found", body)), status=1)
    assert "status 404" in found["health"]["message"]
    assert found["health"]["remedy"] == "Check --url."


def test_a_url_with_a_path_that_does_not_exist_is_a_problem(diagnose, url):
    assert diagnose(f"{url}/authorize", status=1)["host"]["remedy"] == "Check --url."


def test_an_invalid_url_is_a_usage_error(mockidp):
    done = mockidp("doctor", "--url", "localhost:9400")
    assert done.status == 2
    assert "is not a URL" in done.err


# --- https ---


@pytest.fixture
def secured(folder, tenant):
    """The tenant on https, with a certificate of the CA in the folder `ca`."""
    authority = Authority.load_or_create(folder / "ca")
    with Server(
        create_app(tenant), listen=[HERE], tls_listen=[HERE], tls_context=authority.ssl_context()
    ) as server:
        yield server


def test_a_certificate_that_is_not_trusted_is_a_problem(diagnose, secured):
    url = secured.tls_url
    found = diagnose(url, status=1)
    assert failed(found) == ["tls"]
    assert found["tls"]["message"].startswith(f"the certificate of {url} is not trusted here: ")
    for part in ('eval "$(mockidp env)"', "NODE_EXTRA_CA_CERTS", f"{url}/_mockidp/ca.pem"):
        assert part in found["tls"]["remedy"]


def test_a_trusted_certificate_is_ok(diagnose, secured, folder, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "ca" / "ca.pem"))
    assert diagnose(secured.tls_url, status=0)["tls"]["ok"]


def test_a_certificate_for_another_name_is_a_problem(diagnose, tenant, folder, monkeypatch):
    trusted = Authority.load_or_create(folder / "ca")
    made = trusted.ssl_context()
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted.ca_file))
    with Server(
        create_app(tenant),
        listen=[HERE],
        tls_listen=[parse_address("127.0.0.2:0")],
        tls_context=made,
    ) as server:
        found = diagnose(server.tls_url, status=1)
    assert found["tls"]["remedy"] == "Set MOCKIDP_HOSTS=127.0.0.2 (hosts) and restart the mock."


def test_the_wrong_scheme_for_the_port_is_a_problem(diagnose, secured):
    http = secured.tls_url.replace("https", "http")
    assert "https" in diagnose(http, status=1)["health"]["message"]
    https = secured.url.replace("http", "https")
    found = diagnose(https, status=1)["health"]
    assert found["message"].startswith("no https server answers")
    assert found["remedy"] == "Use http:// in --url if the port serves http."
