"""JSON Merge Patch: replace some members of a document and keep the rest.

Spec: RFC 7396 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def merge_patch(held: Any, patch: Any) -> Any:
    """Return a document with a patch applied: None removes a member, and a list replaces one."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(held) if isinstance(held, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged
