"""How a URL that is not in a list differs from the most similar entry.

Auth0: has no such explanation; it is for the hint.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile
from operator import eq
from urllib.parse import unquote

from mockidp.protocol.urls.rules import (
    SCRIPT_SCHEMES,
    UrlParts,
    UrlRule,
    has_placeholder,
    has_unsupported_placeholder,
    host_matches,
    is_listed,
    runs_script,
    split_entry,
    split_url,
)
from mockidp.protocol.urls.web_host import mistake_in_url

_MAX_NAMED = 20
"""The number of entries that a hint names."""
_NAMES = {"host": "host or port", "port": "host or port"}
_WILDCARD = "The `*` in {} matches letters, digits and hyphens of one label, never a dot."


def nearest_difference(url: str, entries: Iterable[str], rule: UrlRule) -> str:
    """Explain how a URL differs from the most similar entry of a list."""
    if runs_script(url):
        return f"A URL with one of the schemes {', '.join(SCRIPT_SCHEMES)} is never accepted."
    candidates = list(entries)
    mistake = mistake_in_url(url)
    if not candidates:
        return f"No URL is registered{f', and {mistake}' if mistake else ''}."
    changed = damage_of_url(url, candidates, rule)
    if changed:
        return changed
    registered = _registered(candidates)
    sent = split_url(url, ignores_case=rule.ignores_case)
    if sent is None:
        return f"It is not a URL{f': {mistake}' if mistake else ''}. {registered}"
    return (
        _single_part(url, sent, candidates, rule)
        or _wildcard(sent, candidates)
        or _organization(candidates)
        or f"{registered}{_never_matching(candidates)}"
    )


def _never_matching(entries: list[str]) -> str:
    """Name the entries with a wildcard that Auth0 does not evaluate."""
    found = [one for one in entries if "*" in one and split_entry(one, ignores_case=True) is None]
    if not found:
        return ""
    entry, match = ("Entry", "matches") if len(found) == 1 else ("Entries", "match")
    return (
        f" {entry} {_some_of(found)} never {match}, because `*` works only in the first label of a "
        "host."
    )


def damage_of_url(url: str, entries: Sequence[str], rule: UrlRule) -> str:
    """Explain how a listed URL was changed before it was sent; empty if it was not."""
    if url in entries and has_placeholder(url):
        return f"Entry {url} is a pattern. Send the URL to which the browser is redirected."
    stripped, unquoted = url.strip(), unquote(url)
    if stripped != url and is_listed(stripped, entries, rule):
        return "It has white space before or after it."
    if unquoted != url and is_listed(unquoted, entries, rule):
        return "It is percent-encoded twice."
    return ""


def _single_part(url: str, sent: UrlParts, entries: list[str], rule: UrlRule) -> str:
    """Explain the difference from the most similar entry, if only one part differs."""
    found = []
    similarity = _Similarity(url)
    for entry in entries:
        known = split_entry(entry, ignores_case=rule.ignores_case)
        if known is None:
            continue
        parts = [part for part in rule.parts if not _is_same(part, sent, known)]
        if len({_NAMES.get(part, part) for part in parts}) == 1:
            found.append((len(parts), -similarity.to(entry), entry, known, parts[0]))
    if not found:
        return ""
    *_, entry, known, part = min(found)
    name = _NAMES.get(part, part)
    if part == "host" and _exceeds_wildcard(sent, known):
        return _WILDCARD.format(entry)
    return f"It differs from {entry} in its {_difference(sent, known, name)}"


def _is_same(part: str, sent: UrlParts, known: UrlParts) -> bool:
    if part == "host":
        return host_matches(sent.host, known.host)
    return bool(getattr(sent, part) == getattr(known, part))


class _Similarity:
    """The similarity of URLs to one URL."""

    def __init__(self, url: str) -> None:
        self._url = url.casefold()
        self._reversed = self._url[::-1]

    def to(self, entry: str) -> int:
        """Count the common characters at the start and at the end."""
        other = entry.casefold()
        return _same_at_start(self._url, other) + _same_at_start(self._reversed, other[::-1])


def _same_at_start(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(bool, map(eq, one, other)))


def _difference(sent: UrlParts, known: UrlParts, name: str) -> str:
    found, expected = _part(sent, name), _part(known, name)
    same = found.casefold() == expected.casefold() or (
        "*" in expected and sent.port == known.port and _matches_in_lower_case(sent, known)
    )
    return f"{name}: {found!r} instead of {expected!r}." + (
        " The comparison is case-sensitive." if same and found != expected else ""
    )


def _part(parts: UrlParts, name: str) -> str:
    if name == "host or port":
        return (parts.host or "") + (f":{parts.port}" if parts.port else "")
    return getattr(parts, name) or ""


def _matches_in_lower_case(sent: UrlParts, known: UrlParts) -> bool:
    return host_matches((sent.host or "").lower(), (known.host or "").lower())


def _exceeds_wildcard(sent: UrlParts, known: UrlParts) -> bool:
    """Return whether a wildcard would have to match more than one label, or nothing."""
    before, star, after = (known.host or "").lower().partition("*")
    host = (sent.host or "").lower()
    fits = star and host.startswith(before) and host.endswith(after)
    return bool(fits) and not _matches_in_lower_case(sent, known)


def _wildcard(sent: UrlParts, entries: list[str]) -> str:
    """Explain a wildcard that would have to match more than one label, or nothing."""
    for entry in entries:
        known = split_entry(entry, ignores_case=True)
        if known is not None and _exceeds_wildcard(sent, known):
            return _WILDCARD.format(entry)
    return ""


def _organization(entries: list[str]) -> str:
    """Name the entries that depend on an organization or a custom domain."""
    found = [one for one in entries if has_unsupported_placeholder(one)]
    if not found:
        return ""
    entry, match = ("Entry", "matches") if len(found) == 1 else ("Entries", "match")
    return (
        f"{entry} {_some_of(found)} {match} only in a login to an organization, which the "
        "request names, or at a custom domain whose `domain_metadata` has the key. Send "
        "`organization`, use the custom domain, or register the URL itself. "
        f"{_registered(entries)}"
    )


def _registered(entries: list[str]) -> str:
    """Return a sentence that names the entries of a list."""
    return f"The registered {'URL is' if len(entries) == 1 else 'URLs are'} {_some_of(entries)}."


def _some_of(entries: list[str]) -> str:
    """Return the first entries of a list as text."""
    more = len(entries) - _MAX_NAMED
    return ", ".join(entries[:_MAX_NAMED]) + (f" and {more} more" if more > 0 else "")
