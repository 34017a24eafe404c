"""An interception to be made: for a block, or for each call of a function."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import TypeVar

from responses import CallList

from mockidp.idp import MockIdP
from mockidp.interception.decorator import decorate
from mockidp.interception.door import Door
from mockidp.interception.seam import open_door, shut_door

R = TypeVar("R")


class Interception:
    """What `intercept` returns: a context manager, and a decorator.

    Args:
        door: Makes the way to the tenant that a block or a call has.
        stops: Whether that tenant ends with it.
    """

    def __init__(self, door: Callable[[], Door], *, stops: bool) -> None:
        self._make_door = door
        self._stops = stops
        self._open: list[Door] = []
        self._last: Door | None = None

    def __enter__(self) -> MockIdP:
        door = self._last = self._make_door()
        open_door(door)
        self._open.append(door)
        return door.idp

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        door = self._open.pop()
        shut_door(door)
        if self._stops:
            door.idp.stop()

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
