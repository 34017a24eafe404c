"""Journal entries of requests that reach no flow, and of requests in general."""

import json

import pytest

from helpers.tenant_client import TenantClient


@pytest.mark.parametrize(
    ("method", "path", "options"),
    [
        ("GET", "/nowhere", {}),
        ("GET", "/api/users", {}),
        ("DELETE", "/authorize", {}),
        ("GET", "/authorize?client_id=a&client_id=b", {}),
        ("GET", "/authorize", {"headers": {"Host": "evil.example"}}),
        ("POST", "/oauth/token", {"data": b"{", "content_type": "application/json"}),
        ("POST", "/oauth/token", {"data": b"x" * 70_000, "content_type": "application/json"}),
        ("POST", "/oauth/token", {"data": b"x", "content_type": "text/plain"}),
        ("POST", "/oauth/token", {"json": {"client_id": "spa", "grant_type": ["password"]}}),
        ("GET", "/userinfo?access_token=a", {"headers": {"Authorization": "Bearer b"}}),
    ],
)
def test_a_request_that_reaches_no_flow_fails_the_check_request(idp, last, method, path, options):
    idp.request(method, path, **options)
    check = last().trace[-1]
    assert (check.name, check.passed, check.why) == ("request", False, last().hint)


def test_an_unreadable_request_has_no_parameters(idp, last):
    idp.request("POST", "/oauth/token?a=1&a=2", data=b"{", content_type="application/json")
    assert last().parameters == {}
    idp.get("/nowhere", a="1")
    assert last().parameters == {"a": "1"}


def test_a_long_value_is_cut(idp, last):
    idp.authorize(state="x" * 5000)
    assert last().parameters["state"] == "x" * 2000


def test_an_invalid_name_is_cut_and_its_value_is_hidden(idp, last):
    idp.get("/nowhere", **{"x" * 101: "1"})
    assert last().parameters == {"x" * 8 + "...": "***"}


def test_json_that_is_sent_as_a_form_does_not_show_its_secrets(idp, last):
    body = json.dumps({"client_id": "web", "client_secret": "web-secret"})
    idp.request("POST", "/oauth/token", data=body, content_type="application/x-www-form-urlencoded")
    assert last().parameters == {'{"client...': ""}


def test_control_requests_are_not_recorded(idp):
    idp.get("/_mockidp/health")
    assert list(idp.tenant.journal) == []


def test_a_bug_in_the_mock_is_recorded(monkeypatch):
    idp = TenantClient()
    monkeypatch.setattr(idp.tenant.keys, "jwks", None)
    idp.browser.get("/.well-known/jwks.json", base_url=idp.url)
    (entry,) = idp.tenant.journal
    assert (entry.is_bug, entry.status, entry.error) == (True, 500, "server_error")


def test_times_are_those_of_the_tenants_clock(idp, last, monkeypatch):
    at = idp.tenant.now()
    idp.get("/.well-known/jwks.json")
    assert (last().at, last().duration) == (at, 0.0)
    monkeypatch.setattr(
        type(idp.tenant.keys), "jwks_json", property(lambda _keys: idp.later(1.5) or b"{}")
    )
    idp.get("/.well-known/jwks.json")
    assert (last().at, last().duration) == (at, 1.5)
