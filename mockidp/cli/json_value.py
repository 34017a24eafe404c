"""Values on the command line: JSON or plain text."""

from __future__ import annotations

import json
from typing import Any


def json_value(text: str) -> Any:
    """Parse a text as JSON, or return it unchanged."""
    try:
        return json.loads(text, parse_constant=str)  # JSON has no NaN
    except (ValueError, RecursionError):
        return text
