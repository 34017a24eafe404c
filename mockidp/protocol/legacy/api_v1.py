"""The calls of Auth0's Management API v1, which was removed in 2020, and those that replace them.

Auth0: its guide for the migration to v2 (docs/fidelity.md, "Paths").
"""

from __future__ import annotations

import re

PREFIX = "/api/"
REMOVED = "The Management API v1, which Auth0 removed in 2020"
_V2 = "/api/v2/"
_REPLACED = (
    ("users/[^/]+/send_verification_email", "POST", "jobs/verification-email"),
    ("users/[^/]+/verification_ticket", "POST", "tickets/email-verification"),
    ("users/[^/]+/change_password_ticket", "POST", "tickets/password-change"),
    ("users/[^/]+/(email|metadata|password)", "PATCH", "users/{id}"),
    ("users/[^/]+/publickey", "POST", "device-credentials"),
    ("users/[^/]+/refresh_tokens/[^/]+", "DELETE", "device-credentials/{id}"),
    ("connections/[^/]+/users", "GET", 'users?q=identities.connection:"{name}"'),
    ("enterpriseconnections/users", "GET", "users?q=identities.isSocial:false"),
    ("socialconnections/users", "GET", "users?q=identities.isSocial:true"),
)
"""Patterns of paths, and method and path of the call in v2."""
_SAME_NAMES = ("clients", "connections", "logs", "rules", "users")


def replacement_of(method: str, path: str) -> str:
    """Return the call of v2 that replaces a call of v1, such as `PATCH /api/v2/users/{id}`.

    It is empty for a path that v1 did not have.
    """
    of_v1 = path.removeprefix(PREFIX).strip("/")
    method = "PATCH" if method == "PUT" else method
    for pattern, of_v2, call in _REPLACED:
        if re.fullmatch(pattern, of_v1):
            return f"{of_v2} {_V2}{call}"
    noun, slash, _ = of_v1.partition("/")
    return f"{method} {_V2}{noun}{'/{id}' if slash else ''}" if noun in _SAME_NAMES else ""
