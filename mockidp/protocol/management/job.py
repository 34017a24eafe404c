"""A job of the Management API. The key of its store is the job's id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal

from mockidp.frozen import frozen

JobKind = Literal["verification_email", "users_export", "users_import"]


@frozen
class Job:
    """The result of a job, which is done at once although the first answer says `pending`.

    Attributes:
        kind: What it did.
        created_at: When, in seconds since 1970.
        details: What it shows in addition, in Auth0's order.
        results: What it shows when it is completed.
        failure: Why it failed; empty if it did not.
        errors: The users that were not imported, each with its errors.
        ticket: The secret in the URL of the file with exported users.
        content: That file, compressed with gzip, as base64.
    """

    kind: JobKind
    created_at: float
    details: Mapping[str, Any] = field(default_factory=dict)
    results: Mapping[str, Any] = field(default_factory=dict)
    failure: str = ""
    errors: tuple[Mapping[str, Any], ...] = ()
    ticket: str | None = None
    content: str = ""
