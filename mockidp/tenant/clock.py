"""The tenant's time: the only reader of the machine's clock."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from datetime import datetime

Moment = float | datetime | str
"""Seconds since 1970, a datetime with a time zone, or ISO 8601 text with one."""

_LAST = 253402300799.0


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
    """

    def __init__(self) -> None:
        self.setting = ClockSetting()

    def now(self) -> float:
        """Return the tenant's time: what the header `Date` and every check go by."""
        setting = self.setting
        if setting.frozen_at is not None:
            return setting.frozen_at
        return time.time() + setting.offset  # noqa: TID251 - the one place

    def issue_time(self) -> float:
        """Return the time that tokens are stamped with: `now` and the skew."""
        return self.now() + self.setting.skew

    @property
    def skew(self) -> float:
        """Seconds by which the clock that stamps `iat` and `exp` is ahead of `Date`."""
        return self.setting.skew

    @skew.setter
    def skew(self, seconds: float) -> None:
        self.setting = replace(self.setting, skew=_finite(seconds))

    def freeze(self, at: Moment | None = None) -> None:
        """Stop the clock, now or at a given moment."""
        at = self.now() if at is None else to_seconds(at)
        self.setting = replace(self.setting, frozen_at=at)

    def set(self, at: Moment) -> None:
        """Go to a moment; the clock runs on from there, unless it is frozen."""
        self.advance(to_seconds(at) - self.now())

    def advance(self, seconds: float) -> None:
        """Go forward, frozen or not; backward with a negative number."""
        setting, seconds = self.setting, _finite(seconds)
        if setting.frozen_at is not None:
            self.setting = replace(setting, frozen_at=setting.frozen_at + seconds)
        else:
            self.setting = replace(setting, offset=setting.offset + seconds)

    def offset(self, seconds: float) -> None:
        """Run, so many seconds ahead of the machine's clock; 0 is in step with it."""
        self.setting = replace(self.setting, offset=_finite(seconds), frozen_at=None)

    def resume(self) -> None:
        """Run on from where the clock stands."""
        if self.setting.frozen_at is not None:
            stood_at = self.setting.frozen_at
            self.setting = replace(self.setting, frozen_at=None, offset=0.0)
            self.set(stood_at)


def to_seconds(moment: Moment) -> float:
    """Return a moment as seconds since 1970.

    Raises:
        ValueError: No moment, one without a time zone, or one outside the years 1970 to 9999.
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
    if not 0 <= moment <= _LAST:
        raise ValueError(f"{moment} is outside the years 1970 to 9999")
    return float(moment)


def _finite(seconds: float) -> float:
    if not math.isfinite(seconds):
        raise ValueError(f"{seconds} is no number of seconds")
    return float(seconds)
