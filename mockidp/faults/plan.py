"""The active faults of a tenant: add, match, count and cancel them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

from mockidp.faults.active import (
    PLAN,
    ActiveFault,
    FaultHit,
    PlannedFault,
    PlanState,
    Predicate,
)
from mockidp.faults.context import FaultContext
from mockidp.faults.counts import COUNTS, FaultCounts
from mockidp.faults.fault import Fault
from mockidp.faults.vocabulary import EVERYWHERE
from mockidp.faults.words import name_of
from mockidp.frozen import replace
from mockidp.storage.single_value import SingleValue
from mockidp.storage.store import Backend, SharedBackend, Store, StoreSpec

MAX_CANCELED = 100
"""How many canceled faults a plan remembers."""


class FaultPlan:
    """The active faults, in the order in which they were added.

    Faults and counts are in stores; predicates are in the memory of the process.

    Args:
        open_store: Opens the stores of faults and of counts.
        chance: Draws a number from 0 to 1.
        user_id: Returns the id of the user with a name; None if there is no such user.
        backend: That of the stores.
    """

    def __init__(
        self,
        open_store: Callable[[StoreSpec[Any]], Store[Any]],
        chance: Callable[[], float],
        user_id: Callable[[str], str | None],
        backend: Backend,
    ) -> None:
        self.counts = FaultCounts(open_store(COUNTS), chance)
        self._state = SingleValue[PlanState](open_store(PLAN), PlanState())
        self._user_id, self._backend = user_id, backend
        self._predicates: dict[int, Predicate] = {}
        self._known: WeakValueDictionary[int, ActiveFault] = WeakValueDictionary()

    def __iter__(self) -> Iterator[ActiveFault]:
        return iter([self._fault(one) for one in self._state.value.active])

    def __repr__(self) -> str:
        return f"<{len(self)} faults: {', '.join(one.name for one in self)}>"

    def __len__(self) -> int:
        return len(self._state.value.active)

    @property
    def unfired(self) -> tuple[ActiveFault, ...]:
        """The faults of tests that have not fired, canceled ones included."""
        state = self._state.value
        found = map(self._fault, (*state.canceled, *state.active))
        return tuple(one for one in found if not one.is_standing and not one.fired)

    def add(self, fault: Fault, predicate: Predicate | None = None) -> ActiveFault:
        """Add a fault. It applies from the next request on."""
        return self._add(fault, predicate, is_standing=False)

    def begin(self, faults: Iterable[Fault]) -> None:
        """Remove all faults, and add those of the tenant file."""
        self.clear()
        for fault in faults:
            self._add(fault, None, is_standing=True)

    def _add(self, fault: Fault, predicate: Predicate | None, *, is_standing: bool) -> ActiveFault:
        def add(state: PlanState) -> PlanState:
            planned = PlannedFault(
                number=state.added + 1,
                name=_free_name(fault, {one.name for one in state.active}),
                fault=fault,
                is_standing=is_standing,
                has_predicate=predicate is not None,
            )
            if predicate is not None:
                self._predicates[planned.number] = predicate
            return replace(state, added=planned.number, active=(*state.active, planned))

        return self._fault(self._state.change(add).active[-1])

    def cancel(self, name: str) -> bool:
        """Cancel a fault. Return whether it existed."""
        return self._end(lambda one: one.name == name, kept=MAX_CANCELED)

    def clear(self) -> None:
        """Cancel all faults, and forget the canceled ones."""
        self._end(lambda _: True, kept=0)

    def _end(self, is_canceled: Callable[[PlannedFault], bool], *, kept: int) -> bool:
        gone: list[PlannedFault] = []
        forgotten: list[PlannedFault] = []

        def end(state: PlanState) -> PlanState:
            gone[:] = [one for one in state.active if is_canceled(one)]
            canceled = (*state.canceled, *gone)
            first = max(0, len(canceled) - kept)
            forgotten[:] = canceled[:first]
            if not (gone or forgotten):
                return state
            active = tuple(one for one in state.active if one not in gone)
            return replace(state, active=active, canceled=canceled[first:])

        self._state.change(end)
        for one in forgotten:
            self._forget(one)
        for one in gone:
            self._backend.after_commit(self._fault(one).ended.set)
        return bool(gone)

    def _forget(self, planned: PlannedFault) -> None:
        one = self._fault(planned)
        one.final = self.counts.remove(one.key)
        self._predicates.pop(planned.number, None)

    def _fault(self, planned: PlannedFault) -> ActiveFault:
        """Return the object of a fault, the same one as long as it is used."""
        predicate = self._predicates.get(planned.number)
        return self._known.setdefault(planned.number, ActiveFault(planned, predicate, self))

    def _wait(self, one: ActiveFault) -> None:
        """Delay an answer, unless the fault has no delay or is canceled, here or elsewhere."""
        seconds = one.fault.delay
        if not seconds:
            return
        if isinstance(self._backend, SharedBackend):
            self._backend.wait_until(lambda: one.planned not in self._state.value.active, seconds)
        else:
            one.ended.wait(seconds)

    def waiting_for(self, context: FaultContext) -> tuple[str, ...]:
        """Return the names of the faults that match an exchange. Nothing is counted."""
        return tuple(
            one.name
            for one in self
            if one.fault.endpoint == context.endpoint and self._matches(one, context)
        )

    def uncount(self, hit: FaultHit) -> None:
        """Undo the count of a fault that changed nothing."""
        for one in self:
            if one.name == hit.name:
                self.counts.uncount(one.key)

    def fire(self, context: FaultContext, *, at_endpoint: bool = False) -> tuple[FaultHit, ...]:
        """Return the faults that fire, and count them.

        Args:
            context: What is known of the exchange.
            at_endpoint: Whether `context.endpoint` is an endpoint, so that `*` matches, too.
        """
        if not len(self):
            return ()
        names = (context.endpoint, EVERYWHERE) if at_endpoint else (context.endpoint,)
        candidates = [one for one in self if one.fault.endpoint in names]
        matching = [one for one in candidates if self._matches(one, context)]
        hits = (self._count(one) for one in matching)
        return tuple(hit for hit in hits if hit is not None)

    def _matches(self, one: ActiveFault, context: FaultContext) -> bool:
        from mockidp.faults.refusals import can_happen  # noqa: PLC0415 - most mocks have no faults

        when = one.fault.when
        user = when.user and (self._user_id(when.user) or when.user)
        wanted = (
            (when.client, context.client),
            (user, context.user),
            (when.audience, context.audience),
            (when.grant, context.grant),
            (when.method, context.method),
            (when.resource, context.resource),
        )
        return (
            all(value is None or value == actual for value, actual in wanted)
            and can_happen(one.fault, context)
            and _is_wanted(one, context)
        )

    def _count(self, one: ActiveFault) -> FaultHit | None:
        """Count a match; return the hit if the fault fires, and has not been canceled meanwhile."""
        number = self.counts.add(one.key, one.fault) if one in tuple(self) else None
        if number is None:
            return None
        return FaultHit(
            fault=one.fault, name=one.name, number=number, wait=partial(self._wait, one)
        )


def _free_name(fault: Fault, names: Collection[str]) -> str:
    base = fault.name or name_of(fault)
    number, name = 1, base
    while name in names:
        number += 1
        name = f"{base} {number}"
    return name


def _is_wanted(one: ActiveFault, context: FaultContext) -> bool:
    """Return whether the predicate, if there is one, is in this process and lets the fault fire."""
    if one.predicate is None:
        return not one.planned.has_predicate
    return bool(one.predicate(context))
