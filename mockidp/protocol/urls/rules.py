"""Rules for comparing the URL or origin of a request with the lists of a client.

Spec: RFC 6749 3.1.2.3; RFC 9700 2.1; RFC 6454 4.
Auth0: the three kinds of list are compared differently (`CALLBACKS`, `LOGOUT_URLS`, `ORIGINS`).
In each of them `*` matches one or more characters of the first label of an http(s) host.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from mockidp.frozen import frozen
from mockidp.protocol.urls.web_host import mistake_in_host, mistake_in_url

ORGANIZATION = "{organization_name}"
"""Auth0's placeholder for the name of a login's organization."""

_CUSTOM_DOMAIN = re.compile(r"\{custom_domain\.metadata\.([^{}]{1,200})\}")
_SOME_DOMAIN = "custom-domain.metadata.example"

TEST_PAGE = "/_mockidp/try"
"""The only entry without an origin: mockidp's own test client, at every URL of the mock."""

SCRIPT_SCHEMES = ("data", "javascript", "vbscript")
"""Schemes whose URLs a browser may execute in the page that leads to them. They match nothing."""

ANY_FILE = "file://*"
"""The only entry of an origin list with a `*` outside the host."""

_FILE = "file://"
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_LABEL = frozenset(string.ascii_letters + string.digits + "-")
_TO_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
# Each class excludes the separator that follows it, so that matching takes linear time.
_URL = re.compile(
    r"([A-Za-z][A-Za-z0-9+.-]*):(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL
)
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:@\[\]]*)(?::([0-9]*))?")
_ORIGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]+")


class UrlParts(NamedTuple):
    """A URL, split. Nothing is decoded; an absent part is None."""

    scheme: str
    host: str | None
    port: str | None
    path: str
    query: str | None
    fragment: str | None


@frozen
class UrlRule:
    """How the entries of a list are compared with a URL.

    Attributes:
        parts: The parts that have to be equal.
        ignores_case: Whether scheme and host match in any case, and the scheme's default port is
            the same as none. The path is case-sensitive under every rule.
    """

    parts: tuple[str, ...]
    ignores_case: bool


CALLBACKS = UrlRule(parts=UrlParts._fields, ignores_case=False)
LOGOUT_URLS = UrlRule(parts=("scheme", "host", "port", "path"), ignores_case=True)
"""`/v2/logout`: query string and fragment are ignored."""
LOGOUT_URLS_WITH_QUERY = UrlRule(parts=UrlParts._fields, ignores_case=True)
"""`/oidc/logout`."""
ORIGINS = UrlRule(parts=("scheme", "host", "port"), ignores_case=True)


def is_listed(url: str, entries: Iterable[str], rule: UrlRule) -> bool:
    """Return whether a URL matches an entry of a list.

    An entry with `{organization_name}` matches only within a login to an organization, which
    replaces the placeholder first (`with_organization_name`). One with
    `{custom_domain.metadata.KEY}` matches only at a custom domain (`with_domain_metadata`).
    """
    if runs_script(url):
        return False
    sent = split_url(url, ignores_case=rule.ignores_case)
    return any(_matches(url, sent, entry, rule) for entry in entries)


def with_organization_name(entries: Iterable[str], name: str) -> tuple[str, ...]:
    """Return the entries of a list for a login to an organization."""
    return tuple(one.replace(ORGANIZATION, name) if is_well_placed(one) else one for one in entries)


def with_domain_metadata(entries: Iterable[str], metadata: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the entries of a list for a request to a custom domain with this metadata."""

    def value(found: re.Match[str]) -> str:
        return str(metadata.get(found[1], found[0]))

    return tuple(_CUSTOM_DOMAIN.sub(value, one) if is_well_placed(one) else one for one in entries)


def matches_origin(origin: str, entries: Iterable[str]) -> bool:
    """Return whether an `Origin` header, or the origin of a URL, is in a list of origins.

    Paths of the entries are ignored. `null` matches nothing; `file://`, as a WebView sends it for
    the pages of a Cordova app, matches the entry `file://*`.
    """
    if origin == _FILE:
        return any(entry in (_FILE, ANY_FILE) for entry in entries)
    return _ORIGIN.fullmatch(origin) is not None and is_listed(origin, entries, ORIGINS)


def mistake_in_entry(entry: str) -> str:
    """Return a clause that says why host or port of an entry are impossible, or ""."""
    return mistake_in_url(_CUSTOM_DOMAIN.sub(_SOME_DOMAIN, entry))


def has_placeholder(entry: str) -> bool:
    """Return whether an entry matches several URLs, so that it cannot be a redirect target."""
    return "*" in entry or entry == TEST_PAGE or has_unsupported_placeholder(entry)


def has_unsupported_placeholder(entry: str) -> bool:
    """Return whether an entry depends on an organization or a custom domain: it matches nothing."""
    return ORGANIZATION in entry or _CUSTOM_DOMAIN.search(entry) is not None


def first_url(entries: Iterable[str]) -> str | None:
    """Return the first entry that can be a redirect target: the default if no URL was sent."""
    return next(usable_urls(entries), None)


def usable_urls(entries: Iterable[str]) -> Iterator[str]:
    """Yield the entries that can be a redirect target as they are."""
    return (one for one in entries if not (has_placeholder(one) or runs_script(one)))


def runs_script(url: str) -> bool:
    """Return whether a browser would execute the URL instead of visiting it.

    Browsers drop white space and control characters before and within the scheme.
    """
    scheme = url.partition(":")[0]
    bare = "".join(one for one in scheme if one > " ")
    return bare.lower() in SCRIPT_SCHEMES


def is_well_placed(entry: str) -> bool:
    """Return whether an entry has no placeholder, or one where Auth0 evaluates it.

    A wildcard must be in the first of at least three labels of the host of an http(s) URL, and an
    organization is all of that label. Metadata of a custom domain may be anywhere in the host.
    """
    marked = _CUSTOM_DOMAIN.sub(_SOME_DOMAIN, entry)
    if _SOME_DOMAIN in marked and ("*" in entry or not _is_in_host(_SOME_DOMAIN, marked)):
        return False
    one = ORGANIZATION if ORGANIZATION in marked else "*"
    marked = marked.replace(ORGANIZATION, "*")
    if "*" not in marked:
        return True
    parts = split_url(marked, ignores_case=True)
    if parts is None or not _is_in_host("*", marked):
        return False
    first, _, rest = (parts.host or "").partition(".")
    return "*" in first and (one == "*" or first == "*") and "." in rest.strip(".")


def _is_in_host(text: str, url: str) -> bool:
    """Return whether a text occurs in an http(s) URL exactly once, in its host."""
    parts = split_url(url, ignores_case=True)
    if parts is None or parts.scheme not in _DEFAULT_PORTS:
        return False
    return url.count(text) == 1 and text in (parts.host or "")


def split_url(url: str, *, ignores_case: bool) -> UrlParts | None:
    """Split an absolute URL without user name, or return None if it is not one.

    Host and port of an http(s) URL must be possible. Unlike `urlsplit`, this does not drop line
    breaks and tabs, so that no other URL matches.
    """
    found = _URL.fullmatch(url)
    if found is None:
        return None
    scheme, authority, path, query, fragment = found.groups()
    split = _AUTHORITY.fullmatch(authority or "")
    if split is None:
        return None
    host, port = (split[1], split[2]) if authority is not None else (None, None)
    if _lower(scheme) in _DEFAULT_PORTS and mistake_in_host(host or "", port):
        return None
    if ignores_case:
        scheme = _lower(scheme)
        host = None if host is None else _lower(host)
        port = None if port == _DEFAULT_PORTS.get(scheme) else port
    return UrlParts(scheme, host, port, path, query, fragment)


def _lower(text: str) -> str:
    """Convert ASCII to lower case. `str.lower` would turn the Kelvin sign into k."""
    return text.translate(_TO_LOWER)


@lru_cache(maxsize=16_384)
def split_entry(entry: str, *, ignores_case: bool) -> UrlParts | None:
    """Split an entry of a list, or return None if it matches no URL but itself."""
    if has_unsupported_placeholder(entry) or not is_well_placed(entry):
        return None
    return split_url(entry, ignores_case=ignores_case)


def _matches(url: str, sent: UrlParts | None, entry: str, rule: UrlRule) -> bool:
    if url == entry:
        return not has_placeholder(entry)
    listed = split_entry(entry, ignores_case=rule.ignores_case)
    if sent is None or listed is None:
        return False
    same = all(getattr(sent, p) == getattr(listed, p) for p in rule.parts if p != "host")
    return same and host_matches(sent.host, listed.host)


def host_matches(host: str | None, listed: str | None) -> bool:
    """Return whether a host is the listed one or matches its wildcard."""
    if host is None or listed is None or "*" not in listed:
        return host == listed
    before, _, after = listed.partition("*")
    if not (host.startswith(before) and host.endswith(after)):
        return False
    # If both overlap, the slice is empty.
    matched = host[len(before) : len(host) - len(after)]
    return matched != "" and _LABEL.issuperset(matched)
