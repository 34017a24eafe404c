"""The page about request parameters, from the tables that hints and refusals use."""

from __future__ import annotations

from collections.abc import Iterator

from mockidp.protocol.request_parameters.authorize import AUTHORIZE
from mockidp.protocol.request_parameters.table import ParameterTable, RequestParameter
from mockidp.protocol.request_parameters.token import TOKEN

_INTRODUCTION = """\
This page lists every documented parameter of `/authorize` and `/oauth/token`, and all parameters
that the SDKs are known to send.

- *supported*: as in Auth0; [fidelity](../fidelity.md) has the details and the evidence.
- *refused*: Auth0 acts on it and mockidp does not. The request is refused, mostly with
  `invalid_request`, so that no test passes that would fail against Auth0.
- *hinted*: Auth0 acts on it and mockidp does not. The request is answered, and the header
  `Mockidp-Hint`, the log and the journal say what Auth0 would do.
- *ignored*: Auth0's answer does not depend on it either.

Any other parameter is ignored, as in Auth0, where only Actions see it. If its name is similar to
one of these, a hint suggests that name."""


def parameters_page(note: str) -> str:
    """Return the page."""
    lines = ["# Request parameters", "", note, "", _INTRODUCTION]
    for heading, table in (("/authorize", AUTHORIZE), ("/oauth/token", TOKEN)):
        lines += ["", f"## {heading}", "", *_table(table)]
    return "\n".join(lines) + "\n"


def _table(table: ParameterTable) -> Iterator[str]:
    with_grants = any(one.grants for one in table)
    columns = ("parameter", *(("grant types",) if with_grants else ()), "here", "note")
    yield "| " + " | ".join(columns) + " |"
    yield "|" + "---|" * len(columns)
    for one in sorted(table, key=lambda one: (one.is_header, one.name.lower())):
        grants = ", ".join(f"`{_short(grant)}`" for grant in one.grants) or "all"
        cells = (_name(one), *((grants,) if with_grants else ()), one.handling, one.text)
        yield "| " + " | ".join(cells) + " |"


def _name(one: RequestParameter) -> str:
    named = f"`{one.name}`" + (" (header)" if one.is_header else "")
    return named + "".join(f" `{value}`" for value in one.values)


def _short(grant: str) -> str:
    return grant.rpartition("/")[2]
