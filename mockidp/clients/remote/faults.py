"""The faults of a tenant that runs elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Literal, Self

from mockidp.clients.remote.calls import call
from mockidp.clients.remote.control_client import ControlClient, Refused
from mockidp.faults import Fault, counted
from mockidp.tenant.config.fault import parse_fault
from mockidp.testing.method import NoParameters
from mockidp.testing.methods.faults import (
    CANCEL_FAULT,
    CANCEL_FAULTS,
    GET_FAULT,
    LIST_FAULTS,
    FaultQuery,
)

_COUNTED = ("matched", "fired")
_NOT_FOUND = 404


class RemoteFault:
    """An active fault. Its counts are read from the mock each time.

    After it is cancelled, it keeps the last known counts.

    Attributes:
        fault: What goes wrong.
        name: Its name in the journal and in hints.
        predicate: Always None, because a function cannot be sent.
    """

    predicate = None

    def __init__(self, control: ControlClient, described: Mapping[str, Any]) -> None:
        self._control = control
        self._last = described
        self._is_gone = False
        words = {key: value for key, value in described.items() if key not in _COUNTED}
        self.fault: Fault = parse_fault(words)
        self.name: str = described["name"]

    @property
    def matched(self) -> int:
        """How many exchanges it applied to."""
        return int(self._read()["matched"])

    @property
    def fired(self) -> int:
        """How often it took effect."""
        return int(self._read()["fired"])

    def cancel(self) -> None:
        """Cancel the fault. An answer that it delays is sent at once."""
        self._read()
        if not self._is_gone:
            _cancel(self._control, self.name)
            self._is_gone = True

    def __str__(self) -> str:
        return counted(self.name, self.fired, self.fault.times)

    def __repr__(self) -> str:
        return f"<fault {self.name} at {self._control.url}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RemoteFault):
            return NotImplemented
        return (self._control.url, self.name) == (other._control.url, other.name)

    def __hash__(self) -> int:
        return hash((self._control.url, self.name))

    def _read(self) -> Mapping[str, Any]:
        """Return its state. A cancelled fault is not read again, as a new one may have its name."""
        if self._is_gone:
            return self._last
        try:
            self._last = call(self._control, GET_FAULT, self.name)
        except Refused as refused:
            if refused.status != _NOT_FOUND:
                raise
            self._is_gone = True
        return self._last

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.cancel()


class RemoteFaultPlan:
    """The active faults, in the order in which they were added."""

    def __init__(self, control: ControlClient) -> None:
        self._control = control

    def __iter__(self) -> Iterator[RemoteFault]:
        return iter(self._list())

    def __len__(self) -> int:
        return len(self._list())

    def __repr__(self) -> str:
        return f"<faults at {self._control.url}>"

    @property
    def unfired(self) -> tuple[RemoteFault, ...]:
        """A test's faults that have not fired, whether active or cancelled."""
        return tuple(self._list(which="unfired"))

    def cancel(self, name: str) -> bool:
        """Cancel a fault by name. Return whether it existed."""
        return _cancel(self._control, name)

    def clear(self) -> None:
        """Cancel all faults, and forget cancelled ones."""
        call(self._control, CANCEL_FAULTS, NoParameters())

    def _list(self, which: Literal["active", "unfired"] = "active") -> list[RemoteFault]:
        listed = call(self._control, LIST_FAULTS, FaultQuery(which=which))
        return [RemoteFault(self._control, one) for one in listed]


def _cancel(control: ControlClient, name: str) -> bool:
    try:
        call(control, CANCEL_FAULT, name)
    except Refused as refused:
        if refused.status != _NOT_FOUND:
            raise
        return False
    return True
