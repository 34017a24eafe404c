"""The series of counters, and their largest number.

Tests choose the values of some labels, such as the names of faults, so their number has no limit.
"""

from __future__ import annotations

Series = tuple[str, ...]
"""The name of a counter, and the values of its labels."""
MAX_SERIES = 1000
"""How many series a counter has, apart from `rest`."""


def rest(series: Series) -> Series:
    """Return the series of a counter that has those which are too many."""
    return (series[0], *("other" for _label in series[1:]))
