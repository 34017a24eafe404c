"""Suggest the known name that was meant where an unknown one was sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import islice

from mockidp.protocol.nearest import nearest

_SHOWN = 10
_COMPARED = 100
_MAX_LENGTH = 100


def nearest_known(sent: str, known: Iterable[str]) -> str:
    """Return the known name that is most similar to a sent one; empty if none is similar.

    Anybody can send a name, so only a short one is compared, and only with the first hundred.
    """
    if len(sent) > _MAX_LENGTH:
        return ""
    return nearest(sent, islice(known, _COMPARED)) or ""


def did_you_mean(sent: str, known: Iterable[str]) -> str:
    """Return a suggestion as the end of a hint; empty if no known name is similar."""
    similar = nearest_known(sent, known)
    return f"; did you mean {similar}?" if similar else ""


def list_known(sent: str, known: Collection[str]) -> str:
    """Return the first known names, and the one that is most similar to what was sent."""
    more = f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else ""
    shown = ", ".join(islice(known, _SHOWN)) or "none"
    return f"known: {shown}{more}{did_you_mean(sent, known)}"
