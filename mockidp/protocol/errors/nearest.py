"""Find the known word that resembles a misspelt one."""

from __future__ import annotations

from collections.abc import Iterable

LIKENESS = 0.6
"""The similarity that a suggestion needs by default; 1 means that the words are equal."""
_MAX_LENGTH = 200


def nearest(word: str, known: Iterable[str], *, likeness: float = LIKENESS) -> str | None:
    """Return the known word that is most similar to a word, or None if none is similar enough.

    Words of more than `_MAX_LENGTH` characters are not compared, because that takes quadratic time.
    """
    if len(word) > _MAX_LENGTH:
        return None
    from difflib import SequenceMatcher  # noqa: PLC0415 - only errors need it

    by_lower_case = {one.lower(): one for one in known}
    matcher = SequenceMatcher(b=word.lower())
    best, found = likeness, ""
    for one in by_lower_case:
        matcher.set_seq1(one)
        # Both are cheap upper bounds, so that few words are compared in full.
        if matcher.real_quick_ratio() >= best and matcher.quick_ratio() >= best:
            best, found = max((best, found), (matcher.ratio(), one))
    return by_lower_case[found] if found else None
