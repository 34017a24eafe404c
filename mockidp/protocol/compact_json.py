"""JSON without spaces, as tokens and Auth0's responses have it."""

from __future__ import annotations

import json
from typing import Any

_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)
"""Made once: `json.dumps` with options makes an encoder for each call."""


def compact_json(value: Any) -> bytes:
    """Return a value as JSON in UTF-8. Half a surrogate pair becomes a question mark."""
    return _ENCODER.encode(value).encode(errors="replace")
