"""Requests without faults, faults in the tenant file, and predicates that raise."""

import logging

import pytest

from helpers.acme import API, with_settings
from helpers.tenant_client import hint, race
from mockidp.faults import Fault
from mockidp.resources.client import CLIENT
from mockidp.tenant.config.plain import structure_tenant
from mockidp.testing.records import add


@pytest.mark.parametrize("words", [{"status": 503}, {"rate_limit": True}, {"drop": True}])
def test_control_requests_have_no_faults(idp, words):
    active = idp.fault("*", **words)
    idp.fault("access_token", wrong="sub")
    assert idp.get("/_mockidp/health").status_code == 200
    made = idp.post("/_mockidp/v1/tokens", json_body={"audience": API, "user": "alice"})
    assert made.status_code == 200
    assert idp.delivery.drop is False
    assert active.matched == 0
    assert len(idp.tenant.journal) == 0
    explained = idp.post("/_mockidp/v1/explain", json_body={"thing": made.json["access_token"]})
    assert explained.json["decoded"]["claims"]["sub"] == "auth0|alice"


def test_a_preflight_has_no_faults(idp):
    active = idp.fault("*", status=503)
    answer = idp.request("OPTIONS", "/oauth/token", headers={"Origin": "http://localhost:3000"})
    assert (answer.status_code, active.matched) == (204, 0)


def test_a_changed_answer_keeps_its_cors_headers(idp):
    idp.fault("token", rate_limit=True)
    answer = idp.post("/oauth/token", headers={"Origin": "http://localhost:3000"})
    assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"


def test_without_faults_no_context_is_built(idp, monkeypatch):
    def look(*_args):
        raise AssertionError

    monkeypatch.setattr("mockidp.web.pipeline.faults.describe_request", look)
    assert idp.machine_token(audience=API).status_code == 200
    assert idp.tenant.injection.context is None


def test_a_request_with_a_refused_host_has_no_faults(idp):
    active = idp.fault("*", status=503)
    answer = idp.another_browser(url="http://evil.example").get("/.well-known/jwks.json")
    assert (answer.status_code, active.matched) == (400, 0)


def test_a_predicate_that_raises_is_not_a_bug_of_the_mock(idp, caplog):
    def broken(context):
        raise ValueError(context.endpoint)

    idp.fault("token", status=503, predicate=broken)
    with caplog.at_level(logging.ERROR, "mockidp.faults"):
        answer = idp.machine_token(audience=API)
    assert (answer.status_code, answer.json["error"]) == (500, "server_error")
    assert hint(answer) == (
        "The function given as `when` to a fault raised ValueError: token. See the log."
    )
    assert caplog.records[0].exc_info[0] is ValueError
    assert idp.tenant.journal.last("token").is_bug is False


@pytest.mark.parametrize("endpoint", ["access_token", "callback"])
def test_a_predicate_that_raises_later_is_not_a_bug_either(idp, endpoint):
    def broken(_context):
        raise KeyError("x")

    idp.fault(endpoint, set={"a": 1}, predicate=broken)
    page = idp.begin_login(audience=API)
    answer = idp.log_in(page)
    if endpoint == "access_token":
        code = answer.location.partition("code=")[2].partition("&")[0]
        answer = idp.redeem(code)
    assert answer.status_code == 500
    assert "raised KeyError: 'x'" in hint(answer)


def test_faults_of_the_tenant_file_apply(make_idp):
    document = with_settings(faults=(Fault(endpoint="jwks", status=503, times=1),))
    idp = make_idp(document)
    assert [idp.get("/.well-known/jwks.json").status_code for _ in range(2)] == [503, 200]
    idp.tenant.reset()
    assert idp.get("/.well-known/jwks.json").status_code == 503


def test_a_changed_document_keeps_its_faults(make_idp):
    data = {"mockidp": {"faults": [{"endpoint": "jwks", "empty": True}]}}
    idp = make_idp(structure_tenant(data))
    add(idp.tenant, CLIENT, "late", {})
    assert idp.tenant.settings.faults == (Fault(endpoint="jwks", empty=True),)
    assert idp.get("/.well-known/jwks.json").json == {"keys": []}


def test_fifty_concurrent_requests_fire_a_fault_exactly_the_given_times(idp):
    active = idp.fault("token", status=503, times=7)
    statuses = race(lambda: idp.another_browser().machine_token(audience=API).status_code)
    assert (statuses.count(503), statuses.count(200)) == (7, 43)
    assert (active.matched, active.fired) == (50, 7)
