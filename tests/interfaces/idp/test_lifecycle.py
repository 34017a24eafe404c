"""Starting and stopping a `MockIdP`: with blocks, in unittest, and repeatedly."""

import json
import os
import socket
import subprocess
import sys
import threading
import unittest
import urllib.error
import urllib.request
from contextlib import closing, suppress
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from mockidp import MockIdP, MockIdPError

DISCOVERY = "/.well-known/openid-configuration"


def get(url):
    """Return the JSON at a URL."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=5) as answer:
        return json.load(answer)


def is_open(url):
    split = urlsplit(url)
    try:
        socket.create_connection((split.hostname, split.port), timeout=5).close()
    except OSError:
        return False
    return True


def test_a_with_block_serves_it_on_a_free_port():
    with MockIdP() as idp:
        assert idp.is_served
        assert idp.url.startswith("http://localhost:")
        assert get(idp.url + DISCOVERY)["issuer"] == idp.issuer == idp.url + "/"
    assert not idp.is_served
    assert not is_open(idp.url)


def test_serve_is_a_context_manager():
    idp = MockIdP()
    with idp.serve() as served:
        assert served is idp
        assert is_open(idp.url)
    assert not is_open(idp.url)


def test_an_exception_in_the_block_stops_the_server():
    idp = MockIdP()
    with pytest.raises(ZeroDivisionError), idp:
        raise ZeroDivisionError
    with pytest.raises(ZeroDivisionError), idp.serve():
        raise ZeroDivisionError
    assert not idp.is_served


def test_start_returns_the_object():
    idp = MockIdP().start()
    try:
        assert is_open(idp.url)
    finally:
        idp.stop()


def test_a_second_start_is_an_error_and_the_server_continues():
    with MockIdP() as idp:
        with pytest.raises(MockIdPError, match=f"The tenant is already served at {idp.url}"):
            idp.start()
        with pytest.raises(MockIdPError, match="already served"), idp.serve():
            pass  # pragma: no cover - not reached
        assert is_open(idp.url)


def test_stop_can_be_called_twice_and_before_the_start():
    idp = MockIdP()
    idp.stop()
    with idp:
        idp.stop()
        idp.stop()
    assert not idp.is_served


def test_before_the_start_there_is_no_url():
    idp = MockIdP()
    for use in (lambda: idp.url, lambda: idp.issuer, lambda: idp.access_token(audience="a")):
        with pytest.raises(
            MockIdPError, match=r"The tenant has no URL before it is served\. Use `with"
        ):
            use()


def test_urls_journal_and_methods_still_work_after_the_stop():
    with MockIdP() as idp:
        idp.add_user("carol")
        get(idp.url + DISCOVERY)
        url = idp.url
    assert (idp.url, idp.issuer) == (url, url + "/")
    assert idp.journal.last("discovery").status == 200
    assert idp.explain(idp.access_token(audience="https://api.example/", user="carol")).accepted


def test_the_repr_contains_the_url():
    idp = MockIdP()
    assert repr(idp) == "<MockIdP at no URL, not served>"
    with idp:
        assert repr(idp) == f"<MockIdP at {idp.url}>"
    assert repr(MockIdP(url="http://idp.test")) == "<MockIdP at http://idp.test, not served>"


def test_the_next_start_uses_the_same_port_to_simulate_an_outage():
    idp = MockIdP()
    with idp:
        url = idp.url
    with pytest.raises(urllib.error.URLError):
        get(url + DISCOVERY)
    with idp:
        assert idp.url == url
        assert get(url + DISCOVERY)["issuer"] == idp.issuer


def test_the_state_survives_an_outage():
    idp = MockIdP()
    with idp:
        token = idp.access_token(user="alice")
    with idp:
        request = urllib.request.Request(
            f"{idp.url}/userinfo", headers={"Authorization": f"Bearer {token}"}
        )
        assert get(request)["sub"] == "auth0|alice"


def test_a_port_in_use_is_an_error_and_it_can_be_started_later():
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        idp = MockIdP(listen=f"localhost:{taken.getsockname()[1]}")
        with pytest.raises(MockIdPError, match="is in use by another program"):
            idp.start()
        assert not idp.is_served
    with idp:
        assert is_open(idp.url)


def test_an_invalid_address_is_rejected():
    with pytest.raises(MockIdPError, match="is not an address to listen on"):
        MockIdP(listen="localhost:http")


def test_a_given_url_is_kept_while_it_is_served_at_another():
    with MockIdP(url="http://idp.test:81") as idp:
        assert (idp.url, idp.issuer) == ("http://idp.test:81", "http://idp.test:81/")


def test_a_delayed_answer_does_not_delay_the_stop():
    received = threading.Event()

    def send():
        with closing(HTTPConnection(split.hostname, split.port, timeout=30)) as connection:
            connection.request("GET", DISCOVERY)
            with suppress(OSError):  # the connection may end before the answer
                connection.getresponse().read()

    with MockIdP() as idp:
        split = urlsplit(idp.url)
        idp.fault("discovery", when=lambda _context: not received.set(), delay=3600)
        thread = threading.Thread(target=send)
        thread.start()
        assert received.wait(10)
    thread.join(timeout=10)
    assert not thread.is_alive()
    assert list(idp.faults) == []


def test_a_stop_cancels_all_faults_except_those_of_the_settings():
    idp = MockIdP(settings={"faults": [{"endpoint": "jwks", "empty": True}]})
    with idp:
        mine = idp.fault("token", status=503)
    assert mine.ended.is_set()
    assert [one.fault.endpoint for one in idp.faults] == ["jwks"]
    with idp:
        assert get(f"{idp.url}/.well-known/jwks.json") == {"keys": []}


def test_two_instances_are_independent():
    with MockIdP() as one, MockIdP() as other:
        one.add_user("carol")
        get(one.url + DISCOVERY)
        assert one.url != other.url
        assert "auth0|carol" not in other.tenant.directory.users
        assert len(other.journal) == 0


@pytest.mark.parametrize("tls", [False, True])
def test_a_script_without_a_stop_ends_and_leaves_no_files(tls, tmp_path):
    script = f"from mockidp import MockIdP; print(MockIdP(tls={tls}).start().url)"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert (done.stdout[:17], done.stderr) == ("http://localhost:", "")
    assert list(tmp_path.iterdir()) == []


class _UnderUnittest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.idp = MockIdP().start()
        cls.addClassCleanup(cls.idp.stop)

    def setUp(self):
        self.idp.reset()

    def test_one(self):
        assert len(self.idp.journal) == 0
        self.idp.add_user("carol")
        assert get(self.idp.url + DISCOVERY)

    def test_two(self):
        assert "auth0|carol" not in self.idp.tenant.directory.users
        self.test_one()


def test_it_can_be_used_in_a_unittest_class():
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(_UnderUnittest).run(result)
    assert (result.testsRun, result.errors, result.failures) == (2, [], [])
    assert not _UnderUnittest.idp.is_served


def test_a_mock_on_the_network_requires_its_control_token_or_warns(caplog):
    idp = MockIdP(listen="0.0.0.0:0").start()
    idp.stop()
    port = urlsplit(idp.url).port
    (message,) = caplog.messages
    assert message == (
        f"anyone who can reach 0.0.0.0:{port} can control this mock. Pass control_token to "
        "require a bearer token."
    )
    caplog.clear()
    for tls in (False, True):
        with MockIdP(listen="0.0.0.0:0", control_token="s3cret", tls=tls) as idp:
            assert status_of(f"{idp.url}/_mockidp/v1/clock") == 401
            assert status_of(f"{idp.url}/_mockidp/v1/clock", "Bearer s3cret") == 200
    with MockIdP() as idp:
        assert status_of(f"{idp.url}/_mockidp/v1/clock") == 200
    assert caplog.messages == []


def status_of(url, authorization=""):
    parts = urlsplit(url)
    with closing(HTTPConnection("127.0.0.1", parts.port, timeout=5)) as connection:
        headers = {"Authorization": authorization} if authorization else {}
        connection.request("GET", parts.path, headers=headers)
        return connection.getresponse().status
