"""Every test method is declared once, and exists on every interface."""

import inspect
import subprocess
import sys
from dataclasses import MISSING, fields
from pathlib import Path
from typing import get_args, get_type_hints, is_typeddict

import pytest

import mockidp.testing
from mockidp import ActiveFault, MockIdP, RemoteIdP
from mockidp.clients.remote.faults import RemoteFault
from mockidp.resources.registry import TYPES
from mockidp.testing.method import NO_ANSWER, NO_PARAMETERS, Method, NoParameters, Target
from mockidp.testing.signatures.tenant import METHODS, TenantMethods
from mockidp.web.control.methods import operation_of
from mockidp.web.control.openapi import describe
from mockidp.web.control.operations import OPERATIONS

V1 = "/_mockidp/v1"
PACKAGE = Path(mockidp.testing.__file__).parent
RECORD_METHODS = {
    name
    for kind in TYPES
    for name in (
        f"list_{kind.plural}",
        *(f"{verb}_{kind.name}" for verb in ("add", "get", "patch", "remove")),
    )
}
LOCAL = {
    "start", "stop", "serve", "is_served", "app", "tenant", "transport",  # the server in this process
    "tls_url", "ca_file", "bundle_file",  # https of that server
    "close",  # the connections of RemoteIdP
    "url", "issuer",  # where the tenant is
    "faults", "clock", "journal", "outbox",  # their methods are declared
    "assert_signed_in", "assert_token_requested", "assert_no_refusals",  # made from the journal
    "exchange_tokens",  # takes a function
    "journal.misses", "journal.find_user", "journal.to_json",  # made from the other methods
}  # fmt: skip
IN_PROCESS = {
    "clock.among", "clock.change", "clock.issue_time", "clock.keep_in",
    "clock.on_change", "clock.setting",
    "faults.add", "faults.begin", "faults.counts", "faults.fire", "faults.uncount", "faults.waiting_for",
    "journal.add", "journal.begin", "journal.last_number", "journal.receive", "journal.share",
    "outbox.begin", "outbox.receive", "outbox.send", "outbox.share",
}  # fmt: skip
"""Methods for the flows, which are not part of `RemoteIdP`."""
PARTS = ("clock", "faults", "journal", "outbox")
TYPED = [method for method in METHODS if not method.python]
"""The methods with their own typed signature."""


@pytest.fixture(scope="module")
def described():
    """The paths of the OpenAPI description, which takes long to make."""
    return describe(OPERATIONS)["paths"]


@pytest.fixture(params=["in_process", "remote"])
def idp(request):
    if request.param == "in_process":
        return MockIdP(url="http://idp.test")
    return RemoteIdP("http://idp.test")


def public_names(value, prefix=""):
    return {prefix + name for name in dir(value) if not name.startswith("_")}


def resolve(value, name):
    *outer, last = name.split(".")
    for one in outer:
        value = getattr(value, one)
    return inspect.getattr_static(type(value), last)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_a_declared_method_has_the_same_signature_on_both_python_interfaces(method):
    local_idp, remote_idp = MockIdP(url="http://idp.test"), RemoteIdP("http://idp.test")
    for name in method.python_names:
        local, remote = resolve(local_idp, name), resolve(remote_idp, name)
        assert isinstance(local, property) == isinstance(remote, property)
        if not isinstance(local, property):
            signatures = [inspect.signature(one) for one in (local, remote)]
            first, second = (list(one.parameters.values()) for one in signatures)
            assert first == second


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_a_declared_method_is_an_operation_of_the_control_api(method, described):
    (found,) = (one for one in OPERATIONS if one.name == method.operation_id)
    operation = described[V1 + method.path][method.verb.lower()]
    assert (found.method, found.path, found.status) == (method.verb, method.path, method.status)
    assert operation["operationId"] == method.operation_id
    assert operation["summary"] == method.summary
    assert str(method.status) in operation["responses"]
    assert ("requestBody" in operation) == method.has_body


def test_every_method_of_a_python_interface_is_declared(idp):
    declared = {name for method in METHODS for name in method.python_names} | RECORD_METHODS
    found = public_names(idp)
    for part in PARTS:
        found |= public_names(getattr(idp, part), f"{part}.")
    assert found - declared - LOCAL - IN_PROCESS == set()
    assert declared <= found


@pytest.mark.parametrize("part", PARTS)
def test_methods_for_flows_exist_only_in_process(part):
    remote = public_names(getattr(RemoteIdP("http://idp.test"), part), f"{part}.")
    local = public_names(getattr(MockIdP(url="http://idp.test"), part), f"{part}.")
    assert local - remote == {name for name in IN_PROCESS if name.startswith(f"{part}.")}
    assert remote <= local


