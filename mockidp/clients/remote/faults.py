"""The faults of a tenant that runs elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Self

from mockidp.clients.remote.control_client import ControlClient, Refused, escaped
from mockidp.faults import Fault, counted
from mockidp.tenant.config.fault import parse_fault

_COUNTED = ("matched", "fired")
_NOT_FOUND = 404


class RemoteFault:
    """A fault in its plan: what `ActiveFault` is, asked for anew each time.

    Once it is cancelled, its numbers are those that were known last.

    Attributes:
        fault: What goes wrong.
        name: What the journal and hints call it.
        predicate: None: a function cannot be sent.
    """

    predicate = None

    def __init__(self, control: ControlClient, described: Mapping[str, Any]) -> None:
        self._control = control
        self._last = described
        self._is_gone = False
        said = {key: value for key, value in described.items() if key not in _COUNTED}
        self.fault: Fault = parse_fault(said)
        self.name: str = described["name"]

    @property
    def matched(self) -> int:
        """How many exchanges it was for."""
        return int(self._ask()["matched"])

    @property
    def fired(self) -> int:
        """How many of them it spoiled."""
        return int(self._ask()["fired"])

    def cancel(self) -> None:
        """Let nothing go wrong any more; an answer that it delays comes at once."""
        self._ask()
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

    def _ask(self) -> Mapping[str, Any]:
        """Return what is known of it; nothing more is, once another may have its name."""
        if self._is_gone:
            return self._last
        try:
            self._last = self._control.get(f"/faults/{escaped(self.name)}")
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
    """What is to go wrong, in the order in which it was asked for."""

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
        """A test's faults that have spoiled nothing so far, cancelled ones, too."""
        return tuple(self._list(which="unfired"))

    def cancel(self, name: str) -> bool:
        """Take a fault out; tell whether it was there."""
        return _cancel(self._control, name)

    def clear(self) -> None:
        """Take all faults out, and forget those that were."""
        self._control.call("DELETE", "/faults")

    def _list(self, which: str | None = None) -> list[RemoteFault]:
        listed = self._control.get("/faults", which=which)["items"]
        return [RemoteFault(self._control, one) for one in listed]


def _cancel(control: ControlClient, name: str) -> bool:
    try:
        control.call("DELETE", f"/faults/{escaped(name)}")
    except Refused as refused:
        if refused.status != _NOT_FOUND:
            raise
        return False
    return True
