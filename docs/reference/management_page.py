"""The page about the Management API, from its operations."""

from __future__ import annotations

from mockidp.management.operations import OPERATIONS

_INTRODUCTION = """\
These are the calls of Auth0's Management API v2 that mockidp has, below `/api/v2`. They change the
tenant at once: a user that a call blocks cannot log in with the next request.

A call needs an access token for the audience `https://HOST/api/v2/` with one of the scopes listed
here. To give a client all scopes, add a `clientGrants` entry with that audience and
`allow_all_scopes: true`. Without a tenant file, every client has all scopes.

Calls that are not listed are refused like calls without a scope: with 403 and `insufficient_scope`.
Auth0's tools skip what they have no scope for, and would repeat a call that fails with 501. The
header `Mockidp-Hint` says that mockidp does not have the call."""


def management_page(note: str) -> str:
    """Return the page."""
    lines = ["# Management API", "", note, "", *_INTRODUCTION.splitlines(), ""]
    lines += ["| call | scopes | answer | |", "|---|---|---|---|"]
    for one in sorted(OPERATIONS, key=lambda one: one.path):
        scopes = ", ".join(f"`{scope}`" for scope in one.scopes)
        lines.append(f"| {one.method} `{one.path}` | {scopes} | {int(one.status)} | {one.title} |")
    return "\n".join(lines) + "\n"
