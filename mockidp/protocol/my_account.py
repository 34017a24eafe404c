"""The My Account API, with which users manage their own second factors.

Auth0: https://auth0.com/docs/manage-users/my-account-api. Evidence: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from mockidp.protocol.errors.refusal import JsonRefusal, Refusal

MY_ACCOUNT_API = "/me/"
"""The path of the API, with which its audience ends."""
CREATE_METHODS = "create:me:authentication_methods"
READ_METHODS = "read:me:authentication_methods"
UPDATE_METHODS = "update:me:authentication_methods"
DELETE_METHODS = "delete:me:authentication_methods"
READ_FACTORS = "read:me:factors"
CREATE_ACCOUNTS = "create:me:connected_accounts"
READ_ACCOUNTS = "read:me:connected_accounts"
DELETE_ACCOUNTS = "delete:me:connected_accounts"
MY_ACCOUNT_SCOPES = (
    CREATE_METHODS, READ_METHODS, UPDATE_METHODS, DELETE_METHODS, READ_FACTORS,
    CREATE_ACCOUNTS, READ_ACCOUNTS, DELETE_ACCOUNTS,
)  # fmt: skip
_TYPE = "https://auth0.com/api-errors/A0E-"
_KNOWN = {401: ("0003", "Invalid Token"), 403: ("0002", "Insufficient Scope")}
"""The number and the title of the refusals that are known, by status."""


class MyAccountRefusal(JsonRefusal):
    """A refusal in the format of the My Account API: problem details (RFC 9457 3).

    Attributes:
        field: The member of the body that is wrong; empty for none.
    """

    def __init__(self, status: int, message: str, *, hint: str, field: str = "") -> None:
        super().__init__(message, hint=hint, status=status)
        self.field = field
        self.number, self.title = "0001", HTTPStatus(status).phrase
        self._headers: Mapping[str, str] = {}

    @classmethod
    def of(cls, error: Refusal) -> MyAccountRefusal:
        """Return a refusal of a shared check in this format."""
        made = cls(error.status, error.message, hint=error.hint)
        is_known = error.status == HTTPStatus.UNAUTHORIZED or error.error == "insufficient_scope"
        if is_known:
            made.number, made.title = _KNOWN[error.status]
        if error.status == HTTPStatus.UNAUTHORIZED:
            made.message = made.title
        made._headers = error.headers()
        return made

    @property
    def error(self) -> str:
        """The code for the log."""
        return self.title.lower().replace(" ", "_")

    def headers(self) -> Mapping[str, str]:
        """Return headers that belong to this refusal."""
        return self._headers

    def body(self) -> dict[str, object]:
        """Return the JSON body, in the key order of Auth0's SDKs."""
        body: dict[str, object] = {
            "type": f"{_TYPE}{self.status}-{self.number}",
            "title": self.title,
            "status": self.status,
            "detail": self.message,
        }
        if self.field:
            wrong = {
                "detail": self.message, "field": self.field, "pointer": f"/{self.field}",
                "source": "body",
            }  # fmt: skip
            body["validation_errors"] = [wrong]
        return body
