"""The tenant's time. No other module reads the machine's clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from sys import float_info

from mockidp.frozen import frozen, replace
from mockidp.storage.memory import MemoryStore
from mockidp.storage.single_value import SingleValue
from mockidp.storage.store import Entries, Store, StoreSpec

Instant = float | datetime | str
"""Seconds since 1970, a datetime with a time zone, or ISO 8601 text with one."""

LATEST = 253402300799.0
"""The end of the year 9999: later times have no date."""


@frozen
class ClockSetting:
    """The difference between a clock and the machine's, in seconds."""

    offset: float = 0.0
    frozen_at: float | None = None
    skew: float = 0.0

    def now(self) -> float:
        """Return the time. A running clock stops at the end of the year 9999."""
        if self.frozen_at is not None:
            return self.frozen_at
        now = time.time() + self.offset  # noqa: TID251 - the only place
        if now > LATEST:
            return LATEST
        return now

    def frozen(self, at: float) -> ClockSetting:
        """Return the setting that stops the clock at a time."""
        return replace(self, frozen_at=at)

    def running(self, offset: float) -> ClockSetting:
        """Return the setting that lets the clock run ahead of the machine's.

        Raises:
            ValueError: The time would be outside the years 1970 to 9999.
            TypeError: The offset is not a number.
        """
        to_seconds(_REAL_TIME.now() + check_seconds(offset))
        return replace(self, offset=float(offset), frozen_at=None)

    def moved_to(self, at: float) -> ClockSetting:
        """Return the setting with another time. A frozen clock stays frozen."""
        is_running = self.frozen_at is None
        return self.running(at - _REAL_TIME.now()) if is_running else self.frozen(at)

    def advanced(self, seconds: float) -> ClockSetting:
        """Return the setting with the time moved forward by some seconds.

        Raises:
            ValueError: The time would be outside the years 1970 to 9999.
            TypeError: The seconds are not a number.
        """
        check_seconds(seconds)
        if self.frozen_at is None:
            return self.running(self.offset + seconds)
        return self.frozen(to_seconds(self.frozen_at + seconds))

    def resumed(self) -> ClockSetting:
        """Return the setting that lets the clock run from the time at which it is frozen."""
        if self.frozen_at is None:
            return self
        return self.running(self.frozen_at - _REAL_TIME.now())


_REAL_TIME = ClockSetting()


class Clock:
    """Seconds since 1970, as the tenant sees them.

    If a library of the test moves the time of the process, this clock follows. Changes made here
    are added to that time.
    """

    def __init__(self, setting: ClockSetting = _REAL_TIME) -> None:
        store: Store[ClockSetting] = MemoryStore(StoreSpec(name="clock"), float)
        self._setting = SingleValue(store, setting)

        self.on_change: Callable[[], object] = bool
        """Called after each change, for what depends on the time."""

    def keep_in(self, store: Store[ClockSetting]) -> None:
        """Keep the setting in a store of the tenant, so that it changes in transactions."""
        self._setting = SingleValue(store, self.setting)

    @property
    def setting(self) -> ClockSetting:
        """The difference between the clock and the machine's."""
        return self._setting.value

    @setting.setter
    def setting(self, setting: ClockSetting) -> None:
        self._setting.set(setting)

    def among(self, entries: Entries[ClockSetting]) -> ClockSetting:
        """Return the setting in a snapshot of the store."""
        return self._setting.among(entries)

    def change(self, change: Callable[[ClockSetting], ClockSetting]) -> None:
        """Apply a function to the setting. No concurrent change is lost."""
        self._setting.change(change)
        self.on_change()

    def now(self) -> float:
        """Return the tenant's time, which the header `Date` and every check use."""
        return self._setting.value.now()

    def issue_time(self) -> float:
        """Return the time that tokens are stamped with: `now` plus the skew."""
        setting = self._setting.value
        return setting.now() + setting.skew

    @property
    def skew(self) -> float:
        """Seconds by which the clock that stamps `iat` and `exp` is ahead of `Date`."""
        return self.setting.skew

    @skew.setter
    def skew(self, seconds: float) -> None:
        if not abs(check_seconds(seconds)) <= LATEST:
            raise ValueError(f"Skew {seconds} is more seconds than a clock can be ahead.")
        self.change(lambda setting: replace(setting, skew=float(seconds)))

    def freeze(self, at: Instant | None = None) -> None:
        """Stop the clock, now or at a given time.

        Raises:
            ValueError: The time has no time zone, or is outside the years 1970 to 9999.
            TypeError: The value is not a time.
        """
        stop = None if at is None else to_seconds(at)
        self.change(lambda setting: setting.frozen(setting.now() if stop is None else stop))

    def set(self, at: Instant) -> None:
        """Set the time. A running clock continues from there, a frozen one stays frozen.

        Raises:
            ValueError: The time has no time zone, or is outside the years 1970 to 9999.
            TypeError: The value is not a time.
        """
        seconds = to_seconds(at)
        self.change(lambda setting: setting.moved_to(seconds))

    def advance(self, seconds: float) -> None:
        """Move the clock forward, frozen or not; backward with a negative number.

        Raises:
            ValueError: The time would be outside the years 1970 to 9999.
            TypeError: The value is not a number.
        """
        self.change(lambda setting: setting.advanced(seconds))

    def offset(self, seconds: float) -> None:
        """Let the clock run ahead of the machine's by some seconds; 0 is real time.

        Raises:
            ValueError: The time would be outside the years 1970 to 9999.
            TypeError: The value is not a number.
        """
        self.change(lambda setting: setting.running(seconds))

    def resume(self) -> None:
        """Let a frozen clock continue. A running clock does not change."""
        self.change(ClockSetting.resumed)


def check_seconds(seconds: float) -> float:
    """Return a number of seconds unchanged.

    Raises:
        ValueError: It is infinite, not a number, or too large for a float.
        TypeError: It is of another type.
    """
    if not isinstance(seconds, int | float):
        raise TypeError(f"Expected a number of seconds, found {seconds!r}.")
    if not abs(seconds) <= float_info.max:
        raise ValueError(f"Expected a number of seconds, found {seconds}.")
    return seconds


def to_seconds(at: Instant) -> float:
    """Return a time as seconds since 1970.

    Raises:
        ValueError: The text is not a time, or the time has no time zone or is outside the years
            1970 to 9999.
        TypeError: The value is neither seconds, a datetime nor text.
    """
    if isinstance(at, str):
        try:
            at = datetime.fromisoformat(at)
        except ValueError:
            text = f"Expected a time, found {at!r}. Write it as 2030-01-31T12:00:00Z."
            raise ValueError(text) from None
    if isinstance(at, datetime):
        if at.tzinfo is None:
            raise ValueError(f"Time {at.isoformat()} has no time zone. Add Z or +00:00.")
        at = at.timestamp()
    if not isinstance(at, int | float):
        raise TypeError(
            f"Expected a time, found {at!r}. Give seconds since 1970, a datetime with a time zone, "
            "or text such as 2030-01-31T12:00:00Z."
        )
    if not 0 <= at <= LATEST:
        raise ValueError(f"Time {at} is outside the years 1970 to 9999.")
    return float(at)


def to_text(at: Instant) -> str:
    """Return a time as ISO 8601 text, to the microsecond.

    Raises:
        ValueError: As for `to_seconds`.
    """
    return datetime.fromtimestamp(to_seconds(at), UTC).isoformat()
