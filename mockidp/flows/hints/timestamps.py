"""Format times for hints."""

from __future__ import annotations

from datetime import UTC, datetime

_LAST = 253402300799.0


def clock_time(seconds: float) -> str:
    """Return a time of day as `12:00:03 UTC`."""
    return _utc(seconds).strftime("%H:%M:%S UTC")


def date_and_time(seconds: float) -> str:
    """Return date and time as `2024-01-31 12:00:03 UTC`."""
    return _utc(seconds).strftime("%Y-%m-%d %H:%M:%S UTC")


def _utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(min(max(seconds, 0.0), _LAST), UTC)
