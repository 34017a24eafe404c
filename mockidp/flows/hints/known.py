"""Suggest a known name for an unknown one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import islice

from mockidp.protocol.errors.hint import join_hints
from mockidp.protocol.errors.nearest import LIKENESS, nearest

HIGH_LIKENESS = 0.8
"""For names that have much in common, such as URLs, scopes, and addresses of one domain."""
_SHOWN = 10
_COMPARED = 100
_MAX_LENGTH = 100


def nearest_known(sent: str, known: Iterable[str], *, likeness: float = LIKENESS) -> str:
    """Return the known name most similar to the one that was sent; empty if none is similar.

    Requests can contain any name, so only a short one is compared, and only with the first hundred.
    The part of a user id up to `|` is not compared, because many ids share it.
    """
    if len(sent) > _MAX_LENGTH:
        return ""
    by_name = {one.rpartition("|")[2]: one for one in islice(known, _COMPARED)}
    similar = nearest(sent.rpartition("|")[2], by_name, likeness=likeness)
    return by_name[similar] if similar else ""


def did_you_mean(sent: str, known: Iterable[str], *, likeness: float = LIKENESS) -> str:
    """Return a suggestion as a sentence; empty if no known name is similar."""
    similar = nearest_known(sent, known, likeness=likeness)
    return f"Did you mean {similar}?" if similar else ""


def list_known(kind: str, sent: str, known: Collection[str], *, likeness: float = LIKENESS) -> str:
    """Return sentences with the first known names, and the one most similar to a sent name.

    Args:
        kind: The plural noun for the names, such as `clients`.
        sent: The name that was sent.
        known: The known names.
        likeness: How similar a suggestion has to be.
    """
    more = f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else ""
    shown = ", ".join(islice(known, _SHOWN)) or "none"
    suggestion = did_you_mean(sent, known, likeness=likeness)
    return join_hints(f"Known {kind}: {shown}{more}.", suggestion)
