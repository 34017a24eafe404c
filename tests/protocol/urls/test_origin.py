"""Hosts and origins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockidp.hosts import is_local_host
from mockidp.protocol.urls.origin import (
    is_loopback_url,
    make_origin,
    origin_of,
    split_host,
)

CHARACTERS = st.text(st.sampled_from("ab.:[]-_1/@\\ü%?#"), max_size=20)


@given(CHARACTERS | st.text(max_size=30))
def test_any_text_is_split_or_is_not_a_host(host):
    split = split_host(host)
    if split is not None:
        name, port = split
        assert name + (f":{port}" if port else "") == host.lower()
        assert not set(name) & set("/@\\?#% \n")
        name.encode("idna" if "[" not in name else "ascii")


@given(CHARACTERS)
def test_only_a_loopback_host_makes_a_loopback_url(host):
    if is_loopback_url(f"http://{host}"):
        assert host.startswith(("localhost", "127.", "[::1]")) or ".localhost" in host


@pytest.mark.parametrize(
    "url", ["http://localhost", "https://127.0.0.1:3000/x", "http://[::1]/", "http://a.localhost?x"]
)
def test_loopback_urls(url):
    assert is_loopback_url(url)


@pytest.mark.parametrize("url", ["http://8.8.8.8/", "http://idp/", "x://localhost", "", "http://"])
def test_other_urls_are_not_loopback(url):
    assert not is_loopback_url(url)


def test_allowed_names_are_compared_without_case():
    assert is_local_host("a.example", ["A.Example"])
    assert not is_local_host("b.example", ["A.Example"])


def test_an_origin_omits_the_default_port():
    assert make_origin("http", "a", "80") == "http://a"
    assert make_origin("http", "a", "443") == "http://a:443"
    assert make_origin("https", "a", "") == "https://a"


@pytest.mark.parametrize("rest", ["", "/", "/a?b", "?a", "#a", "/a/b"])
def test_the_origin_of_a_url_ends_before_its_path(rest):
    assert origin_of("https://a.example:1" + rest) == "https://a.example:1"
