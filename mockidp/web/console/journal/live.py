"""`/_mockidp/journal/live`: the rows that are new in the journal, as soon as there are any.

A poll is held for a while. It looks at the journal from time to time instead of being notified, so
that it costs other requests nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from weakref import WeakKeyDictionary

from werkzeug import Response

from mockidp.flows.hints.timestamps import clock_time
from mockidp.protocol.errors.problem import Problem
from mockidp.server.delivery import DELIVERY_KEY, Delivery
from mockidp.server.monotonic import monotonic
from mockidp.storage.store import SharedBackend
from mockidp.tenant.tenant import Tenant
from mockidp.web.console.journal.flow import Flow
from mockidp.web.console.journal.number import parse_number
from mockidp.web.console.journal.pages import read_flows
from mockidp.web.console.journal.search import Search, parse_search
from mockidp.web.console.visit import Visit, showing
from mockidp.web.response.render import NEVER_CACHED
from mockidp.web.response.reply import Reply

HEADER = "Mockidp-Journal"
HOLD_SECONDS = 25.0
PAUSE = 0.1
"""Seconds between two looks at the journal."""
SHARED_PAUSE = 1.0
"""Seconds after which a poll looks even if no process has a new exchange."""
MAX_HELD = 4
"""The maximum number of held polls of a tenant: each takes a connection and its thread."""
RETRY_AFTER = 2
_held: WeakKeyDictionary[Tenant, int] = WeakKeyDictionary()
_lock = threading.Lock()


def _poll(visit: Visit) -> Reply:
    sent = visit.query.get("after")
    if sent is None:
        raise Problem(400, "Parameter `after` is missing: the number of the last known exchange.")
    after, search = parse_number(sent), parse_search(visit.query.get("q") or "")
    with _hold(visit.tenant) as may_wait:
        flows, last = _wait(visit, after, search, seconds=HOLD_SECONDS if may_wait else 0)
    headers = {HEADER: str(last), "Cache-Control": NEVER_CACHED}
    if not may_wait:
        headers["Retry-After"] = str(RETRY_AFTER)
    if not flows:
        return Reply(Response(status=HTTPStatus.NO_CONTENT, headers=headers))
    html = visit.pages.render(
        "console/journal/rows.html", flows=flows, visit=visit, current=0, clock_time=clock_time
    )
    return Reply(Response(html, headers=headers, content_type="text/html; charset=utf-8"))


@contextmanager
def _hold(tenant: Tenant) -> Iterator[bool]:
    """Count a poll, and return whether it may wait."""
    with _lock:
        _held[tenant] = _held.get(tenant, 0) + 1
        may_wait = _held[tenant] <= MAX_HELD
    try:
        yield may_wait
    finally:
        with _lock:
            _held[tenant] -= 1


def _wait(visit: Visit, after: int, search: Search, *, seconds: float) -> tuple[list[Flow], int]:
    """Return the flows with exchanges after a number, and the number of the last exchange.

    A last number below `after` means that the journal began anew, so the page has to be loaded
    again.
    """
    journal = visit.tenant.journal
    delivery = visit.exchange.environ.get(DELIVERY_KEY) or Delivery()
    seen, end = after, monotonic() + seconds
    while True:
        last = journal.last_number
        found = _new_flows(visit.tenant, after, search) if last > seen else []
        if found or last < after or monotonic() >= end or not delivery.is_awaited():
            return found, last
        seen = last
        _pause(visit.tenant, last)


def _pause(tenant: Tenant, last: int) -> None:
    """Wait a moment; if processes share the tenant, until one of them has a new exchange."""
    if isinstance(tenant.backend, SharedBackend):
        tenant.backend.wait_until(lambda: tenant.journal.last_number != last, SHARED_PAUSE)
    else:
        threading.Event().wait(PAUSE)


def _new_flows(tenant: Tenant, after: int, search: Search) -> list[Flow]:
    return [one for one in read_flows(tenant) if one.last.number > after and search.finds(one)]


ROUTES = (showing("/journal/live", _poll),)
