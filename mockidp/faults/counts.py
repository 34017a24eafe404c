"""How often each active fault has matched and fired, in a store, so that replicas can agree."""

from __future__ import annotations

from collections.abc import Callable

from mockidp.faults.fault import Fault
from mockidp.frozen import frozen
from mockidp.storage.store import Store, StoreSpec, update


@frozen
class FaultCount:
    """The counts of one fault."""

    matched: int = 0
    fired: int = 0


COUNTS: StoreSpec[FaultCount] = StoreSpec(
    name="fault_counts", capacity=None, durable=False, shared=True
)
_NEVER = FaultCount()


class FaultCounts:
    """The counts of all faults of a plan, by keys that the plan assigns.

    Args:
        store: The store of the counts.
        chance: Draws a number from 0 to 1.
    """

    def __init__(self, store: Store[FaultCount], chance: Callable[[], float]) -> None:
        self._store = store
        self._chance = chance

    def get(self, key: str) -> FaultCount:
        """Return the counts of a fault."""
        return self._store.get(key) or _NEVER

    def add(self, key: str, fault: Fault) -> int | None:
        """Count a match. Return the number of times that the fault has fired if it fires now."""
        fires = False

        def change(before: FaultCount | None) -> FaultCount:
            nonlocal fires
            count = before or _NEVER
            fires = self._fires(fault, count)
            return FaultCount(matched=count.matched + 1, fired=count.fired + fires)

        count = update(self._store, key, change)
        return count.fired if fires else None

    def uncount(self, key: str) -> None:
        """Undo that a fault fired."""

        def change(before: FaultCount | None) -> FaultCount:
            count = before or _NEVER
            return FaultCount(matched=count.matched, fired=max(0, count.fired - 1))

        update(self._store, key, change)

    def remove(self, key: str) -> FaultCount:
        """Delete the counts of a fault, and return them."""
        count = self.get(key)
        self._store.delete(key)
        return count

    def _fires(self, fault: Fault, count: FaultCount) -> bool:
        if count.matched < fault.after or (fault.times is not None and count.fired >= fault.times):
            return False
        return fault.probability >= 1 or self._chance() < fault.probability
