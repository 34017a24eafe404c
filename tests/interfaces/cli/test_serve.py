"""`mockidp serve`: what it prints, where it listens, what it serves."""

import base64
import json
import re
import socket
import ssl
import urllib.error
import webbrowser
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from mockidp.cli.calls.browser import open_console

ZOE = "users: [{user_id: auth0|zoe, email: zoe@acme.example}]\n"


@pytest.fixture
def discovered_issuer(fetch):
    def discovered_issuer(url, **options):
        return fetch(f"{url}/.well-known/openid-configuration", **options)["issuer"]

    return discovered_issuer


@pytest.fixture
def token_without_audience(fetch):
    """Return a function that requests a token without an audience."""

    def token_without_audience(url, client="acme-global"):
        body = {
            "grant_type": "client_credentials", "client_id": client,
            "client_secret": f"{client}-secret",
        }  # fmt: skip
        return fetch(f"{url}/oauth/token", body)["access_token"]

    return token_without_audience


def test_json_prints_the_urls_in_one_line(serve, folder, fetch, discovered_issuer):
    with serve("--example", "acme") as server:
        assert server.pid == server.process.pid
        assert server.issuer == f"{server.url}/", "http is first, because it needs no trusted CA"
        assert server.ca_file == str(folder / ".mockidp" / "ca.pem")
        assert fetch(f"{server.url}/_mockidp/health") == {"status": "ok"}
        health = f"{server.tls_url}/_mockidp/health"
        assert fetch(health, ca_file=server.ca_file) == {"status": "ok"}
        assert discovered_issuer(server.url) == server.issuer
        assert discovered_issuer(server.tls_url, ca_file=server.ca_file) == f"{server.tls_url}/"
    assert list(vars(server))[1:6] == ["url", "tls_url", "issuer", "ca_file", "pid"]
    assert server.out == ""


def test_a_port_without_host_is_on_loopback(serve, fetch):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with serve("--no-tls", "--listen", str(port)) as server:
        assert server.url == f"http://localhost:{port}"
        assert fetch(f"http://127.0.0.1:{port}/_mockidp/health") == {"status": "ok"}


@pytest.mark.measured
@pytest.mark.parametrize("how", ["option", "variable"])
def test_the_console_is_opened_in_the_browser(serve, folder, how):
    (folder / "browser").write_text('#!/bin/sh\necho "$1" > opened\n')
    (folder / "browser").chmod(0o755)
    env = {"BROWSER": f"{folder / 'browser'} %s"}
    options = ["--open"] if how == "option" else []
    with serve(
        "--no-tls", *options, env=env | ({} if options else {"MOCKIDP_OPEN": "1"})
    ) as server:
        pass
    assert (folder / "opened").read_text() == f"{server.url}/_mockidp/\n"


@pytest.mark.parametrize("fails", [True, False])
def test_without_a_browser_the_url_of_the_console_is_printed(monkeypatch, capsys, fails):
    def no_browser(_url):
        if fails:
            raise webbrowser.Error
        return False

    monkeypatch.setattr(webbrowser, "open", no_browser)
    open_console("http://localhost:9400")
    assert capsys.readouterr().err == (
        "mockidp: no browser was found. Open the console yourself: "
        "http://localhost:9400/_mockidp/\n"
    )


def test_without_a_file_any_client_is_served(serve, fetch):
    with serve("--no-tls") as server:
        body = {
            "grant_type": "client_credentials", "client_id": "any",
            "client_secret": "any", "audience": "https://anything/",
        }  # fmt: skip
        assert fetch(f"{server.url}/oauth/token", body)["access_token"]
    assert server.tls_url is None
    assert server.ca_file is None
    assert server.issuer == f"{server.url}/"


@pytest.mark.parametrize("how", ["argument", "environment"])
def test_a_file_is_served(serve, folder, fetch, how):
    (folder / "tenant.yaml").write_text(ZOE)
    arguments = ["tenant.yaml"] if how == "argument" else []
    environment = {} if how == "argument" else {"MOCKIDP_TENANT_FILE": "tenant.yaml"}
    with serve("--no-tls", *arguments, env=environment) as server:
        assert fetch(f"{server.url}/_mockidp/v1/tokens", {"user": "zoe"})["access_token"]


