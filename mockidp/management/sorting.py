"""Sort a list by a field of its objects: `sort=created_at:-1`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from heapq import nlargest, nsmallest
from itertools import islice
from typing import Any, Generic, TypeVar

from mockidp.frozen import frozen
from mockidp.management.operation import Call
from mockidp.management.refusals import invalid_query

T = TypeVar("T")
_SORT = re.compile(r"([A-Za-z_]+):(-?1)")


@frozen
class Order(Generic[T]):
    """An order of items. Those without a value come last."""

    value_of: Callable[[T], Any]
    is_descending: bool

    def first(self, items: Iterable[T], count: int) -> list[T]:
        """Return the first items. No more than these are kept."""
        without: list[T] = []

        def keyed() -> Iterator[tuple[Any, T]]:
            for one in items:
                key = _key(self.value_of(one))
                if key is not None:
                    yield key, one
                elif len(without) < count:
                    without.append(one)

        take = nlargest if self.is_descending else nsmallest
        found = take(count, keyed(), key=lambda pair: pair[0])
        return ([one for _, one in found] + without)[:count]


class Selection(Generic[T]):
    """The items that a call selects. They are looked for when a page or the total is needed.

    Args:
        items: Begins to look for them.
        order: Their order; by default that in which they are found.
    """

    def __init__(self, items: Callable[[], Iterable[T]], order: Order[T] | None = None) -> None:
        self._items = items
        self._order = order
        self._total: int | None = None

    def __getitem__(self, page: slice) -> list[T]:
        """Return a page."""
        if self._order is None:
            return list(islice(self, page.start, page.stop))
        return self._order.first(self, page.stop)[page.start :]

    def __iter__(self) -> Iterator[T]:
        total = 0
        for total, one in enumerate(self._items(), 1):  # noqa: B007 - used after the loop
            yield one
        self._total = total

    def __len__(self) -> int:
        """Return the total. If a page was the last, it is known already."""
        if self._total is None:
            self._total = sum(1 for _ in self)
        return self._total


def read_order(
    call: Call,
    value_of: Callable[[T, str], Any],
    *,
    unsorted: Collection[str] = (),
    only: Collection[str] = (),
) -> Order[T] | None:
    """Return the order that `sort` requests, if it does.

    Args:
        call: The call.
        value_of: Returns the value of a field of an item.
        unsorted: Fields by which Auth0 does not sort.
        only: The fields by which it sorts; empty for all others.

    Raises:
        ApiRefusal: `sort` has another form, or such a field.
    """
    sent = call.query.get("sort")
    with call.tenant.trace.check("sort", sent=sent):
        if sent is None:
            return None
        found = _SORT.fullmatch(sent)
        is_sorted = found and found[1] not in unsorted and (not only or found[1] in only)
        if found is None or not is_sorted:
            raise invalid_query(
                "String does not match pattern ^[A-Za-z_]+:-?1$",
                at="sort",
                hint=f"`sort` is {sent[:40]!r}. Send {_named(only)} and an order, such as "
                "created_at:-1.",
            )
    field = found[1]
    return Order(value_of=lambda one: value_of(one, field), is_descending=found[2] == "-1")


def _named(fields: Collection[str]) -> str:
    return f"one of {', '.join(sorted(fields))}" if fields else "a field"


def _key(value: Any) -> Any:
    """Return the key for comparing a value: numbers and booleans first, then text."""
    if not isinstance(value, str | int | float):
        return None
    return (1, value.lower()) if isinstance(value, str) else (0, value)
