"""The tenant's time: the only reader of the machine's clock."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from sys import float_info

from mockidp.storage.transactions import Transactions

Instant = float | datetime | str
"""Seconds since 1970, a datetime with a time zone, or ISO 8601 text with one."""

LATEST = 253402300799.0
"""The end of the year 9999: what comes later has no date."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockSetting:
    """How a clock differs from the machine's; all in seconds. Replaced as a whole."""

    offset: float = 0.0
    frozen_at: float | None = None
    skew: float = 0.0


class Clock:
    """Seconds since 1970, as the tenant sees them.

    Where a test's own library moves the process's time, this clock goes along; what is set
    here comes on top.

    Attributes:
        transactions: In which it is moved; its tenant's, once it has one.
    """

    def __init__(self) -> None:
        self._setting = ClockSetting()
        self.transactions = Transactions()

    @property
    def setting(self) -> ClockSetting:
        """How the clock differs from the machine's now."""
        return self._setting

    @setting.setter
    def setting(self, setting: ClockSetting) -> None:
        with self.transactions.changing(self):
            self._setting = setting

    def state(self) -> ClockSetting:
        """Return the setting, for a transaction that may have to put it back."""
        return self._setting

    def put_back(self, state: ClockSetting) -> None:
        """Undo all changes since a state was noted."""
        self._setting = state

    def now(self) -> float:
        """Return the tenant's time: what the header `Date` and every check go by.

        A clock that runs stops at the end of the year 9999.
        """
        setting = self.setting
        if setting.frozen_at is not None:
            return setting.frozen_at
        return min(_machine_time() + setting.offset, LATEST)

    def issue_time(self) -> float:
        """Return the time that tokens are stamped with: `now` and the skew."""
        return self.now() + self.setting.skew

    @property
    def skew(self) -> float:
        """Seconds by which the clock that stamps `iat` and `exp` is ahead of `Date`."""
        return self.setting.skew

    @skew.setter
    def skew(self, seconds: float) -> None:
        if not abs(check_seconds(seconds)) <= LATEST:
            raise ValueError(f"{seconds} is no number of seconds to be ahead by")
        self.setting = replace(self.setting, skew=float(seconds))

    def freeze(self, at: Instant | None = None) -> None:
        """Stop the clock, now or at a given moment.

        Raises:
            ValueError: A moment without a time zone, or outside the years 1970 to 9999.
            TypeError: No moment.
        """
        at = self.now() if at is None else to_seconds(at)
        self.setting = replace(self.setting, frozen_at=at)

    def set(self, at: Instant) -> None:
        """Go to a moment; the clock runs on from there, unless it is frozen.

        Raises:
            ValueError: A moment without a time zone, or outside the years 1970 to 9999.
            TypeError: No moment.
        """
        if self.setting.frozen_at is not None:
            self.freeze(at)
        else:
            self.offset(to_seconds(at) - _machine_time())

    def advance(self, seconds: float) -> None:
        """Go forward, frozen or not; backward with a negative number.

        Raises:
            ValueError: It would be outside the years 1970 to 9999.
            TypeError: No number.
        """
        check_seconds(seconds)
        setting = self.setting
        if setting.frozen_at is not None:
            self.freeze(setting.frozen_at + seconds)
        else:
            self.offset(setting.offset + seconds)

    def offset(self, seconds: float) -> None:
        """Run, so many seconds ahead of the machine's clock; 0 is in step with it.

        Raises:
            ValueError: It would be outside the years 1970 to 9999.
            TypeError: No number.
        """
        to_seconds(_machine_time() + check_seconds(seconds))
        self.setting = replace(self.setting, offset=float(seconds), frozen_at=None)

    def resume(self) -> None:
        """Run on from where the clock stands; one that runs goes on."""
        stood_at = self.setting.frozen_at
        if stood_at is not None:
            self.offset(stood_at - _machine_time())


def check_seconds(seconds: float) -> float:
    """Return a number of seconds as it is.

    Raises:
        ValueError: It is not finite, or a whole number beyond all that are.
        TypeError: It is no number.
    """
    if not isinstance(seconds, int | float):
        raise TypeError(f"{seconds!r} is no number of seconds")
    if not abs(seconds) <= float_info.max:
        raise ValueError(f"{seconds} is no number of seconds")
    return seconds


def to_seconds(moment: Instant) -> float:
    """Return a moment as seconds since 1970.

    Raises:
        ValueError: A text that is no moment, one without a time zone, or one outside the years
            1970 to 9999.
        TypeError: Neither seconds, datetime nor text.
    """
    if isinstance(moment, str):
        try:
            moment = datetime.fromisoformat(moment)
        except ValueError:
            raise ValueError(f"{moment!r} is no moment: write it as 2030-01-31T12:00:00Z") from None
    if isinstance(moment, datetime):
        if moment.tzinfo is None:
            raise ValueError(f"{moment.isoformat()} has no time zone: add Z or +00:00")
        moment = moment.timestamp()
    if not isinstance(moment, int | float):
        raise TypeError(
            f"{moment!r} is no moment: give seconds since 1970, a datetime with a time zone, or "
            "text such as 2030-01-31T12:00:00Z"
        )
    if not 0 <= moment <= LATEST:
        raise ValueError(f"{moment} is outside the years 1970 to 9999")
    return float(moment)


def to_text(moment: Instant) -> str:
    """Return a moment as ISO 8601 text, to the microsecond.

    Raises:
        ValueError: As `to_seconds` does.
    """
    return datetime.fromtimestamp(to_seconds(moment), UTC).isoformat()


def _machine_time() -> float:
    return time.time()  # noqa: TID251 - the one place
