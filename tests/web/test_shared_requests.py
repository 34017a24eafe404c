"""Requests that run twice, because the tenant has changed meanwhile, have one effect and answer."""

from tempfile import SpooledTemporaryFile

import pytest

from helpers.persisted_tenant import ACME
from helpers.repeating_backend import repeating_tenant
from helpers.shared_mocks import WEB, Mock
from mockidp.faults import Fault
from mockidp.protocol.errors.oauth_error import TemporarilyUnavailable
from mockidp.storage.store import TenantDeleted
from mockidp.web.console.journal import live
from mockidp.web.tenants import shared_requests

HINT = "The state of the mock is on Redis."


@pytest.fixture
def mock():
    return Mock(repeating_tenant(ACME))


def test_the_body_is_read_again(mock):
    answer = mock.control("POST", "/clients", {"client_id": "new"})
    assert answer.status_code == 200
    answer = mock.token(**WEB, grant_type="refresh_token", refresh_token="x")
    assert answer.json["error"] == "invalid_grant"


def test_a_large_body_is_read_again_from_a_file_that_is_deleted(mock, monkeypatch):
    files = []

    def opened(_size):
        files.append(SpooledTemporaryFile(max_size=1))  # noqa: SIM115 - the request closes it
        return files[-1]

    monkeypatch.setattr(shared_requests, "SpooledTemporaryFile", opened)
    assert mock.control("POST", "/clients", {"client_id": "new"}).status_code == 200
    assert mock.control("GET", "/clients/new").status_code == 200
    assert [one._rolled for one in files] == [True, False], "the second request has no body"
    assert all(one.closed for one in files)


def test_a_fault_fires_once(mock):
    fault = mock.tenant.faults.add(Fault(endpoint="token", status=500, delay=0.001))
    assert mock.token(**WEB).status_code == 500
    assert (fault.fired, mock.token(**WEB).headers["Mockidp-Hint"][:7]) == (1, "Fault `")


def test_a_page_calls_an_endpoint_once(mock):
    fault = mock.tenant.faults.add(Fault(endpoint="token", status=500))
    answer = mock.send("GET", "/_mockidp/try")
    assert (answer.status_code, fault.fired) == (200, 0)


def test_the_request_of_a_page_to_an_endpoint_is_a_transaction_of_its_own(mock):
    """The page runs twice, and sends it once."""
    cookie = ".".join(("s" * 32, "n" * 32, "v" * 64))
    answer = mock.send(
        "GET",
        f"/_mockidp/try?code=x&state={'s' * 32}",
        headers={"Cookie": f"mockidp-try={cookie}"},
    )
    assert "invalid_grant" in answer.text
    assert [entry.status for entry in mock.tenant.journal.of("token")] == [403]


def test_a_poll_for_new_exchanges_asks_the_backend(mock, monkeypatch):
    monkeypatch.setattr(live, "HOLD_SECONDS", 0.001)
    asked = []
    monkeypatch.setattr(
        mock.tenant.backend, "wait_until", lambda is_done, _: asked.append(is_done())
    )
    assert mock.send("GET", "/_mockidp/journal/live?after=0").status_code == 204
    assert set(asked) == {False}


@pytest.mark.parametrize(
    ("path", "error"), [("/oauth/token", "temporarily_unavailable"), ("/v2/logout", None)]
)
def test_if_the_state_cannot_be_used_the_answer_is_503_in_the_form_of_the_endpoint(
    mock, path, error, caplog
):
    caplog.set_level("INFO")
    mock.tenant.backend.refusal = TemporarilyUnavailable("Service Unavailable", hint=HINT)
    answer = mock.send("GET" if error is None else "POST", path)
    assert (answer.status_code, answer.headers["Mockidp-Hint"]) == (503, HINT)
    assert (answer.json or {}).get("error") == error
    assert "503 temporarily_unavailable" in caplog.messages[-1]


@pytest.fixture
def shop(mock):
    """An additional tenant of the mock."""
    return mock.at(mock.make(name="shop"))


def test_a_tenant_is_made_once(mock):
    mock.make(name="shop")
    assert [one["name"] for one in mock.control("GET", "/tenants").json["items"]] == ["shop"]


def test_a_request_to_an_additional_tenant_has_one_effect(mock, shop):
    code = shop.code("acme-web")
    assert (mock.redeem(code).status_code, shop.redeem(code).status_code) == (403, 200)
    (tenant,) = (one.tenant for one in mock.app.additional.all())
    assert [entry.endpoint for entry in tenant.journal] == ["authorize", "token"]
    assert shop.redeem("x").status_code == 403


@pytest.mark.parametrize("name", ["shop", "nobody"])
def test_a_request_to_an_additional_tenant_is_refused_in_the_form_of_the_endpoint(mock, shop, name):
    mock.tenant.backend.refusal = TemporarilyUnavailable("Service Unavailable", hint=HINT)
    answer = mock.at(f"http://localhost:9400/t/{name}").token(**WEB)
    assert (answer.status_code, answer.headers["Mockidp-Hint"]) == (503, HINT)
    assert answer.json["error"] == "temporarily_unavailable"


def test_a_request_to_a_tenant_that_cannot_be_opened_is_refused(mock, shop, monkeypatch):
    def refuse(*_arguments):
        raise TemporarilyUnavailable("Service Unavailable", hint=HINT)

    monkeypatch.setattr(mock.app.additional._tenants, "get", refuse)
    answer = shop.token(**WEB)
    assert (answer.status_code, answer.headers["Mockidp-Hint"]) == (503, HINT)
    assert mock.app.client_roots() is None
    assert mock.token(**WEB).status_code == 400


def test_a_request_to_a_tenant_that_is_deleted_meanwhile_finds_none(mock, shop, monkeypatch):
    def delete(_action):
        assert mock.app.additional.remove("shop")
        raise TenantDeleted

    (tenant,) = (one.tenant for one in mock.app.additional.all())
    monkeypatch.setattr(tenant.backend, "run", delete)
    answer = shop.token(**WEB)
    assert answer.status_code == 404
    assert answer.headers["Mockidp-Hint"] == "There is no tenant 'shop'. Known: none."
