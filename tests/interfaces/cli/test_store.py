"""`mockidp serve --store`: the state is on Redis, and two mocks share it."""

import contextlib
import json
import os
import urllib.request

import pytest

from helpers.redis_server import RedisServer


@pytest.fixture
def server():
    server = RedisServer("--requirepass", "secret-password")
    server.url = server.url.replace("//", "//:secret-password@")
    yield server
    server.stop()


def call(mock, method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{mock.url}/_mockidp/v1{path}", data, headers, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read() or "null")


def test_two_processes_share_users_clock_and_reset(server, serve):
    store = {"MOCKIDP_STORE": server.url}
    with contextlib.ExitStack() as stack:
        one = stack.enter_context(serve("--example", "acme", "--no-tls", env=store))
        other = stack.enter_context(serve("--example", "acme", "--no-tls", env=store))
        call(one, "POST", "/users", {"user_id": "auth0|carol"})
        assert call(other, "GET", "/users/auth0|carol")["user_id"] == "auth0|carol"
        call(one, "POST", "/clock", {"freeze": "2031-01-01T00:00:00Z"})
        assert call(other, "GET", "/clock") == call(one, "GET", "/clock")
        call(other, "POST", "/reset", {})
        assert "auth0|carol" not in json.dumps(call(one, "GET", "/users"))
    for mock in (one, other):
        assert "secret-password" not in mock.out + mock.err


def test_a_state_on_redis_survives_the_mock(server, serve):
    with serve("--no-tls", "--store", server.url) as mock:
        call(mock, "POST", "/users", {"user_id": "auth0|carol"})
    with serve("--no-tls", "--store", server.url) as mock:
        assert call(mock, "GET", "/users/auth0|carol")["user_id"] == "auth0|carol"


def refused(process, *options, **environment):
    done = process("serve", "--no-tls", *options, env={**os.environ, **environment})
    assert done.returncode != 0
    assert done.stdout == ""
    return done.stderr


@pytest.mark.measured
def test_two_places_for_the_state_are_refused(process):
    message = refused(process, "--store", "redis://localhost", "--persist")
    assert "--store and --persist name two places for the state. Give one of them." in message


def test_two_processes_with_a_seed_draw_from_one_sequence(server, serve):
    options = ("--no-tls", "--seed", 7, "--store", server.url)
    with serve(*options) as one, serve(*options) as other:
        ids = [request_id(mock) for mock in (one, other, one)]
        call(other, "POST", "/reset", {})
        again = [request_id(mock) for mock in (other, one, other)]
    with serve("--no-tls", "--seed", 7) as alone:
        assert ids == again == [request_id(alone) for _ in range(3)]


def request_id(mock):
    with urllib.request.urlopen(f"{mock.url}/.well-known/openid-configuration") as answer:
        return answer.headers["X-Auth0-RequestId"]


def test_variables_that_contradict_each_other_are_named(process):
    message = refused(process, MOCKIDP_STORE="redis://localhost", MOCKIDP_PERSIST="1")
    assert message.endswith(
        "mockidp: MOCKIDP_STORE and MOCKIDP_PERSIST name two places for the state. Give one of them.\n"
    )


def test_a_wrong_password_is_refused_and_not_shown(process, server):
    message = refused(process, "--store", server.url.replace("secret-password", "secret-guess"))
    assert message == (
        "mockidp: Redis refused the user or the password in the URL of the store. Correct it.\n"
    )


@pytest.mark.measured
def test_without_the_package_redis_the_extra_is_named(process, tmp_path):
    (tmp_path / "redis.py").write_text("raise ModuleNotFoundError('No module named redis')")
    message = refused(process, "--store", "redis://localhost", PYTHONPATH=str(tmp_path))
    assert 'pip install "mockidp-server[redis]"' in message
