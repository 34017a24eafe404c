"""Reports of exchanges, and of faults that did not fire."""

from __future__ import annotations

from mockidp.faults import ActiveFault
from mockidp.faults.context import resource_of
from mockidp.faults.vocabulary import CALLBACK, EVERYWHERE, TOKENS
from mockidp.frozen import replace
from mockidp.tenant.journal.entry import JournalEntry
from mockidp.tenant.journal.journal import JournalReader
from mockidp.tenant.journal.text import NO_EXCHANGES, count_exchanges

_NEAREST = 5
_MAX_VALUE = 60
_IN_JOURNAL = ("client", "user", "audience", "grant", "method")
"""The conditions of a fault that the journal has as well."""
_NO_ENDPOINT = frozenset({EVERYWHERE, CALLBACK, *TOKENS})


def describe_exchange(entry: JournalEntry) -> str:
    """Return an exchange with its parameters, the failed checks and the faults that fired."""
    sent = (f"{name}={_shorten(value)}" for name, value in entry.parameters.items())
    failed = [check for check in entry.trace if not check.passed]
    lines = [
        " ".join([entry.url, *sent]),
        *(str(replace(one, why="") if one.why == entry.hint else one) for one in failed),
        *(f"fault {name} fired" for name in entry.faults),
    ]
    return "\n    ".join([str(entry), *lines])


def describe_unfired(active: ActiveFault, journal: JournalReader) -> str:
    """Return why a fault did not fire, with the exchanges that came nearest to matching."""
    why = _why_held_back(active) if active.matched else _near_misses(active, journal)
    return f"Fault {active.name!r} at {active.fault.endpoint} never fired. {why}"


def _why_held_back(active: ActiveFault) -> str:
    fault, matched = active.fault, f"It matched {count_exchanges(active.matched)}"
    if active.matched <= fault.after:
        return f"{matched}, but `after` skips the first {fault.after}."
    return f"{matched}, but the probability of {fault.probability:g} selected none of them."


def _near_misses(active: ActiveFault, journal: JournalReader) -> str:
    candidates = [(_misses(active, journal, entry), entry) for entry in journal]
    near = sorted(candidates, key=lambda one: len(one[0]))[:_NEAREST]
    if not near:
        return NO_EXCHANGES
    lines = [f"  {entry}\n    {', and '.join(why)}" for why, entry in near]
    count = count_exchanges(len(candidates))
    return "\n".join([f"It matched none of {count}, nearest first:", *lines])


def _misses(active: ActiveFault, journal: JournalReader, entry: JournalEntry) -> list[str]:
    """Return why a fault does not match an exchange."""
    endpoint, when = active.fault.endpoint, active.fault.when
    named = {name: getattr(when, name) for name in _IN_JOURNAL}
    query = {name: value for name, value in named.items() if value is not None}
    misses = journal.misses(entry, None if endpoint in _NO_ENDPOINT else endpoint, query)
    if when.resource not in (None, resource := resource_of(entry.url)):
        misses.append(f"resource is {resource!r}, not {when.resource!r}")
    if endpoint in TOKENS and all(token.kind != endpoint for token in entry.tokens):
        misses.append(f"no {endpoint} was issued")
    if misses:
        return misses
    return [
        "the predicate returned False"
        if active.predicate
        else "it contains nothing that the fault could change"
    ]


def _shorten(value: object) -> str:
    text = str(value)
    return text if len(text) <= _MAX_VALUE else text[:_MAX_VALUE] + "..."
