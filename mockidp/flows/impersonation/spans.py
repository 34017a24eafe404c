"""The spans in which a link that was opened differs from the original link.

The parts of the URL are compared separately, so that one change does not hide another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile
from operator import eq
from typing import Literal
from urllib.parse import unquote_to_bytes

from mockidp.frozen import frozen, replace

SpanKind = Literal["added", "lost", "changed", "case", "escape"]
_URL = re.compile(
    r"(?P<scheme>[^:]*://)(?P<host>\[[^\]]*\]|[^/:?]*)(?P<port>[^/?]*)(?P<path>[^?&]*)(?P<query>.*)",
    re.DOTALL,
)
_BEWIT = re.compile(r"(?P<mark>.*?)(?P<name>bewit=)(?P<bewit>[^&?]*)(?P<rest>.*)", re.DOTALL)
_ESCAPE_OR_CHARACTER = re.compile(r"%[0-9A-Fa-f]{2}|.", re.DOTALL)


@frozen
class Span:
    """One difference between two URLs."""

    kind: SpanKind
    """Text was `added`, `lost` or `changed`, or changed in upper and lower `case` only, or is the
    same text with another percent-`escape`."""
    signed: str
    """The text in the original link; empty if it was added."""
    received: str
    """The text in the URL that was opened; empty if it was lost."""
    signed_at: int
    """The text's position in the original link."""
    received_at: int
    """The text's position in the URL that was opened."""


def differing_spans(signed: str, received: str) -> tuple[Span, ...]:
    """Return the differences between the original link and a URL, in order."""
    spans: list[Span] = []
    signed_at = received_at = 0
    for before, after in zip(_parts(signed), _parts(received), strict=True):
        for span in _differences(before, after, signed_at, received_at):
            _append(spans, span)
        signed_at += len(before)
        received_at += len(after)
    return tuple(spans)


def _append(spans: list[Span], span: Span) -> None:
    """Append a span, or extend the last one if it continues in the next part."""
    last = spans[-1] if spans else None
    if last is None or last.kind != span.kind or _ends(last) != (span.signed_at, span.received_at):
        spans.append(span)
        return
    spans[-1] = replace(
        last, signed=last.signed + span.signed, received=last.received + span.received
    )


def _ends(span: Span) -> tuple[int, int]:
    return span.signed_at + len(span.signed), span.received_at + len(span.received)


def _parts(url: str) -> tuple[str, ...]:
    """Return scheme, host, port, path, and the query before, in and after the bewit."""
    match = _URL.fullmatch(url)
    *place, query = match.groups() if match else ("", "", "", url, "")
    found = _BEWIT.fullmatch(query)
    return (*place, *(found.groups() if found else (query, "", "", "")))


def _differences(before: str, after: str, signed_at: int, received_at: int) -> Iterator[Span]:
    if before == after:
        return
    signed, received = (_ESCAPE_OR_CHARACTER.findall(text) for text in (before, after))
    if len(signed) == len(received):
        runs = _differing_runs(signed, received)
    else:
        start = _common(signed, received)
        end = _common(signed[start:][::-1], received[start:][::-1])
        runs = iter([((start, len(signed) - end), (start, len(received) - end))])
    for (first, last), (received_first, received_last) in runs:
        one, other = "".join(signed[first:last]), "".join(received[received_first:received_last])
        yield Span(
            kind=_kind(one, other),
            signed=one,
            received=other,
            signed_at=signed_at + sum(map(len, signed[:first])),
            received_at=received_at + sum(map(len, received[:received_first])),
        )


def _differing_runs(
    signed: list[str], received: list[str]
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield the runs of characters that differ, in texts of the same length."""
    start = None
    for place, (one, other) in enumerate(zip(signed, received, strict=True)):
        if one != other and start is None:
            start = place
        elif one == other and start is not None:
            yield (start, place), (start, place)
            start = None
    if start is not None:
        yield (start, len(signed)), (start, len(signed))


def _common(one: list[str], other: list[str]) -> int:
    return sum(1 for _ in takewhile(bool, map(eq, one, other)))


def _kind(signed: str, received: str) -> SpanKind:
    if not signed:
        return "added"
    if not received:
        return "lost"
    if signed.casefold() == received.casefold():
        return "case"
    meant, became = unquote_to_bytes(signed), unquote_to_bytes(received)
    return "escape" if meant in (became, unquote_to_bytes(became)) else "changed"
