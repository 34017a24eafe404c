"""The refusal of a link: Hawk's words for the client, and every cause for the developer."""

from __future__ import annotations

from dataclasses import dataclass

from mockidp.protocol.oauth_error import AccessDenied


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause by name, and the hint that explains it."""

    name: str
    hint: str


class ImpersonationRefused(AccessDenied):
    """A link does not open.

    Attributes:
        causes: Every cause; the first is the one of the client's text.
    """

    def __init__(self, words: str, causes: tuple[Cause, ...], *, status: int = 401) -> None:
        hint = "; and ".join(cause.hint for cause in causes)
        super().__init__(f"Impersonation - {words}", hint=hint, status=status)
        self.causes = causes
