"""The object that `intercept` returns."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from types import TracebackType
from typing import TypeVar

from responses import CallList

from mockidp.clients.interception.decorator import decorate
from mockidp.clients.interception.domain_adapter import DomainAdapter
from mockidp.clients.interception.patching import start_adapter, stop_adapter
from mockidp.errors import UnfiredFaultWarning
from mockidp.faults import ActiveFault
from mockidp.idp import MockIdP
from mockidp.tenant.journal.journal import Journal
from mockidp.tenant.journal.report import describe_exchange, describe_unfired

R = TypeVar("R")
_MAX_EXCHANGES = 20


class Interception:
    """A context manager and a decorator.

    Args:
        make_adapter: Makes the adapter for a block or a call.
        stops: Whether the tenant ends with the block. If so, the error of a failed block gets a
            note with the exchanges, and faults that never fired cause a warning.
    """

    def __init__(self, make_adapter: Callable[[], DomainAdapter], *, stops: bool) -> None:
        self._make_adapter = make_adapter
        self._stops = stops
        self._open: list[DomainAdapter] = []
        self._last: DomainAdapter | None = None

    def __enter__(self) -> MockIdP:
        adapter = self._last = self._make_adapter()
        start_adapter(adapter)
        self._open.append(adapter)
        return adapter.idp

    def __exit__(
        self,
        _type: type[BaseException] | None,
        error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        adapter = self._open.pop()
        stop_adapter(adapter)
        if self._stops:
            unfired = adapter.idp.faults.unfired
            adapter.idp.stop()
            _report(adapter.idp.journal, unfired, error)

    @property
    def calls(self) -> CallList:
        """The domain's requests and responses in the latest block, from `responses`."""
        return CallList() if self._last is None else self._last.calls

    def __call__(self, function: Callable[..., R]) -> Callable[..., R]:
        """Intercept during each call of a function or a coroutine function.

        A parameter `idp` receives the `MockIdP`. It is removed from the signature of the decorated
        function, so pytest does not look for a fixture of that name.

        Raises:
            TypeError: The function is a class or a generator.
        """
        return decorate(function, lambda: Interception(self._make_adapter, stops=self._stops))


def _report(
    journal: Journal, unfired: tuple[ActiveFault, ...], error: BaseException | None
) -> None:
    """Report exchanges and unfired faults, as the pytest fixtures do."""
    if error is None:
        for fault in unfired:
            warnings.warn(UnfiredFaultWarning(describe_unfired(fault, journal)), stacklevel=3)
    elif exchanges := list(journal)[-_MAX_EXCHANGES:]:
        error.add_note("\n".join(["mockidp:", *map(describe_exchange, exchanges)]))
