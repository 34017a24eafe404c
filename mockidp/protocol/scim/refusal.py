"""Refusals in SCIM's format.

Spec: RFC 7644 3.12.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Literal

from mockidp.protocol.errors.refusal import JsonRefusal, Refusal

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
ScimType = Literal[
    "", "invalidFilter", "invalidPath", "invalidSyntax", "invalidValue", "noTarget", "uniqueness"
]
"""The codes of RFC 7644, table 9, that are used; empty for none."""


class ScimRefusal(JsonRefusal):
    """A refusal of the SCIM server: schemas, status, scimType, detail."""

    def __init__(self, status: int, message: str, *, hint: str, scim_type: ScimType = "") -> None:
        super().__init__(message, hint=hint, status=status)
        self.scim_type = scim_type
        self._headers: Mapping[str, str] = {}

    @classmethod
    def of(cls, error: Refusal) -> ScimRefusal:
        """Return a refusal of a shared check, or of a fault, in this format."""
        made = cls(error.status, error.message, hint=error.hint)
        made._headers = error.headers()
        return made

    @property
    def error(self) -> str:
        """The code for the log."""
        return self.scim_type or HTTPStatus(self.status).phrase.lower().replace(" ", "_")

    def headers(self) -> Mapping[str, str]:
        """Return headers that belong to this refusal: the challenge of a 401."""
        is_challenge = self.status == HTTPStatus.UNAUTHORIZED and not self._headers
        return {"WWW-Authenticate": "Bearer"} if is_challenge else self._headers

    def body(self) -> dict[str, object]:
        """Return the JSON body."""
        body: dict[str, object] = {"schemas": [ERROR], "status": str(self.status)}
        if self.scim_type:
            body["scimType"] = self.scim_type
        return {**body, "detail": self.message}


def invalid(scim_type: ScimType, message: str, *, hint: str) -> ScimRefusal:
    """Return the 400 of a filter, a path or a value."""
    return ScimRefusal(HTTPStatus.BAD_REQUEST, message, scim_type=scim_type, hint=hint)
