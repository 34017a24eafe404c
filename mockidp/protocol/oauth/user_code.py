"""The codes that devices show, and that users type on another device.

Spec: RFC 8628 6.1.
Auth0: a user code has the characters and the form that the tenant's `device_flow` says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

Charset = Literal["base20", "digits"]
CHARACTERS: Mapping[Charset, str] = {"base20": "BCDFGHJKLMNPQRSTVWXZ", "digits": "0123456789"}
"""The characters of user codes. `base20` has no vowels, so that no words appear."""
PLACEHOLDER = "*"
"""The character of a mask that is a placeholder for a character of the code."""


def fill_mask(mask: str, characters: str) -> str:
    """Return a user code as the device shows it: `BCDFGHJK` in `****-****` is `BCDF-GHJK`."""
    left = iter(characters)
    return "".join(next(left) if one == PLACEHOLDER else one for one in mask)


def normalize_user_code(typed: str) -> str:
    """Return the characters of a user code, whatever its case and separators (RFC 8628 6.1)."""
    return re.sub(r"[^A-Z0-9]", "", typed.upper())
