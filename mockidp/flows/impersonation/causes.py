"""Why an impersonation link does not open, with a suggested fix.

The client almost always gets `Bad mac`. For the hint, the URL that was opened is compared with the
original link, which is found by the id in the bewit's ext.
"""

from __future__ import annotations

import re

from mockidp.flows.hints.timestamps import clock_time
from mockidp.flows.impersonation.check import Opening
from mockidp.flows.impersonation.differences import find_differences
from mockidp.flows.impersonation.refusal import Cause, ImpersonationRefused
from mockidp.protocol.impersonation.bewit import Bewit, BewitError, read_bewit
from mockidp.protocol.tokens.artifacts import ImpersonationLink
from mockidp.storage.store import Entry
from mockidp.tenant.tenant import Tenant

_LINK_ID_LENGTH = 32
_ESCAPED_AMPERSAND = re.compile(r"(?:(?<=\?)|&|%26)(?:amp(?:;|%3B))+", re.IGNORECASE)
_HTML_ESCAPED = Cause(
    "html_escaped",
    "Character `&` arrived as `&amp;`: the link was copied from HTML source, for example from an "
    "e-mail, or was escaped twice. Unescape it once before opening it.",
)
_READABLE_BEWIT = re.compile(r"[?&]bewit=([A-Za-z0-9_-]+)")


def refusal_of(tenant: Tenant, opening: Opening, error: BewitError) -> ImpersonationRefused:
    """Return the refusal of a link after the check that failed, with every cause."""
    causes = _find_causes(tenant, opening, error)
    return ImpersonationRefused(error.message, causes, status=error.status)


def _find_causes(tenant: Tenant, opening: Opening, error: BewitError) -> tuple[Cause, ...]:
    if error.check in _PLAIN:
        return (_PLAIN[error.check],)
    target = unescape_ampersands(opening.target)
    entry = find_entry(tenant, target)
    causes = [_HTML_ESCAPED] if target != opening.target else []
    if error.check == "expiry" and error.bewit is not None:
        causes.append(_expired(tenant, error.bewit, entry))
    if entry is not None:
        causes += find_differences(entry.value, opening.origin, target)
        causes += _state_and_use(tenant, entry)
    return tuple(causes) or (_without_comparison(tenant, opening.target, error, entry),)


def reused(entry: Entry[ImpersonationLink] | None) -> Cause:
    """Return the cause of a link that was opened before."""
    when = clock_time(entry.taken_at) if entry and entry.taken_at is not None else "another time"
    return Cause(
        "already_used",
        f"The link was already used at {when}. A link works only once "
        "(setting `impersonation.single_use`). Make a new one.",
    )


_PLAIN = {
    "length": Cause("too_long", "The URL is longer than 4096 characters, the maximum for a link."),
    "presence": Cause("empty_bewit", "Query parameter `bewit` is empty: the link was cut off."),
    "method": Cause("method", "A link can only be opened with GET or HEAD."),
    "authorization": Cause(
        "authorization_header",
        "The request has an Authorization header. Open the link without one.",
    ),
}


def unescape_ampersands(target: str) -> str:
    """Return a target with `&` in place of its HTML escapes."""
    return _ESCAPED_AMPERSAND.sub("&", target)


def find_entry(tenant: Tenant, target: str) -> Entry[ImpersonationLink] | None:
    """Return the link of a target, even if it has several bewits or text after the bewit."""
    for text in _READABLE_BEWIT.findall(target):
        try:
            entry = tenant.links.history(read_bewit(text).ext)
        except BewitError:
            continue
        if entry is not None:
            return entry
    return None


def _state_and_use(tenant: Tenant, entry: Entry[ImpersonationLink]) -> list[Cause]:
    causes = []
    if tenant.settings.impersonation.require_state and entry.value.state is None:
        causes.append(
            Cause(
                "empty_state",
                "Parameter `additionalParameters.state` was empty or absent when the link was "
                "made, and Auth0 answers Bad mac to such links. Send a state "
                "(setting `impersonation.require_state`).",
            )
        )
    if entry.taken_at is not None:
        causes.append(reused(entry))
    return causes


def _expired(tenant: Tenant, bewit: Bewit, entry: Entry[ImpersonationLink] | None) -> Cause:
    lived = ""
    if entry is not None and entry.value.expires_at == bewit.exp:
        lived = f", {bewit.exp - int(entry.value.created_at)} s after it was made"
    return Cause(
        "expired",
        f"The link expired at {clock_time(bewit.exp)}{lived}. It is now "
        f"{clock_time(tenant.now())}. Request a longer `ttl`, or set `impersonation.ttl`.",
    )


def _without_comparison(
    tenant: Tenant, target: str, error: BewitError, entry: Entry[ImpersonationLink] | None
) -> Cause:
    """Return the cause if no original link was found, or nothing differs from it."""
    if error.bewit is None:
        return _unreadable(target, error.check)
    if error.check == "credentials":
        return Cause(
            "unknown_key",
            f"The bewit's id is {error.bewit.id[:80]!r}, but this tenant signs as "
            f"{tenant.bewit_key_id!r}. The link belongs to another tenant.",
        )
    if entry is not None:
        return Cause("other_key", "The link is unchanged, but the key has changed since.")
    return _unknown_link(error.bewit.ext, is_mac_right=error.check == "known")


def _unreadable(target: str, check: str) -> Cause:
    if check == "encoding":
        text = target.rpartition("bewit=")[2].partition("&")[0]
        wrong = "".join(dict.fromkeys(re.sub(r"[A-Za-z0-9_-]", "", text)))
        return Cause(
            "bewit_encoding",
            f"Query parameter `bewit` contains `{wrong[:20]}`, which is not base64url. It was "
            "escaped, padded or changed.",
        )
    if check == "pattern":
        return Cause(
            "no_bewit",
            "The URL has no query parameter `bewit` after `?` or `&`. It was removed, renamed or "
            "cut off, or something follows it. Open the link as it was given.",
        )
    lacks = "its four parts" if check == "structure" else "an id, a MAC or a number for its expiry"
    return Cause(
        f"bewit_{check}",
        f"Query parameter `bewit` does not have {lacks}. It was cut off or changed.",
    )


def _unknown_link(ext: str, *, is_mac_right: bool) -> Cause:
    if is_mac_right:
        return Cause(
            "unknown_link",
            f"The MAC is right, but this tenant has no link with the id {ext[:80]!r} in ext. It "
            "was made before a restart, or by another program that has the key.",
        )
    length = len(ext)
    if length != _LINK_ID_LENGTH:
        became = "cut off" if length < _LINK_ID_LENGTH else "appended to"
        return Cause(
            "bewit_truncated" if length < _LINK_ID_LENGTH else "bewit_appended",
            f"Query parameter `bewit` was {became}. The link's id in its ext has {length} "
            f"characters instead of {_LINK_ID_LENGTH}.",
        )
    return Cause(
        "unknown_link",
        f"This tenant has no link with the id {ext!r}. It was made by another server or before a "
        "restart, or ext was changed in query parameter `bewit`.",
    )
