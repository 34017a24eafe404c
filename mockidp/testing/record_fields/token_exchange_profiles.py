"""The fields of token exchange profiles, as keyword arguments.

Written by scripts/generate_methods.py from the registry: change that, not this file.
"""

from __future__ import annotations

from typing import Literal, TypedDict


class TokenExchangeProfileFields(TypedDict, total=False):
    """A type of subject tokens, and the Action that decides about them."""

    subject_token_type: str
    action: str
    action_id: str
    id: str
    type: Literal["custom_authentication"]
