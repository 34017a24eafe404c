"""The calls of Terraform for each resource: create, read, plan, update, destroy.

Terraform compares what it wrote with what it reads. A value that only one of both answers has is a
difference that every plan shows, so these tests compare whole answers.
"""

from urllib.parse import quote

import pytest

from helpers.managed_resources import RESOURCES
from helpers.management import ManagementClient
from helpers.organizations import B2B
from mockidp.management.operations import OPERATIONS

CALLS = {(one.method, one.path): one for one in OPERATIONS}


@pytest.fixture
def idp():
    return ManagementClient(document=B2B)


def with_ids(idp, body):
    """Return the body with the id of a connection in place of its name."""
    if "connection_id" not in body:
        return body
    (found,) = idp.call("GET", "/connections", name=body["connection_id"].strip("<>")).json
    return {**body, "connection_id": found["id"]}


def assert_includes(shown, written):
    """Assert that an answer has what was written. Objects may have defaults in addition."""
    if isinstance(written, dict):
        for name, value in written.items():
            assert_includes(shown[name], value)
    else:
        assert shown == written


def without_secrets(body):
    """Return what of a body is read again: no passwords, keys and direction to a database."""
    hidden = {"connection", "password", "totp_secret", "pem", "credentials"}
    return {name: value for name, value in body.items() if name not in hidden}


def test_every_resource_is_in_the_table():
    managed = {
        path
        for method, path in CALLS
        if method == "POST"
        and {("GET", f"{path}/{{id}}"), ("DELETE", f"{path}/{{id}}")} <= {*CALLS}
    }
    assert set(RESOURCES) == managed


@pytest.mark.parametrize("kind", RESOURCES)
def test_what_was_written_is_read_until_it_is_destroyed(idp, kind):
    resource = RESOURCES[kind]
    path = f"{resource.parent}/{kind.rpartition('/')[2]}"
    body = with_ids(idp, resource.body)
    made = idp.call("POST", path, body)
    assert_includes(made.json, without_secrets(body))
    assert made.status_code == CALLS["POST", kind].status
    path = f"{path}/{quote(made.json[resource.id], safe='')}"
    read = idp.call("GET", path).json
    assert read == {**resource.only_read, **made.json}
    assert idp.call("GET", path).json == read
    if resource.change:
        changed = idp.call("PATCH", path, resource.change)
        assert changed.status_code == 200
        assert_includes(changed.json, resource.change)
        planned = idp.call("GET", path).json
        assert planned == {**resource.only_read, **changed.json}
        different = {name for name in {*read, *planned} if read.get(name) != planned.get(name)}
        assert different - {"updated_at"} == set(resource.change)
    assert idp.call("DELETE", path).status_code == resource.deleted
    assert idp.call("GET", path).status_code == 404
    assert idp.call("DELETE", path).status_code in (204, 404)


def test_every_update_is_in_the_table():
    updated = {kind for kind in RESOURCES if ("PATCH", f"{kind}/{{id}}") in CALLS}
    assert {kind for kind, resource in RESOURCES.items() if resource.change} == updated
