"""The page about the OpenID Foundation's test modules, from the list that the tests use."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "helpers" / "oidf"))
from plans import MODULES, runs_of

_INTRODUCTION = """\
The OpenID Foundation certifies providers with test plans, which consist of modules. **mockidp is
not certified by the OpenID Foundation, and has not applied for it.** These are mockidp's own
tests of the same behavior, in `tests/oidf`. They follow the specifications and the Foundation's
descriptions of its modules, but do not run its test suite.

A module of the Basic, Implicit or Hybrid OP plan runs for each response type of its plan, once
with the default response mode and once with `form_post` (the Form Post OP plans), and each of these
over https and intercepted in the process. That makes {runs} runs of {count} modules. joserfc
verifies the tokens.

The tests use the setting [`profile: oidc`](settings.md#profile), because Auth0 departs from the
standard, and so does mockidp by default. [Fidelity](../fidelity.md) has a row for each departure,
with `profile` in the last column."""
_TITLES = {
    "basic": "Basic",
    "implicit": "Implicit",
    "hybrid": "Hybrid",
    "config": "Config",
    "dynamic": "Dynamic",
    "rp-logout": "RP-Initiated Logout",
    "backchannel-logout": "Back-Channel Logout",
    "third-party-login": "3rd Party-Init Login",
}


def oidf_page(note: str) -> str:
    """Return the page."""
    tested = [one for one in MODULES.values() if "not_tested" not in one]
    others = [one for one in MODULES.values() if "not_tested" in one]
    runs = sum(len(list(runs_of(one))) for one in tested)
    lines = [
        "# OpenID conformance modules",
        "",
        note,
        "",
        *_INTRODUCTION.format(runs=runs, count=len(tested)).splitlines(),
        "",
        "## What differs without the setting",
        "",
        "These modules would fail. All others pass with the default profile, too.",
        "",
        "| module | by default |",
        "|---|---|",
        *(f"| {one['module']} | {one['by_default']} |" for one in tested if "by_default" in one),
        "",
        "## Modules that are tested",
        "",
        "| module | older name | plans |",
        "|---|---|---|",
        *_rows(tested),
        "",
        "## Modules that are not needed",
        "",
        "These are only in plans with dynamic client registration. The clients of mockidp's tests",
        "are in a tenant file instead.",
        "",
        "| module | plans | why it is not tested |",
        "|---|---|---|",
        *(f"| {one['module']} | {_plans(one)} | {one['not_tested']} |" for one in others),
    ]
    return "\n".join(lines) + "\n"


def _rows(modules: list[dict[str, Any]]) -> Iterator[str]:
    for one in modules:
        yield f"| {one['module']} | {one.get('older_name', '')} | {_plans(one)} |"


def _plans(module: Mapping[str, Any]) -> str:
    return ", ".join(_TITLES[plan] for plan in module["plans"])
