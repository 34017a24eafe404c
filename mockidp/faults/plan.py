"""The active faults of a tenant: add, match, count and cancel them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from mockidp.faults.context import FaultContext
from mockidp.faults.counts import FaultCount, FaultCounts
from mockidp.faults.fault import Fault
from mockidp.faults.refusals import can_happen
from mockidp.faults.vocabulary import EVERYWHERE
from mockidp.faults.words import describe, name_of

Predicate = Callable[[FaultContext], bool]
MAX_CANCELED = 100
"""How many canceled faults a plan remembers."""


class ActiveFault:
    """A fault in its plan.

    Attributes:
        fault: The fault.
        name: Its name in the journal and in hints.
        is_standing: Whether it comes from the tenant file, and not from a test.
        ended: Set once it is canceled; a delayed answer waits on it.
        final: Its counts once the plan has forgotten it.
    """

    def __init__(
        self,
        fault: Fault,
        name: str,
        predicate: Predicate | None,
        plan: FaultPlan,
        number: int,
    ) -> None:
        self.fault = fault
        self.name = name
        self.final: FaultCount | None = None
        self.is_standing = False
        self.ended = threading.Event()
        self.predicate = predicate
        self._plan = plan
        self._number = number

    @property
    def key(self) -> str:
        """The key of its counts, which no other fault of the plan has or had."""
        return f"{self._number} {self.name}"

    @property
    def matched(self) -> int:
        """How many exchanges it applied to."""
        return self._count.matched

    @property
    def fired(self) -> int:
        """How many of them it changed."""
        return self._count.fired

    @property
    def _count(self) -> FaultCount:
        return self.final or self._plan.counts.get(self.key)

    def cancel(self) -> None:
        """Cancel the fault. An answer that it delays is sent at once."""
        self._plan.cancel(self.name)

    def __str__(self) -> str:
        return counted(self.name, self.fired, self.fault.times)

    def __repr__(self) -> str:
        return f"<{self}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.cancel()


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultHit:
    """One time that a fault fires."""

    fault: Fault
    name: str
    number: int
    """Which time it is, from 1."""
    ended: threading.Event
    """Set once the fault is canceled; a delayed answer waits on it."""

    def __str__(self) -> str:
        return counted(self.name, self.number, self.fault.times)

    def hint(self, effect: str, *, verb: str = "fired") -> str:
        """Return a sentence that names the fault, what it does, and its effect."""
        words = describe(self.fault)
        more = "" if words in self.name else f", {words}"
        return (
            f"Fault `{self.name}` ({_count(self.number, self.fault.times)}{more}) {verb}: {effect}."
        )


def counted(name: str, number: int, times: int | None) -> str:
    """Return the name of a fault with its count, such as `fault x (1 of 2)`."""
    return f"fault {name} ({_count(number, times)})"


def _count(number: int, times: int | None) -> str:
    return f"{number}" if times is None else f"{number} of {times}"


class FaultPlan:
    """The active faults, in the order in which they were added.

    The faults and their predicates are in the memory of the process; their counts are in a store.

    Args:
        counts: Counts how often each fault matches and fires.
        user_id: Returns the id of the user with a name; None if there is no such user.
    """

    def __init__(self, counts: FaultCounts, user_id: Callable[[str], str | None]) -> None:
        self.counts = counts
        self._user_id = user_id
        self._lock = threading.Lock()
        self._active: tuple[ActiveFault, ...] = ()
        self._canceled: tuple[ActiveFault, ...] = ()
        self._added = 0

    def __iter__(self) -> Iterator[ActiveFault]:
        return iter(self._active)

    def __repr__(self) -> str:
        return f"<{len(self)} faults: {', '.join(one.name for one in self)}>"

    def __len__(self) -> int:
        return len(self._active)

    @property
    def unfired(self) -> tuple[ActiveFault, ...]:
        """The faults of tests that have not fired, canceled ones included."""
        of_tests = (one for one in (*self._canceled, *self._active) if not one.is_standing)
        return tuple(one for one in of_tests if not one.fired)

    def add(self, fault: Fault, predicate: Predicate | None = None) -> ActiveFault:
        """Add a fault. It applies from the next request on."""
        with self._lock:
            self._added += 1
            active = ActiveFault(fault, self._free_name(fault), predicate, self, self._added)
            self._active = (*self._active, active)
        return active

    def begin(self, faults: Iterable[Fault]) -> None:
        """Remove all faults, and add those of the tenant file."""
        self.clear()
        for fault in faults:
            self.add(fault).is_standing = True

    def cancel(self, name: str) -> bool:
        """Cancel a fault. Return whether it existed."""
        with self._lock:
            gone = [one for one in self._active if one.name == name]
            self._active = tuple(one for one in self._active if one.name != name)
            canceled = (*self._canceled, *gone)
            self._canceled = canceled[-MAX_CANCELED:]
        self._forget(canceled[:-MAX_CANCELED])
        for one in gone:
            one.ended.set()
        return bool(gone)

    def clear(self) -> None:
        """Cancel all faults, and forget the canceled ones."""
        for one in self._active:
            self.cancel(one.name)
        with self._lock:
            canceled, self._canceled = self._canceled, ()
        self._forget(canceled)

    def _forget(self, faults: Iterable[ActiveFault]) -> None:
        for one in faults:
            one.final = self.counts.remove(one.key)

    def waiting_for(self, context: FaultContext) -> tuple[str, ...]:
        """Return the names of the faults that match an exchange. Nothing is counted."""
        return tuple(
            one.name
            for one in self._active
            if one.fault.endpoint == context.endpoint and self._matches(one, context)
        )

    def uncount(self, hit: FaultHit) -> None:
        """Undo the count of a fault that changed nothing."""
        for one in self._active:
            if one.name == hit.name:
                self.counts.uncount(one.key)

    def fire(self, context: FaultContext, *, at_endpoint: bool = False) -> tuple[FaultHit, ...]:
        """Return the faults that fire, and count them.

        Args:
            context: What is known of the exchange.
            at_endpoint: Whether `context.endpoint` is an endpoint, so that `*` matches, too.
        """
        if not self._active:
            return ()
        names = (context.endpoint, EVERYWHERE) if at_endpoint else (context.endpoint,)
        candidates = [one for one in self._active if one.fault.endpoint in names]
        matching = [one for one in candidates if self._matches(one, context)]
        hits = (self._count(one) for one in matching)
        return tuple(hit for hit in hits if hit is not None)

    def _matches(self, one: ActiveFault, context: FaultContext) -> bool:
        when = one.fault.when
        user = when.user and (self._user_id(when.user) or when.user)
        wanted = (
            (when.client, context.client),
            (user, context.user),
            (when.audience, context.audience),
            (when.grant, context.grant),
        )
        return (
            all(value is None or value == actual for value, actual in wanted)
            and can_happen(one.fault, context)
            and (one.predicate is None or bool(one.predicate(context)))
        )

    def _count(self, one: ActiveFault) -> FaultHit | None:
        """Count a match; return the hit if the fault fires, and has not been canceled meanwhile."""
        number = None if one.ended.is_set() else self.counts.add(one.key, one.fault)
        if number is None:
            return None
        return FaultHit(fault=one.fault, name=one.name, number=number, ended=one.ended)

    def _free_name(self, fault: Fault) -> str:
        names = {one.name for one in self._active}
        base = fault.name or name_of(fault)
        number, name = 1, base
        while name in names:
            number += 1
            name = f"{base} {number}"
        return name
