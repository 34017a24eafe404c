"""The five calls that most resources have: list, create, get, update, delete.

What a resource accepts follows from the fields of its record. Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import field
from typing import Any, Generic, TypeVar

from mockidp.codec.shape import shape_of
from mockidp.frozen import frozen
from mockidp.management.body import check_keys, checked_values
from mockidp.management.crud import crud_operations
from mockidp.management.json_values import JsonType, check_texts, check_types, check_unique
from mockidp.management.listing import ListShape, select_fields
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import conflict, not_found
from mockidp.resources.record import Record
from mockidp.resources.resource_type import ResourceType
from mockidp.tenant.state.records import ID
from mockidp.tenant.tenant import Tenant
from mockidp.testing import records

R = TypeVar("R", bound=Record)
Show = Callable[[Call, R], Mapping[str, Any]]
Filter = Callable[[R, str], bool]


@frozen
class Texts:
    """Auth0's texts and codes about one resource.

    Attributes:
        title: Its name in the titles of calls, such as `resource server`.
        missing: The message of the 404.
        missing_code: Its code; empty for none.
        exists: The message of the 409.
        exists_code: Its code; empty for none.
    """

    title: str
    missing: str
    missing_code: str = ""
    exists: str = ""
    exists_code: str = ""


@frozen
class Resource(Generic[R]):
    """The calls of one resource.

    Attributes:
        kind: Its type.
        path: The path of its list.
        noun: The noun of its scopes.
        texts: Auth0's texts.
        shape: The shape of its list.
        show: Returns the JSON of a record.
        read_only: Fields of the record that no body may have.
        fixed: Fields that only the body of a new record may have.
        required: Fields that it must have.
        defaults: Returns fields of a new record that differ from those of a tenant file.
        merged: Fields that an update merges with what they have, instead of replacing it.
        amend: Returns the fields after an update, given those before.
        filters: Query parameters of the list, each with what it compares.
        check_body: Checks further values of a body.
        check_new: Checks the fields of a new record, apart from what the record itself checks.
        check_change: Checks that a record may be changed or deleted.
        types: JSON types of fields that the record does not check.
        text_maps: Fields that are objects whose values are strings, each with how many it may have.
        unique: Lists without repeated items.
        find_other: Finds a record that has neither the id nor the key.
        hidden: Keys of mockidp's own records, which Auth0 does not have.
        others: Returns further records of the list, which come first.
    """

    kind: ResourceType[R]
    path: str
    noun: str
    texts: Texts
    shape: ListShape
    show: Show[R]
    read_only: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()
    required: tuple[str, ...] = ()
    defaults: Callable[[Call], Mapping[str, Any]] = lambda _call: {}
    merged: frozenset[str] = frozenset()
    amend: Callable[[Mapping[str, Any], dict[str, Any]], dict[str, Any]] = lambda _held, after: (
        after
    )
    filters: Mapping[str, Filter[R]] = field(default_factory=dict)
    check_body: Callable[[Call], None] = lambda _call: None
    check_new: Callable[[Call, Mapping[str, Any]], None] = lambda _call, _fields: None
    check_change: Callable[[Call, R], None] = lambda _call, _record: None
    types: Mapping[str, JsonType] = field(default_factory=dict)
    text_maps: Mapping[str, int] = field(default_factory=dict)
    unique: tuple[str, ...] = ()
    find_other: Callable[[Call, str], R | None] = lambda _call, _name: None
    hidden: frozenset[str] = frozenset()
    others: Callable[[Call], Collection[R]] = lambda _call: ()

    @property
    def writable(self) -> frozenset[str]:
        """The fields that a body may have: those that Auth0 knows, except read-only ones."""
        shape = shape_of(self.kind.record)
        return (frozenset(shape.fields) | shape.kept) - self.read_only

    def find(self, call: Call, name: str) -> R:
        """Return the record with an id or a key.

        Raises:
            ApiRefusal: There is no such record.
        """
        found = self._find(call.tenant, name) or self.find_other(call, name)
        with call.tenant.trace.check(self.kind.name, id=name, found=found is not None):
            if found is None:
                raise not_found(
                    self.texts.missing,
                    code=self.texts.missing_code,
                    hint=f"No {self.texts.title} has the id {name!r}.",
                )
        return found

    def _find(self, tenant: Tenant, name: str) -> R | None:
        known = records.records_of(tenant, self.kind)
        if not self.kind.id_prefix:
            return known.get(name)
        return next(iter(known.find(ID, name)), None)

    def all(self, call: Call) -> list[R]:
        """Return all records that the filters of a call select."""
        known: Iterable[R] = records.records_of(call.tenant, self.kind).values()
        shown = (one for one in known if self.kind.key_of(one) not in self.hidden)
        found = [*self.others(call), *shown]
        for name, matches in self.filters.items():
            if name in call.query:
                found = [one for one in found if matches(one, call.query[name])]
        return found

    def page(self, call: Call) -> Any:
        """Return a page of the records that the filters select."""
        return self.shape.page(
            call, self.all(call), lambda one: self.show(call, one), self.kind.key_of
        )

    def _get(self, call: Call) -> Any:
        return select_fields(call.query, self.show(call, self.find(call, call.id)))

    def _create(self, call: Call) -> Any:
        check_keys(call, self.writable, required=self.required)
        self._check_values(call)
        fields = {**self.defaults(call), **call.body}
        with call.tenant.backend.exclusive(), checked_values(call):
            key = fields.get(self.kind.key)
            self._check_is_new(call, key)
            self.check_new(call, fields)
            made = records.add(call.tenant, self.kind, key, fields, repeats_names=True)
        return self.show(call, made)

    def _check_values(self, call: Call) -> None:
        check_types(call, self.types)
        for name, most in self.text_maps.items():
            check_texts(call, name, most=most)
        check_unique(call, *self.unique)
        self.check_body(call)

    def _check_is_new(self, call: Call, key: Any) -> None:
        known = records.records_of(call.tenant, self.kind)
        exists = isinstance(key, str) and key in known
        with call.tenant.trace.check("new", key=key):
            if exists:
                raise conflict(
                    self.texts.exists,
                    code=self.texts.exists_code,
                    hint=f"The {self.texts.title} {key!r} exists. Change it with PATCH, or choose "
                    f"another {self.kind.key}.",
                )

    def patch(self, call: Call) -> Any:
        """Change a record. Return its JSON."""
        record = self.find(call, call.id)
        self.check_change(call, record)
        check_keys(call, self.writable - self.fixed)
        self._check_values(call)
        with checked_values(call):
            changed = records.change(
                call.tenant,
                self.kind,
                self.kind.key_of(record),
                lambda held: self.amend(held, self._merge(held, call)),
                repeats_names=True,
            )
        return self.show(call, changed)

    def _merge(self, held: dict[str, Any], call: Call) -> dict[str, Any]:
        """Return the fields after an update. Null removes one."""
        after = dict(held)
        for name, value in call.body.items():
            if name in self.merged and isinstance(value, dict):
                both = {**held.get(name, {}), **value}
                after[name] = {key: one for key, one in both.items() if one is not None}
            else:
                after[name] = value
        return {name: one for name, one in after.items() if one is not None}

    def _delete(self, call: Call) -> None:
        self.delete(call)

    def delete(self, call: Call) -> bool:
        """Delete a record. Return whether it existed. Auth0: an unknown one is not an error."""
        record = self._find(call.tenant, call.id) or self.find_other(call, call.id)
        if record is None:
            return False
        self.check_change(call, record)
        with checked_values(call):
            return records.remove(call.tenant, self.kind, self.kind.key_of(record))

    def operations(self) -> Iterator[Operation]:
        """Yield the operations."""
        return crud_operations(
            self.texts.title,
            self.path,
            self.noun,
            page=self.page,
            create=self._create,
            get=self._get,
            patch=self.patch,
            delete=self._delete,
            query=self.shape.parameters | self.filters.keys(),
        )


def ordered(fields: Mapping[str, Any], order: Collection[str]) -> dict[str, Any]:
    """Return fields in Auth0's order. Those without a value are left out, others come last."""
    first = {name: fields[name] for name in order if fields.get(name) is not None}
    rest = {name: one for name, one in fields.items() if name not in first and one is not None}
    return first | rest
