"""Refusals of the control API.

Spec: RFC 9457 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from mockidp.protocol.errors.refusal import Refusal


class Problem(Refusal):
    """A refusal as problem details.

    Attributes:
        mistakes: The mistakes. Each has a `detail` and a location: a `pointer` into the body
            (RFC 6901), or a query `parameter`.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        mistakes: Iterable[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail, hint=detail, status=status)
        self.mistakes = tuple(mistakes)
        self._headers = headers or {}

    def headers(self) -> Mapping[str, str]:
        """Return headers that belong to this refusal."""
        return self._headers

    @property
    def error(self) -> str:
        """The code for the log."""
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
            body["errors"] = [dict(one) for one in self.mistakes]
        return body
