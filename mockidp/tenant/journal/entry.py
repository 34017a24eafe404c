"""One exchange, as the journal keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from mockidp.codec.write import to_wire
from mockidp.frozen import frozen
from mockidp.tenant.trace import Check, IssuedToken


@frozen
class JournalEntry:
    """One exchange. Times are seconds by the tenant's clock; secrets are cut."""

    number: int
    """Counts from 1 since the tenant's start or last reset."""
    flow: int = 0
    """The number of the first exchange of the flow, such as a login with its tokens."""
    continues: int | None = None
    """The earlier flow whose session or refresh token the first exchange of a flow has used."""
    at: float
    endpoint: str
    """One of `ENDPOINTS`, such as `authorize` or `token`, or `OUTBOX`."""
    method: str
    url: str
    """The URL without its query, which is in `parameters`."""
    parameters: Mapping[str, Any]
    client: str | None = None
    user: str | None = None
    grant: str | None = None
    audience: str | None = None
    status: int
    error: str | None = None
    """The error code of a refusal that was sent to the client or to its callback."""
    description: str | None = None
    hint: str = ""
    trace: tuple[Check, ...] = ()
    duration: float = 0.0
    tokens: tuple[IssuedToken, ...] = ()
    faults: tuple[str, ...] = ()
    """The names of the faults that fired."""
    notes: Mapping[str, Any] = field(default_factory=dict)
    """Other facts, such as `pkce` and `nonce` if a code was redeemed."""
    is_bug: bool = False
    """Whether mockidp itself failed."""
    request_id: str = ""
    """The value of the response header `X-Auth0-RequestId`; empty if there was none."""
    is_blocked_by_cors: bool = False
    """Whether a browser keeps the answer from the page that requested it."""

    @property
    def failed(self) -> Check | None:
        """The failed check, or None. It is the last check of the trace."""
        return next((check for check in self.trace if not check.passed), None)

    @property
    def title(self) -> str:
        """A short description without the hint."""
        parts = [f"#{self.number} {self.endpoint} {self.method} {self.status}"]
        parts += [self.error] if self.error else []
        named = {"client": self.client, "user": self.user, "grant": self.grant}
        parts += [f"{name}={value}" for name, value in named.items() if value]
        return " ".join(parts)

    def __str__(self) -> str:
        return f"{self.title} hint: {self.hint}" if self.hint else self.title

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, in the order of the fields."""
        return to_wire(self)  # type: ignore[no-any-return]  # a record becomes a dict
