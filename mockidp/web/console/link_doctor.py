"""`/_mockidp/link`: why an impersonation link does not open, and a link that does.

A link is posted, so that it is in no history and in no log. It is only read: a link that works
still works afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote_plus

from mockidp.flows.impersonation.causes import find_entry, unescape_ampersands
from mockidp.flows.impersonation.explain import LinkComparison
from mockidp.flows.impersonation.spans import Span
from mockidp.frozen import frozen
from mockidp.protocol.tokens.artifacts import ImpersonationLink
from mockidp.protocol.urls.origin import origin_of
from mockidp.testing.methods.explain import EXPLAIN, ExplainRequest
from mockidp.testing.methods.link import IMPERSONATION_LINK, NewLink
from mockidp.web.console.presented import read_presented
from mockidp.web.console.visit import Visit, asking, changing, showing
from mockidp.web.response.reply import Reply

CHECKS: Mapping[str, str] = {
    "length": "The URL is not too long",
    "pattern": "The URL has a bewit that can be taken out",
    "presence": "The bewit is not empty",
    "method": "The method is GET",
    "authorization": "There is no Authorization header",
    "encoding": "The bewit is base64url",
    "structure": "The bewit has four parts",
    "attributes": "The parts have values",
    "expiry": "The link has not expired",
    "credentials": "The tenant knows the key",
    "mac": "The MAC is that of this URL",
    "known": "The tenant made the link",
    "unused": "The link was not used before",
    "origin": "Scheme, host and port are those of the link",
    "state": "The state is not empty",
}
"""What each check of a link asserts, in order."""


@frozen(kw_only=False)
class Segment:
    """A part of a URL: its text, and how it differs; empty if it is the same in both."""

    text: str
    kind: str = ""


def segments(text: str, spans: Sequence[Span], *, is_signed: bool) -> Iterator[Segment]:
    """Yield the parts of the signed or of the received URL."""
    end = 0
    for span in spans:
        at, differing = (
            (span.signed_at, span.signed) if is_signed else (span.received_at, span.received)
        )
        if at > end:
            yield Segment(text[end:at])
        if differing:
            yield Segment(differing, span.kind)
        end = at + len(differing)
    if end < len(text):
        yield Segment(text[end:])


def _show(visit: Visit) -> Reply:
    thing = read_presented(visit)
    if thing:
        return _diagnose(visit, thing)
    return visit.page("link", title="Link doctor", area="link", thing="", found=None)


def _diagnose_sent(visit: Visit) -> Reply:
    return _diagnose(visit, (visit.form.get("thing") or "").strip())


def _diagnose(visit: Visit, thing: str) -> Reply:
    found = EXPLAIN.function(visit, ExplainRequest(thing=thing))
    compared = found.link
    original = _original(visit, compared)
    return visit.page(
        "link",
        title="Link doctor",
        area="link",
        thing=thing,
        found=found,
        compared=compared,
        signed=[*_segments(compared, is_signed=True)],
        received=[*_segments(compared, is_signed=False)],
        checks=[(CHECKS[one.name], one.passed) for one in compared.checks] if compared else [],
        original=original,
        state=_wanted_state(original, compared),
    )


def _segments(compared: LinkComparison | None, *, is_signed: bool) -> Iterator[Segment]:
    if compared is not None and compared.signed is not None:
        text = compared.signed if is_signed else compared.received
        yield from segments(text, compared.spans, is_signed=is_signed)


def _original(visit: Visit, compared: LinkComparison | None) -> ImpersonationLink | None:
    """Return the link that the tenant made; None if it does not know it."""
    if compared is None:
        return None
    target = compared.received.removeprefix(origin_of(compared.received))
    entry = find_entry(visit.tenant, unescape_ampersands(target))
    return entry.value if entry else None


def _wanted_state(original: ImpersonationLink | None, compared: LinkComparison | None) -> str:
    """Return the state that the person probably wants: a value that was appended to the link."""
    if original is None or compared is None:
        return ""
    added = "".join(one.received for one in compared.spans if one.kind == "added")
    value = added.rpartition("=")[2].partition("#")[0]
    return unquote_plus(value) or original.state or ""


def _make(visit: Visit) -> Reply:
    form = visit.form
    made = IMPERSONATION_LINK.function(
        visit,
        NewLink(
            user=form.get("user") or "",
            impersonator=form.get("impersonator"),
            client=form.get("client"),
            state=form.get("state"),
            callback_url=form.get("callback_url"),
            response_type=form.get("response_type"),
            response_mode=form.get("response_mode"),
            scope=form.get("scope"),
        ),
    )
    left = int(made.expires_at - visit.tenant.now())
    return visit.page("link_made", title="New link", area="link", made=made, left=left)


ROUTES = (
    showing("/link", _show),
    asking("/link", _diagnose_sent),
    changing("/link/make", _make),
)
