"""Addresses to listen on, also on machines without IPv6."""

import errno
import socket
from contextlib import contextmanager
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockidp.errors import MockIdPError
from mockidp.server import Address, address, parse_address
from mockidp.server.address import close_all, open_listeners


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("127.0.0.1:9400", "localhost", 9400),
        ("localhost:0", "localhost", 0),
        (":9400", "localhost", 9400),
        ("9400", "localhost", 9400),
        ("[::1]:9400", "::1", 9400),
        ("[::]:65535", "::", 65535),
        ("0.0.0.0:80", "0.0.0.0", 80),
        ("*:9400", "*", 9400),
        (" idp.test:1 ", "idp.test", 1),
    ],
)
def test_an_address_is_host_and_port(text, host, port):
    assert parse_address(text) == Address(host=host, port=port)


@pytest.mark.parametrize(
    "text", ["", "94000000", "localhost", "a:b", "::1:9400", "http://x:1", "x:-1"]
)
def test_an_invalid_address_is_refused_with_examples(text):
    with pytest.raises(MockIdPError) as error:
        parse_address(text)
    assert repr(text) in str(error.value)
    assert "127.0.0.1:9400" in str(error.value)


def test_a_port_above_the_highest_is_refused_with_the_limit():
    with pytest.raises(MockIdPError, match="has port 65536, but the highest is 65535"):
        parse_address("localhost:65536")


@given(st.text())
def test_any_text_is_an_address_or_refused_with_examples(text):
    try:
        found = parse_address(text)
    except MockIdPError:
        return
    assert parse_address(str(found)) == found


def test_an_address_reads_as_it_is_written():
    assert str(Address(host="::1", port=1)) == "[::1]:1"
    assert str(Address(host="localhost", port=2)) == "localhost:2"


@contextmanager
def closing_all(listeners):
    yield listeners
    close_all(listeners)


def mistake(host, port=0):
    with pytest.raises(MockIdPError) as error:
        close_all(open_listeners([Address(host=host, port=port)]))
    return str(error.value)


def test_an_unknown_host_is_named_in_the_error(monkeypatch):
    def unknown(*_arguments, **_options):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(address.socket, "getaddrinfo", unknown)
    assert "the host 'nowhere.invalid' is unknown" in mistake("nowhere.invalid", 9400)


def test_an_address_of_another_machine_is_named_in_the_error():
    text = mistake("192.0.2.1", 9400)
    assert text.startswith("cannot listen on 192.0.2.1:9400: ")
    assert text.endswith("Use an address of this machine, such as 127.0.0.1.")


class FakeSocket(socket.socket):
    """A socket whose `bind` fails."""

    refused: ClassVar = {}

    def bind(self, where):
        wanted = type(self).refused.get(where[0], [])
        if wanted:
            number = wanted.pop()
            raise OSError(number, "refused")
        super().bind(where)


@pytest.fixture
def refuse(monkeypatch):
    """Return a function that makes binding to a host fail, as often as there are errors."""

    def set_up(host, *errors):
        monkeypatch.setattr(FakeSocket, "refused", {host: list(errors)})
        monkeypatch.setattr(address.socket, "socket", FakeSocket)

    return set_up


def test_a_port_of_the_system_is_explained(refuse):
    refuse("127.0.0.1", errno.EACCES)
    assert "ports below 1024 are reserved for the system" in mistake("127.0.0.1", 80)


def test_a_machine_without_ipv6_listens_on_127_0_0_1_alone(refuse):
    refuse("::1", errno.EADDRNOTAVAIL)
    listeners = open_listeners([Address()])
    assert [each.getsockname()[0] for each in listeners] == ["127.0.0.1"]
    close_all(listeners)


def test_a_star_is_every_ipv4_and_ipv6_address(refuse):
    refuse("nothing is refused")
    with closing_all(open_listeners([Address(host="*")])) as listeners:
        names = [each.getsockname()[:2] for each in listeners]
    assert [host for host, _ in names] == ["0.0.0.0", "::"]
    assert names[0][1] == names[1][1]


def test_a_star_is_every_ipv4_address_without_ipv6(refuse):
    refuse("::", errno.EAFNOSUPPORT)
    with closing_all(open_listeners([Address(host="*")])) as listeners:
        assert [each.getsockname()[0] for each in listeners] == ["0.0.0.0"]


def test_a_python_without_ipv6_listens_on_127_0_0_1_alone(monkeypatch):
    original = socket.socket

    def without_ipv6(family, *rest):
        if family == socket.AF_INET6:
            raise OSError(errno.EAFNOSUPPORT, "not supported")
        return original(family, *rest)

    monkeypatch.setattr(address.socket, "socket", without_ipv6)
    listeners = open_listeners([Address()])
    assert len(listeners) == 1
    close_all(listeners)


def test_a_free_port_is_free_on_both_loopback_addresses(refuse):
    refuse("::1", errno.EADDRINUSE, errno.EADDRINUSE)
    listeners = open_listeners([Address()])
    assert {each.getsockname()[1] for each in listeners} == {listeners[0].getsockname()[1]}
    assert FakeSocket.refused == {"::1": []}
    close_all(listeners)


def test_a_given_port_that_is_in_use_on_either_address_is_refused(refuse):
    refuse("::1", errno.EADDRINUSE)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert f"[::1]:{port} is in use" in mistake("localhost", port)


def test_the_search_for_a_free_port_ends(refuse):
    refuse("::1", *[errno.EADDRINUSE] * 20)
    assert "is in use" in mistake("localhost")


def test_a_port_in_use_is_not_shared_outside_of_posix(monkeypatch):
    monkeypatch.setattr(address.os, "name", "nt")
    listeners = open_listeners([Address(host="127.0.0.1")])
    assert listeners[0].getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR) == 0
    close_all(listeners)


@pytest.mark.parametrize("host", ["a..b", "x" * 64])
def test_a_host_that_cannot_exist_is_refused(host):
    with pytest.raises(
        MockIdPError, match=f"^cannot listen on {host}:0: the host name has an empty"
    ):
        open_listeners([Address(host=host)])
