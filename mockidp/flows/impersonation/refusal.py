"""The refusal of a link: Hawk's text for the client, and every cause for the developer."""

from __future__ import annotations

from mockidp.frozen import frozen
from mockidp.protocol.errors.hint import join_hints
from mockidp.protocol.errors.oauth_error import AccessDenied


@frozen(kw_only=False)
class Cause:
    """The name of a cause, and the hint that explains it."""

    name: str
    hint: str


class ImpersonationRefused(AccessDenied):
    """A link does not open.

    Attributes:
        causes: Every cause. The client's text is that of the first.
    """

    def __init__(self, text: str, causes: tuple[Cause, ...], *, status: int = 401) -> None:
        hint = join_hints(*(cause.hint for cause in causes))
        super().__init__(f"Impersonation - {text}", hint=hint, status=status)
        self.causes = causes
