"""`mockidp doctor`: what it finds, and what it says is to be done."""

import contextlib
import json
from dataclasses import replace

import pytest

from mockidp.server import Server, parse_address
from mockidp.tls import Authority
from mockidp.web.app import create_app

HERE = parse_address("127.0.0.1:0")


@pytest.fixture
def told(mockidp):
    """Give a function that asks the doctor, and returns what it found by the check's name."""

    def told(url, *, status):
        done = mockidp("doctor", "--url", url, "--json")
        assert (done.status, done.err) == (status, "")
        answer = json.loads(done.out)
        assert answer["url"] == url
        assert answer["ok"] == (status == 0)
        assert answer["ok"] == all(one["ok"] for one in answer["findings"])
        return {one["check"]: one for one in answer["findings"]}

    return told


@pytest.fixture
def setting(tenant):
    """Give a function that changes settings of the tenant that is served."""

    def setting(**settings):
        document = tenant.document
        tenant.change(replace(document, mockidp=replace(document.mockidp, **settings)))

    return setting


@pytest.fixture
def behind():
    """Give a function that serves an app of the test's own, and returns the URL."""
    with contextlib.ExitStack() as stack:
        yield lambda app: stack.enter_context(Server(app, listen=[HERE])).url


@pytest.fixture
def proxied(behind, tenant):
    """Give a function that serves the tenant behind what changes a request on its way."""
    app = create_app(tenant)

    def proxied(change):
        def proxy(environ, start_response):
            change(environ)
            return app(environ, start_response)

        return behind(proxy)

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
        "ok  clock     the same as this machine's",
        f"ok  discovery {url}/.well-known/openid-configuration answers",
        f"ok  issuer    {url}/ is the URL where discovery was read",
        f"ok  browser   is sent to {url}",
        f"ok  token     {url}/oauth/token answers",
        f"ok  jwks      {url}/.well-known/jwks.json answers",
    ]
    assert [entry.error for entry in tenant.journal] == [None] * 4


def test_upper_case_and_a_trailing_slash_in_the_url_are_accepted(told, url):
    assert told(url.replace("localhost", "LOCALHOST") + "/", status=0)


def test_a_pinned_issuer_that_differs_from_the_url_is_a_problem(mockidp, told, url, setting):
    setting(issuer="http://localhost:9400")
    found = told(url, status=1)
    assert failed(found) == ["issuer"]
    assert found["issuer"]["message"] == (
        f"discovery was read at {url}/, but the issuer is http://localhost:9400/: strict clients "
        "refuse that"
    )
    assert "set MOCKIDP_BROWSER_URL=http://localhost:9400/" in found["issuer"]["remedy"]
    lines = mockidp("doctor", "--url", url).out.splitlines()
    (line,) = (number for number, line in enumerate(lines) if line.startswith("NO  issuer"))
    assert lines[line + 1].strip() == "-> " + found["issuer"]["remedy"]


def test_a_browser_url_is_shown_and_is_no_problem(told, url, setting):
    setting(browser_url="http://localhost:9400/")
    found = told(url, status=0)["browser"]
    assert (found["message"], found["remedy"]) == ("is sent to http://localhost:9400", "")


def test_a_host_that_browsers_may_not_resolve_is_ok_and_has_a_remedy(told, url):
    named = url.replace("localhost", "0.0.0.0")  # which is this machine, too
    found = told(named, status=0)["browser"]
    assert found["message"] == f"is sent to {named}"
    assert found["remedy"] == (
        f"if browsers cannot resolve 0.0.0.0: set MOCKIDP_BROWSER_URL={url} (browser_url)"
    )


def test_a_proxy_that_changes_the_host_is_recognized(told, proxied):
    url = proxied(lambda environ: environ.update(HTTP_HOST="mockidp:9400"))
    found = told(url, status=1)
    assert f"read at {url}/, but the issuer is http://mockidp:9400/" in found["issuer"]["message"]
    assert found["issuer"]["remedy"].startswith("let the proxy in front send X-Forwarded-Host, and")


def test_a_refused_host_has_a_remedy(told, proxied):
    def renamed(environ):
        environ["HTTP_HOST"] = "idp.acme.example"

    found = told(proxied(renamed), status=1)
    assert list(found) == ["host"]
    assert "does not answer to the host 'idp.acme.example'" in found["host"]["message"]
    assert found["host"]["remedy"] == "set MOCKIDP_HOSTS=idp.acme.example (hosts)"


def test_another_refusal_is_shown(told, proxied, setting):
    setting(trust_proxy=True)
    url = proxied(lambda environ: environ.update(HTTP_X_FORWARDED_PROTO="gopher"))
    found = told(url, status=1)
    assert found["host"]["message"].startswith("refused: Header `X-Forwarded-Proto` is 'gopher'")


@pytest.mark.parametrize(
    ("issuer", "said"),
    [(None, "strict clients refuse that"), ("the url", "the mock takes http://localhost")],
)
def test_a_proxy_that_terminates_tls_is_recognized(told, proxied, setting, issuer, said):
    url = proxied(lambda environ: environ.update({"wsgi.url_scheme": "https"}))
    setting(issuer=issuer and url)
    found = told(url, status=1)
    assert said in found["issuer"]["message"]
    assert found["issuer"]["remedy"] == (
        "let the proxy in front send X-Forwarded-Proto, and set MOCKIDP_TRUST_PROXY=true "
        "(trust_proxy)"
    )
    # The endpoints of https are not at a port that speaks http.
    assert failed(found) == ["issuer", "token", "jwks"]
    assert "does not answer here" in found["token"]["message"]


