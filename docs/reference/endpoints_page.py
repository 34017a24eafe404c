"""The page about endpoints, grants and parameters, from the tables that the code itself uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mockidp.flows.token import GRANTS, UNSUPPORTED_GRANTS
from mockidp.protocol.legacy import api_v1
from mockidp.protocol.login.native_social import PROVIDERS
from mockidp.protocol.mfa.authentication_methods import AUTHENTICATION_METHODS
from mockidp.protocol.oauth.response_mode import RESPONSE_MODES
from mockidp.protocol.oauth.response_type import RESPONSE_TYPES
from mockidp.protocol.request_parameters.table import ParameterTable, RequestParameter
from mockidp.protocol.tokens.token_exchange import ACCESS_TOKEN, OTHER_TYPES
from mockidp.web import endpoints, hosted
from mockidp.web.apis import management, my_account, scim
from mockidp.web.endpoints.unmatched import PATHS, PREFIXES
from mockidp.web.routing.route import Route

_INTRODUCTION = """\
This page lists every endpoint, grant type and parameter that Auth0 documents or that its SDKs
send. It is made from the tables that mockidp itself uses.

- *works*: as in Auth0; [fidelity](../fidelity.md) has the details and the evidence.
- *simplified*: answered, but mockidp leaves something out on purpose. If Auth0 would act on a
  parameter, the header `Mockidp-Hint`, the log and the journal say what it would do.
- *refused*: Auth0 has it and mockidp does not. The request is refused by name, so that no test
  passes that would fail against Auth0: endpoints and grant types with 501, parameters mostly with
  `invalid_request`.
- *not accepted*: Auth0 refuses the path, parameter or value, and mockidp does the same.
- *ignored*: Auth0's answer does not depend on the parameter either.

Any other parameter is ignored, as in Auth0, where only Actions see it. If its name is similar to
one of these, a hint suggests that name."""
_HERE = {
    "supported": "works",
    "hinted": "simplified",
    "refused": "refused",
    "not accepted": "not accepted",
    "ignored": "ignored",
}
_MANAGEMENT = "The [calls of the Management API](management.md) that are listed."
ROUTES = tuple(one for one in (*endpoints.routes(), *hosted.routes()) if one.is_recorded)
"""The routes of Auth0's endpoints and pages."""

Row = tuple[str, ...]


def endpoints_page(note: str) -> str:
    """Return the page."""
    lines = ["# Endpoints", "", note, "", _INTRODUCTION]
    lines += ["", "## Endpoints and pages", ""]
    lines += _table(("path", "methods", "here", "note"), _endpoint_rows())
    for heading, first, rows in (
        ("Grant types", "`grant_type`", _grant_rows()),
        ("Subject tokens", "`subject_token_type`", _subject_rows()),
        ("Response types", "`response_type`", _works(RESPONSE_TYPES)),
        ("Response modes", "`response_mode`", _works(RESPONSE_MODES)),
        ("Client authentication", "method", _works((*AUTHENTICATION_METHODS, "none"))),
    ):
        lines += ["", f"## {heading}", "", *_table((first, "here", "note"), rows)]
    lines += ["", "## Parameters"]
    for route in sorted(ROUTES, key=lambda one: one.path):
        if route.parameters is not None:
            lines += ["", f"### {route.path}", "", *_parameters(route.parameters)]
    return "\n".join(lines) + "\n"


def _endpoint_rows() -> Iterator[Row]:
    """Yield a row for each path, in the order of the paths."""
    by_path: dict[str, list[Route]] = {}
    for route in ROUTES:
        by_path.setdefault(route.path, []).append(route)
    rows = {path: _implemented(routes) for path, routes in by_path.items()}
    below = {f"{prefix}...": feature for prefix, feature in PREFIXES.items()}
    rows |= {path: ("any", "refused", f"{one}.") for path, one in {**PATHS, **below}.items()}
    rows[f"{api_v1.PREFIX}..."] = ("any", "not accepted", f"{api_v1.REMOVED}.")
    rows |= dict(_api_rows(my_account.ROUTES)) | dict(_api_rows(scim.ROUTES))
    rows[f"{management.PREFIX}/..."] = ("any", "works", _MANAGEMENT)
    return ((f"`{path}`", *rows[path]) for path in sorted(rows))


def _api_rows(routes: Iterable[Route]) -> Iterator[tuple[str, Row]]:
    by_path: dict[str, list[str]] = {}
    for one in routes:
        by_path.setdefault(one.path, []).extend(one.methods)
    for path, methods in by_path.items():
        yield path, (" ".join(methods), "works", "")


def _implemented(routes: Iterable[Route]) -> Row:
    methods = " ".join(method for one in routes for method in one.methods)
    notes = " ".join(one.simplified for one in routes if one.simplified)
    return (methods, "simplified" if notes else "works", notes)


def _grant_rows() -> Iterator[Row]:
    yield from _works(GRANTS)
    yield from ((f"`{one}`", "refused", f"{of}.") for one, of in UNSUPPORTED_GRANTS.items())


def _subject_rows() -> Iterator[Row]:
    yield "of a token exchange profile", "works", ""
    yield f"`{ACCESS_TOKEN}`", "works", "On behalf of the user of the access token."
    yield from (
        (f"`{one.kind}`", "works", f"Native social login with {one.title}.") for one in PROVIDERS
    )
    yield from ((f"`{one}`", "not accepted", f"{of}.") for one, of in OTHER_TYPES.items())


def _works(names: Iterable[str]) -> Iterator[Row]:
    return ((f"`{one}`", "works", "") for one in names)


def _parameters(table: ParameterTable) -> Iterator[str]:
    with_grants = any(one.grants for one in table)
    columns = ("parameter", *(("grant types",) if with_grants else ()), "here", "note")
    rows = (
        (_name(one), *((_grants(one),) if with_grants else ()), _HERE[one.handling], one.text)
        for one in sorted(table, key=lambda one: (one.is_header, one.name.lower()))
    )
    return _table(columns, rows)


def _name(one: RequestParameter) -> str:
    named = f"`{one.name}`" + (" (header)" if one.is_header else "")
    return named + "".join(f" `{value}`" for value in one.values)


def _grants(one: RequestParameter) -> str:
    return ", ".join(f"`{grant.replace(':', '/').rpartition('/')[2]}`" for grant in one.grants) or (
        "all"
    )


def _table(columns: Row, rows: Iterable[Row]) -> Iterator[str]:
    yield "| " + " | ".join(columns) + " |"
    yield "|" + "---|" * len(columns)
    for row in rows:
        yield "| " + " | ".join(row) + " |"
