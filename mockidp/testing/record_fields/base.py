"""Types that the fields of several types of records use."""

from __future__ import annotations

Texts = list[str] | tuple[str, ...]
