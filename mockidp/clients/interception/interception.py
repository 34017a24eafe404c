"""An interception to be made: for a block, or for each call of a function."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from types import TracebackType
from typing import TypeVar

from responses import CallList

from mockidp.clients.interception.decorator import decorate
from mockidp.clients.interception.domain_adapter import DomainAdapter
from mockidp.clients.interception.patching import open_door, shut_door
from mockidp.errors import UnfiredFaultWarning
from mockidp.faults import ActiveFault
from mockidp.idp import MockIdP
from mockidp.tenant.journal import Journal
from mockidp.tenant.report import describe_exchange, describe_unfired

R = TypeVar("R")
_SHOWN = 20


class Interception:
    """What `intercept` returns: a context manager, and a decorator.

    Args:
        door: Makes the way to the tenant that a block or a call has.
        stops: Whether that tenant ends with it: then the exchanges of a block that fails are
            told beside the error, and of faults that never fired it is warned.
    """

    def __init__(self, door: Callable[[], DomainAdapter], *, stops: bool) -> None:
        self._make_door = door
        self._stops = stops
        self._open: list[DomainAdapter] = []
        self._last: DomainAdapter | None = None

    def __enter__(self) -> MockIdP:
        door = self._last = self._make_door()
        open_door(door)
        self._open.append(door)
        return door.idp

    def __exit__(
        self,
        _type: type[BaseException] | None,
        error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        door = self._open.pop()
        shut_door(door)
        if self._stops:
            unfired = door.idp.faults.unfired
            door.idp.stop()
            _tell(door.idp.journal, unfired, error)

    @property
    def calls(self) -> CallList:
        """The domain's requests and answers in the block that began last, from `responses`."""
        return CallList() if self._last is None else self._last.calls

    def __call__(self, function: Callable[..., R]) -> Callable[..., R]:
        """Intercept during each call of a function or a coroutine function.

        Its argument `idp`, if it has one, is given to it, and is no argument of what stands in
        its place: pytest looks for no fixture of that name.

        Raises:
            TypeError: What it stands over is neither.
        """
        return decorate(function, lambda: Interception(self._make_door, stops=self._stops))


def _tell(journal: Journal, unfired: tuple[ActiveFault, ...], error: BaseException | None) -> None:
    """Tell what a tenant knows that nobody will ask any more, as the pytest fixtures do."""
    if error is None:
        for fault in unfired:
            warnings.warn(UnfiredFaultWarning(describe_unfired(fault, journal)), stacklevel=3)
    elif exchanges := list(journal)[-_SHOWN:]:
        error.add_note("\n".join(["mockidp:", *map(describe_exchange, exchanges)]))
