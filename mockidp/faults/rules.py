"""What makes no fault: a word at a place where it cannot be, and words that contradict."""

from __future__ import annotations

from collections.abc import Iterator

from mockidp.codec.rules import Misfit
from mockidp.faults.catalogue import PLACES, WORDS, WRONG_AT, words_of
from mockidp.faults.fault import Fault
from mockidp.faults.refusal_words import REFUSALS

_INSTEAD = ("status", "rate_limit", "error", "refuse", "drop")
_OF_THE_ANSWER = ("malformed_json", "set", "remove", "wrong", "empty", "stale")
_OF_THE_WAY = ("content_type", "truncate", "drip")
_CONTRADICTING = (
    *((one, other) for one in _INSTEAD for other in _INSTEAD if one < other),
    *((one, other) for one in _INSTEAD for other in _OF_THE_ANSWER),
    *(("drop", other) for other in _OF_THE_WAY),
    ("expired", "not_yet_valid"),
    ("alg", "signature"),
    ("empty", "stale"),
    ("body", "error"),
)


def mistakes_in(fault: Fault) -> Iterator[Misfit]:
    """Yield what makes no sense in a fault, beyond its single values."""
    if fault.endpoint not in PLACES:
        return
    words = tuple(words_of(fault))
    if all(WORDS[word].beside for word in words):
        found = f"only {_listed(words)}" if words else "nothing that goes wrong"
        yield Misfit(words[0] if words else "endpoint", found, _wanted(words, fault.endpoint))
        return
    for word in words:
        yield from _misplaced(word, fault.endpoint)
    yield from _misplaced_values(fault)
    for one, other in _CONTRADICTING:
        if one in words and other in words and {one, other} != {"status", "error"}:
            yield Misfit(other, f"{other} together with {one}", "one of the two")
    for word in words:
        if WORDS[word].beside and not set(WORDS[word].beside) & set(words):
            yield Misfit(word, f"{word} alone", f"{_listed(WORDS[word].beside, 'or')} beside it")


def _wanted(words: tuple[str, ...], endpoint: str) -> str:
    if words:
        return f"{_listed(WORDS[words[0]].beside, 'or')} beside it"
    fitting = [word.name for word in WORDS.values() if endpoint in word.places and not word.beside]
    return f"what goes wrong: {_listed(fitting, 'or')}"


def _misplaced(word: str, endpoint: str) -> Iterator[Misfit]:
    places = WORDS[word].places
    if endpoint not in places:
        yield Misfit(word, f"{word} at {endpoint}", f"{word} at {_listed(places, 'or')}")


def _misplaced_values(fault: Fault) -> Iterator[Misfit]:
    known = WRONG_AT.get(fault.endpoint, fault.wrong)
    for one in fault.wrong:
        if one not in known:
            yield Misfit("wrong", f"wrong {one} at {fault.endpoint}", _listed(known, "or"))
    refusal = REFUSALS.get(fault.refuse or "")
    if (
        refusal
        and fault.endpoint in WORDS["refuse"].places
        and fault.endpoint not in refusal.places
    ):
        found = f"{refusal.name} at {fault.endpoint}"
        yield Misfit("refuse", found, f"{refusal.name} at {_listed(refusal.places, 'or')}")


def _listed(words: tuple[str, ...] | list[str], last: str = "and") -> str:
    *before, end = words
    return f"{', '.join(before)} {last} {end}" if before else end
