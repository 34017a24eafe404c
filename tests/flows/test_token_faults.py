"""Faults in tokens that a test mints."""

import pytest

from helpers.acme import API
from helpers.tenant_client import claims_of, header_of
from mockidp.errors import MockIdPError
from mockidp.tenant.config.fault import parse_fault
from mockidp.testing.mint import mint_access_token, mint_id_token

URL = "http://localhost:9400"


def access_token(idp, **words):
    fault = parse_fault({"endpoint": "access_token", **words}) if words else None
    return mint_access_token(idp.tenant, URL, audience=API, user="alice", fault=fault).access_token


def id_token(idp, **words):
    fault = parse_fault({"endpoint": "id_token", **words}) if words else None
    return mint_id_token(idp.tenant, URL, user="alice", client="web", nonce="n", fault=fault)


@pytest.mark.parametrize("make", [access_token, id_token])
@pytest.mark.parametrize(
    ("words", "changed"),
    [
        ({"wrong": "sub"}, {"sub": "auth0|another-user"}),
        ({"set": {"roles": ["a"]}}, {"roles": ["a"]}),
        ({"alg": "none"}, {}),
    ],
)
def test_a_fault_changes_the_token(idp, make, words, changed):
    good, bad = make(idp), make(idp, **words)
    assert claims_of(bad) == claims_of(good) | changed
    assert (header_of(bad)["alg"] == "none") is ("alg" in words)
    assert idp.tenant.injection.fired == []


def test_a_fault_changes_the_token_of_a_machine(idp):
    fault = parse_fault({"endpoint": "access_token", "expired": True})
    token = mint_access_token(idp.tenant, URL, audience=API, client="m2m", fault=fault)
    assert claims_of(token.access_token)["exp"] < idp.tenant.now()


def test_a_fault_does_not_change_an_opaque_token(idp):
    fault = parse_fault({"endpoint": "access_token", "expired": True})
    with pytest.raises(MockIdPError, match="opaque"):
        mint_access_token(idp.tenant, URL, user="alice", fault=fault)


def test_two_tokens_with_the_same_fault_are_equal(idp):
    first, second = (id_token(idp, signature="another_key") for _ in range(2))
    assert first == second != id_token(idp)
