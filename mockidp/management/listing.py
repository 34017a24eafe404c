"""Lists: paging by offset and by checkpoint, totals, and the selection of fields.

Auth0: `include_totals=true` turns the array into an object. `take` and `from` page by checkpoint,
even if the parameters of the other kind are sent, too. Source: docs/fidelity.md.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Protocol, TypeVar

from mockidp.frozen import frozen
from mockidp.management.operation import Call
from mockidp.management.refusals import invalid_query
from mockidp.protocol.errors.refusal import ApiRefusal

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
OFFSET = frozenset({"page", "per_page", "include_totals"})
CHECKPOINT = frozenset({"take", "from"})
FIELDS = frozenset({"fields", "include_fields"})
_DEFAULT, _MOST, _LAST = 50, 100, 1000
_NUMBER = re.compile(r"[0-9]{1,18}")
_PAST_THE_END = (
    "You can only page through the first 1000 records. See https://auth0.com/docs/users/search/v3/"
    "view-search-results-by-page#limitation"
)


class Items(Protocol[T_co]):
    """The items of a list. A list of many finds those of a page only."""

    def __getitem__(self, page: slice, /) -> Sequence[T_co]: ...

    def __iter__(self) -> Iterator[T_co]: ...

    def __len__(self) -> int: ...


@frozen
class ListShape:
    """The shape of a list.

    Attributes:
        key: The member that has the items.
        order: The members of the object with totals, in Auth0's order.
        has_checkpoints: Whether `take` and `from` are accepted.
        is_limited: Whether paging by offset ends at record 1000.
        is_object: Whether the list is never an array. It is paged by checkpoint if it has
            checkpoints, and otherwise by offset.
        omits_zero: Whether an empty list has no `total`.
    """

    key: str
    order: tuple[str, ...] = ("start", "limit", "total")
    has_checkpoints: bool = False
    is_limited: bool = False
    is_object: bool = False
    omits_zero: bool = False

    @property
    def parameters(self) -> frozenset[str]:
        """The query parameters of the list."""
        return OFFSET | FIELDS | (CHECKPOINT if self.has_checkpoints else frozenset())

    def page(
        self,
        call: Call,
        items: Items[T],
        show: Callable[[T], Mapping[str, Any]],
        identify: Callable[[T], str] = str,
    ) -> Any:
        """Return the JSON of a page of all items.

        Raises:
            ApiRefusal: A parameter is not valid, or the page is beyond record 1000.
        """
        with call.tenant.trace.check("page", **_sent(call.query)):
            return self._page(call.query, items, show, identify)

    def _page(
        self,
        query: Mapping[str, str],
        items: Items[T],
        show: Callable[[T], Mapping[str, Any]],
        identify: Callable[[T], str],
    ) -> Any:
        shown = _shower(query, show)
        if self.has_checkpoints and (self.is_object or not CHECKPOINT.isdisjoint(query)):
            return self._after_checkpoint(query, items, shown, identify)
        limit = read_number(query, "per_page", _DEFAULT, _MOST)
        start = read_number(query, "page", 0) * limit
        if self.is_limited and start + limit > _LAST:
            raise ApiRefusal(
                HTTPStatus.BAD_REQUEST,
                _PAST_THE_END,
                error_code="invalid_paging",
                hint="Narrow the search, or page by `take` and `from` where the list has them.",
            )
        page = [shown(one) for one in items[start : start + limit]]
        if query.get("include_totals") != "true" and not self.is_object:
            return page
        members = {
            "start": start, "limit": limit, "length": len(page), "total": len(items),
            "page": start // limit, "per_page": limit, self.key: page,
        }  # fmt: skip
        order = [name for name in self.order if items or name != "total" or not self.omits_zero]
        return {name: members[name] for name in order}

    def _after_checkpoint(
        self,
        query: Mapping[str, str],
        items: Items[T],
        shown: Callable[[T], Mapping[str, Any]],
        identify: Callable[[T], str],
    ) -> Any:
        take = read_number(query, "take", _DEFAULT, _MOST, least=1)
        start = _after(query["from"], [identify(one) for one in items]) if "from" in query else 0
        page = items[start : start + take]
        is_last = start + take >= len(items)
        following = {} if is_last else {"next": _encode_checkpoint(identify(page[-1]))}
        return {self.key: [shown(one) for one in page], **following}


def _sent(query: Mapping[str, str]) -> Mapping[str, str]:
    """Return the parameters of pages, by names that are not keywords of Python."""
    names = {"page": "number", "per_page": "per_page", "take": "take", "from": "after"}
    return {shown: query[name] for name, shown in names.items() if name in query}


def _after(checkpoint: str, names: Sequence[str]) -> int:
    """Return the position of the item behind a checkpoint."""
    last = _decode_checkpoint(checkpoint)
    if last not in names:
        raise invalid_query(
            "Invalid from", at="from", hint="`from` is not the `next` of an answer for this list."
        )
    return names.index(last) + 1


def _encode_checkpoint(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode_checkpoint(text: str) -> str:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except ValueError:
        return ""


def read_number(
    query: Mapping[str, str], name: str, default: int, most: int | None = None, least: int = 0
) -> int:
    """Return a query parameter that is a whole number.

    Raises:
        ApiRefusal: It is another value, or out of bounds.
    """
    sent = query.get(name)
    if sent is None:
        return default
    if not _NUMBER.fullmatch(sent):
        raise invalid_query(
            "Expected type integer but found type string",
            at=name,
            hint=f"`{name}` is {sent[:40]!r}. Send a whole number of at most 18 digits.",
        )
    number = int(sent)
    if most is not None and number > most:
        reason = f"Value {number} is greater than maximum {most}"
        raise invalid_query(reason, at=name, hint=f"Send a `{name}` up to {most}.")
    if number < least:
        reason = f"Value {number} is less than minimum {least}"
        raise invalid_query(reason, at=name, hint=f"Send a `{name}` of at least {least}.")
    return number


def select_fields(query: Mapping[str, str], shown: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the members of an object that `fields` selects or, with `include_fields`, excludes."""
    names = [one.strip() for one in query.get("fields", "").split(",") if one.strip()]
    if not names:
        return shown
    is_kept = query.get("include_fields", "true") == "true"
    return {name: value for name, value in shown.items() if (name in names) is is_kept}


def _shower(
    query: Mapping[str, str], show: Callable[[T], Mapping[str, Any]]
) -> Callable[[T], Mapping[str, Any]]:
    return lambda item: select_fields(query, show(item))
