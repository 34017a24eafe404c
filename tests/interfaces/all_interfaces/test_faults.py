"""What a fault does to an answer reaches each library as a real connection brings it."""

import json
import threading
import time

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from helpers.app_under_test import API, App, until_fired

JWKS = "/.well-known/jwks.json"


@pytest.fixture
def app(face, session):
    return App(face.url, session)


def machine(face, session, **options):
    form = {
        "grant_type": "client_credentials",
        "client_id": "machine",
        "client_secret": "secret",
        "audience": API,
    }
    return session.post(f"{face.url}/oauth/token", data=form, **options)


def test_a_dropped_connection_is_an_error_once(face, session):
    fault = face.idp.fault("token", drop=True, times=1)
    with pytest.raises(face.errors["dropped"]):
        machine(face, session)
    assert fault.fired == 1
    assert machine(face, session).status_code == 200


def test_a_truncated_body_is_an_error(face, session):
    face.idp.fault("jwks", truncate=3, times=1)
    with pytest.raises(face.errors["truncated"]):
        session.get(face.url + JWKS)
    assert session.get(face.url + JWKS).json()["keys"]


def test_a_client_that_waits_too_short_gives_up(face, session):
    fault = face.idp.fault("jwks", delay=30)
    with pytest.raises(face.errors["late"]):
        session.get(face.url + JWKS, timeout=0.05)
    until_fired(fault)


def test_a_client_that_waits_long_enough_is_answered(face, session):
    face.idp.fault("jwks", delay=0.05)
    began = time.monotonic()
    assert session.get(face.url + JWKS, timeout=10).status_code == 200
    assert time.monotonic() - began >= 0.05


def test_a_delay_that_is_cancelled_ends_at_once(face):
    fault = face.idp.fault("jwks", delay=30)
    answers = []

    def ask():
        with face.open_session() as session:
            answers.append(session.get(face.url + JWKS, timeout=20).status_code)

    thread = threading.Thread(target=ask)
    thread.start()
    while not fault.fired:
        thread.join(0.01)
    fault.cancel()
    thread.join(10)
    assert answers == [200]


def test_what_came_too_late_has_happened_all_the_same(app, face, session):
    """As with a server: whoever hangs up does not undo what was asked for."""
    code = app.code()
    fault = face.idp.fault("token", delay=30)
    with pytest.raises(face.errors["late"]):
        app.session.post(
            f"{face.url}/oauth/token",
            data={"grant_type": "authorization_code", "client_id": "app", "code": code},
            timeout=0.05,
        )
    assert face.idp.journal.of("token") == []
    fault.cancel()
    face.idp.journal.wait_for("token")


def test_a_body_that_drips_too_slowly_is_an_error(face, session):
    face.idp.fault("jwks", drip=30)
    with pytest.raises(face.errors["dripping"]):
        session.get(face.url + JWKS, timeout=0.05)


def test_a_body_that_drips_arrives(face, session):
    face.idp.fault("token", set={"only": "this"}, drip=0.0001)
    assert machine(face, session, timeout=5).json()["only"] == "this"


def test_a_limited_rate_is_a_429(face, session):
    face.idp.fault("token", rate_limit=True, times=1)
    answer = machine(face, session)
    assert answer.status_code == 429
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    assert machine(face, session).status_code == 200


def test_a_status_comes_with_body_and_headers(face, session):
    face.idp.fault("token", status=503, body="closed", headers={"Retry-After": "3"})
    answer = machine(face, session)
    assert (answer.status_code, answer.text, answer.headers["Retry-After"]) == (503, "closed", "3")


def test_malformed_json_cannot_be_read(face, session):
    face.idp.fault("jwks", malformed_json=True)
    with pytest.raises(json.JSONDecodeError):
        session.get(face.url + JWKS).json()


@pytest.mark.parametrize("name", ["live", "intercepted", "live_for_httpx", "transport"])
def test_a_predicate_sees_the_url_that_was_asked(faces, name):
    seen = []
    with faces[name]() as face, face.open_session() as session:
        face.idp.fault("jwks", when=lambda context: not seen.append(context.url), status=500)
        assert session.get(face.url + JWKS).status_code == 500
        assert seen == [face.url + JWKS]


@pytest.mark.parametrize("kind", [{"drop": True}, {"status": 503}])
@pytest.mark.parametrize("name", ["live", "remote", "intercepted"])
def test_a_request_that_is_retried_gets_through(faces, name, kind):
    with faces[name]() as face, face.open_session() as session:
        mount(session, Retry(3, status_forcelist=[503]))
        face.idp.fault("jwks", times=2, **kind)
        assert session.get(face.url + JWKS, timeout=5).status_code == 200


@pytest.mark.parametrize(
    ("retry", "fault", "error"),
    [
        (Retry(1), {"drop": True}, "Max retries exceeded"),
        (Retry(0, read=False), {"drop": True}, "without response"),
        (Retry(1), {"delay": 30}, "Max retries exceeded"),
        (Retry(1, allowed_methods=["POST"]), {"drop": True}, "without response"),
        (Retry(1, allowed_methods=["POST"]), {"delay": 30}, "Read timed out"),
        (Retry(1, status_forcelist=[503]), {"status": 503}, "too many 503 error responses"),
    ],
)
@pytest.mark.parametrize("name", ["live", "remote", "intercepted"])
def test_a_request_is_retried_so_often_and_no_more(faces, name, retry, fault, error):
    with faces[name]() as face, face.open_session() as session:
        mount(session, retry)
        spoiled = face.idp.fault("jwks", **fault)
        with pytest.raises(requests.RequestException, match=error) as caught:
            session.get(face.url + JWKS, timeout=0.1 if "delay" in fault else 10)
        times = 2 if "ax retries" in str(caught.value) else 1
        until_fired(spoiled, times)
        assert spoiled.fired == times
        assert (error == "Read timed out") is isinstance(caught.value, requests.ReadTimeout)
        spoiled.cancel()


def mount(session, retry):
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=retry))
