"""The rules for the words of a fault: where each is valid, and which exclude each other."""

from __future__ import annotations

from collections.abc import Iterator

from mockidp.faults.endpoint_errors import ENDPOINT_ERRORS
from mockidp.faults.fault import Fault
from mockidp.faults.refusals import REFUSALS
from mockidp.faults.vocabulary import MANAGEMENT, PLACES, WRONG_AT
from mockidp.faults.words import WORDS, words_of
from mockidp.resources.rules import Misfit

_STATUS_OF_AN_ERROR = {"status", "error"}
"""The two words that replace the answer and can be combined."""


def mistakes_in(fault: Fault) -> Iterator[Misfit]:
    """Yield the contradictions within a fault. Single values have been checked before."""
    if fault.endpoint not in PLACES:
        return
    if fault.when.resource is not None and fault.endpoint != MANAGEMENT:
        yield Misfit(
            "when", f"resource at {fault.endpoint}", f"the endpoint {MANAGEMENT} for a resource"
        )
    words = tuple(words_of(fault))
    if all(WORDS[name].kind == "detail" for name in words):
        found = f"only {_listed(words)}" if words else "a fault without an effect"
        yield Misfit(words[0] if words else "endpoint", found, _wanted(words, fault.endpoint))
        return
    for name in words:
        yield from _misplaced(name, fault.endpoint)
    yield from _misplaced_values(fault)
    for first in words:
        yield from _contradictions(first, words)
    for name in words:
        needed = WORDS[name].only_with
        if needed and not set(needed) & set(words):
            yield Misfit(name, f"{name} alone", f"{_listed(needed, 'or')} as well")


def _wanted(words: tuple[str, ...], endpoint: str) -> str:
    if words:
        return f"{_listed(WORDS[words[0]].only_with, 'or')} as well"
    fitting = [
        name for name, word in WORDS.items() if endpoint in word.places and word.kind != "detail"
    ]
    return f"an effect: {_listed(fitting, 'or')}"


def _misplaced(name: str, endpoint: str) -> Iterator[Misfit]:
    places = WORDS[name].places
    if endpoint not in places:
        yield Misfit(name, f"{name} at {endpoint}", f"{name} at {_listed(places, 'or')}")


def _misplaced_values(fault: Fault) -> Iterator[Misfit]:
    known = WRONG_AT.get(fault.endpoint, fault.wrong)
    for one in fault.wrong:
        if one not in known:
            yield Misfit("wrong", f"wrong {one} at {fault.endpoint}", _listed(known, "or"))
    own = ENDPOINT_ERRORS.get(fault.error or "")
    if own and fault.endpoint in set(WORDS["error"].places) - set(own.places):
        found = f"{fault.error} at {fault.endpoint}"
        yield Misfit("error", found, f"{fault.error} at {_listed(own.places, 'or')}")
    refusal = REFUSALS.get(fault.refuse or "")
    if refusal and fault.endpoint in set(WORDS["refuse"].places) - set(refusal.places):
        found = f"{fault.refuse} at {fault.endpoint}"
        yield Misfit("refuse", found, f"{fault.refuse} at {_listed(refusal.places, 'or')}")


def _contradictions(first: str, words: tuple[str, ...]) -> Iterator[Misfit]:
    """Yield the words that cannot be combined with `first`."""
    for other in words:
        if _excludes(first, other):
            yield Misfit(other, f"{other} together with {first}", "one of the two")


def _excludes(first: str, other: str) -> bool:
    if first in WORDS[other].excludes:
        return True
    if WORDS[first].kind != "instead":
        return False
    if WORDS[other].kind == "content":
        return True
    both_replace = WORDS[other].kind == "instead" and first < other
    return both_replace and {first, other} != _STATUS_OF_AN_ERROR


def _listed(words: tuple[str, ...] | list[str], last: str = "and") -> str:
    *before, end = words
    return f"{', '.join(before)} {last} {end}" if before else end
