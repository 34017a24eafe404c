"""How a URL that is not in a list differs from the entry that resembles it most.

Auth0: says nothing of this; it is for the hint.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import unquote

from mockidp.protocol.url_rules import (
    ORGANIZATION,
    SCRIPT_SCHEMES,
    UrlParts,
    UrlRule,
    has_placeholder,
    is_listed,
    is_well_placed,
    runs_script,
    split_url,
)

_NAMES = {"host": "host or port", "port": "host or port"}


def nearest_difference(url: str, entries: Iterable[str], rule: UrlRule) -> str:
    """Say in words how a URL differs from the entry of a list that resembles it most."""
    if runs_script(url):
        return f"a URL with one of the schemes {', '.join(SCRIPT_SCHEMES)} is never accepted"
    candidates = list(entries)
    if not candidates:
        return "none is registered"
    changed = _changed(url, candidates, rule)
    if changed:
        return changed
    registered = f"registered: {', '.join(candidates)}"
    sent = split_url(url, ignores_case=rule.ignores_case)
    if sent is None:
        return f"it is not a URL; {registered}"
    return (
        _single_part(sent, candidates, rule)
        or _wildcard(sent, candidates)
        or _organization(candidates)
        or registered
    )


def _changed(url: str, entries: list[str], rule: UrlRule) -> str:
    """Recognize a listed URL that was changed as a whole on its way."""
    if url in entries and has_placeholder(url):
        return f"{url} is a pattern: send the URL that the browser is to go to"
    if is_listed(url.strip(), entries, rule):
        return "there is white space before or after it"
    if is_listed(unquote(url), entries, rule):
        return "it is percent-encoded twice"
    return ""


def _single_part(sent: UrlParts, entries: list[str], rule: UrlRule) -> str:
    """Find an entry from which the URL differs in one part only."""
    for entry in entries:
        known = None if has_placeholder(entry) else split_url(entry, ignores_case=rule.ignores_case)
        if known is None:
            continue
        names = {_NAMES.get(p, p) for p in rule.parts if getattr(sent, p) != getattr(known, p)}
        if len(names) == 1:
            return f"it differs from {entry} in its {_difference(sent, known, names.pop())}"
    return ""


def _difference(sent: UrlParts, known: UrlParts, name: str) -> str:
    found, expected = _part(sent, name), _part(known, name)
    same = found.casefold() == expected.casefold()
    return f"{name}: {found!r} for {expected!r}" + (
        "; upper and lower case are different here" if same and found != expected else ""
    )


def _part(parts: UrlParts, name: str) -> str:
    if name == "host or port":
        return (parts.host or "") + (f":{parts.port}" if parts.port else "")
    return getattr(parts, name) or ""


def _wildcard(sent: UrlParts, entries: list[str]) -> str:
    """Find an entry whose wildcard would have to match more than one label, or none."""
    host = sent.host or ""
    for entry in entries:
        known = split_url(entry, ignores_case=True)
        if known is None or "*" not in (known.host or "") or not is_well_placed(entry):
            continue
        before, _, after = (known.host or "").partition("*")
        if host.lower().startswith(before) and host.lower().endswith(after):
            return f"* in {entry} matches letters, digits and hyphens of one label, never a dot"
    return ""


def _organization(entries: list[str]) -> str:
    """Name the entries that count only within an organization."""
    found = ", ".join(one for one in entries if ORGANIZATION in one)
    if not found:
        return ""
    return (
        f"{found} matches only in a login to an organization, which this mock does not support "
        f"yet: register the URL itself; registered: {', '.join(entries)}"
    )
