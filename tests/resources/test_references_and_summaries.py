"""References between records, deletions, and the summaries of `mockidp check`."""

import pytest

from mockidp.cli.check import render_check
from mockidp.errors import MockIdPError
from mockidp.resources.client import Client
from mockidp.resources.resource_server import API
from mockidp.resources.role import ROLE
from mockidp.tenant.config.load import parse_tenant
from mockidp.tenant.tenant import Tenant
from mockidp.testing.records import patch, remove

FILE = """
databases: [{name: db}]
resourceServers:
  - {identifier: https://a.example/, scopes: [read, write]}
  - {identifier: https://b.example/, scopes: [read, write]}
roles:
  - name: editor
    permissions:
      - {permission_name: read, resource_server_identifier: https://a.example/}
      - {permission_name: write, resource_server_identifier: https://b.example/}
users: [{user_id: auth0|alice}]
organizations:
  - {name: shop, members: [{user_id: auth0|alice, roles: [editor]}], connections: [{name: db}]}
"""


@pytest.fixture
def tenant():
    return Tenant(parse_tenant(FILE))


def test_a_scope_is_removed_if_only_another_api_has_a_permission_of_that_name(tenant):
    api = patch(tenant, API, "https://a.example/", {"scopes": ["read"]})
    assert api.scope_values == ("read",)
    with pytest.raises(MockIdPError, match="a change that removes 'write', expected 'write'"):
        patch(tenant, API, "https://b.example/", {"scopes": ["read"]})


def test_removing_a_missing_record_is_not_an_error(tenant):
    assert remove(tenant, ROLE, "nobody") is False
    assert remove(tenant, ROLE, "editor") is True
    assert remove(tenant, ROLE, "editor") is False


def test_check_shows_an_organization_with_members_and_connections():
    lines = render_check("FILE", parse_tenant(FILE)).splitlines()
    assert lines[lines.index("organizations") + 1] == "  shop  db  auth0|alice"


def test_the_differences_of_many_records_are_not_kept_forever(tenant):
    directory = tenant.directory
    records = [
        Client(client_id=str(number), extra={"sso_disabled": True}) for number in range(1500)
    ]
    for record in records:
        assert [name for name, _ in directory.differences_of(record)] == ["sso_disabled"]
    (first, *_) = records
    assert [name for name, _ in directory.differences_of(first)] == ["sso_disabled"]
