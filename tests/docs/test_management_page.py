"""docs/reference/management.md names the tests of each call, as the source of the tests shows."""

import sys
from pathlib import Path

import pytest

from helpers.management_calls import called_operations, operation_of
from mockidp.management.operations import OPERATIONS

sys.path.insert(0, str(Path(__file__).parents[2] / "docs/reference"))
from management_page import call_of, modules_by_call, tier_of


def test_every_call_that_logins_depend_on_has_a_test():
    modules = modules_by_call()
    checked = [call_of(one) for one in OPERATIONS if tier_of(one) == 1]
    assert [call for call in checked if not modules[call]] == []


@pytest.mark.parametrize(
    ("call", "path"),
    [
        ("GET /roles?page=1", "/roles"),
        ("PATCH /users/auth0%7Cx", "/users/{id}"),
        ("GET /organizations/name/acme", "/organizations/name/{id}"),
        ("GET /organizations/{id}/members", "/organizations/{id}/members"),
        ("GET /custom-domains/default", "/custom-domains/default"),
        ("GET /custom-domains/{id}", "/custom-domains/{id}"),
    ],
)
def test_a_call_reaches_the_operation_with_the_most_fixed_segments(call, path):
    assert operation_of(*call.split()).path == path


@pytest.mark.parametrize("call", ["GET /nothing", "POST /roles/x", "GET {id}", "GET {id}/members"])
def test_other_calls_reach_no_operation(call):
    assert operation_of(*call.split()) is None


@pytest.mark.parametrize(
    ("source", "calls"),
    [
        ('idp.call("GET", "/roles")', ["GET /roles"]),
        ('idp.request("GET", "/api/v2/roles", headers=headers)', ["GET /roles"]),
        ('idp.call("GET", f"/roles/{role.id}")', ["GET /roles/{id}"]),
        ('idp.call("GET", ONE)', ["GET /roles/{id}"]),
        ('idp.call("GET", f"{ONE}/users")', ["GET /roles/{id}/users"]),
        ('path = f"{ONE}/users"\n    idp.call("GET", path)', ["GET /roles/{id}/users"]),
        ('idp.call("GET", path)', []),
        ('idp.call(method, "/roles")', []),
        ('print("GET")', []),
        ('for one in ("/roles", "/users"): idp.call("GET", one)', ["GET /roles", "GET /users"]),
        ("[idp.call(method, path) for method, path in CALLS]", ["GET /roles", "POST /users"]),
    ],
)
def test_calls_are_found_in_the_source_of_a_test(tmp_path, source, calls):
    module = tmp_path / "test_module.py"
    constants = 'ONE = "/roles/rol_1"\nCALLS = [("GET", "/roles"), ("POST", "/users")]\n'
    module.write_text(f"{constants}def test_it(idp):\n    {source}\n")
    assert sorted(call_of(one) for one in called_operations(module)) == calls


def test_each_row_of_a_parametrized_test_is_a_call(tmp_path):
    module = tmp_path / "test_module.py"
    module.write_text(
        '@pytest.mark.parametrize("suffix", ["", "/users"])\n'
        "@pytest.mark.parametrize(\n"
        '    ("method", "path"), [("GET", "/roles/x"), pytest.param("POST", "/roles/x")]\n'
        ")\n"
        "def test_it(idp, method, path, suffix):\n"
        '    idp.call(method, f"{path}{suffix}")\n'
    )
    assert sorted(call_of(one) for one in called_operations(module)) == [
        "GET /roles/{id}",
        "GET /roles/{id}/users",
        "POST /roles/{id}/users",
    ]
