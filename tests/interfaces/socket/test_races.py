"""If fifty clients use a single-use value at the same moment, one succeeds."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

pytestmark = pytest.mark.usefixtures("no_tracebacks")

RUNNERS = 50
CALLBACK = "http://localhost:3000/callback"


@pytest.fixture
def race(wire):
    """Send the same request from fifty connections at once; return the responses by status."""

    def run(method, target, body=None):
        line = Barrier(RUNNERS)

        def one(_):
            connection = wire.connect()
            line.wait(20)
            return wire.ask(method, target, body, connection=connection)

        with ThreadPoolExecutor(RUNNERS) as pool:
            answers = list(pool.map(one, range(RUNNERS)))
        return sorted(answers, key=lambda answer: answer[0])

    return run


def test_one_of_fifty_requests_opens_a_link(race, wire):
    won, *lost = race("GET", wire.link())
    assert won[0] == 302
    assert won[1]["Location"].startswith(f"{CALLBACK}?code=")
    assert {answer[0] for answer in lost} == {401}
    assert all("already used at" in answer[1]["Mockidp-Hint"] for answer in lost)


def test_one_of_fifty_requests_redeems_a_code(race, wire):
    body = {
        "grant_type": "authorization_code",
        "client_id": "acme-web",
        "client_secret": "acme-web-secret",
        "redirect_uri": CALLBACK,
        "code": wire.code(),
    }
    won, *lost = race("POST", "/oauth/token", body)
    assert won[0] == 200
    assert {answer[0] for answer in lost} == {403}
    assert all("already used at" in answer[1]["Mockidp-Hint"] for answer in lost)


def test_one_of_fifty_requests_rotates_a_refresh_token(race, wire):
    body = {
        "grant_type": "refresh_token",
        "client_id": "acme-spa",
        "refresh_token": wire.refresh_token(),
    }
    won, *lost = race("POST", "/oauth/token", body)
    assert won[0] == 200
    assert {answer[0] for answer in lost} == {403}
