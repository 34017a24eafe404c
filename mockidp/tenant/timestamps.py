"""Times in the format of Auth0's resources."""

from __future__ import annotations

from datetime import UTC, datetime


def timestamp(now: float) -> str:
    """Return a time in seconds since 1970 as ISO 8601 text with milliseconds."""
    text = datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def fine_timestamp(now: float) -> str:
    """Return a time in seconds since 1970 as ISO 8601 text with nanoseconds, as Actions have it."""
    text = datetime.fromtimestamp(now, UTC).isoformat(timespec="microseconds")
    return text.replace("+00:00", "000Z")
