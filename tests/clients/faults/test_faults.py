"""Every fault meets a real client: it refuses, and without the fault the same client goes on."""

import pytest

from .cases import CASES, CLOCK_CASES
from .clients import sound


def check(met, case, idp):
    """Compare what a client made of a fault with what the case says."""
    if case.outcome == "refuses":
        assert case.text in (met.refused or ""), met
    elif case.outcome == "recovers":
        assert met == sound(case.does, idp)
    else:
        assert met.hangs == (case.outcome == "hangs"), met
        assert met.refused is None, met


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_client_meets_a_fault_and_goes_on_without_it(case, idp, act):
    with idp.fault(case.endpoint, **case.words) as fault:
        met = act(case.package, case.does)
    assert fault.fired, f"the fault did not fire: {met}"
    check(met, case, idp)
    assert act(case.package, case.does) == sound(case.does, idp)


@pytest.mark.parametrize("case", CLOCK_CASES, ids=str)
def test_a_client_meets_tokens_of_another_time_and_takes_those_of_its_own(case, idp, act):
    idp.clock.skew = case.words["skew"]
    check(act(case.package, case.does), case, idp)
    idp.clock.skew = 0
    assert act(case.package, case.does) == sound(case.does, idp)
