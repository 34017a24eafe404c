"""The points at which faults fire, and the facts that predicates get."""

from dataclasses import replace

import pytest

from helpers.acme import API
from mockidp.faults import Fault, FaultContext
from mockidp.protocol.oauth.response_mode import AuthorizationResponse

EXCHANGE = FaultContext(
    endpoint="token", client="web", user="auth0|alice", audience=API, grant="password"
)
ANSWER = AuthorizationResponse(
    redirect_uri="http://localhost:3000/callback", mode="query", parameters={"code": "c"}
)


@pytest.fixture
def seen(idp):
    seen = []
    idp.tenant.faults.add(Fault(endpoint="id_token", expired=True), seen.append)
    return seen


def issue(idp, *, client="", user=None, audience=None):
    token = object()
    issued = idp.tenant.injection.in_token(
        token, kind="id_token", now=0.0, client=client, user=user, audience=audience
    )
    assert issued is token


def test_facts_of_the_exchange_are_known_when_a_token_is_issued(idp, seen):
    idp.tenant.injection.at_endpoint(EXCHANGE)
    issue(idp)
    assert seen == [replace(EXCHANGE, endpoint="id_token")]


@pytest.mark.parametrize("name", ["client", "user", "audience"])
def test_facts_of_the_token_replace_those_of_the_exchange(idp, seen, name):
    idp.tenant.injection.at_endpoint(EXCHANGE)
    issue(idp, **{name: "another"})
    assert seen == [replace(EXCHANGE, endpoint="id_token", **{name: "another"})]


@pytest.mark.parametrize("leave", ["begin", "end"])
def test_no_fault_fires_outside_of_an_exchange(idp, seen, leave):
    idp.tenant.faults.add(Fault(endpoint="callback", remove=("code",)))
    idp.tenant.injection.at_endpoint(EXCHANGE)
    getattr(idp.tenant.injection, leave)()
    issue(idp)
    assert seen == []
    assert idp.tenant.injection.in_callback(ANSWER, client=None, user=None) is ANSWER
    assert idp.tenant.injection.fired == []
