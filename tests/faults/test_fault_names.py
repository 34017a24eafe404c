"""The names of faults."""

import pytest

from helpers.acme import ACME
from mockidp.faults import Fault
from mockidp.tenant.config.fault import parse_fault
from mockidp.tenant.tenant import Tenant


@pytest.fixture
def tenant():
    return Tenant(ACME)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ({"endpoint": "token", "rate_limit": True}, "token: rate_limit"),
        ({"endpoint": "*", "delay": 2}, "*: delay"),
        ({"endpoint": "token", "error": "invalid_grant", "description": "x"}, "token: error invalid_grant"),
        ({"endpoint": "token", "status": 503, "body": "x"}, "token: status 503"),
        ({"endpoint": "id_token", "wrong": ["iss", "aud"], "expired": True}, "id_token: expired, wrong iss and aud"),
        ({"endpoint": "id_token", "set": {"a": 1, "b": 2}, "remove": ["c"]}, "id_token: set a and b, remove c"),
        ({"endpoint": "id_token", "alg": "none", "header": {"typ": None}}, "id_token: header typ, alg none"),
        ({"endpoint": "callback", "refuse": "user_blocked"}, "callback: refuse user_blocked"),
        ({"endpoint": "jwks", "stale": True, "name": "late keys"}, "late keys"),
    ],
)  # fmt: skip
def test_a_default_name_has_the_endpoint_and_the_words(tenant, words, name):
    assert tenant.faults.add(parse_fault(words)).name == name


def test_names_are_unique(tenant):
    names = [tenant.faults.add(Fault(endpoint="token", rate_limit=True)).name for _ in range(3)]
    assert names == ["token: rate_limit", "token: rate_limit 2", "token: rate_limit 3"]
    tenant.faults.cancel("token: rate_limit 2")
    assert tenant.faults.add(Fault(endpoint="token", rate_limit=True)).name == "token: rate_limit 2"
