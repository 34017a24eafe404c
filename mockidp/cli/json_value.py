"""Values on the command line: JSON, or else text."""

from __future__ import annotations

import json
from typing import Any


def json_value(text: str) -> Any:
    """Return the JSON value of a text, or the text itself."""
    try:
        return json.loads(text, parse_constant=str)  # JSON has no NaN
    except (ValueError, RecursionError):
        return text
