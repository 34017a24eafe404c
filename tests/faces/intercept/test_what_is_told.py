"""What a block tells when it ends: nobody can ask its tenant any more."""

import pytest
import requests

from mockidp import MockIdP, UnfiredFaultWarning, intercept

DOMAIN = "acme.eu.auth0.com"


def ask(times=1):
    for _ in range(times):
        requests.get(f"https://{DOMAIN}/.well-known/jwks.json", timeout=5)


@intercept(DOMAIN)
def expect_too_much(idp, error=None):
    idp.fault("token", name="mine", status=500)
    ask()
    if error:
        raise error


@intercept(DOMAIN)
def fail(times):
    ask(times)
    raise KeyError


def test_it_warns_of_a_fault_that_never_fired():
    with pytest.warns(UnfiredFaultWarning, match="fault 'mine' at token never fired") as caught:
        expect_too_much()
    assert len(caught) == 1


def test_it_does_not_where_something_else_went_wrong():
    with pytest.raises(KeyError):
        expect_too_much(error=KeyError())


def test_whoever_lends_a_tenant_is_asked_himself():
    idp = MockIdP()
    idp.fault("token", status=500)
    with intercept(DOMAIN, idp=idp):
        ask()
    assert len(idp.faults.unfired) == 1


def test_what_fails_has_its_exchanges_beside_it():
    with pytest.raises(KeyError) as caught:
        fail(1)
    (note,) = caught.value.__notes__
    assert note.startswith("mockidp:\n#1 jwks GET 200")


def test_of_many_exchanges_the_last_are_told():
    with pytest.raises(KeyError) as caught:
        fail(25)
    assert caught.value.__notes__[0].startswith("mockidp:\n#6 jwks GET 200")


def test_without_any_nothing_is_told():
    with pytest.raises(KeyError) as caught:
        fail(0)
    assert not hasattr(caught.value, "__notes__")
