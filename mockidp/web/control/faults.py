"""`/faults`: what is to go wrong, listed, added and cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from mockidp.codec.write import to_file
from mockidp.faults import ActiveFault, Fault
from mockidp.protocol.problem import Problem
from mockidp.tenant.config.fault import parse_fault
from mockidp.web.control.operation import Call, Operation


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultState(Fault):
    """A fault that is not cancelled; what is as by default is left out."""

    matched: int
    """How many exchanges it was for."""
    fired: int
    """How often it went wrong."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultQuery:
    """Which faults."""

    which: Literal["active", "unfired"] = "active"
    """Those that are not cancelled; or a test's that spoiled nothing so far, cancelled or not."""


def _list(call: Call) -> Any:
    faults = call.tenant.faults
    listed = faults.unfired if call.query.which == "unfired" else faults
    return [_describe(one) for one in listed]


def _add(call: Call) -> Any:
    return _describe(call.tenant.faults.add(parse_fault(call.body)))


def _get(call: Call) -> Any:
    return _describe(_find(call))


def _cancel(call: Call) -> None:
    _find(call).cancel()


def _find(call: Call) -> ActiveFault:
    faults = {one.name: one for one in call.tenant.faults}
    if call.id not in faults:
        raise Problem(404, f"no fault {call.id!r}; there are: {', '.join(faults) or 'none'}")
    return faults[call.id]


def _describe(one: ActiveFault) -> dict[str, Any]:
    return {**to_file(one.fault), "name": one.name, "matched": one.matched, "fired": one.fired}


OPERATIONS = (
    Operation(
        name="listFaults",
        method="GET",
        path="/faults",
        summary="The faults that are not cancelled, with how often each fired.",
        handler=_list,
        query=FaultQuery,
        answer=list[FaultState],
    ),
    Operation(
        name="addFault",
        method="POST",
        path="/faults",
        summary="Let something go wrong from now on.",
        handler=_add,
        body=Fault,
        structured=False,
        answer=FaultState,
    ),
    Operation(
        name="cancelFaults",
        method="DELETE",
        path="/faults",
        summary="Cancel all faults.",
        handler=lambda call: call.tenant.faults.clear(),
        status=204,
    ),
    Operation(
        name="getFault",
        method="GET",
        path="/faults/{id}",
        summary="One fault, by name.",
        handler=_get,
        answer=FaultState,
    ),
    Operation(
        name="cancelFault",
        method="DELETE",
        path="/faults/{id}",
        summary="Cancel one fault.",
        handler=_cancel,
        status=204,
    ),
)
