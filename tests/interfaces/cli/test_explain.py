"""`mockidp explain`: a verdict with a running mock, only decoded values without one."""

import json
import os
import pty
import subprocess
import sys

import jwt
import pytest

from mockidp.cli.demo.environment import send
from mockidp.testing.methods.explain import NOT_CHECKED

API = "https://api.acme.example/"


@pytest.fixture(params=["as an argument", "from standard input"])
def explain(request, mockidp):
    """Return a function that explains a thing, passed as an argument or on standard input."""

    def explain(thing, url, *options):
        if request.param == "as an argument":
            return mockidp("explain", thing, "--url", url, *options)
        return mockidp("explain", "-", "--url", url, *options, stdin=f"{thing}\n".encode())

    return explain


@pytest.fixture
def link(mockidp, url):
    return mockidp("link", "alice", "--state", "x", "--url", url).out.strip()


@pytest.fixture
def token(mockidp, url):
    return mockidp("token", "-a", API, "-u", "alice", "--url", url).out.strip()


def test_a_valid_link_is_accepted(explain, link, url):
    done = explain(link, url)
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines()[0] == "impersonation link: accepted"
    decoded = json.loads(done.out[done.out.index("{") :])
    assert (decoded["user"], decoded["state"]) == ("auth0|alice", "x")
    assert send(link).status == 302


def test_a_changed_link_is_refused_with_the_difference(explain, link, url):
    done = explain(f"{link}&next=/admin", url)
    assert (done.status, done.err) == (1, "")
    assert done.out.splitlines()[0] == "impersonation link: refused"
    assert "Query parameter `next` was added after the link was signed." in done.out
    lines = done.out.splitlines()
    place = len(link) + 1
    assert "check failed:  mac" in lines
    assert f"  added   `&next=/admin`, at character {place}" in lines


def test_a_link_with_another_escape(explain, link, url):
    done = explain(link.replace("%7C", "|"), url)
    place = link.index("%7C") + 1
    assert f"  escape  `%7C` became `|`, at character {place}" in done.out.splitlines()


def test_a_link_without_a_bewit_has_passed_one_check(explain, link, url):
    done = explain(link.partition("bewit=")[0] + "bewit=", url)
    assert "checks passed: length, pattern" in done.out.splitlines()
    assert "check failed:  presence" in done.out.splitlines()
    assert "differences" not in done.out


def test_a_link_that_is_too_long_has_passed_no_check(explain, link, url):
    done = explain(link + "x" * 5000, url)
    assert "checks passed: none" in done.out.splitlines()


def test_a_used_link_is_refused(explain, link, url):
    assert explain(link, url).status == 0
    send(link)
    done = explain(link, url)
    assert done.status == 1
    assert "already used" in done.out


def test_a_bewit_alone_is_decoded(explain, link, url):
    bewit = link.partition("bewit=")[2]
    assert explain(bewit, url).status == 0
    done = explain(f"{bewit[:-1]}{'A' if bewit[-1] != 'A' else 'B'}", url)
    assert done.status == 1


def test_a_token_is_explained(explain, token, url):
    done = explain(token, url)
    assert done.status == 0
    assert done.out.splitlines()[0] == "jwt: accepted"
    header, payload, signature = token.split(".")
    other = ("B" if signature[0] == "A" else "A") + signature[1:]
    assert explain(f"{header}.{payload}.{other}", url).status == 1


def test_a_callback_is_explained(explain, link, url):
    callback = send(link).location
    done = explain(callback, url)
    assert done.status == 0
    assert "The code is valid for client acme-web." in done.out
    refused = explain("http://localhost:3000/callback?error=access_denied&state=x", url)
    assert refused.status == 1
    assert "access_denied" in refused.out


@pytest.mark.parametrize("thing", ["http://localhost/", "hello", "a.b.c", "\u65e5\u672c"])
def test_any_other_text_is_refused(explain, url, thing):
    done = explain(thing, url)
    assert (done.status, done.err) == (1, "")


def test_json_has_the_same_content(explain, link, url):
    answer = json.loads(explain(f"{link}&next=/", url, "--json").out)
    assert (answer["kind"], answer["accepted"]) == ("impersonation link", False)
    assert answer["decoded"]["id"] == "acme-global"
    assert "`next`" in " ".join(answer["reasons"])


def test_without_a_mock_a_token_is_decoded_and_not_checked(explain, unused_url):
    token = jwt.encode({"sub": "auth0|alice"}, "x" * 32, "HS256")
    done = explain(token, unused_url)
    assert done.status == 3
    assert done.out.splitlines()[:2] == ["jwt: not judged", f"  {NOT_CHECKED}"]
    assert json.loads(done.out[done.out.index("{") :])["claims"] == {"sub": "auth0|alice"}
    (line,) = done.err.splitlines()
    assert line.startswith(f"mockidp: no mockidp answers at {unused_url} (")


def test_without_a_mock_the_output_can_be_json_too(explain, link, unused_url):
    done = explain(link, unused_url, "--json")
    assert done.status == 3
    answer = json.loads(done.out)
    assert answer["accepted"] is None
    assert answer["reasons"] == [NOT_CHECKED]
    assert answer["decoded"]["id"] == "acme-global"


def test_without_a_mock_a_text_that_cannot_be_a_token_is_refused(explain, unused_url):
    done = explain("a.b.c", unused_url)
    assert (done.status, done.err) == (1, "")


@pytest.mark.parametrize("thing", ["", " "])
def test_an_empty_text_is_a_usage_error(explain, url, thing):
    done = explain(thing, url)
    assert (done.status, done.out) == (2, "")
    assert done.err.splitlines()[-1].startswith("Error: THING is empty")


def test_bytes_that_are_not_utf8_are_refused(mockidp, url):
    done = mockidp("explain", "-", "--url", url, stdin=bytes(range(1, 256)))
    assert done.status == 1
    assert "unknown: refused" in done.out


def test_a_text_that_is_too_long_is_refused(mockidp, url):
    done = mockidp("explain", "-", "--url", url, stdin=b"a" * 11_000_000)
    assert (done.status, done.out) == (1, "")
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize("terminal", [True, False])
def test_only_terminals_get_colors(unused_url, terminal):
    reader, writer = pty.openpty() if terminal else os.pipe()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "mockidp", "explain", "a.b.c", "--url", unused_url],
            stdout=writer,
            stderr=subprocess.PIPE,
            env={name: value for name, value in os.environ.items() if name != "NO_COLOR"},
            timeout=30,
            check=False,
        )
        shown = os.read(reader, 4096)
    finally:
        os.close(reader)
        os.close(writer)
    assert done.returncode == 1
    assert b"unknown: " in shown
    assert (b"\x1b[" in shown) == terminal
