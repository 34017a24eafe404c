"""Faults of what an exchange brings forth: they know what the exchange knows, or more."""

from dataclasses import replace

import pytest

from helpers.acme import API
from mockidp.faults import Fault, FaultContext
from mockidp.flows.faults.fire import fire

EXCHANGE = FaultContext(
    endpoint="token", client="web", user="auth0|alice", audience=API, grant="password"
)


@pytest.fixture
def seen(idp):
    seen = []
    idp.tenant.faults.add(Fault(endpoint="id_token", expired=True), seen.append)
    idp.tenant.trace.occasion = EXCHANGE
    return seen


def test_what_the_exchange_knows_is_known(idp, seen):
    assert fire(idp.tenant, "id_token") == ()
    assert seen == [replace(EXCHANGE, endpoint="id_token")]


@pytest.mark.parametrize("name", ["client", "user", "audience"])
def test_what_is_known_better_by_now_counts(idp, seen, name):
    fire(idp.tenant, "id_token", **{name: "another"})
    assert seen == [replace(EXCHANGE, endpoint="id_token", **{name: "another"})]


def test_outside_of_an_exchange_nothing_fires(idp, seen):
    idp.tenant.trace.occasion = None
    assert fire(idp.tenant, "id_token") == ()
    assert seen == []
