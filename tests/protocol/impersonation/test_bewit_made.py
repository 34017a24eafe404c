"""The bewit: the vectors of the reference, and the signed parts of a URL."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from helpers.signed_links import (
    EXP,
    ID,
    KEY,
    LINK,
    check,
    refusal,
    signed,
    target_of,
)
from mockidp.protocol.impersonation.bewit import (
    compute_mac,
    make_bewit,
    read_bewit,
    split_target,
)

VECTORS = [
    json.loads(line)
    for line in (Path(__file__).parents[3] / "fixtures/golden/bewit-vectors.jsonl")
    .read_text("utf-8")
    .splitlines()
]


@pytest.mark.parametrize("vector", VECTORS)
def test_the_reference_makes_the_same_bewit(vector):
    made = make_bewit(
        key=KEY, id=read_bewit(vector["b"]).id, exp=EXP, url=vector["u"], ext=vector["ext"]
    )
    assert made == vector["b"]


@pytest.mark.parametrize("vector", VECTORS)
def test_a_bewit_of_the_reference_is_read_and_accepted(vector):
    url = vector["u"]
    target = target_of(url + ("&" if "?" in url else "?") + "bewit=" + vector["b"])
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
    found = check(target, origin=origin, keys={read_bewit(vector["b"]).id: KEY})
    assert (found.mac, found.ext, found.exp) == (vector["mac"], vector["ext"], EXP)


def test_a_signed_link_keeps_its_question_mark_before_the_bewit():
    assert signed().startswith(LINK + "&bewit=")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://h/p", "http://h/p?bewit="),
        ("http://h/p?", "http://h/p?&bewit="),
        ("http://h/p?a=1", "http://h/p?a=1&bewit="),
        ("http://h", "http://h?bewit="),
    ],
)
def test_a_bewit_is_appended_to_the_query(url, expected):
    assert signed(url).startswith(expected)


def test_a_fragment_is_kept_and_not_signed():
    link = signed("http://h/p#top")
    assert link.endswith("#top")
    assert link.removesuffix("#top") == signed("http://h/p")


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("http://h/p", "http://h:80/p"),
        ("https://h/p", "https://h:443/p"),
        ("https://h/p", "https://h:/p"),
        ("http://LocalHost:9400/p", "HTTP://localhost:9400/p"),
        ("http://h", "http://h/"),
        ("http://h?a", "http://h/?a"),
        ("http://h", "http://h#top"),
        ("http://h/p", "http://someone:pass@h/p"),
    ],
)
def test_equivalent_urls_have_the_same_signature(url, same):
    assert make_bewit(key=KEY, id=ID, exp=EXP, url=url) == make_bewit(
        key=KEY, id=ID, exp=EXP, url=same
    )


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("http://h/p", "https://h/p"),
        ("http://h/p", "http://h:8080/p"),
        ("http://localhost/p", "http://127.0.0.1/p"),
        ("http://h/p", "http://h/p?"),
        ("http://h/a%7Cb", "http://h/a%7cb"),
        ("http://h/a%7Cb", "http://h/a|b"),
        ("http://h/p?a=1&b=2", "http://h/p?b=2&a=1"),
    ],
)
def test_different_urls_have_different_signatures(url, other):
    assert make_bewit(key=KEY, id=ID, exp=EXP, url=url) != make_bewit(
        key=KEY, id=ID, exp=EXP, url=other
    )


def test_an_ipv6_host_is_signed_without_its_brackets():
    # Made by the reference: getBewit("http://[::1]:9400/p").
    mac = compute_mac(key=KEY, exp=EXP, resource="/p", origin="http://[::1]:9400")
    assert mac == "MZd1ghZRtgio1Ktq9NoeXhQUbUznguwFV0/G/NvuInE="


@pytest.mark.parametrize(
    "url", ["/p", "localhost/p", "http://", "http://h:port/p", "http://[::1/p"]
)
def test_only_a_url_can_be_signed(url):
    with pytest.raises(ValueError, match="not a URL"):
        make_bewit(key=KEY, id=ID, exp=EXP, url=url)


def test_only_an_origin_can_be_signed_for():
    with pytest.raises(ValueError, match="not an origin"):
        compute_mac(key=KEY, exp=EXP, resource="/", origin="localhost:9400")


@pytest.mark.parametrize("change", [{"id": ""}, {"id": "a\\b"}, {"ext": "a\\b"}])
def test_a_bewit_that_could_not_be_read_back_is_not_made(change):
    with pytest.raises(ValueError, match="must not be empty"):
        signed(**change)


@pytest.mark.parametrize("change", [{"id": "用户"}, {"ext": "状态"}])
def test_a_character_that_a_bewit_cannot_contain_is_refused(change):
    with pytest.raises(ValueError, match=r"U\+00FF"):
        signed(**change)


@pytest.mark.parametrize(
    ("target", "resource"),
    [
        ("/p?&bewit=X", "/p?"),
        ("/p?bewit=X", "/p"),
        ("/p?bewit=X&a=1", "/p?a=1"),
        ("/p?&bewit=X&next=/x", "/p?&next=/x"),
        ("/p?a=1&bewit=X&b=2", "/p?a=1&b=2"),
        ("/p?a=$&bewit=X", "/p?a=$"),
        ("/p&bewit=X", "/p"),
        ("/p?#top&bewit=X", "/p?#top"),
    ],
)
def test_the_resource_is_the_target_without_the_bewit(target, resource):
    assert split_target(target) == (resource, "X")


def test_of_two_bewits_the_last_one_counts_and_the_first_is_signed():
    assert split_target("/p?bewit=A&bewit=B") == ("/p?bewit=A", "B")


@pytest.mark.parametrize(
    "target",
    [
        "/p",
        "",
        "/p?a=1",
        "/p?Bewit=X",
        "/p?bewit=X&",
        "/p?bewit=X$",
        "p?bewit=X",
        "/p?xbewit=X",
        "/p\n?bewit=X",
        "/p\r?bewit=X",
        "/p?bewit=X&a\u2028b",
        "http://h/p?bewit=X",
    ],
)
def test_a_target_without_a_bewit_is_unauthorized(target):
    assert refusal(target) == ("pattern", 401, "Unauthorized")


def test_a_line_end_after_the_bewit_belongs_to_it():
    assert split_target("/p?bewit=X\n") == ("/p", "X\n")
