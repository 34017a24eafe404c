"""A fault of a plan: as it is stored, as tests see it, and as it fires."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from mockidp.faults.context import FaultContext
from mockidp.faults.counts import FaultCount
from mockidp.faults.fault import Fault
from mockidp.faults.words import describe
from mockidp.frozen import frozen
from mockidp.storage.store import StoreSpec

if TYPE_CHECKING:
    from mockidp.faults.plan import FaultPlan

Predicate = Callable[[FaultContext], bool]


@frozen
class PlannedFault:
    """A fault of a plan, as it is stored.

    Attributes:
        number: No other fault of the plan has or had it.
        name: Its name in the journal and in hints.
        fault: The fault.
        is_standing: Whether it comes from the tenant file, and not from a test.
        has_predicate: Whether it fires only in the process that has its predicate.
    """

    number: int
    name: str
    fault: Fault
    is_standing: bool = False
    has_predicate: bool = False


@frozen
class PlanState:
    """The faults of a plan.

    Attributes:
        added: How many have been added.
        active: Those that may fire, in the order in which they were added.
        canceled: The latest that were canceled.
    """

    added: int = 0
    active: tuple[PlannedFault, ...] = ()
    canceled: tuple[PlannedFault, ...] = ()


PLAN: StoreSpec[PlanState] = StoreSpec(name="fault_plan", durable=False, shared=True)


class ActiveFault:
    """A fault in its plan.

    Attributes:
        planned: As it is stored.
        fault: The fault.
        name: Its name in the journal and in hints.
        is_standing: Whether it comes from the tenant file, and not from a test.
        predicate: A function of a test that decides whether it fires.
        final: Its counts once the plan has forgotten it.
    """

    def __init__(self, planned: PlannedFault, predicate: Predicate | None, plan: FaultPlan) -> None:
        self.fault, self.name = planned.fault, planned.name
        self.is_standing = planned.is_standing
        self.predicate = predicate
        self.final: FaultCount | None = None
        self.ended = threading.Event()
        self.planned = planned
        self._plan = plan

    @property
    def key(self) -> str:
        """The key of its counts, which no other fault of the plan has or had."""
        return f"{self.planned.number} {self.name}"

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


@frozen
class FaultHit:
    """One time that a fault fires."""

    fault: Fault
    name: str
    number: int
    """Which time it is, from 1."""
    wait: Callable[[], object]
    """Delays an answer, unless the fault has no delay or is canceled."""

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
