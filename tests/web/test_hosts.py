"""The allowed hosts, and that nothing else determines a URL."""

import pytest

from helpers.acme import with_settings
from helpers.tenant_client import TenantClient, hint
from mockidp.web.request.target import raw_target

DISCOVERY = "/.well-known/openid-configuration"


def ask(host, idp=None, path=DISCOVERY, **environ):
    idp = idp or TenantClient()
    return idp.request("GET", path, headers={"Host": host}, environ_overrides=environ)


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "LOCALHOST:1", "127.0.0.1", "127.9.9.9:80", "[::1]:9400", "192.168.1.7", "idp",
        "acme.localhost", "idp.internal", "idp.test:8080", "localhost.", "my_host", "[2001:db8::1]",
    ],
)  # fmt: skip
def test_local_names_are_allowed(host):
    answer = ask(host)
    assert answer.status_code == 200
    name = host.lower().removesuffix(":80")
    assert answer.json["issuer"] == f"http://{name}/"


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "x.local"]
)
def test_another_name_is_refused_with_a_hint(host):
    answer = ask(host)
    assert answer.status_code == 400
    assert answer.json == {"error": "invalid_request", "error_description": "Unknown host"}
    assert f"does not answer to the host '{host}'" in hint(answer)


@pytest.mark.parametrize(
    "host",
    [
        "", "a b", "local/host", "user@localhost", "localhost:", "localhost:x", "localhost:123456",
        "[::1", "::1", "ü", "a..b", ".localhost", "x" * 64, "localhost\\evil", "localhost?",
        "localhost,evil.example", "localhost:٣",
    ],
)  # fmt: skip
def test_an_invalid_host_is_refused_with_a_hint(host):
    answer = ask(host.encode("utf-8").decode("latin-1"))
    assert answer.status_code == 400
    assert answer.json == {"error": "invalid_request", "error_description": "Invalid Host header"}
    assert answer.headers["Server"] == "mockidp"
    assert hint(answer)


@pytest.mark.parametrize("host", ["[dead]", "[.]"])
def test_brackets_without_an_address_are_not_a_host(host):
    assert ask(host).json["error_description"] == "Unknown host"


def test_a_host_that_dns_could_not_have_is_refused_on_every_path():
    assert ask("x" * 64, path="/nowhere").json["error_description"] == "Invalid Host header"
    answer = ask("evil.example", path="/authorize")
    assert "Unknown host" in answer.text
    assert answer.content_type == "text/html; charset=utf-8"


def test_the_setting_hosts_adds_names_in_any_case():
    idp = TenantClient(with_settings(hosts=("Login.Acme.Example",)))
    assert ask("login.acme.example", idp).status_code == 200
    assert ask("other.acme.example", idp).status_code == 400


def test_the_issuers_host_is_allowed():
    idp = TenantClient(with_settings(issuer="https://login.acme.example/"))
    assert ask("login.acme.example", idp).status_code == 200


def test_forwarded_headers_change_nothing():
    forwarded = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "Forwarded": "host=evil.example",
    }
    answer = TenantClient().get(DISCOVERY, headers=forwarded)
    assert answer.json["issuer"] == "http://localhost:9400/"


@pytest.mark.parametrize("target", ["http://localhost{}", "HTTP://other{}", "http://[broken{}"])
def test_a_target_in_absolute_form_is_read_by_its_path(target):
    path = "/authorize?client_id=nobody"
    uri = target.format(path)
    answer = TenantClient().request("GET", path, environ_overrides={"REQUEST_URI": uri})
    assert "Unknown client: nobody" in answer.text


def test_a_target_that_the_server_omits_is_rebuilt():
    absent = {"REQUEST_URI": "", "RAW_URI": ""}
    answer = TenantClient().request("GET", "/authorize?client_id=nobody", environ_overrides=absent)
    assert "Unknown client: nobody" in answer.text
    bare = {"REQUEST_URI": "http://localhost"}
    answer = TenantClient().request("GET", "/authorize?client_id=web", environ_overrides=bare)
    assert "Missing required parameter: client_id" in answer.text


@pytest.mark.parametrize(
    ("given", "target"),
    [
        ({}, "/"),
        ({"PATH_INFO": "/"}, "/"),
        (
            {"PATH_INFO": "/users/auth0|alice/x", "QUERY_STRING": "&a=%7c"},
            "/users/auth0%7Calice/x?&a=%7c",
        ),
        ({"SCRIPT_NAME": "/t", "PATH_INFO": "/\xc3\xbc b", "QUERY_STRING": ""}, "/t/%C3%BC%20b"),
        ({"PATH_INFO": "/a:b@c!$&'()*+,;=~-._"}, "/a:b@c!$&'()*+,;=~-._"),
        ({"PATH_INFO": "/a?b#c%d"}, "/a%3Fb%23c%25d"),
    ],
)
def test_a_target_is_rebuilt_as_clients_write_it(given, target):
    assert raw_target(given) == target


def test_a_tenant_below_a_prefix_has_it_in_its_urls_and_cookies():
    idp = TenantClient()
    answer = idp.request("GET", DISCOVERY, environ_overrides={"SCRIPT_NAME": "/t/acme"})
    assert answer.json["authorization_endpoint"] == "http://localhost:9400/t/acme/authorize"
    login = idp.request(
        "GET", "/authorize?client_id=web&response_type=code",
        environ_overrides={"SCRIPT_NAME": "/t/acme"},
    )  # fmt: skip
    assert login.location.startswith("/t/acme/u/login?state=")
    posted = idp.request(
        "POST",
        login.location.removeprefix("/t/acme"),
        data={"username": "alice@acme.example", "password": "Passw0rd!"},
        environ_overrides={"SCRIPT_NAME": "/t/acme"},
    )
    assert posted.location.startswith("/t/acme/authorize/resume")
    assert "Path=/t/acme" in posted.headers["Set-Cookie"]
