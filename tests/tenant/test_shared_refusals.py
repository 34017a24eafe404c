"""A Redis that cannot be used, or is used by something else: the error says what to change."""

import errno
import os
import re
import tempfile
from contextlib import closing

import pytest
import redis
import trustme

from helpers.redis_server import RedisServer
from helpers.shared_mocks import Mock
from mockidp.errors import MockIdPError


@pytest.fixture
def server():
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    """A server with TLS on one more port; its certificate authority is in `ca`."""
    folder, ca = tmp_path_factory.mktemp("tls"), trustme.CA()
    certificate = ca.issue_cert("127.0.0.1")
    ca.cert_pem.write_to_path(folder / "ca.pem")
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    certificate.cert_chain_pems[0].write_to_path(folder / "cert.pem")
    server = RedisServer(
        *("--tls-cert-file", folder / "cert.pem", "--tls-key-file", folder / "key.pem"),
        *("--tls-ca-cert-file", folder / "ca.pem", "--tls-auth-clients", "no"),
        *("--tls-port", "0"),
    )
    with redis.Redis(port=server.port) as client:
        port = 0
        while not port:
            port = _try_port(client)
    server.tls_port, server.ca = port, folder / "ca.pem"
    yield server
    server.stop()


def _try_port(client):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    try:
        client.config_set("tls-port", port)
    except redis.ResponseError:
        return 0
    return port


def start(url):
    from mockidp.tenant.shared.tenant import shared_tenant

    shared_tenant(url).backend.close()


def refusal(url):
    with pytest.raises(MockIdPError) as refused:
        start(url)
    return str(refused.value)


def test_a_server_with_tls_works_with_its_certificate_authority(tls):
    start(f"rediss://127.0.0.1:{tls.tls_port}?ssl_ca_certs={tls.ca}")


def test_a_server_is_reached_at_its_socket():
    with tempfile.TemporaryDirectory() as folder:  # the path of `tmp_path` may be too long
        path = f"{folder}/redis.sock"
        server = RedisServer("--unixsocket", path)
        try:
            start(f"unix://{path}")
            start(f"unix://{path}?db=1")
        finally:
            server.stop()


def test_a_value_in_the_url_may_contain_an_at_sign(tls, tmp_path):
    copy = tmp_path / "me@example.com.pem"
    copy.write_bytes(tls.ca.read_bytes())
    start(f"rediss://127.0.0.1:{tls.tls_port}?ssl_ca_certs={copy}")


@pytest.mark.parametrize(
    ("refused", "url"),
    [
        ("socket.socket.connect", "unix:///redis.sock"),
        ("ssl.SSLContext.load_verify_locations", "rediss://127.0.0.1:{}?ssl_ca_certs=ca.pem"),
    ],
)
def test_a_path_that_the_mock_may_not_use_is_named(tls, monkeypatch, refused, url):
    def refuse(*_args, **_options):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(refused, refuse)
    message = refusal(url.format(tls.tls_port))
    assert message.endswith(
        "Permission denied. Let the mock use the path in the URL of the store, of the socket or of "
        "ssl_ca_certs."
    )


def test_mistakes_about_tls_are_explained(tls, tmp_path):
    url = f"127.0.0.1:{tls.tls_port}"
    assert "?ssl_ca_certs=ca.pem" in refusal(f"rediss://{url}")
    assert "write rediss://" in refusal(f"redis://{url}")
    missing = tmp_path / "missing.pem"
    assert "Correct the path" in refusal(f"rediss://{url}?ssl_ca_certs={missing}")
    no_authority = tls.ca.with_name("key.pem")
    assert "Correct the file of ssl_ca_certs" in refusal(
        f"rediss://{url}?ssl_ca_certs={no_authority}"
    )
    other_name = f"localhost:{tls.tls_port}?ssl_ca_certs={tls.ca}"
    assert "as it is in the certificate" in refusal(f"rediss://{other_name}")


def test_a_wrong_database_or_host_is_named(server):
    assert "Correct the number of the database" in refusal(f"{server.url}/99")
    assert "Correct the host" in refusal("redis://nowhere.invalid")


def with_user(server, *rules):
    """Return the URL for a user with some rules."""
    with redis.Redis.from_url(server.url) as client:
        client.execute_command("ACL", "SETUSER", "app", "reset", "on", ">secret", *rules)
    return server.url.replace("//", "//app:secret@")


@pytest.mark.parametrize(
    "rules",
    [("~*", "+@all", "-evalsha"), ("~*", "+info"), ("~other:*", "+@all"), ("~*", "+@all", "-info")],
)
def test_a_user_without_permissions_is_told_which_are_needed(server, rules):
    message = refusal(with_user(server, *rules))
    assert "ACL SETUSER NAME ~mockidp:* +@all -@dangerous +info" in message
    assert "secret" not in message


