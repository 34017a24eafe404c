"""The delivery of logout tokens: deadlines, threads, forks, and what is kept."""

import os
import socket
import threading
import time
from dataclasses import replace

import pytest

from helpers.backchannel_app import BackchannelApp
from mockidp import MockIdP
from mockidp.codec.mistakes import ConfigError
from mockidp.hosts import is_local_target
from mockidp.storage.store import TenantDeleted
from mockidp.tenant.config.load import parse_tenant
from mockidp.tenant.logout import delivery as logout_delivery
from mockidp.tenant.logout import tokens as logout_tokens
from mockidp.tenant.logout.attempt import attempt
from mockidp.tenant.logout.tokens import LogoutToken, LogoutTokens, Wanted
from mockidp.tenant.tenant import Tenant


def token(url="http://127.0.0.1:1/", number=1):
    return LogoutToken(
        number=0, at=0.0, token=f"a.b.{number}", client_id="web", user_id="auth0|alice", sid="s",
        initiator="rp-logout", url=url,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("host", "is_local"),
    [
        ("localhost", True),
        ("app", True),
        ("app.test", True),
        ("web.internal", True),
        ("127.0.0.1", True),
        ("::1", True),
        ("192.168.1.20", True),
        ("fd00::1", True),
        ("app.example.com", False),
        ("8.8.8.8", False),
        ("169.254.169.254", False),
        ("fe80::1", False),
        ("0.0.0.0", False),
        ("::", False),
        ("2852039166", False),
        ("0xa9fea9fe", False),
        ("::ffff:169.254.169.254", False),
        ("::ffff:127.0.0.1", True),
    ],
)
def test_requests_are_sent_to_local_hosts_only(host, is_local):
    assert is_local_target(host) is is_local
    assert is_local_target(host, ("[8.8.8.8]",)) is (is_local or host == "8.8.8.8")


@pytest.fixture
def dripping():
    """The URL of a server that sends a byte of a header every 20 ms, and never ends."""
    server = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def drip():
        connection, _ = server.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            while not ended.wait(0.02):
                try:
                    connection.sendall(b"x")
                except OSError:
                    return

    thread = threading.Thread(target=drip)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/"
    ended.set()
    thread.join()
    server.close()


def test_the_deadline_is_for_the_whole_answer(dripping):
    began = time.monotonic()
    made = attempt(token(dripping), allowed=(), deadline=0.2)
    assert time.monotonic() - began < 2
    assert "did not answer" in made.problem
    assert "within 0.2 s" in made.problem
    assert made.repeats


def test_a_server_that_does_not_speak_http_is_reported():
    server = socket.create_server(("127.0.0.1", 0))

    def answer():
        connection, _ = server.accept()
        with connection:
            connection.sendall(b"220 ready\r\n\r\n")
            connection.recv(4096)

    thread = threading.Thread(target=answer)
    thread.start()
    made = attempt(token(f"http://127.0.0.1:{server.getsockname()[1]}/"), allowed=())
    thread.join()
    server.close()
    assert "cannot be reached" in made.problem
    assert made.status is None


def test_a_host_that_is_no_name_is_reported():
    made = attempt(token(f"http://{'a' * 70}/"), allowed=())
    assert "cannot be reached" in made.problem


def test_the_query_of_the_url_is_sent():
    with BackchannelApp().served() as app:
        assert attempt(token(app.url + "?a=b"), allowed=()).status == 200
    assert app.posted[0]["path"] == "/backchannel-logout?a=b"


def test_many_tokens_are_delivered_by_few_threads():
    tenant = Tenant()
    delivery = tenant.logout_delivery
    with BackchannelApp().served() as app:
        app.waits = threading.Event()
        for number in range(40):
            delivery.send(token(app.url, number), ())
        named = [one for one in threading.enumerate() if one.name == "mockidp logout"]
        assert len(named) <= 8
        assert all(one.daemon for one in named)
        app.waits.set()
        sent = delivery.tokens.wait_for(Wanted(), times=40, timeout=20)
    assert {one.state for one in sent} == {"delivered"}
    for one in named:
        one.join(10)


def test_deliveries_go_on_after_some_that_could_not_be_recorded(monkeypatch, caplog):
    tenant = Tenant()
    delivery = tenant.logout_delivery
    with BackchannelApp().served() as app, monkeypatch.context() as broken:
        broken.setattr(tenant.journal, "add", lambda _make: 1 / 0)
        for number in range(10):
            delivery.send(token(app.url, number), ())
        for one in threading.enumerate():
            if one.name == "mockidp logout":
                one.join(10)
        broken.undo()
        delivery.send(token(app.url, 10), ())
        assert tenant.journal.wait_for("backchannel_logout", timeout=10)
    assert caplog.text.count("the delivery of a logout token has ended") == 10


