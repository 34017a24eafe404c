"""Every test method is declared once, and every interface has every declared method."""

import inspect
from dataclasses import MISSING, fields
from typing import get_args, get_type_hints, is_typeddict

import pytest

from mockidp import ActiveFault, MockIdP, RemoteIdP
from mockidp.clients.remote.faults import RemoteFault
from mockidp.testing.method import Method, Nothing, Target
from mockidp.testing.tenant_methods import METHODS, TenantMethods
from mockidp.web.control.methods import operation_of
from mockidp.web.control.openapi import describe
from mockidp.web.control.operations import OPERATIONS

V1 = "/_mockidp/v1"
LOCAL = {
    "start", "stop", "serve", "is_served", "app", "tenant", "transport",  # the server in this process
    "tls_url", "ca_file", "bundle_file",  # https of that server
    "close",  # the connections of RemoteIdP
    "url", "issuer",  # where the tenant is
    "faults", "clock", "journal", "outbox",  # their methods are declared
    "assert_signed_in", "assert_token_requested", "assert_no_refusals",  # made from the journal
    "add_user", "add_client", "patch_client", "add_api", "add_claim",  # records
    "journal.misses", "journal.find_user", "journal.to_json",  # made from the other methods
}  # fmt: skip
IN_PROCESS = {
    "clock.among", "clock.change", "clock.issue_time", "clock.keep_in", "clock.setting",
    "faults.add", "faults.begin", "faults.counts", "faults.fire", "faults.uncount", "faults.waiting_for",
    "journal.add", "outbox.send",
}  # fmt: skip
"""What the flows use: not for tests, and not part of `RemoteIdP`."""
PARTS = ("clock", "faults", "journal", "outbox")
TYPED = [method for method in METHODS if not method.python]
"""The methods with one typed signature of their own."""


@pytest.fixture(params=["in_process", "remote"])
def idp(request):
    if request.param == "in_process":
        return MockIdP(url="http://idp.test")
    return RemoteIdP("http://idp.test")


def public_names(thing, prefix=""):
    return {prefix + name for name in dir(thing) if not name.startswith("_")}


def resolve(thing, name):
    *outer, last = name.split(".")
    for one in outer:
        thing = getattr(thing, one)
    return inspect.getattr_static(type(thing), last)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_a_declared_method_is_on_both_python_interfaces_with_the_same_signature(method):
    mine, theirs = MockIdP(url="http://idp.test"), RemoteIdP("http://idp.test")
    for name in method.python_names:
        here, there = resolve(mine, name), resolve(theirs, name)
        assert isinstance(here, property) == isinstance(there, property)
        if not isinstance(here, property):
            mine_takes, theirs_take = (inspect.signature(one) for one in (here, there))
            assert list(mine_takes.parameters.values()) == list(theirs_take.parameters.values())


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_a_declared_method_is_an_operation_of_the_control_api(method):
    (found,) = (one for one in OPERATIONS if one.name == method.operation_id)
    described = describe(OPERATIONS)["paths"][V1 + method.path][method.verb.lower()]
    assert (found.method, found.path, found.status) == (method.verb, method.path, method.status)
    assert described["operationId"] == method.operation_id
    assert described["summary"] == method.summary
    assert str(method.status) in described["responses"]
    assert ("requestBody" in described) == method.has_body


def test_no_python_interface_has_a_method_that_is_not_declared(idp):
    declared = {name for method in METHODS for name in method.python_names}
    found = public_names(idp)
    for part in PARTS:
        found |= public_names(getattr(idp, part), f"{part}.")
    assert found - declared - LOCAL - IN_PROCESS == set()
    assert declared <= found


@pytest.mark.parametrize("part", PARTS)
def test_what_flows_use_is_in_process_only(part):
    theirs = public_names(getattr(RemoteIdP("http://idp.test"), part), f"{part}.")
    mine = public_names(getattr(MockIdP(url="http://idp.test"), part), f"{part}.")
    assert mine - theirs == {name for name in IN_PROCESS if name.startswith(f"{part}.")}
    assert theirs <= mine


def test_an_active_fault_has_the_same_methods_on_both():
    def of(cls):
        return {
            name: None if isinstance(one, property) else inspect.signature(one)
            for name, one in inspect.getmembers(cls, lambda one: one is not None)
            if not name.startswith("_")
        }

    mine = of(ActiveFault)
    del mine["key"]  # of its counts in their store
    assert mine == of(RemoteFault)


def test_only_the_server_and_its_parts_differ_between_the_python_interfaces():
    mine, theirs = public_names(MockIdP(url="http://idp.test")), public_names(RemoteIdP("http://x"))
    of_the_server = {
        "start", "stop", "serve", "is_served", "app", "tenant", "transport", "tls_url", "ca_file",
        "bundle_file",
    }  # fmt: skip
    assert mine - theirs == of_the_server
    assert theirs - mine == {"close"}


def test_every_operation_is_a_declared_method_or_about_records_and_tenants():
    declared = {method.operation_id for method in METHODS}
    others = {one.path.split("/")[1] for one in OPERATIONS if one.name not in declared}
    assert others == {"users", "clients", "apis", "claims", "tenant", "tenants"}


@pytest.mark.parametrize("method", TYPED, ids=lambda method: method.name)
def test_a_signature_takes_the_fields_of_the_parameter_record(method):
    taken = arguments(getattr(TenantMethods, method.name))
    cls = method.parameters.schema
    if method.has_id or not hasattr(cls, "__dataclass_fields__"):
        assert len(taken) == 1
        return
    assert taken.keys() == {one.name for one in fields(cls)}
    for one in fields(cls):
        is_required = one.default is MISSING and one.default_factory is MISSING
        assert (taken[one.name] is inspect.Parameter.empty) == is_required, one.name


def arguments(function):
    """Return the defaults of a method's arguments; those of `**words` are None."""
    taken = {}
    hints = get_type_hints(function)
    for name, one in list(inspect.signature(function).parameters.items())[1:]:
        if one.kind is inspect.Parameter.VAR_KEYWORD:
            (words,) = get_args(hints[name])
            assert is_typeddict(words)
            taken |= dict.fromkeys(get_type_hints(words))
        else:
            taken[name] = one.default
    return taken


@pytest.mark.parametrize("method", TYPED, ids=lambda method: method.name)
def test_help_describes_a_method_and_each_of_its_arguments(method):
    function = getattr(MockIdP, method.name)
    text = inspect.getdoc(function)
    assert text.splitlines()[0].endswith(".")
    for name in list(inspect.signature(function).parameters)[1:]:
        assert f"{name}: " in text or name == "snapshot", name
    assert method.summary.endswith(".")


def test_a_new_declaration_becomes_an_operation_with_nothing_else():
    def count_users(target: Target, _asked: Nothing) -> None:
        """Count the users."""
        len(target.tenant.directory.users)

    from mockidp.testing.method import NO_ANSWER, NOTHING

    made = Method(
        name="count_users", http="POST /user-counts", function=count_users, parameters=NOTHING,
        answer=NO_ANSWER, status=204,
    )  # fmt: skip
    operation = operation_of(made)
    document = describe([operation])
    assert document["paths"][f"{V1}/user-counts"]["post"]["operationId"] == "countUsers"
    assert operation.route.path == f"{V1}/user-counts"
