"""The calls for a tenant's faults. In the same process, `MockIdP.faults` is the plan itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from mockidp.codec.write import to_file
from mockidp.errors import MockIdPError
from mockidp.faults import ActiveFault, Fault
from mockidp.frozen import frozen
from mockidp.tenant.config.fault import parse_fault
from mockidp.testing.method import (
    ID,
    NO_ANSWER,
    NO_PARAMETERS,
    Form,
    Method,
    NoParameters,
    Target,
    list_of,
    parameters,
)


@frozen
class FaultState(Fault):
    """A fault with its counts. Fields with default values are left out."""

    matched: int
    """The number of exchanges to which it applied."""
    fired: int
    """The number of times that it took effect."""


@frozen
class FaultQuery:
    """The parameters of `list_faults`."""

    which: Literal["active", "unfired"] = "active"
    """Active faults; or a test's faults that have not fired, whether active or cancelled."""


def _list_faults(target: Target, query: FaultQuery) -> list[Mapping[str, Any]]:
    """Return the active faults, with how often each fired."""
    faults = target.tenant.faults
    listed = faults.unfired if query.which == "unfired" else faults
    return [_describe(one) for one in listed]


def _add_fault(target: Target, fault: Fault) -> Mapping[str, Any]:
    """Add a fault. Takes effect with the next exchange."""
    return _describe(target.tenant.faults.add(fault))


def _cancel_faults(target: Target, _request: NoParameters) -> None:
    """Cancel all faults."""
    target.tenant.faults.clear()


def _get_fault(target: Target, name: str) -> Mapping[str, Any]:
    """Return a fault by name."""
    return _describe(_find(target, name))


def _cancel_fault(target: Target, name: str) -> None:
    """Cancel a fault."""
    _find(target, name).cancel()


def _find(target: Target, name: str) -> ActiveFault:
    faults = {one.name: one for one in target.tenant.faults}
    if name not in faults:
        raise MockIdPError(f"There is no fault {name!r}. Known: {', '.join(faults) or 'none'}.")
    return faults[name]


def _describe(one: ActiveFault) -> Mapping[str, Any]:
    return {**to_file(one.fault), "name": one.name, "matched": one.matched, "fired": one.fired}


def _as_is(data: Any) -> Any:
    return data


_FAULT: Form[Fault] = Form(schema=Fault, write=to_file, read=parse_fault)
_STATE: Form[Mapping[str, Any]] = Form(schema=FaultState, write=_as_is, read=_as_is)
LIST_FAULTS = Method(
    name="list_faults",
    python=("faults.unfired",),
    http="GET /faults",
    function=_list_faults,
    parameters=parameters(FaultQuery),
    answer=list_of(_STATE),
)
ADD_FAULT = Method(
    name="add_fault",
    python=("fault",),
    http="POST /faults",
    function=_add_fault,
    parameters=_FAULT,
    answer=_STATE,
)
CANCEL_FAULTS = Method(
    name="cancel_faults",
    python=("faults.clear",),
    http="DELETE /faults",
    function=_cancel_faults,
    parameters=NO_PARAMETERS,
    answer=NO_ANSWER,
    status=204,
)
GET_FAULT = Method(
    name="get_fault",
    python=("faults",),
    http="GET /faults/{id}",
    function=_get_fault,
    parameters=ID,
    answer=_STATE,
)
CANCEL_FAULT = Method(
    name="cancel_fault",
    python=("faults.cancel",),
    http="DELETE /faults/{id}",
    function=_cancel_fault,
    parameters=ID,
    answer=NO_ANSWER,
    status=204,
)