def test_an_active_fault_has_the_same_methods_on_both():
    def methods_of(cls):
        return {
            name: None if isinstance(one, property) else inspect.signature(one)
            for name, one in inspect.getmembers(cls, lambda one: one is not None)
            if not name.startswith("_")
        }

    local = methods_of(ActiveFault)
    del local["key"]  # the key of its counts in their store
    assert local == methods_of(RemoteFault)


def test_only_the_server_and_its_parts_differ_between_the_python_interfaces():
    local, remote = (
        public_names(MockIdP(url="http://idp.test")),
        public_names(RemoteIdP("http://x")),
    )
    of_the_server = {
        "start", "stop", "serve", "is_served", "app", "tenant", "transport", "tls_url", "ca_file",
        "bundle_file",
    }  # fmt: skip
    assert local - remote == of_the_server
    assert remote - local == {"close"}


def test_every_operation_is_a_method_or_concerns_the_whole_tenant():
    declared = {method.operation_id for method in METHODS}
    of_records = {camel_case(name) for name in RECORD_METHODS}
    names = {one.name for one in OPERATIONS}
    assert declared | of_records <= names
    assert names - declared - of_records == {
        "getTenant", "putTenant", "patchTenant",  # `idp.tenant` in process
        "listTenants", "makeTenant", "findTenant", "deleteTenant",  # another `MockIdP`
    }  # fmt: skip


def camel_case(name):
    first, *others = name.split("_")
    return first + "".join(one.capitalize() for one in others)


@pytest.mark.parametrize("name", sorted(RECORD_METHODS))
def test_a_method_for_records_is_on_every_interface(name, described):
    local, remote = getattr(MockIdP, name), getattr(RemoteIdP, name)
    assert inspect.signature(local) == inspect.signature(remote)
    assert inspect.getdoc(local).splitlines()[0].endswith(".")
    (operation,) = (one for one in OPERATIONS if one.name == camel_case(name))
    path = described[V1 + operation.path]
    assert path[operation.method.lower()]["operationId"] == operation.name


def test_the_methods_for_records_are_those_of_the_registry(tmp_path):
    script = Path(__file__).parents[2] / "scripts/generate_methods.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True)
    for generated in tmp_path.rglob("*.py"):
        committed = PACKAGE / generated.relative_to(tmp_path)
        assert committed.read_text() == generated.read_text(), f"run: python {script.name}"
    for folder in ("record_methods", "record_fields"):
        written = {path.name for path in (tmp_path / folder).iterdir()}
        committed = {path.name for path in (PACKAGE / folder).glob("*.py")}
        assert committed == written | {"base.py", "__init__.py"}


@pytest.mark.parametrize("method", TYPED, ids=lambda method: method.name)
def test_a_signature_has_the_fields_of_the_parameter_record(method):
    taken = arguments(getattr(TenantMethods, method.name))
    cls = method.parameters.schema
    if method.has_id and method.has_body:
        assert taken.keys() == arguments(TenantMethods.add_claim).keys()
        return
    if method.has_id or not hasattr(cls, "__dataclass_fields__"):
        assert len(taken) == 1
        return
    names = {one.metadata.get("name", one.name): one for one in fields(cls)}
    assert taken.keys() == names.keys()
    for name, one in names.items():
        is_required = one.default is MISSING and one.default_factory is MISSING
        assert (taken[name] is inspect.Parameter.empty) == is_required, name


def arguments(function):
    """Return the defaults of a method's arguments. Those of `**words` are None."""
    taken = {}
    hints = get_type_hints(function)
    for name, one in list(inspect.signature(function).parameters.items())[1:]:
        if one.kind is inspect.Parameter.VAR_KEYWORD:
            (words,) = get_args(hints[name])
            assert is_typeddict(words)
            taken |= dict.fromkeys(get_type_hints(words))
        else:
            taken[name.rstrip("_")] = one.default  # `from` and `in` are keywords of Python
    return taken


@pytest.mark.parametrize("method", TYPED, ids=lambda method: method.name)
def test_a_docstring_describes_a_method_and_each_argument(method):
    function = getattr(MockIdP, method.name)
    text = inspect.getdoc(function)
    assert text.splitlines()[0].endswith(".")
    for name in list(inspect.signature(function).parameters)[1:]:
        assert f"{name}: " in text or name == "snapshot", name
    assert method.summary.endswith(".")


def test_a_declaration_is_enough_for_an_operation():
    def count_users(target: Target, _request: NoParameters) -> None:
        """Count the users."""
        len(target.tenant.directory.users)

    declared = Method(
        name="count_users", http="POST /user-counts", function=count_users, parameters=NO_PARAMETERS,
        answer=NO_ANSWER, status=204,
    )  # fmt: skip
    operation = operation_of(declared)
    document = describe([operation])
    assert document["paths"][f"{V1}/user-counts"]["post"]["operationId"] == "countUsers"
    assert operation.route.path == f"{V1}/user-counts"
