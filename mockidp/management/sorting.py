"""Sort a list by a field of its objects: `sort=created_at:-1`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

from mockidp.management.operation import Call
from mockidp.management.refusals import invalid_query

T = TypeVar("T")
_SORT = re.compile(r"([A-Za-z_]+):(-?1)")


def sort_by(
    call: Call,
    items: Sequence[T],
    show: Callable[[T], Mapping[str, Any]],
    unsorted: Collection[str] = (),
) -> Sequence[T]:
    """Return items in the order that `sort` requests. Those without a value come last.

    Args:
        call: The call.
        items: The items.
        show: Returns the object of an item.
        unsorted: Fields by which Auth0 does not sort.

    Raises:
        ApiRefusal: `sort` has another form, or such a field.
    """
    sent = call.query.get("sort")
    with call.tenant.trace.check("sort", sent=sent):
        if sent is None:
            return items
        found = _SORT.fullmatch(sent)
        if found is None or found[1] in unsorted:
            raise invalid_query(
                "String does not match pattern ^[A-Za-z_]+:-?1$",
                at="sort",
                hint=f"`sort` is {sent[:40]!r}. Send a field and an order, such as created_at:-1.",
            )
    keyed = [(_key(show(one).get(found[1])), one) for one in items]
    have = [pair for pair in keyed if pair[0] is not None]
    have.sort(key=lambda pair: pair[0], reverse=found[2] == "-1")
    return [one for _, one in have] + [one for key, one in keyed if key is None]


def _key(value: Any) -> Any:
    """Return the key for comparing a value: numbers and booleans first, then text."""
    if value is None or isinstance(value, (list, dict)):
        return None
    return (1, value.lower()) if isinstance(value, str) else (0, value)
