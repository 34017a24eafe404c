"""Real clients react to every fault as the cases say, and succeed without it."""

import pytest

from .cases import CASES, CLOCK_CASES
from .clients import outcome_without_fault


def check(outcome, case, idp):
    """Compare the outcome of a client with that of the case."""
    if case.outcome == "refuses":
        assert case.text in (outcome.refused or ""), outcome
    elif case.outcome == "recovers":
        assert outcome == outcome_without_fault(case.does, idp)
    else:
        assert outcome.hangs == (case.outcome == "hangs"), outcome
        assert outcome.refused is None, outcome


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_client_reacts_to_a_fault_and_succeeds_without_it(case, idp, act):
    with idp.fault(case.endpoint, **case.words) as fault:
        outcome = act(case.package, case.does)
    assert fault.fired, f"the fault did not fire: {outcome}"
    check(outcome, case, idp)
    assert act(case.package, case.does) == outcome_without_fault(case.does, idp)


@pytest.mark.parametrize("case", CLOCK_CASES, ids=str)
def test_a_client_reacts_to_clock_skew_and_succeeds_without_it(case, idp, act):
    idp.clock.skew = case.words["skew"]
    check(act(case.package, case.does), case, idp)
    idp.clock.skew = 0
    assert act(case.package, case.does) == outcome_without_fault(case.does, idp)
