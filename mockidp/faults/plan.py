"""The faults of a tenant: added, fired, counted, cancelled."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from mockidp.faults.catalogue import ANYWHERE, describe, name_of
from mockidp.faults.fault import Fault, FaultContext
from mockidp.faults.refusal_words import can_happen

Predicate = Callable[[FaultContext], bool]
REMEMBERED = 100
"""How many cancelled faults a plan can still tell of."""


class ActiveFault:
    """A fault in its plan.

    Attributes:
        fault: What goes wrong.
        name: What the journal and hints call it.
        matched: How many exchanges it was for.
        fired: How many of them it spoiled.
        is_standing: Whether it is the tenant file's, and not a test's.
        ended: Set once it is cancelled; what delays an answer waits on it.
    """

    def __init__(
        self, fault: Fault, name: str, predicate: Predicate | None, plan: FaultPlan
    ) -> None:
        self.fault = fault
        self.name = name
        self.matched = 0
        self.fired = 0
        self.is_standing = False
        self.ended = threading.Event()
        self.predicate = predicate
        self._plan = plan

    def cancel(self) -> None:
        """Let nothing go wrong any more; an answer that it delays comes at once."""
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
    """Set once the fault is cancelled; what delays an answer waits on it."""

    def __str__(self) -> str:
        return counted(self.name, self.number, self.fault.times)

    def tell(self, effect: str) -> str:
        """Return a hint: which fault it is, what it does, and what came of it."""
        words = describe(self.fault)
        return f"{self}: {effect}" if words in self.name else f"{self}: {words}; {effect}"


def counted(name: str, number: int, times: int | None) -> str:
    """Say which fault it is, and which time of how many."""
    return f"fault {name} ({number}{'' if times is None else f' of {times}'})"


class FaultPlan:
    """What is to go wrong, in the order in which it was asked for.

    Args:
        chance: Draws a number from 0 to 1.
        user_id: Finds the id of the user that a name stands for; None for nobody.
    """

    def __init__(self, chance: Callable[[], float], user_id: Callable[[str], str | None]) -> None:
        self._chance = chance
        self._user_id = user_id
        self._lock = threading.Lock()
        self._active: tuple[ActiveFault, ...] = ()
        self._cancelled: tuple[ActiveFault, ...] = ()

    def __iter__(self) -> Iterator[ActiveFault]:
        return iter(self._active)

    def __repr__(self) -> str:
        return f"<{len(self)} faults: {', '.join(one.name for one in self)}>"

    def __len__(self) -> int:
        return len(self._active)

    @property
    def unfired(self) -> tuple[ActiveFault, ...]:
        """A test's faults that have spoiled nothing so far, cancelled ones, too."""
        asked_for = (one for one in (*self._cancelled, *self._active) if not one.is_standing)
        return tuple(one for one in asked_for if not one.fired)

    def add(self, fault: Fault, predicate: Predicate | None = None) -> ActiveFault:
        """Let something go wrong from now on."""
        with self._lock:
            active = ActiveFault(fault, self._free_name(fault), predicate, self)
            self._active = (*self._active, active)
        return active

    def begin(self, faults: Iterable[Fault]) -> None:
        """Take all faults out, and let the tenant file's own go wrong."""
        self.clear()
        for fault in faults:
            self.add(fault).is_standing = True

    def cancel(self, name: str) -> bool:
        """Take a fault out; tell whether it was there."""
        with self._lock:
            gone = [one for one in self._active if one.name == name]
            self._active = tuple(one for one in self._active if one.name != name)
            self._cancelled = (*self._cancelled, *gone)[-REMEMBERED:]
        for one in gone:
            one.ended.set()
        return bool(gone)

    def clear(self) -> None:
        """Take all faults out, and forget those that were."""
        for one in self._active:
            self.cancel(one.name)
        self._cancelled = ()

    def waiting_for(self, occasion: FaultContext) -> tuple[str, ...]:
        """Return the names of the faults that are for an exchange, and count nothing."""
        return tuple(
            one.name
            for one in self._active
            if one.fault.endpoint == occasion.endpoint and self._is_for(one, occasion)
        )

    def uncount(self, firing: FaultHit) -> None:
        """Undo the count of a fault that changed nothing."""
        with self._lock:
            for one in self._active:
                if one.name == firing.name and one.fired:
                    one.fired -= 1

    def fire(self, occasion: FaultContext, *, anywhere: bool = False) -> tuple[FaultHit, ...]:
        """Return the faults that spoil an exchange, and count them.

        Args:
            occasion: The exchange.
            anywhere: Whether it is an endpoint, for which `*` is meant, too.
        """
        if not self._active:
            return ()
        places = (occasion.endpoint, ANYWHERE) if anywhere else (occasion.endpoint,)
        candidates = [one for one in self._active if one.fault.endpoint in places]
        matching = [one for one in candidates if self._is_for(one, occasion)]
        with self._lock:
            return tuple(self._firing(one) for one in matching if self._fires(one))

    def _is_for(self, one: ActiveFault, occasion: FaultContext) -> bool:
        when = one.fault.when
        user = when.user and (self._user_id(when.user) or when.user)
        wanted = (
            (when.client, occasion.client),
            (user, occasion.user),
            (when.audience, occasion.audience),
            (when.grant, occasion.grant),
        )
        named = all(value is None or value == actual for value, actual in wanted)
        return (
            named
            and can_happen(one.fault, occasion)
            and (one.predicate is None or bool(one.predicate(occasion)))
        )

    def _fires(self, one: ActiveFault) -> bool:
        fault = one.fault
        if one.ended.is_set():
            return False
        one.matched += 1
        if one.matched <= fault.after or (fault.times is not None and one.fired >= fault.times):
            return False
        if fault.probability < 1 and self._chance() >= fault.probability:
            return False
        one.fired += 1
        return True

    def _firing(self, one: ActiveFault) -> FaultHit:
        return FaultHit(fault=one.fault, name=one.name, number=one.fired, ended=one.ended)

    def _free_name(self, fault: Fault) -> str:
        names = {one.name for one in self._active}
        base = fault.name or name_of(fault)
        number, name = 1, base
        while name in names:
            number += 1
            name = f"{base} {number}"
        return name