def test_loopback_is_ipv4_and_ipv6(serve, fetch, ipv6):
    with serve("--no-tls", "--listen", "127.0.0.1:0") as server:
        port = urlsplit(server.url).port
        for host in ("127.0.0.1", "[::1]", "localhost"):
            assert fetch(f"http://{host}:{port}/_mockidp/health") == {"status": "ok"}


def test_serve_can_listen_on_ipv6_only(serve, fetch, ipv6):
    with serve("--listen", "[::1]:0", "--no-tls") as server:
        assert server.url.startswith("http://[::1]:")
        assert fetch(f"{server.url}/_mockidp/health") == {"status": "ok"}


@pytest.fixture
def ipv6():
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("needs IPv6: the address ::1 on the loopback interface")


def test_keys_sign_in_the_order_of_their_file(serve, folder, fetch):
    keys = [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)]
    (folder / "keys.pem").write_bytes(
        b"".join(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            for key in keys
        )
    )
    with serve("--no-tls", "--keys", "keys.pem") as server:
        served = fetch(f"{server.url}/.well-known/jwks.json")["keys"]
    moduli = [int.from_bytes(base64.urlsafe_b64decode(key["n"] + "==")) for key in served]
    assert moduli == [key.public_key().public_numbers().n for key in keys]


def test_a_seed_makes_tokens_repeatable(serve, token_without_audience):
    def first_tokens(*options):
        with serve("--example", "acme", "--no-tls", *options) as server:
            return token_without_audience(server.url), token_without_audience(server.url)

    seeded = first_tokens("--seed", "7")
    assert first_tokens("--seed", "7") == seeded
    assert first_tokens("--seed", "8") != seeded
    assert first_tokens() != first_tokens()
    assert seeded[0] != seeded[1]


def test_one_variable_can_contain_settings(serve, discovered_issuer, monkeypatch):
    monkeypatch.setenv("MOCKIDP_SET", "issuer=https://set.test/ impersonation.ttl=200")
    with serve() as server:
        assert discovered_issuer(server.url) == "https://set.test/"


def test_an_issuer_applies_to_every_client_and_its_host_has_a_certificate(serve, discovered_issuer):
    with serve("--issuer", "https://idp.acme.example:9443/") as server:
        assert server.issuer == "https://idp.acme.example:9443/"
        assert discovered_issuer(server.url) == server.issuer
        context = ssl.create_default_context(cafile=server.ca_file)
        port = urlsplit(server.tls_url).port
        for name in ("idp.acme.example", "localhost"):
            assert certificate_for(name, port, context)
        with pytest.raises(ssl.SSLCertVerificationError):
            certificate_for("other.acme.example", port, context)


def certificate_for(name, port, context):
    with (
        socket.create_connection(("127.0.0.1", port), timeout=10) as connection,
        context.wrap_socket(connection, server_hostname=name) as secured,
    ):
        return secured.getpeercert()


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_each_exchange_except_health_checks_is_logged_on_standard_error(
    serve, log_format, fetch, token_without_audience
):
    with serve("--example", "acme", "--no-tls", "--log-format", log_format) as server:
        fetch(f"{server.url}/_mockidp/health")
        fetch(f"{server.url}/.well-known/jwks.json")
        with pytest.raises(urllib.error.HTTPError) as refused:
            token_without_audience(server.url, "acme-m2m")
        refused.value.close()
    lines = server.err.splitlines()
    assert len(lines) == 2
    if log_format == "json":
        entries = [json.loads(line) for line in lines]
        assert [entry["logger"] for entry in entries] == ["mockidp.jwks", "mockidp.token"]
        assert all(entry["level"] == "info" and entry["time"] > 1e9 for entry in entries)
        lines = [entry["message"] for entry in entries]
    else:
        assert all(re.match(r"\d\d:\d\d:\d\d ", line) for line in lines)
        lines = [line[9:] for line in lines]
    assert lines[0] == "jwks 200"
    assert lines[1].startswith("token 403 access_denied client='acme-m2m' hint=")
    assert "acme-m2m-secret" not in server.err


def test_the_data_directory_is_created(serve, folder):
    with serve(env={"MOCKIDP_DATA_DIR": "some/where"}) as server:
        assert server.ca_file == str(folder / "some" / "where" / "ca.pem")
    with serve("--data-dir", "else", env={"MOCKIDP_DATA_DIR": "some/where"}) as server:
        assert server.ca_file == str(folder / "else" / "ca.pem")
