"""With a seed, mocks that share a tenant draw from one sequence."""

from collections import Counter

import pytest

from helpers.persisted_tenant import ACME
from helpers.shared_mocks import Mock
from helpers.tenant_client import race
from mockidp.errors import MockIdPError
from mockidp.faults import Fault
from mockidp.protocol.tokens.keys import generate_private_key
from mockidp.tenant.tenant import Tenant

SECRET = ("access_token", "refresh_token", "id_token")


@pytest.fixture(scope="module")
def keys():
    return [generate_private_key(), generate_private_key()]


@pytest.fixture
def seeded(start, keys):
    return [Mock(start(seed=7, private_keys=keys)) for _ in range(2)]


def exchanges(mocks):
    """Send some requests, each to the next mock, and return what is drawn from the seed."""
    drawn = []
    for number in range(4):
        code = mocks[number % len(mocks)].code("acme-web", scope="openid offline_access")
        answer = mocks[(number + 1) % len(mocks)].redeem(code)
        drawn += [code, answer.headers["X-Auth0-RequestId"], answer.json["refresh_token"]]
    return drawn


def test_a_client_that_alternates_gets_the_sequence_of_a_single_mock(seeded, keys):
    drawn = exchanges(seeded)
    assert drawn == exchanges([Mock(Tenant(ACME, seed=7, private_keys=keys))])
    assert len(set(drawn)) == 12


def test_a_reset_through_one_mock_restarts_the_sequence_of_both(seeded):
    first = exchanges(seeded)
    seeded[0].tenant.reset()
    assert exchanges(seeded) == first


def test_a_mock_that_starts_later_continues_the_sequence(seeded, start, keys):
    exchanges(seeded)
    at = seeded[0].tenant.ids.state()
    late = start(seed=7, private_keys=keys)
    assert late.ids.state() == at
    assert late.snapshot().ids == at


def test_no_value_is_drawn_twice_by_requests_at_the_same_time(seeded):
    turns = iter(range(50))
    codes = race(lambda: seeded[next(turns) % 2].code("acme-web"))
    assert max(Counter(codes).values()) == 1
    assert len(codes) == 50


def test_faults_with_a_probability_fire_in_the_same_requests_in_each_run(seeded):
    def run():
        fault = Fault(endpoint="token", status=503, probability=0.5)
        seeded[0].tenant.faults.add(fault)
        statuses = [seeded[number % 2].redeem("x").status_code for number in range(12)]
        seeded[1].tenant.reset()
        return statuses

    first = run()
    assert set(first) == {403, 503}
    assert run() == first


@pytest.mark.parametrize("seed", [None, 8])
def test_a_mock_with_another_seed_does_not_start(seeded, start, keys, seed):
    with pytest.raises(MockIdPError, match="or another seed"):
        start(seed=seed, private_keys=keys)
