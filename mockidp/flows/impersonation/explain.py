"""Explain a link: the checks in order, the differences from the original link, the causes."""

from __future__ import annotations

from mockidp.flows.impersonation.causes import find_entry, refusal_of, unescape_ampersands
from mockidp.flows.impersonation.check import CHECKS, Opening, check_link
from mockidp.flows.impersonation.refusal import ImpersonationRefused
from mockidp.flows.impersonation.spans import Span, differing_spans
from mockidp.frozen import frozen
from mockidp.protocol.impersonation.bewit import BewitError
from mockidp.protocol.tokens.artifacts import ImpersonationLink
from mockidp.tenant.tenant import Tenant


@frozen
class LinkCheck:
    """One check of a link."""

    name: str
    passed: bool | None
    """None if an earlier check failed."""


@frozen
class LinkComparison:
    """How a link was checked, and how it differs from the original link."""

    checks: tuple[LinkCheck, ...]
    """All checks in order."""
    received: str
    """The URL that was opened, byte for byte."""
    signed: str | None = None
    """The original link; null if the tenant does not know it."""
    spans: tuple[Span, ...] = ()
    """The differences between the two."""


@frozen
class LinkReport:
    """The result that opening a link would have: the link, or the refusal."""

    comparison: LinkComparison
    outcome: ImpersonationLink | ImpersonationRefused


def explain_link(tenant: Tenant, opening: Opening) -> LinkReport:
    """Check a link as if it were opened, and explain the result. The link is not used up."""
    try:
        link = check_link(tenant, opening)
    except BewitError as error:
        comparison = _compare(tenant, opening, failed=error.check)
        return LinkReport(comparison=comparison, outcome=refusal_of(tenant, opening, error))
    return LinkReport(comparison=_compare(tenant, opening), outcome=link)


def hint_about_link(tenant: Tenant, opening: Opening) -> str:
    """Return the hint of the refusal that opening a link would get; empty if it is valid."""
    outcome = explain_link(tenant, opening).outcome
    return outcome.hint if isinstance(outcome, ImpersonationRefused) else ""


def _compare(tenant: Tenant, opening: Opening, *, failed: str = "") -> LinkComparison:
    received = opening.origin + opening.target
    entry = find_entry(tenant, unescape_ampersands(opening.target))
    reached = CHECKS.index(failed) if failed else len(CHECKS)
    checks = tuple(
        LinkCheck(name=name, passed=index < reached if index <= reached else None)
        for index, name in enumerate(CHECKS)
    )
    if entry is None:
        return LinkComparison(checks=checks, received=received)
    signed = entry.value.url
    spans = differing_spans(signed, received)
    return LinkComparison(checks=checks, received=received, signed=signed, spans=spans)
