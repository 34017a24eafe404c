"""SCIM configurations and tokens: tenant files, snapshots, resets and restarts."""

import json

import pytest

from helpers.management import granting
from helpers.persisted_tenant import started
from helpers.scim import SCOPES, ZOE, Directory, company
from helpers.tenant_client import TenantClient, bearer
from mockidp.codec.write import to_file
from mockidp.tenant.config.load import parse_tenant
from mockidp.tenant.state.snapshot_data import snapshot_data, snapshot_from
from mockidp.tenant.tenant import Tenant

FILE = """
connections:
  - name: corp
    strategy: samlp
    scim_configuration:
      user_id_attribute: externalId
      mapping:
        - {scim: userName, auth0: username}
"""


def test_a_tenant_file_has_the_configuration_of_a_connection_as_the_deploy_cli_does():
    connection = parse_tenant(FILE).connections[0]
    configuration = connection.scim_configuration
    assert configuration.user_id_attribute_of("samlp") == "externalId"
    assert [(one.scim, one.auth0) for one in configuration.mapping_of("samlp")] == [
        ("userName", "username")
    ]
    assert to_file(connection)["scim_configuration"] == {
        "user_id_attribute": "externalId",
        "mapping": [{"scim": "userName", "auth0": "username"}],
    }


@pytest.fixture
def idp():
    return Directory()


def works(idp, tenant):
    """Return whether the SCIM token of a tenant works in another."""
    path = f"/scim/v2/connections/{idp.connection_id}/Users"
    answer = TenantClient(tenant=tenant).get(path, headers=bearer(idp.scim_token))
    return answer.status_code == 200


def test_a_snapshot_has_the_tokens_without_their_secrets(idp):
    data = json.loads(json.dumps(snapshot_data(idp.tenant.snapshot())))
    assert idp.scim_token not in str(data)
    assert idp.scim_token.partition(".")[2] not in str(data)
    tenant = Tenant()
    assert not works(idp, tenant)
    tenant.restore(snapshot_from(data))
    assert works(idp, tenant)


def test_a_snapshot_has_the_groups():
    idp = Directory(scopes=SCOPES)
    made = idp.push_group(ZOE)
    data = json.loads(json.dumps(snapshot_data(idp.tenant.snapshot())))
    idp.tenant.reset()
    assert idp.tenant.scim_groups.get(made["id"]) is None
    idp.tenant.restore(snapshot_from(data))
    assert idp.scim("GET", f"/Groups/{made['id']}").json == made


def test_a_reset_removes_new_tokens(idp):
    idp.tenant.reset()
    assert not works(idp, idp.tenant)


def test_a_token_survives_a_restart(tmp_path):
    document = granting(document=company())
    with started(tmp_path, document) as tenant:
        idp = Directory(tenant=tenant)
    with started(tmp_path, document) as tenant:
        assert works(idp, tenant)
