"""How an impersonation link was changed before it was opened, as an expression of a test.

The journal cuts links. What the latest refused requests have presented is kept apart from it, so
their links can be compared with the original ones. The expression contains what was changed, and
nothing else of a link.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from mockidp.flows.impersonation.causes import find_entry, unescape_ampersands
from mockidp.frozen import frozen
from mockidp.protocol.tokens.artifacts import ImpersonationLink
from mockidp.tenant.journal.entry import JournalEntry
from mockidp.tenant.tenant import Tenant

_BEWIT = "bewit="
_UNKNOWN = "The link was changed so much, or so long ago, that it is unknown."
_MIN_SHARED = 40
"""Characters of a bewit. Those of two links that were made at the same time share about 24."""
_GROUP = 4
"""The characters of a group of base64url, which can be decoded without the others."""
_SECRET = re.compile(r"[A-Za-z0-9_-]{20}")
"""A text that may be a part of another link."""
_AS_SENT = re.compile(r"(?:[!$&'()*+,/:;=?@A-Za-z0-9._~-]|%[0-9A-F]{2})*")
_UNRESERVED = re.compile(r"%(?:[46][1-9A-F]|[57][0-9A]|3[0-9]|2D|2E|5F|7E)")
"""An escape that `requests` would undo."""


class UnknownChangeError(Exception):
    """A test cannot change a link in the same way."""


@frozen
class ChangedLink:
    """How a test makes a link that is refused like another one.

    Attributes:
        user_id: The user of the link.
        change: An expression for the link to open, given the new `link`.
        seconds: How long the link is kept before; 0 if it did not expire.
    """

    user_id: str
    change: str
    seconds: int = 0


def changed_link(tenant: Tenant, entry: JournalEntry) -> ChangedLink:
    """Return how the link of a refused request was changed.

    Raises:
        UnknownChangeError: A test cannot do it, or the link is no longer known.
    """
    opened = tenant.presented.get(entry.request_id)
    link = _original(tenant, opened) if opened else None
    if link is None:
        raise UnknownChangeError(_UNKNOWN)
    if opened != link.url:
        return ChangedLink(user_id=link.user_id, change=_change(link.url, opened))
    if entry.at < link.expires_at:
        raise UnknownChangeError("The link was opened as it was made.")
    return ChangedLink(
        user_id=link.user_id, change="link", seconds=round(entry.at - link.created_at)
    )


def _original(tenant: Tenant, opened: str) -> ImpersonationLink | None:
    """Return the link that was changed: the one whose id was opened, else the most similar one."""
    entry = find_entry(tenant, unescape_ampersands(opened))
    if entry is not None:
        return entry.value
    links = [entry.value for _, entry in tenant.links.scan()]

    def kept(one: ImpersonationLink) -> int:
        return len(one.bewit) - len(one.url) + sum(_shared(one.url, opened))

    return max((one for one in links if kept(one) >= _MIN_SHARED), key=kept, default=None)


def _shared(before: str, after: str) -> tuple[int, int]:
    """Return how many characters are the same at the start, and of the others at the end."""
    shorter = min(len(before), len(after))
    start = _same(before, after, shorter)
    return start, _same(before[::-1], after[::-1], shorter - start)


def _same(one: str, other: str, longest: int) -> int:
    return next((at for at in range(longest) if one[at] != other[at]), longest)


def _change(signed: str, opened: str) -> str:
    """Return an expression for a link that is changed like `signed` was to `opened`."""
    origins = [f"{split.scheme}://{split.netloc}" for split in map(urlsplit, (signed, opened))]
    if origins[0] != origins[1]:
        raise UnknownChangeError(f"The link was made for {origins[0]} and opened at {origins[1]}.")
    start, end = _shared(signed, opened)
    old, new = signed[start : len(signed) - end], opened[start : len(opened) - end]
    if _SECRET.search(new):
        raise UnknownChangeError("The test would contain a part of a link.")
    if not _AS_SENT.fullmatch(new) or _UNRESERVED.search(new):
        raise UnknownChangeError("The package requests would not send the link as it was opened.")
    if start + len(old) <= signed.index(_BEWIT) + len(_BEWIT):
        at = signed.rindex("/", 0, start)
        while signed.index(signed[at:start] + old) < at:  # such as a single slash
            at = signed.rindex("/", 0, at)
        kept = signed[at:start]
        return f"link.replace({kept + old!r}, {kept + new!r}, 1)"
    if end and (len(new) - len(old)) % _GROUP:
        raise UnknownChangeError(
            "The rest of the bewit is unreadable in every link in another way."
        )
    return _change_of_bewit(start - len(signed), -end, new)


def _change_of_bewit(start: int, end: int, new: str) -> str:
    """Return an expression in which `new` replaces `link[start:end]`; 0 stands for the end.

    All bewits of a tenant have the same length, so both are counted from the end.
    """
    before = f"link[:{start}]" if start else "link"
    after = [f"link[{end}:]"] if end else []
    if start != end and new:
        old = f"link[{start}:{end or ''}]"
        other = ("Z" if "A" in new else "A") * len(new)  # for a new link that has the same text
        return " + ".join([before, f"({new!r} if {old} != {new!r} else {other!r})", *after])
    return " + ".join([before, *([repr(new)] if new else []), *after])