def test_deliveries_end_with_a_tenant_that_was_deleted(monkeypatch, caplog):
    def deleted(_make):
        raise TenantDeleted

    tenant = Tenant()
    monkeypatch.setattr(tenant.journal, "add", deleted)
    tenant.logout_delivery.pauses = (60,)
    tenant.logout_delivery.send(token(), ())
    for one in threading.enumerate():
        if one.name == "mockidp logout":
            one.join(10)
            assert not one.is_alive()
    assert caplog.text == ""


def test_a_reset_during_a_pause_ends_the_delivery():
    tenant = Tenant()
    delivery = tenant.logout_delivery
    delivery.pauses = (60,)
    delivery.send(token(), ())
    tenant.journal.wait_for("backchannel_logout", timeout=10)
    tenant.reset()
    for one in threading.enumerate():
        if one.name == "mockidp logout":
            one.join(10)
            assert not one.is_alive()
    assert len(tenant.journal) == 0
    assert delivery.tokens.of(Wanted()) == []


def test_a_token_from_before_a_reset_does_not_change_a_later_one():
    tokens = LogoutTokens()
    old = token("http://old/")
    tokens.add(old)
    tokens.clear()
    new = token("http://new/", 2)
    tokens.add(new)
    tokens.update(old, state="failed")
    assert tokens.of(Wanted()) == [replace(new, number=1)]


def test_only_the_last_tokens_are_kept(monkeypatch):
    monkeypatch.setattr(logout_tokens, "MAX_TOKENS", 2)
    tokens = LogoutTokens()
    for number in range(3):
        tokens.add(token(number=number))
    assert [one.number for one in tokens.of(Wanted())] == [2, 3]


def test_the_child_of_a_fork_has_no_deliveries():
    tenant = Tenant()
    delivery = tenant.logout_delivery
    with BackchannelApp().served() as app:
        app.waits = threading.Event()
        delivery.send(token(app.url), ())
        child = os.fork()
        if not child:  # pragma: no cover - in the child
            os._exit(0 if delivery.tokens.of(Wanted()) == [] else 1)
        app.waits.set()
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        delivery.tokens.wait_for(Wanted(), times=1, timeout=10)


def test_the_certificate_of_an_app_is_verified(monkeypatch, tmp_path):
    monkeypatch.setenv("MOCKIDP_DATA_DIR", str(tmp_path))
    with MockIdP(tls=True) as app:
        url = f"{app.tls_url}/nothing"
        made = attempt(token(url), allowed=())
        assert f"The certificate of {url} is not trusted" in made.problem
        assert not made.repeats
        monkeypatch.setenv("SSL_CERT_FILE", str(app.ca_file))
        assert attempt(token(url), allowed=()).status == 404


def test_a_new_process_begins_without_deliveries():
    tenant = Tenant()
    delivery = tenant.logout_delivery
    delivery.send(token("http://app.example.com/"), ())
    delivery.tokens.wait_for(Wanted(), times=1, timeout=10)
    logout_delivery._begin_process()
    assert delivery.tokens.of(Wanted()) == []


LOGOUT = "clients: [{client_id: a, oidc_logout: {backchannel_logout_urls: %s}}]"
INITIATORS = (
    "clients: [{client_id: a, oidc_backchannel_logout: {backchannel_logout_initiators: "
    "{selected_initiators: %s}}}]"
)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (LOGOUT % "[http://a/, http://b/]", "found 2 URLs, expected one URL"),
        (LOGOUT % "['http://a/#x']", "expected an http or https URL without a fragment"),
        (LOGOUT % "['']", "expected an http or https URL without a fragment"),
        (LOGOUT % "[ftp://a/]", "expected an http or https URL"),
        (INITIATORS % "[session-expired]", "a list without rp-logout and idp-logout"),
        (INITIATORS % "[rp-logout, password-changed]", "a list without idp-logout, expected"),
        (INITIATORS % "[rp-logout, idp-logout, sesion-expired]", "did you mean session-expired?"),
    ],
)
def test_what_auth0_does_not_accept_is_reported(text, mistake):
    with pytest.raises(ConfigError) as refused:
        parse_tenant(text)
    assert mistake in str(refused.value)


def test_what_auth0_accepts_is_read():
    text = INITIATORS % "[rp-logout, idp-logout, account-deleted]"
    (client,) = parse_tenant(text).clients
    assert client.backchannel_logout.is_notified_of("account-deleted")
    assert not client.backchannel_logout.is_notified_of("session-expired")
