"""Faults at the Management API: by resource, method, caller and user."""

from typing import get_args

import pytest

from helpers.fault_context import ALICE, BOB, facts
from helpers.management import granting
from helpers.tenant_client import bearer, hint
from mockidp.faults.context import ManagementResource, Method
from mockidp.management.operations import OPERATIONS
from mockidp.protocol.oauth.grant_types import CLIENT_CREDENTIALS

NEW = {"email": "new@acme.example", "password": "Passw0rd!", "connection": "Acme-Users"}


@pytest.fixture
def idp(make_idp):
    return make_idp(granting())


@pytest.fixture
def call(idp):
    """Return a function that calls the Management API as the client `manager`."""
    secret = {"client_id": "manager", "client_secret": "manager-secret"}
    answer = idp.token(grant_type=CLIENT_CREDENTIALS, audience=f"{idp.url}/api/v2/", **secret)
    token = answer.json["access_token"]

    def send(method, path, body=None):
        options = {} if body is None else {"json": body}
        return idp.request(method, f"/api/v2{path}", headers=bearer(token), **options)

    return send


def test_every_operation_has_a_resource_and_a_method_that_faults_can_name():
    resources = {one.path.split("/")[1] for one in OPERATIONS}
    assert resources <= set(get_args(ManagementResource))
    assert {one.method for one in OPERATIONS} <= set(get_args(Method))


def test_a_fault_fires_at_one_resource_and_method(idp, call):
    fault = idp.fault("management", status=503, when={"resource": "users", "method": "POST"})
    others = (("GET", "/users"), ("GET", f"/users/{ALICE}"), ("GET", "/users-by-email?email=a"))
    for method, path in others:
        assert call(method, path).status_code == 200
    assert call("POST", "/roles", {"name": "writer"}).status_code == 200
    assert (fault.matched, fault.fired) == (0, 0)
    answer = call("POST", "/users", NEW)
    assert (answer.status_code, fault.fired) == (503, 1)
    assert hint(answer).startswith("Fault `management: status 503` (1) fired")
    assert idp.tenant.journal.last("management").faults == (fault.name,)
    assert call("GET", "/users-by-email?email=new@acme.example").json == []


def test_a_path_below_the_resource_belongs_to_it(idp, call):
    fault = idp.fault("management", rate_limit=True, when={"resource": "users"})
    answer = call("GET", "/users/auth0%7Calice/roles?page=0")
    assert (answer.status_code, answer.json["errorCode"]) == (429, "too_many_requests")
    assert fault.fired == 1


def test_times_and_after_count_only_matching_calls(idp, call):
    when = {"resource": "roles", "method": "GET"}
    idp.fault("management", rate_limit=True, after=1, times=2, when=when)
    seen = []
    for _each in range(4):
        assert call("GET", "/users").status_code == 200
        seen.append(call("GET", "/roles").status_code)
    assert seen == [200, 429, 429, 200]


def test_a_resource_that_mockidp_does_not_have_can_be_replaced(idp, call):
    json = {"headers": {"Content-Type": "application/json"}, "body": '{"agents": []}'}
    idp.fault("management", status=200, when={"resource": "agents"}, **json)
    assert call("GET", "/agents").json == {"agents": []}
    assert call("GET", "/portals").status_code == 403


def test_a_call_has_its_caller_and_its_user(idp, call, watch):
    seen = watch("management")
    call("GET", "/users/auth0%7Cbob/roles")
    call("GET", "/users")
    idp.get("/api/v2/users")
    api = f"{idp.url}/api/v2/"
    assert [facts(one)[:3] for one in seen] == [
        ("manager", BOB, api),
        ("manager", "manager@clients", api),
        (None, None, None),
    ]
    assert [one.resource for one in seen] == ["users"] * 3


def test_a_fault_is_limited_by_user_and_client(idp, call):
    idp.fault("management", status=503, when={"user": "alice", "client": "manager"})
    assert call("GET", f"/users/{BOB}").status_code == 200
    assert call("GET", f"/users/{ALICE}").status_code == 503


def test_a_method_limits_faults_of_any_endpoint(idp, watch):
    idp.fault("userinfo", status=503, when={"method": "POST"})
    assert idp.get("/userinfo").status_code == 401
    assert idp.post("/userinfo").status_code == 503
    seen = watch("userinfo")
    idp.get("/userinfo")
    assert seen[0].resource is None
