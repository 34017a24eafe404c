"""Dates in headers.

Spec: RFC 9110 5.6.7.
"""

from __future__ import annotations

from email.utils import formatdate
from functools import lru_cache


@lru_cache(maxsize=8)
def http_date(second: int) -> str:
    """Return a time in seconds since 1970 as headers have it. Most responses repeat one."""
    return formatdate(second, usegmt=True)
