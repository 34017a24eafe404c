"""The methods for faults: add, limit, list and cancel."""

import pytest

from helpers.acme import API
from mockidp import MockIdPError


def test_a_fault_is_active_until_it_is_cancelled(idp, wire):
    fault = idp.fault("token", status=503)
    assert [wire.machine_token(audience=API).status_code for _ in range(2)] == [503, 503]
    assert (fault.matched, fault.fired, list(idp.faults)) == (2, 2, [fault])
    fault.cancel()
    assert wire.machine_token(audience=API).status_code == 200
    assert list(idp.faults) == []


def test_a_fault_ends_with_its_with_block(idp, wire):
    with idp.fault("token", rate_limit=True):
        assert wire.machine_token(audience=API).status_code == 429
    assert wire.machine_token(audience=API).status_code == 200


def test_a_fault_can_be_limited_by_conditions_and_counts(idp, wire):
    idp.fault("token", when={"client": "m2m", "audience": API}, times=1, after=1, status=500)
    statuses = [wire.machine_token(audience=API).status_code for _ in range(3)]
    assert statuses == [200, 500, 200]
    idp.fault("token", when={"user": "bob", "grant": "password"}, status=500)
    assert wire.machine_token(audience=API).status_code == 200


def test_a_probability_follows_the_seed(interface):
    def statuses(seed):
        idp = interface.make(seed=seed)
        wire = interface.wire(idp)
        idp.fault("jwks", status=503, probability=0.5)
        return [wire.get("/.well-known/jwks.json").status_code for _ in range(20)]

    assert statuses(1) == statuses(1) != statuses(2)
    assert set(statuses(1)) == {200, 503}


@pytest.mark.parametrize(
    ("endpoint", "words", "message"),
    [
        ("tokn", {"status": 500}, "endpoint: found the string 'tokn', expected one of authorize,"),
        ("token", {}, "found a fault without an effect"),
        ("token", {"statsu": 500}, "did you mean status?"),
        ("token", {"status": "500"}, "status: found the string '500', expected a whole number"),
        (
            "token",
            {"alg": "none"},
            "alg at token, expected alg at id_token, access_token or logout_token",
        ),
        ("token", {"status": 500, "when": {"cleint": "web"}}, "when.cleint: found an unknown key"),
        ("token", {"status": 500, "probability": 2}, "a number from 0 to 1"),
    ],
)
def test_an_invalid_fault_is_reported(idp, endpoint, words, message):
    with pytest.raises(MockIdPError) as caught:
        idp.fault(endpoint, **words)
    assert message in str(caught.value)
    assert len(idp.faults) == 0
