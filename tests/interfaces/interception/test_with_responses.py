"""Interception together with the library `responses`."""

import pytest
import requests
import responses
from requests.adapters import HTTPAdapter
from responses.registries import OrderedRegistry
from urllib3.util import Retry

from helpers.app_under_test import until_fired
from mockidp import intercept

DOMAIN = "acme.eu.auth0.com"
JWKS = f"https://{DOMAIN}/.well-known/jwks.json"
OTHER = "https://other.example/"


def get(url):
    return requests.get(url, timeout=5).status_code


def register_other(mock=responses, **options):
    mock.add(responses.GET, OTHER, status=202, **options)


@intercept(DOMAIN)
@responses.activate
def test_responses_can_be_activated_inside_an_interception():
    register_other()
    assert (get(JWKS), get(OTHER)) == (200, 202)


@responses.activate
@intercept(DOMAIN)
def test_responses_can_be_activated_outside_an_interception():
    register_other()
    assert (get(JWKS), get(OTHER)) == (200, 202)


def test_an_unregistered_request_is_refused_while_responses_is_active(idp):
    with responses.RequestsMock(), pytest.raises(requests.ConnectionError, match="Responses"):
        get(OTHER)
    with responses.RequestsMock(), intercept("b.example"), pytest.raises(requests.ConnectionError):
        get(OTHER)


def test_a_mock_that_ends_does_not_end_the_interception(idp):
    @responses.activate
    def inside():
        register_other()
        return get(JWKS), get(OTHER)

    assert inside() == (200, 202)
    assert get(JWKS) == 200


def test_an_interception_that_ends_does_not_end_the_mock():
    with responses.RequestsMock() as mock:
        register_other(mock)
        with intercept(DOMAIN):
            assert get(JWKS) == 200
        assert get(OTHER) == 202
        with pytest.raises(requests.ConnectionError):
            get(JWKS)


def test_mock_and_interception_may_end_in_any_order():
    interception, mock = intercept(DOMAIN), responses.RequestsMock()
    mock.start()
    interception.__enter__()
    register_other(mock)
    assert (get(JWKS), get(OTHER)) == (200, 202)
    mock.stop()
    assert get(JWKS) == 200
    interception.__exit__(None, None, None)


def test_a_mock_works_after_the_interception_has_ended(idp):
    interception, mock = intercept("b.example"), responses.RequestsMock()
    interception.__enter__()
    mock.start()
    register_other(mock)
    assert get("https://b.example/authorize") == 400
    interception.__exit__(None, None, None)
    assert (get(JWKS), get(OTHER)) == (200, 202)
    mock.stop()


def test_a_patch_left_below_a_longer_mock_has_no_effect(monkeypatch, other_url):
    real = HTTPAdapter.send
    interception, mock = intercept(DOMAIN), responses.RequestsMock()
    interception.__enter__()
    mock.start()
    interception.__exit__(None, None, None)
    register_other(mock)
    assert get(OTHER) == 202
    mock.stop()
    assert get(other_url) == 200
    with intercept(DOMAIN):
        assert get(JWKS) == 200
    assert HTTPAdapter.send is real


def test_an_ordered_registry_keeps_its_order(idp):
    with responses.RequestsMock(registry=OrderedRegistry) as mock:
        register_other(mock)
        mock.add(responses.GET, OTHER, status=204)
        assert [get(JWKS), get(OTHER), get(JWKS), get(OTHER), get(JWKS)] == [
            200,
            202,
            200,
            204,
            200,
        ]


def test_responses_requires_only_requests_for_its_registered_responses(idp):
    with responses.RequestsMock(assert_all_requests_are_fired=True) as mock:
        register_other(mock)
        assert get(OTHER) == 202


def test_resetting_responses_does_not_end_the_interception(idp):
    responses.reset()
    assert get(JWKS) == 200


@responses.activate
def test_calls_are_recorded_in_responses_if_it_is_active(idp):
    register_other()
    get(JWKS)
    get(OTHER)
    idp.fault("jwks", drop=True, times=1)
    with pytest.raises(requests.ConnectionError):
        get(JWKS)
    assert [call.request.url for call in responses.calls] == [JWKS, OTHER, JWKS]
    assert responses.calls[0].response.json()["keys"]
    assert isinstance(responses.calls[2].response, requests.ConnectionError)


def test_calls_are_recorded_while_responses_is_inactive():
    interception = intercept(DOMAIN)
    assert len(interception.calls) == 0
    with interception:
        get(JWKS)
    assert interception.calls[0].response.status_code == 200
    assert len(responses.calls) == 0


def test_an_inactive_responses_answers_no_other_host(idp, other_url):
    register_other()
    assert get(other_url) == 200
    responses.reset()


def test_a_session_retries_after_a_fault(idp):
    fault = idp.fault("jwks", status=503, times=2)
    with requests.Session() as session:
        retry = Retry(total=3, status_forcelist=[503], backoff_factor=0)
        session.mount("https://", HTTPAdapter(max_retries=retry))
        assert session.get(JWKS, timeout=5).status_code == 200
    assert fault.fired == 2
    assert [entry.status for entry in idp.journal] == [503, 503, 200]


def test_a_custom_adapter_of_the_app_is_called(idp):
    class ShortTimeout(HTTPAdapter):
        def send(self, request, **options):
            return super().send(request, **options | {"timeout": 0.05})

    fault = idp.fault("jwks", delay=30)
    with requests.Session() as session:
        session.mount(f"https://{DOMAIN}/", ShortTimeout())
        with pytest.raises(requests.ReadTimeout):
            session.get(JWKS)
    until_fired(fault)


def test_an_adapter_without_a_session_is_intercepted_as_well(idp):
    adapter = HTTPAdapter()
    request = requests.Request("GET", JWKS).prepare()
    assert adapter.send(request, False, 5, True, None, {}).status_code == 200


def test_a_patch_on_top_of_ours_stays(idp, monkeypatch):
    seen, below = [], requests.Session.get_adapter

    def watch(session, url):
        seen.append(url)
        return below(session, url)

    interception = intercept("b.example")
    with monkeypatch.context() as patch:
        with interception:
            patch.setattr(requests.Session, "get_adapter", watch)
            get("https://b.example/authorize")
        get(JWKS)
    assert seen == ["https://b.example/authorize", JWKS]
