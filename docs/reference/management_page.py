"""The page about the Management API: its operations, and the tests and clients that call them."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

from mockidp.management.operation import Operation
from mockidp.management.operations import OPERATIONS

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))
from helpers.management_calls import called_operations

TESTS = Path(__file__).parents[2] / "tests"

_INTRODUCTION = """\
These are the calls of Auth0's Management API v2 that mockidp has, below `/api/v2`. They change the
tenant at once: a user that a call blocks cannot log in with the next request.

A call needs an access token for the audience `https://HOST/api/v2/` with one of the scopes listed
here. To give a client all scopes, add a `clientGrants` entry with that audience and
`allow_all_scopes: true`. Without a tenant file, every client has all scopes.

There are three tiers:

1. Bodies are checked, and logins and tokens follow the change.
2. Bodies are stored and returned, so that Auth0's tools can export and import them. Nothing else
   depends on them.
3. Calls that are not listed are refused like calls without a scope: with 403 and
   `insufficient_scope`. Auth0's tools skip what they have no scope for, and would repeat a call
   that fails with 501. The header `Mockidp-Hint` says that mockidp does not have the call.

"Tests" names the modules of `tests/conformance/management` that contain the call, without `test_`.
"Clients" are the [tested clients](clients.md) that made it in their tests, and got the answer."""
_STORED = "mockidp.management.stored."
"""The package of the handlers of tier 2."""


def management_page(note: str) -> str:
    """Return the page."""
    lines = ["# Management API", "", note, "", *_INTRODUCTION.splitlines(), ""]
    lines += [
        "| call | | scopes | answer | tier | tests | clients |",
        "|---|---|---|---|---|---|---|",
    ]
    tests, clients = modules_by_call(), _clients_by_call()
    for one in sorted(OPERATIONS, key=lambda one: one.path):
        call = call_of(one)
        cells = (
            f"{one.method} `{one.path}`",
            one.title,
            ", ".join(f"`{scope}`" for scope in one.scopes),
            str(int(one.status)),
            str(tier_of(one)),
            ", ".join(tests[call]),
            "; ".join(_with_versions(clients[call])),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def call_of(operation: Operation) -> str:
    """Return the name of a call, such as `GET /users/{id}`."""
    return f"{operation.method} {operation.path}"


def tier_of(operation: Operation) -> int:
    """Return 1 for a call on which logins and tokens depend, and 2 for one that only stores."""
    return 2 if getattr(operation.handler, "__module__", "").startswith(_STORED) else 1


def modules_by_call() -> Mapping[str, list[str]]:
    """Return the test modules by the calls that they contain."""
    found = defaultdict(list)
    for module in sorted((TESTS / "conformance/management").rglob("test_*.py")):
        for call in {call_of(one) for one in called_operations(module)}:
            found[call].append(module.stem.removeprefix("test_"))
    return found


def _clients_by_call() -> Mapping[str, list[str]]:
    found = defaultdict(list)
    calls = json.loads((TESTS / "clients/management_calls.json").read_text())
    for client, made in calls.items():
        for call in made:
            found[call].append(client)
    return found


def _with_versions(clients: Iterable[str]) -> Iterator[str]:
    """Yield each client once, with all its versions: `auth0 7, 6`."""
    named = (client.rpartition(" ") for client in clients)
    for name, group in groupby(named, key=lambda parts: parts[0]):
        versions = [version for _name, _space, version in group]
        yield f"{name} {', '.join(versions)}" if name else ", ".join(versions)
