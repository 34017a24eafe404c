"""The refusal of an Action of Auth0."""

from __future__ import annotations

from mockidp.protocol.errors.error_codes import CODES
from mockidp.protocol.errors.oauth_error import AccessDenied


class ActionDenied(AccessDenied):
    """What an Action of Auth0 denies with `api.access.deny`: any code and text."""

    def __init__(self, code: str, reason: str, *, hint: str) -> None:
        known = CODES.get(code)
        super().__init__(reason, hint=hint, status=known.status if known else self.status)
        self._denied_with = code

    @property
    def error(self) -> str:
        """The code that the Action chose."""
        return self._denied_with
