"""The rules for custom domains: one default, and no contradiction to `issuer` and `browser_url`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mockidp.codec.mistakes import ConfigError, Mistake
from mockidp.codec.node import Node
from mockidp.codec.report import Report
from mockidp.protocol.urls.origin import host_in
from mockidp.resources.custom_domain import READY
from mockidp.resources.rules import Misfit
from mockidp.tenant.config.place import Place
from mockidp.tenant.content.document import TenantDocument
from mockidp.tenant.directory import Directory

_SECTION = "customDomains"
_URLS = ("issuer", "browser_url")


def check_domains(root: Node, report: Report, tenant: Directory | None = None) -> None:
    """Report the mistakes of a file.

    Args:
        root: The file.
        report: Receives the mistakes.
        tenant: The tenant that the file changes; by default the file is complete.
    """
    place = Place(root, ())
    entries = [one for one in place.items(_SECTION) if one.text_of("domain")]
    known = {} if tenant is None else dict(tenant.custom_domains)
    statuses: dict[str, str] = {name: one.status for name, one in known.items()}
    statuses |= {one.text_of("domain"): one.text_of("status") or READY for one in entries}
    _check_default(entries, report, [one.domain for one in known.values() if one.is_default])
    settings = place.step("mockidp")
    for one in _contradictions({name: settings.text_of(name) for name in _URLS}, statuses):
        wrong = settings.step(one.field)
        report.refuse(wrong.node.line, wrong.path, found=one.found, expected=one.expected)
    if tenant is not None and entries:
        for one in _contradictions(_urls_of(tenant), statuses):
            wrong = entries[0].step("domain")
            found = f"{wrong.text!r}, with `{one.field}` at {one.found}"
            report.refuse(wrong.node.line, wrong.path, found=found, expected=one.expected)


def check_settings(document: TenantDocument, *, source: str) -> None:
    """Check settings that were overridden.

    Raises:
        ConfigError: They contradict the custom domains.
    """
    statuses = {one.domain: one.status for one in document.custom_domains}
    urls = {name: getattr(document.mockidp, name) or "" for name in _URLS}
    mistakes = [
        Mistake(file=source, path=one.field, found=one.found, expected=one.expected)
        for one in _contradictions(urls, statuses)
    ]
    if mistakes:
        raise ConfigError(mistakes)


def _urls_of(tenant: Directory) -> Mapping[str, str]:
    return {name: getattr(tenant.settings, name) or "" for name in _URLS}


def _check_default(entries: list[Place], report: Report, others: list[str]) -> None:
    first = next(iter(others), "")
    for one in entries:
        domain = one.text_of("domain")
        if not one.is_true("is_default"):
            continue
        if first and domain != first:
            wrong = one.step("is_default")
            found, expected = f"true, as for {first}", "at most one default custom domain"
            report.refuse(wrong.node.line, wrong.path, found=found, expected=expected)
        first = first or domain


def _contradictions(urls: Mapping[str, str], statuses: Mapping[str, str]) -> Iterator[Misfit]:
    """Yield the settings that cannot be used together with the custom domains."""
    hosts = {name: host_in(url) for name, url in urls.items()}
    for name, host in hosts.items():
        status = statuses.get(host, READY)
        if status != READY:
            yield Misfit(
                name,
                found=f"the custom domain {host}, whose status is {status}",
                expected="a domain at which the tenant answers: status ready",
            )
    pages = hosts["browser_url"]
    if pages in statuses and hosts["issuer"] != pages:
        yield Misfit(
            "browser_url",
            found=f"the custom domain {pages}, which has its own issuer",
            expected=f"`issuer` at {pages} as well, or no browser_url: pages of a login at a "
            "custom domain are always there",
        )
