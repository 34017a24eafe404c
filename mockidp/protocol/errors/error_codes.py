"""The errors that a fault can answer with."""

from __future__ import annotations

from collections.abc import Iterator

from mockidp.protocol.errors import extension_error, oauth_error
from mockidp.protocol.errors.oauth_error import OAuthError


def _registered() -> Iterator[type[OAuthError]]:
    """Yield the errors that define a code of their own."""
    for module in (oauth_error, extension_error):
        for one in vars(module).values():
            if isinstance(one, type) and OAuthError in one.__bases__:
                yield one


CODES = {error.code: error for error in _registered() if error.is_fault}
"""The errors that a fault can answer with, by code."""
