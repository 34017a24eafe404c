"""Patches of requests that send requests for an intercepted domain to its `DomainAdapter`.

`responses` and libraries built on it replace `HTTPAdapter.send`, each on top of the previous one,
and do not call what they replaced. Therefore `Session.get_adapter` is patched as well: it puts our
`send` back on top before each request, so interceptions and mocks can begin and end in any order.
`send` methods of subclasses run as usual, down to `HTTPAdapter.send`.
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
_adapters: tuple[DomainAdapter, ...] = ()
"""The adapters of all open interceptions, the innermost last."""


def start_adapter(adapter: DomainAdapter) -> None:
    """Send requests for a domain to its adapter."""
    global _adapters  # noqa: PLW0603 - requests is global as well
    with _lock:
        _adapters = (*_adapters, adapter)
        for patch in _PATCHES:
            patch.put_on_top()


def stop_adapter(adapter: DomainAdapter) -> None:
    """Stop sending requests for a domain to its adapter."""
    global _adapters  # noqa: PLW0603 - as above
    with _lock:
        _adapters = tuple(one for one in _adapters if one is not adapter)
        if not _adapters:
            for patch in _PATCHES:
                patch.undo()


class _Patch:
    """A patched method of a class."""

    def __init__(self, owner: type, name: str, make: Callable[[Function], Function]) -> None:
        self._owner = owner
        self._name = name
        self._make = make
        self._replaced: WeakKeyDictionary[Function, Function] = WeakKeyDictionary()

    def put_on_top(self) -> None:
        """Replace the current method, unless it is already ours."""
        current = getattr(self._owner, self._name)
        if current not in self._replaced:
            ours = self._make(current)
            self._replaced[ours] = current
            setattr(self._owner, self._name, ours)

    def undo(self) -> None:
        """Restore the method. If another library has patched ours, ours stays and has no effect."""
        while (replaced := self._replaced.get(getattr(self._owner, self._name))) is not None:
            setattr(self._owner, self._name, replaced)


def _make_get_adapter(replaced: Function) -> Function:
    def get_adapter(session: requests.Session, url: str) -> BaseAdapter:
        if _adapter_for(url) is not None:
            with _lock:
                _SEND.put_on_top()
        adapter: BaseAdapter = replaced(session, url)
        return adapter

    return get_adapter


def _make_send(replaced: Function) -> Function:
    def send(
        adapter: HTTPAdapter, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        domain_adapter = _adapter_for(request.url or "")
        send_request = domain_adapter.send if domain_adapter else replaced
        response: requests.Response = send_request(adapter, request, *args, **kwargs)
        return response

    return send


def _adapter_for(url: str) -> DomainAdapter | None:
    return next((one for one in reversed(_adapters) if one.is_for(url)), None)


_SEND = _Patch(HTTPAdapter, "send", _make_send)
_PATCHES = (_SEND, _Patch(requests.Session, "get_adapter", _make_get_adapter))
