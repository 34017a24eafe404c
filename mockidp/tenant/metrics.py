"""Counters of a tenant: its requests, refusals, faults and store times, for Prometheus.

Adding to a counter takes less than a microsecond. Processes that share a tenant have `shared`
counters: each keeps its own additions in memory and publishes them in the background, at most every
`INTERVAL` seconds while there are requests, so no request waits for that.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Protocol

from mockidp.errors import MockIdPError
from mockidp.storage.series import MAX_SERIES, Series, rest

INTERVAL = 5.0
"""Seconds after which additions are published."""


class SharedCounters(Protocol):
    """Counters that several processes add to. Its methods raise MockIdPError if they cannot."""

    def add(self, amounts: Mapping[Series, float]) -> None:
        """Add to counters, all or none."""
        ...

    def read(self) -> Mapping[Series, float]:
        """Return all counters."""
        ...


class Metrics:
    """The counters of a tenant. Thread-safe.

    Attributes:
        shared: The counters of all processes; None if there is one process.
    """

    def __init__(self) -> None:
        self.shared: SharedCounters | None = None
        self._lock = threading.RLock()
        self._counts: dict[Series, float] = {}
        self._sizes: dict[str, int] = {}
        self._timer: threading.Timer | None = None

    def add(self, *series: str, by: float = 1) -> None:
        """Add to a counter."""
        with self._lock:
            counts = self._counts
            if series not in counts:
                series = self._new(series)
            counts[series] = counts.get(series, 0) + by

    def _new(self, series: Series) -> Series:
        size = self._sizes.get(series[0], 0)
        if size >= MAX_SERIES:
            return rest(series)
        self._sizes[series[0]] = size + 1
        return series

    def time_command(self, command: str, seconds: float) -> None:
        """Add the time of a command to the store."""
        with self._lock:
            self.add("store_commands", command)
            self.add("store_seconds", command, by=seconds)

    def publish_soon(self) -> None:
        """Publish the additions within `INTERVAL` seconds, in another thread."""
        if self.shared is None or self._timer is not None:
            return
        self._timer = threading.Timer(INTERVAL, self.publish)  # two threads may start one each
        self._timer.daemon = True
        self._timer.start()

    def publish(self) -> None:
        """Publish the additions of this process. If that fails, they stay for the next time."""
        with self._lock:
            self._timer = None
            added, self._counts, self._sizes = self._counts, {}, {}
        if self.shared is None:
            self._put_back(added)
            return
        try:
            self.shared.add(added)
        except MockIdPError:
            self._put_back(added)

    def totals(self) -> Mapping[Series, float]:
        """Return the counters of all processes. Those of others are as of their last publication.

        Raises:
            MockIdPError: The shared counters cannot be read.
        """
        self.publish()
        if self.shared is not None:
            return self.shared.read()
        with self._lock:
            return dict(self._counts)

    def _put_back(self, added: Mapping[Series, float]) -> None:
        with self._lock:
            for series, amount in added.items():
                self.add(*series, by=amount)
