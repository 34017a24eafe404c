"""JSON Merge Patch: replace some members of a document and keep the rest.

Spec: RFC 7396 2.
"""

from __future__ import annotations

import json
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


def make_patch(before: Any, after: Mapping[str, Any]) -> dict[str, Any]:
    """Return the patch that makes one document from another: members that go away are None."""
    held = before if isinstance(before, Mapping) else {}
    patch: dict[str, Any] = dict.fromkeys(one for one in held if one not in after)
    for name, value in after.items():
        if isinstance(value, Mapping) and isinstance(held.get(name), Mapping):
            if inner := make_patch(held[name], value):
                patch[name] = inner
        elif name not in held or json.dumps(held[name]) != json.dumps(value):
            patch[name] = value  # 1 and true are equal in Python, but not in JSON
    return patch
