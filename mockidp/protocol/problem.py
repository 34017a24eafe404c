"""What is wrong with a call that steers the mock.

Spec: RFC 9457 3.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from mockidp.protocol.refusal import Refusal


class Problem(Refusal):
    """A refusal as problem details.

    Attributes:
        mistakes: What to mend, each with the JSON pointer (RFC 6901) of its place in the body.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        mistakes: Iterable[tuple[str, str]] = (),
        hint: str = "",
    ) -> None:
        super().__init__(detail, hint=hint or detail, status=status)
        self.mistakes = tuple(mistakes)

    @property
    def error(self) -> str:
        """The code that stands in the log."""
        return HTTPStatus(self.status).phrase

    def body(self) -> dict[str, Any]:
        """Return the JSON body."""
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": self.error,
            "status": self.status,
            "detail": self.message,
        }
        if self.mistakes:
            body["errors"] = [
                {"pointer": pointer, "detail": detail} for pointer, detail in self.mistakes
            ]
        return body
