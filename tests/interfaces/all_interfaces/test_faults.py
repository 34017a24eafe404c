"""Faults have the same effect on every interface as on a real connection."""

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
def app(interface, session):
    return App(interface.url, session)


def machine(interface, session, **options):
    form = {
        "grant_type": "client_credentials",
        "client_id": "machine",
        "client_secret": "secret",
        "audience": API,
    }
    return session.post(f"{interface.url}/oauth/token", data=form, **options)


def test_a_dropped_connection_raises_an_error_once(interface, session):
    fault = interface.idp.fault("token", drop=True, times=1)
    with pytest.raises(interface.errors["dropped"]):
        machine(interface, session)
    assert fault.fired == 1
    assert machine(interface, session).status_code == 200


def test_a_truncated_body_raises_an_error(interface, session):
    interface.idp.fault("jwks", truncate=3, times=1)
    with pytest.raises(interface.errors["truncated"]):
        session.get(interface.url + JWKS)
    assert session.get(interface.url + JWKS).json()["keys"]


def test_a_delay_longer_than_the_timeout_raises_an_error(interface, session):
    fault = interface.idp.fault("jwks", delay=30)
    with pytest.raises(interface.errors["late"]):
        session.get(interface.url + JWKS, timeout=1)
    until_fired(fault)


def test_a_delay_shorter_than_the_timeout_is_awaited(interface, session):
    interface.idp.fault("jwks", delay=0.05)
    began = time.monotonic()
    assert session.get(interface.url + JWKS, timeout=10).status_code == 200
    assert time.monotonic() - began >= 0.05


def test_cancelling_a_delay_releases_the_answer(interface):
    fault = interface.idp.fault("jwks", delay=30)
    answers = []

    def send():
        with interface.open_session() as session:
            answers.append(session.get(interface.url + JWKS, timeout=20).status_code)

    thread = threading.Thread(target=send)
    thread.start()
    while not fault.fired:
        thread.join(0.01)
    fault.cancel()
    thread.join(10)
    assert answers == [200]


def test_a_request_is_still_handled_after_the_client_has_timed_out(app, interface, session):
    code = app.code()
    fault = interface.idp.fault("token", delay=30)
    with pytest.raises(interface.errors["late"]):
        app.session.post(
            f"{interface.url}/oauth/token",
            data={"grant_type": "authorization_code", "client_id": "app", "code": code},
            timeout=0.05,
        )
    assert interface.idp.journal.of("token") == []
    fault.cancel()
    interface.idp.journal.wait_for("token")


def test_a_body_that_drips_too_slowly_raises_an_error(interface, session):
    interface.idp.fault("jwks", drip=30)
    with pytest.raises(interface.errors["dripping"]):
        session.get(interface.url + JWKS, timeout=1)


def test_a_dripping_body_arrives_complete(interface, session):
    interface.idp.fault("token", set={"only": "this"}, drip=0.0001)
    assert machine(interface, session, timeout=5).json()["only"] == "this"


def test_a_rate_limit_is_answered_with_429(interface, session):
    interface.idp.fault("token", rate_limit=True, times=1)
    answer = machine(interface, session)
    assert answer.status_code == 429
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    assert machine(interface, session).status_code == 200


def test_a_status_fault_sets_status_body_and_headers(interface, session):
    interface.idp.fault("token", status=503, body="closed", headers={"Retry-After": "3"})
    answer = machine(interface, session)
    assert (answer.status_code, answer.text, answer.headers["Retry-After"]) == (503, "closed", "3")


def test_malformed_json_cannot_be_parsed(interface, session):
    interface.idp.fault("jwks", malformed_json=True)
    with pytest.raises(json.JSONDecodeError):
        session.get(interface.url + JWKS).json()


@pytest.mark.parametrize("name", ["live", "intercepted", "live_for_httpx", "transport"])
def test_a_predicate_gets_the_requested_url(interfaces, name):
    seen = []
    with interfaces[name]() as interface, interface.open_session() as session:
        interface.idp.fault("jwks", when=lambda context: not seen.append(context.url), status=500)
        assert session.get(interface.url + JWKS).status_code == 500
        assert seen == [interface.url + JWKS]


@pytest.mark.parametrize("kind", [{"drop": True}, {"status": 503}])
@pytest.mark.parametrize("name", ["live", "remote", "intercepted"])
def test_a_retried_request_succeeds(interfaces, name, kind):
    with interfaces[name]() as interface, interface.open_session() as session:
        mount(session, Retry(3, status_forcelist=[503]))
        interface.idp.fault("jwks", times=2, **kind)
        assert session.get(interface.url + JWKS, timeout=5).status_code == 200


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
def test_the_number_of_retries_is_respected(interfaces, name, retry, fault, error):
    with interfaces[name]() as interface, interface.open_session() as session:
        mount(session, retry)
        active = interface.idp.fault("jwks", **fault)
        with pytest.raises(requests.RequestException, match=error) as caught:
            session.get(interface.url + JWKS, timeout=0.1 if "delay" in fault else 10)
        times = 2 if "ax retries" in str(caught.value) else 1
        until_fired(active, times)
        assert active.fired == times
        assert (error == "Read timed out") is isinstance(caught.value, requests.ReadTimeout)
        active.cancel()


def mount(session, retry):
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=retry))