def test_a_proxy_that_strips_a_path_prefix_is_recognized(told, behind, tenant):
    app = create_app(tenant)

    def proxy(environ, start_response):
        for key in ("PATH_INFO", "REQUEST_URI"):
            environ[key] = environ[key].removeprefix("/idp")
        return app(environ, start_response)

    found = told(behind(proxy) + "/idp", status=1)
    assert "X-Forwarded-Prefix" in found["issuer"]["remedy"]


@pytest.mark.parametrize(("seconds", "how"), [(3600, "ahead of"), (-90, "behind")])
def test_a_clock_that_was_moved_is_a_problem(told, url, tenant, seconds, how):
    tenant.clock.offset(seconds)
    found = told(url, status=1)
    assert failed(found) == ["clock"]
    assert how in found["clock"]["message"]
    assert found["clock"]["remedy"].startswith(f"`mockidp clock resume --url {url}`")


def test_without_a_date_header_clocks_are_not_compared(told, behind):
    answered = answering("200 OK", b'{"status": "ok"}', ("Date", "soon"))
    assert (
        told(behind(answered), status=1)["clock"]["message"]
        == "the answer has no Date to compare with"
    )


@pytest.mark.parametrize("endpoint", ["discovery", "jwks"])
def test_an_endpoint_with_an_unexpected_answer_is_a_problem(told, url, mockidp, endpoint):
    assert mockidp("fault", endpoint, "status=503", "--url", url).status == 0
    found = told(url, status=1)
    assert failed(found) == [endpoint]
    assert found[endpoint]["message"].endswith("answers with status 503")
    assert f"fault {endpoint}" in found[endpoint]["remedy"]


def test_an_invalid_discovery_document_is_a_problem(told, behind):
    found = told(behind(answering("200 OK", b'{"status": "ok", "issuer": 5}')), status=1)
    assert failed(found) == ["discovery"]
    assert "lacks one of issuer, authorization_endpoint" in found["discovery"]["message"]


def test_a_mock_that_does_not_run_is_a_problem(told, nobodys_url):
    found = told(nobodys_url, status=1)
    assert found["health"]["message"].startswith(
        f"nothing that speaks http answers at {nobodys_url} ("
    )
    assert "mockidp serve" in found["health"]["remedy"]


@pytest.mark.parametrize(("body", "said"), [(b"<html>", "status 404"), (b"[1]", "status 404")])
def test_another_server_is_recognized(told, behind, body, said):
    found = told(behind(answering("404 Not Found", body)), status=1)
    assert said in found["health"]["message"]
    assert found["health"]["remedy"] == "check --url"


def test_a_url_with_a_path_that_does_not_exist_is_a_problem(told, url):
    assert told(f"{url}/authorize", status=1)["host"]["remedy"] == "check --url"


def test_an_invalid_url_is_a_usage_error(mockidp):
    done = mockidp("doctor", "--url", "localhost:9400")
    assert done.status == 2
    assert "is not a URL" in done.err


# --- https ---


@pytest.fixture
def secured(folder, tenant):
    """The tenant at https, with a certificate of the CA in the folder `ca`."""
    authority = Authority.load_or_create(folder / "ca")
    with Server(
        create_app(tenant), listen=[HERE], tls_listen=[HERE], tls_context=authority.ssl_context()
    ) as server:
        yield server


def test_a_certificate_that_is_not_trusted_is_a_problem(told, secured):
    url = secured.tls_url
    found = told(url, status=1)
    assert failed(found) == ["tls"]
    assert found["tls"]["message"].startswith(f"the certificate of {url} is not trusted here: ")
    for part in ('eval "$(mockidp env)"', "NODE_EXTRA_CA_CERTS", f"{url}/_mockidp/ca.pem"):
        assert part in found["tls"]["remedy"]


def test_a_trusted_certificate_is_ok(told, secured, folder, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "ca" / "ca.pem"))
    assert told(secured.tls_url, status=0)["tls"]["ok"]


def test_a_certificate_for_another_name_is_a_problem(told, tenant, folder, monkeypatch):
    trusted = Authority.load_or_create(folder / "ca")
    made = trusted.ssl_context()
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted.ca_file))
    with Server(
        create_app(tenant),
        listen=[HERE],
        tls_listen=[parse_address("127.0.0.2:0")],
        tls_context=made,
    ) as server:
        found = told(server.tls_url, status=1)
    assert found["tls"]["remedy"] == "set MOCKIDP_HOSTS=127.0.0.2 (hosts) and start it again"


def test_the_wrong_scheme_for_the_port_is_a_problem(told, secured):
    http = secured.tls_url.replace("https", "http")
    assert "https" in told(http, status=1)["health"]["message"]
    https = secured.url.replace("http", "https")
    found = told(https, status=1)["health"]
    assert found["message"].startswith("nothing that speaks https answers")
    assert found["remedy"] == "use http:// in --url if the port speaks http"