def test_a_user_with_the_named_permissions_is_enough(server):
    from mockidp.tenant.shared.tenant import shared_tenant

    url = with_user(server, "~mockidp:*", "+@all", "-@dangerous", "+info")
    tenant = shared_tenant(url)
    with closing(tenant.backend):
        mock = Mock(tenant)
        assert mock.control("POST", "/tenants", {"name": "a"}).status_code < 300
        assert mock.control("DELETE", "/tenants/a").status_code == 204
        assert mock.send("GET", "/.well-known/jwks.json").status_code == 200
        assert mock.tenant.metrics.totals()["requests", "jwks", "200"] == 1


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("localhost:6379", "it has to begin with redis://, rediss:// or unix:///"),
        ("http://:secret@localhost:6379", "it has to begin with redis://"),
        ("REDIS://localhost", "it has to begin with redis://"),
        ("redis:localhost", "it has to begin with redis://"),
        ("redis://[::1", "brackets surround an IPv6 address"),
        ("redis://:secret[@localhost", "brackets surround an IPv6 address"),
        ("redis://user:1234#secret@localhost", "in user and password, / is written as %2F"),
        ("redis://user:1234?secret@localhost", "in user and password, / is written as %2F"),
        ("redis://user:1234/secret@localhost", "in user and password, / is written as %2F"),
        ("unix://:secret@", "it has no path"),
        ("redis://:secret@", "it has no host"),
        ("redis://:secret@a..b", "the host name is not valid"),
        (f"redis://:secret@{'a' * 64}.example", "the host name is not valid"),
        ("redis://:secret@a%00b", "the host name is not valid"),
        ("redis://:secret@localhost:port", "the port has to be a number up to 65535"),
        ("redis://:secret@localhost:65536", "the port has to be a number up to 65535"),
        ("redis://:secret@localhost:0", "the port has to be a number up to 65535"),
        ("redis://:secret@localhost/name", "the database has to be a number"),
        ("redis://:1234@localhost?secret@host", "a parameter after ? is unknown"),
        ("redis://:secret@localhost?unknown=1", "a parameter after ? is unknown"),
        ("redis://:secret@localhost?db=x", "a parameter after ? is unknown or has a wrong value"),
        ("redis://:secret@localhost?ssl_ca_certs=ca.pem", "those for TLS need rediss://"),
    ],
)
def test_a_wrong_url_is_refused_without_naming_its_password(url, why):
    message = refusal(url)
    assert message.startswith("The URL of the store is not valid: ")
    assert f"{why}" in message
    assert "Expected redis://USER" in message
    assert not {"secret", "1234"} & set(re.findall(r"\w+", message))


def test_an_unreachable_server_is_refused(server):
    server.stop()
    assert refusal(server.url).endswith("Connection refused. Is it running?")


def test_a_server_without_free_connections_is_refused(server):
    with redis.Redis.from_url(server.url) as client:
        client.config_set("maxclients", 1)
        assert "Let it accept more connections (maxclients)" in refusal(server.url)


def test_a_server_without_a_command_is_refused():
    server = RedisServer("--rename-command", "EVALSHA", "")
    try:
        assert refusal(server.url) == (
            "Redis cannot be used: unknown command 'EVALSHA'. Use a server on which no command is "
            "renamed or disabled."
        )
    finally:
        server.stop()


@pytest.mark.parametrize("credentials", [":secret-guess@", "someone:secret-guess@", ""])
def test_a_wrong_password_is_refused_and_not_shown(credentials):
    server = RedisServer("--requirepass", "correct")
    try:
        message = refusal(f"redis://{credentials}127.0.0.1:{server.port}")
        assert message.startswith("Redis refused the user or the password")
        assert "secret-guess" not in message
    finally:
        server.stop()


def test_a_server_that_would_evict_codes_is_refused():
    server = RedisServer("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru")
    try:
        assert "eviction policy allkeys-lru" in refusal(server.url)
    finally:
        server.stop()


def test_an_old_server_is_refused(server, monkeypatch):
    monkeypatch.setattr(redis.Redis, "info", lambda _self: {"redis_version": "6.0.16"})
    assert "has version 6.0.16, and mockidp needs 6.2 or later" in refusal(server.url)


def test_a_database_with_such_keys_of_another_program_is_refused(server):
    with redis.Redis.from_url(server.url) as client:
        client.set("mockidp:state", "x")
    assert "Another program has keys that begin with mockidp:" in refusal(server.url)


def test_a_cluster_is_refused():
    cluster = RedisServer("--cluster-enabled", "yes")
    try:
        assert "is in cluster mode" in refusal(cluster.url)
    finally:
        cluster.stop()


def test_a_state_of_another_version_is_refused(server):
    start(server.url)
    with redis.Redis.from_url(server.url) as client:
        client.hset("mockidp:state", "identity", "0.0.1 abc")
    assert "has the state of mockidp 0.0.1, and this is mockidp " in refusal(server.url)


def test_the_version_is_known_after_a_loss_of_the_data(server):
    from mockidp.tenant.shared.tenant import shared_tenant

    running = shared_tenant(server.url)
    with closing(running.backend), redis.Redis.from_url(server.url) as client:
        identity = client.hget("mockidp:state", "identity")
        client.flushall()
        running.reset()
        assert client.hget("mockidp:state", "identity") == identity
