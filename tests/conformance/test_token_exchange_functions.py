"""Custom token exchange: a function of the test decides."""

import logging

import pytest

from helpers.acme import API
from helpers.mfa import refused
from helpers.tenant_client import TenantClient, claims_of, hint
from helpers.tenants import FUNCTION
from helpers.token_exchange import (
    INVALID,
    TENANT,
    decide_with,
    exchange,
)

pytestmark = FUNCTION


@pytest.fixture
def idp():
    return TenantClient(TENANT)


def test_auth0_exchange__a_function_gets_the_request_and_returns_the_user(idp):
    seen = []

    def decide(request):
        seen.append(request)
        return "bob@acme.example"

    decide_with(idp, decide)
    answer = exchange(
        idp,
        "anything",
        scope="openid read:items",
        actor_token="agent-1",
        actor_token_type="urn:acme:agent",
        device="d1",
    )
    assert claims_of(answer.json["access_token"])["sub"] == "auth0|bob"
    (request,) = seen
    assert (request.profile, request.subject_token) == ("legacy", "anything")
    assert (request.actor_token, request.actor_token_type) == ("agent-1", "urn:acme:agent")
    assert (request.client_id, request.audience) == ("broker", API)
    assert request.scope == ("openid", "read:items")
    assert request.parameters["device"] == "d1"
    assert "client_secret" not in request.parameters


def test_auth0_exchange__a_function_may_return_a_record(idp):
    decide_with(idp, lambda _request: idp.tenant.directory.user("auth0|bob"))
    assert claims_of(exchange(idp).json["access_token"])["sub"] == "auth0|bob"


def test_auth0_exchange__a_function_refuses_with_code_and_reason(idp):
    decide_with(idp, lambda request: request.deny("Unauthorized_login", "Not today."))
    assert refused(exchange(idp)) == (403, "Unauthorized_login", "Not today.")
    decide_with(idp, lambda request: request.reject_invalid_subject_token("Expired."))
    assert refused(exchange(idp)) == (400, "invalid_request", "Expired.")
    decide_with(idp, lambda request: request.reject_invalid_subject_token())
    assert refused(exchange(idp)) == (400, "invalid_request", INVALID)


def test_auth0_exchange__a_function_sets_the_actor(idp):
    def decide(request):
        request.set_actor({"sub": request.actor_token})
        return "alice"

    decide_with(idp, decide)
    answer = exchange(idp, actor_token="agent-1", actor_token_type="urn:acme:agent")
    assert claims_of(answer.json["access_token"])["act"] == {"sub": "agent-1"}


@pytest.mark.parametrize(
    "actor",
    [
        None,
        {},
        {"sub": 1},
        {"sub": "a", "x": []},
        {"sub": "a"} | {f"p{n}": n for n in range(6)},
        {"sub": "1", "act": {"sub": "2", "act": {"sub": "3", "act": {"sub": "4", "act": {
            "sub": "5", "act": {"sub": "6"}}}}}},
    ],
)  # fmt: skip
def test_auth0_exchange__an_actor_that_auth0_refuses_is_an_error_of_the_function(
    idp, actor, caplog
):
    decide_with(idp, lambda request: request.set_actor(actor))
    with caplog.at_level(logging.ERROR):
        answer = exchange(idp)
    assert refused(answer) == (500, "server_error", "Internal error")
    assert "raised ValueError" in hint(answer)
    assert "Expected an actor with a string as `sub`" in caplog.text


@pytest.mark.parametrize(
    ("decided", "error", "cause"),
    [
        (None, (500, "server_error", "Internal error"), "returned a NoneType. Return a user"),
        (
            "zoe",
            (400, "invalid_request", "The user does not exist."),
            "The function that decides about profile legacy returned 'zoe'. No user has that name.",
        ),
    ],
)
def test_auth0_exchange__a_function_has_to_return_a_user(idp, decided, error, cause):
    decide_with(idp, lambda _request: decided)
    answer = exchange(idp)
    assert refused(answer) == error
    assert cause in hint(answer)


def test_auth0_exchange__a_reset_forgets_functions(idp):
    decide_with(idp, lambda _request: "bob")
    idp.tenant.reset()
    assert claims_of(exchange(idp).json["access_token"])["sub"] == "auth0|alice"
