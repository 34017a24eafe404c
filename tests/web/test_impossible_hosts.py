"""URLs with an impossible host or port are refused everywhere, never with a 500."""

import pytest
from werkzeug.test import Client as WsgiClient
from werkzeug.test import create_environ, run_wsgi_app

from helpers.acme import ACME, with_client
from helpers.tenant_client import TenantClient, hint
from mockidp.resources.client import Client
from mockidp.tenant.content.document import TenantDocument
from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app

pytestmark = pytest.mark.usefixtures("no_tracebacks")

WILDCARD = "https://app-*.team.example.com/cb"
LONG = "a" * 64
MANY = ".".join(["a" * 50] * 6)
URLS = {
    "http://localhost:99999/": "its port is '99999', and ports are numbers up to 65535",
    "http://localhost:65536/cb": "its port is '65536'",
    "http://localhost:-1/": "its port is '-1'",
    "http://localhost:٣/": "its port is",
    "http:///cb": "its host is empty",
    "http://.localhost/": "its host has an empty label",
    "http://localhost../": "its host has an empty label",
    "http://a..localhost/": "its host has an empty label",
    f"http://{LONG}.localhost/": "its host has a label of 64 characters, and 63 are allowed",
    f"http://{MANY}.localhost/": "its host has 315 characters, and 253 are allowed",
    "http://[::1::2]/": "its host '[::1::2]' is not an IPv6 address",
    "http://[::1/": "its host and port are malformed",
    f"https://app-{LONG}.team.example.com/cb": "its host has a label of 68 characters",
}
each_url = pytest.mark.parametrize("impossible", URLS.items(), ids=lambda one: one[0][:30])


@pytest.fixture(params=["strict", "zero-config"])
def idp(request):
    if request.param == "zero-config":
        return TenantClient(tenant=Tenant())
    lists = {"callbacks": (WILDCARD,), "allowed_logout_urls": (WILDCARD,)}
    return TenantClient(with_client(ACME, "web", **lists))


@each_url
def test_a_callback_with_an_impossible_host_is_refused(idp, impossible, caplog):
    url, mistake = impossible
    answer = idp.get("/authorize", client_id="web", response_type="code", redirect_uri=url)
    assert answer.status_code == 403
    assert "Location" not in answer.headers
    assert mistake in hint(answer)
    assert not [one for one in caplog.records if one.exc_info]


@each_url
@pytest.mark.parametrize(
    ("path", "name"), [("/v2/logout", "returnTo"), ("/oidc/logout", "post_logout_redirect_uri")]
)
def test_a_logout_url_with_an_impossible_host_is_refused(idp, impossible, caplog, path, name):
    answer = idp.get(path, client_id="web", **{name: impossible[0]})
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert hint(answer)
    assert not [one for one in caplog.records if one.exc_info]


@pytest.mark.parametrize(
    "host",
    ["localhost:65536", "localhost:99999", "[::1]:70000", f"{LONG}.localhost", f"{MANY}.test",
     "a..localhost", ".", "..", ":80", "[]", "[::1::2]"],
)  # fmt: skip
def test_a_request_with_an_impossible_host_is_refused(host, caplog):
    environ = create_environ("/authorize") | {"HTTP_HOST": host}
    _, status, headers = run_wsgi_app(create_app(Tenant()), environ)
    assert status == "400 BAD REQUEST"
    assert headers["Mockidp-Hint"]
    assert not [one for one in caplog.records if one.exc_info]


def test_the_largest_possible_hosts_are_answered():
    name = ".".join(["a" * 63] * 3 + ["b" * 52]) + ".localhost"
    assert len(name) == 254
    for host in (name[1:], f"{'a' * 63}.localhost:65535"):
        path = "/.well-known/openid-configuration"
        answer = TenantClient().request("GET", path, headers={"Host": host})
        assert answer.json["issuer"] == f"http://{host}/"


@pytest.fixture
def control():
    """Return a function that calls the control API of a tenant."""
    client = Client(client_id="web", callbacks=("http://localhost:3000/cb",))
    wsgi = WsgiClient(create_app(Tenant(TenantDocument(clients=(client,)))))

    def call(method, path, body):
        url = f"/_mockidp/v1{path}"
        return wsgi.open(url, method=method, json=body, base_url="http://localhost:9400")

    return call


@each_url
@pytest.mark.parametrize(
    ("method", "path", "wrap"),
    [
        ("POST", "/clients", lambda url: {"client_id": "new", "callbacks": [url]}),
        ("POST", "/clients", lambda url: {"client_id": "new", "allowed_logout_urls": [url]}),
        ("POST", "/clients", lambda url: {"client_id": "new", "web_origins": [url]}),
        ("POST", "/clients", lambda url: {"client_id": "new", "initiate_login_uri": url}),
        ("PUT", "/tenant", lambda url: {"clients": [{"client_id": "a", "callbacks": [url]}]}),
        ("PUT", "/tenant", lambda url: {"tenant": {"allowed_logout_urls": [url]}}),
        ("PUT", "/tenant", lambda url: {"mockidp": {"issuer": url}}),
        ("PUT", "/tenant", lambda url: {"mockidp": {"browser_url": url}}),
        ("POST", "/tenants", lambda url: {"tenant": {"mockidp": {"issuer": url}}}),
    ],
)
def test_the_control_api_refuses_an_impossible_host(control, method, path, wrap, impossible):
    url, mistake = impossible
    answer = control(method, path, wrap(url))
    assert answer.status_code == 400
    (error,) = answer.json["errors"]
    assert error["detail"].startswith("found the string")
    assert mistake in error["detail"]


@pytest.mark.parametrize("host", ["a..b", LONG, f"{MANY}.a", "idp:99999", "[::1::2]", "."])
def test_the_control_api_refuses_an_impossible_tenant_name(control, host):
    answer = control("PUT", "/tenant", {"mockidp": {"hosts": [host]}})
    assert answer.status_code == 400
    assert "expected a host name" in answer.json["errors"][0]["detail"]


@pytest.mark.parametrize(
    "url",
    ["http://localhost:65535/cb", f"http://{'a' * 63}.example/", "http://example./cb",
     "http://user@[::1]:3000/", "com.acme.app://callback..x/y", "myapp:///callback",
     "https://{organization_name}.example.com/cb",
     f"https://{{custom_domain.metadata.{'k' * 100}}}/cb"],
)  # fmt: skip
def test_possible_hosts_and_other_schemes_are_accepted(control, url):
    answer = control("POST", "/clients", {"client_id": "new", "callbacks": [url]})
    assert answer.status_code == 200, answer.text
