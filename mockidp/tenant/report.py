"""Reports of exchanges, and of faults that did not fire."""

from __future__ import annotations

from dataclasses import replace

from mockidp.faults import ActiveFault
from mockidp.faults.vocabulary import CALLBACK, EVERYWHERE, TOKENS
from mockidp.tenant.journal import JournalEntry, JournalReader

_NEAREST = 5
_MAX_VALUE = 60
_NO_ENDPOINT = frozenset({EVERYWHERE, CALLBACK, *TOKENS})


def describe_exchange(entry: JournalEntry) -> str:
    """Return an exchange with its parameters, the failed checks and the faults that fired."""
    sent = (f"{name}={_shorten(value)}" for name, value in entry.parameters.items())
    failed = [check for check in entry.trace if not check.passed]
    lines = [
        " ".join([entry.url, *sent]),
        *(str(replace(one, why="") if one.why == entry.hint else one) for one in failed),
        *(f"fault {name} has fired" for name in entry.faults),
    ]
    return "\n    ".join([str(entry), *lines])


def describe_unfired(active: ActiveFault, journal: JournalReader) -> str:
    """Say why a fault did not fire, with the exchanges that came nearest to matching."""
    why = _held_back(active) if active.matched else _near_misses(active, journal)
    return f"fault {active.name!r} at {active.fault.endpoint} never fired: {why}"


def _held_back(active: ActiveFault) -> str:
    fault, matched = active.fault, f"of the exchanges {active.matched} matched"
    if active.matched <= fault.after:
        return f"{matched}, and `after` skips the first {fault.after}"
    return f"{matched}, and at a probability of {fault.probability:g} none was hit"


def _near_misses(active: ActiveFault, journal: JournalReader) -> str:
    candidates = [(_misses(active, journal, entry), entry) for entry in journal]
    near = sorted(candidates, key=lambda one: len(one[0]))[:_NEAREST]
    if not near:
        return "there was no exchange at all"
    lines = [f"  {entry}\n    {'; '.join(why)}" for why, entry in near]
    return "\n".join([f"none of {len(candidates)} exchanges matched, nearest first:", *lines])


def _misses(active: ActiveFault, journal: JournalReader, entry: JournalEntry) -> list[str]:
    """Return the reasons why a fault does not match an exchange."""
    endpoint, when = active.fault.endpoint, active.fault.when
    named = {name: getattr(when, name) for name in ("client", "user", "audience", "grant")}
    query = {name: value for name, value in named.items() if value is not None}
    misses = journal.misses(entry, None if endpoint in _NO_ENDPOINT else endpoint, query)
    if endpoint in TOKENS and all(token.kind != endpoint for token in entry.tokens):
        misses.append(f"no {endpoint} was issued")
    if misses:
        return misses
    return [
        "the predicate returned False"
        if active.predicate
        else "it has nothing that the fault could change"
    ]


def _shorten(value: object) -> str:
    text = str(value)
    return text if len(text) <= _MAX_VALUE else text[:_MAX_VALUE] + "..."
