"""The two forms in which records leave and enter Python."""

from __future__ import annotations

from mockidp.frozen import frozen


@frozen(kw_only=False)
class Dialect:
    """How records are written and read."""

    omits_defaults: bool
    """Whether a field that has its default is left out."""
    has_placeholders: bool
    """Whether placeholders of the Deploy CLI without a value are mistakes."""
    max_number: int | None
    """The largest number; with a maximum, strings must also be encodable as UTF-8."""


FILE = Dialect(omits_defaults=True, has_placeholders=True, max_number=None)
"""Tenant files, and all JSON that has the format of a part of one."""
WIRE = Dialect(omits_defaults=False, has_placeholders=False, max_number=2**53)
"""JSON between programs, such as snapshots, stored entries and the journal."""
