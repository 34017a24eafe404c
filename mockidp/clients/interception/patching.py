"""Where requests is cut open: requests for an intercepted domain go to its door.

`responses` and what is built on it replace `HTTPAdapter.send`, each over the one before, and go
past what they found there. So a session, when it asks for its adapter, first has our own `send`
put on top again: the order in which interceptions and mocks begin and end does not matter. An
adapter's own `send` runs as ever, down to `HTTPAdapter.send`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

import requests
from requests.adapters import BaseAdapter, HTTPAdapter

from mockidp.clients.interception.domain_adapter import DomainAdapter

Function = Callable[..., Any]

_lock = threading.RLock()
_doors: tuple[DomainAdapter, ...] = ()
"""The inner ones last."""


def open_door(door: DomainAdapter) -> None:
    """Send requests for a door's domain to it."""
    global _doors  # noqa: PLW0603 - requests, too, is there once in a process
    with _lock:
        _doors = (*_doors, door)
        for cut in _CUTS:
            cut.put_on_top()


def shut_door(door: DomainAdapter) -> None:
    """Send them where they went before."""
    global _doors  # noqa: PLW0603 - as above
    with _lock:
        _doors = tuple(one for one in _doors if one is not door)
        if not _doors:
            for cut in _CUTS:
                cut.undo()


class _Patch:
    """A method that has ours over it."""

    def __init__(self, owner: type, name: str, make: Callable[[Function], Function]) -> None:
        self._owner = owner
        self._name = name
        self._make = make
        self._below: WeakKeyDictionary[Function, Function] = WeakKeyDictionary()

    def put_on_top(self) -> None:
        """Put ours over what is there, unless it is ours."""
        current = getattr(self._owner, self._name)
        if current not in self._below:
            ours = self._make(current)
            self._below[ours] = current
            setattr(self._owner, self._name, ours)

    def undo(self) -> None:
        """Take ours off. Where another's is on top it stays; what is below then does nothing."""
        while (below := self._below.get(getattr(self._owner, self._name))) is not None:
            setattr(self._owner, self._name, below)


def _make_get_adapter(below: Function) -> Function:
    def get_adapter(session: requests.Session, url: str) -> BaseAdapter:
        if _door_for(url) is not None:
            with _lock:
                _SEND.put_on_top()
        adapter: BaseAdapter = below(session, url)
        return adapter

    return get_adapter


def _make_send(below: Function) -> Function:
    def send(
        adapter: HTTPAdapter, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        door = _door_for(request.url or "")
        answer: requests.Response = (door.send if door else below)(
            adapter, request, *args, **kwargs
        )
        return answer

    return send


def _door_for(url: str) -> DomainAdapter | None:
    return next((door for door in reversed(_doors) if door.is_for(url)), None)


_SEND = _Patch(HTTPAdapter, "send", _make_send)
_CUTS = (_SEND, _Patch(requests.Session, "get_adapter", _make_get_adapter))
