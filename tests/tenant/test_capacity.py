"""The setting `capacity`: how many sessions, codes and tokens a tenant keeps."""

from dataclasses import replace

import pytest

from mockidp.codec.mistakes import ConfigError
from mockidp.protocol.tokens.artifacts import Consent
from mockidp.tenant.config.plain import structure_tenant
from mockidp.tenant.tenant import Tenant


def consents(tenant, count):
    for number in range(count):
        user = f"auth0|{number}"
        tenant.consents.put(user, Consent(client_id="web", user_id=user, audience="", scope=()))
    return tenant.consents.keys()


def with_capacity(document, capacity):
    return replace(document, mockidp=replace(document.mockidp, capacity=capacity))


def test_the_oldest_entries_beyond_the_capacity_are_deleted():
    tenant = Tenant(structure_tenant({"mockidp": {"capacity": 3}}, source="test"))
    assert consents(tenant, 5) == ("auth0|2", "auth0|3", "auth0|4")
    assert tenant.consents.scan("user", "auth0|1") == ()


def test_a_changed_capacity_applies_to_the_next_change():
    tenant = Tenant()
    assert len(consents(tenant, 5)) == 5
    tenant.change(with_capacity(tenant.document, 2))
    assert consents(tenant, 1) == ("auth0|4", "auth0|0")
    tenant.change(with_capacity(tenant.document, 20_000))
    assert len(consents(tenant, 10_100)) == 10_100


@pytest.mark.parametrize("capacity", [0, -1, 10_000_001])
def test_a_capacity_that_cannot_be_is_refused(capacity):
    with pytest.raises(ConfigError, match="expected a number from 1 to 10000000"):
        structure_tenant({"mockidp": {"capacity": capacity}}, source="test")


def test_records_of_the_tenant_file_have_no_capacity():
    users = [{"user_id": f"auth0|{number}"} for number in range(5)]
    document = {"users": users, "mockidp": {"capacity": 1}}
    assert len(Tenant(structure_tenant(document, source="test")).directory.users) == 5
