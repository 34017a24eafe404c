"""Notes and warnings at the end of a block whose tenant ends with it."""

import pytest
import requests

from mockidp import MockIdP, UnfiredFaultWarning, intercept

DOMAIN = "acme.eu.auth0.com"


def get_jwks(times=1):
    for _ in range(times):
        requests.get(f"https://{DOMAIN}/.well-known/jwks.json", timeout=5)


@intercept(DOMAIN)
def add_unfired_fault(idp, error=None):
    idp.fault("token", name="mine", status=500)
    get_jwks()
    if error:
        raise error


@intercept(DOMAIN)
def fail(times):
    get_jwks(times)
    raise KeyError


def test_a_fault_that_never_fired_causes_a_warning():
    with pytest.warns(UnfiredFaultWarning, match="Fault 'mine' at token never fired") as caught:
        add_unfired_fault()
    assert len(caught) == 1


def test_a_failed_block_does_not_warn_about_unfired_faults():
    with pytest.raises(KeyError):
        add_unfired_fault(error=KeyError())


def test_a_given_tenant_causes_no_warning():
    idp = MockIdP()
    idp.fault("token", status=500)
    with intercept(DOMAIN, idp=idp):
        get_jwks()
    assert len(idp.faults.unfired) == 1


def test_the_error_of_a_failed_block_has_a_note_with_the_exchanges():
    with pytest.raises(KeyError) as caught:
        fail(1)
    (note,) = caught.value.__notes__
    assert note.startswith("mockidp:\n#1 jwks GET 200")


def test_the_note_has_the_last_20_exchanges():
    with pytest.raises(KeyError) as caught:
        fail(25)
    assert caught.value.__notes__[0].startswith("mockidp:\n#6 jwks GET 200")


def test_an_error_without_exchanges_has_no_note():
    with pytest.raises(KeyError) as caught:
        fail(0)
    assert not hasattr(caught.value, "__notes__")
