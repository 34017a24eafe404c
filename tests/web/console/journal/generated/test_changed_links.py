"""Tests for links that were changed: each changes a new link in the same way, and passes."""

import re
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
import requests

from helpers.generated_tests import run, sources

ALICE, BOB = "/auth0%7Calice/", "/auth0%7Cbob/"


def other(text):
    """Return a text that has no character of the text in its place."""
    return "".join("Z" if one == "A" else "A" for one in text)


CHANGES = [
    (lambda link: link + "x", r"link \+ 'x'"),
    (lambda link: link + "&next=/admin&a=b", r"link \+ '&next=/admin&a=b'"),
    (lambda link: link[:-4] + other(link[-4:]), r"link\[:-4\] \+ \('[AZ]+' if link\[-4:\] != "),
    (lambda link: link[:-7], r"link\[:-7\]"),
    (
        lambda link: link[:-50] + other(link[-50]) * 4 + link[-50:],
        r"link\[:-50\] \+ '(AAAA|ZZZZ)' \+ link\[-50:\]",
    ),
    (lambda link: link[:-50] + link[-46:], r"link\[:-\d\d\] \+ link\[-\d\d:\]"),
    (lambda link: link[:-51] + "==" + link[-49:], r"link\[:-51\] \+ \('==' if .* else 'AA'\) \+"),
    (
        lambda link: link.replace("bewit=", "bewit=X"),
        r"link.replace\('/impersonate\?&bewit=', '/impersonate\?&bewit=X', 1\)",
    ),
    (
        lambda link: link.replace(ALICE, BOB),
        r"link.replace\('/auth0%7Calice', '/auth0%7Cbob', 1\)",
    ),
    (
        lambda link: link.replace("/auth0", "/xauth0"),
        r"link.replace\('/users/', '/users/x', 1\)",
    ),
    (
        lambda link: link.replace("?&", "?&amp;"),
        r"link.replace\('/impersonate\?&', '/impersonate\?&amp;', 1\)",
    ),
    (
        lambda link: link.replace("?&bewit", "?bewit"),
        r"link.replace\('/impersonate\?&', '/impersonate\?', 1\)",
    ),
]


@pytest.mark.parametrize(("change", "line"), CHANGES)
def test_a_changed_link_is_changed_in_the_same_way(idp, change, line):
    link = idp.impersonation_link("alice", state="state")
    answer = requests.get(change(link), timeout=10, allow_redirects=False)
    assert answer.status_code in {400, 401}
    (source,) = sources(idp)
    assert "link = idp.impersonation_link('auth0|alice', state=\"state\")" in source
    assert re.search(f"link = {line}", source)
    assert link[-32:] not in source
    assert f"assert answer.status_code == {answer.status_code}" in source
    run(idp, source)


def test_a_link_expires_again(idp):
    link = idp.impersonation_link("alice", state="state")
    idp.clock.advance(600)
    requests.get(link, timeout=10, allow_redirects=False)
    (source,) = sources(idp)
    assert "idp.clock.advance(600)" in source
    run(idp, source)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda link: link.replace("%7C", "%257C"), ""),
        (
            lambda link: link.replace("//localhost", "//127.0.0.1"),
            "and opened at http://127.",
        ),
        (lambda link: link + "&bewit=" + link[-60:], "would contain a part of a link."),
        (lambda link: link.replace("alice", "%61lice"), "requests would not send the link"),
        (lambda link: link + "&a=b|c", ""),
        (lambda link: link[:-50] + "-" + link[-50:], "in every link in another way."),
        (lambda link: link.partition("bewit=")[0] + "bewit=AAAA", "that it is unknown."),
    ],
)
def test_a_link_that_was_changed_otherwise_has_no_test(idp, change, why):
    link = idp.impersonation_link("alice", state="state")
    parts = urlsplit(change(link))
    connection = HTTPConnection(parts.netloc)
    connection.request("GET", f"{parts.path}?{parts.query}")
    assert connection.getresponse().status in {400, 401}
    connection.close()
    (source,) = sources(idp)
    if why:
        assert source.startswith("# There is no test for exchange 1. The")
        assert why in source
    else:
        run(idp, source)


def test_a_link_that_was_not_changed_has_no_test(idp):
    link = idp.impersonation_link("alice")
    requests.get(link, timeout=10, allow_redirects=False)
    (source,) = sources(idp)
    assert "The link was opened as it was made." in source


@pytest.mark.parametrize("addition", ["next=/admin", 'a"b\\=1'])
def test_an_addition_to_a_link_that_is_no_longer_kept_is_known(idp, addition):
    link = idp.impersonation_link("alice", state="state")
    requests.get(f"{link}&{addition}", timeout=10, allow_redirects=False)
    idp.tenant.presented.clear()
    run(idp, sources(idp)[0])
