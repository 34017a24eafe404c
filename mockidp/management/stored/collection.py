"""Lists of stored objects: the calls to list, create, get, update and delete them.

The objects are entries of a section of the tenant file, as they were sent. An entry of a file has
no id; it gets one from the seed and its name, which is the same at every start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from functools import partial
from http import HTTPStatus
from itertools import chain, count
from typing import Any

from mockidp.frozen import frozen
from mockidp.management.body import check_keys
from mockidp.management.collection import Texts, ordered
from mockidp.management.crud import crud_operations
from mockidp.management.json_values import JsonType, check_types
from mockidp.management.listing import ListShape, select_fields
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import conflict, not_found
from mockidp.management.stored.section import read_list, replace_section
from mockidp.management.stored.values import keep_secrets, visible
from mockidp.tenant.ids import Ids
from mockidp.tenant.timestamps import timestamp

Stored = Mapping[str, Any]
MakeId = Callable[..., str]
"""Returns an id for the ids of a tenant and what identifies an object."""


def with_prefix(prefix: str, length: int = 16) -> MakeId:
    """Return a function that makes ids of a prefix and some letters and digits."""
    return partial(_with_prefix, prefix, length)


def _with_prefix(prefix: str, length: int, ids: Ids, *identity: str) -> str:
    return ids.record_id(prefix, *identity, length=length)


@frozen
class StoredList:
    """The objects of one section.

    Attributes:
        section: The section of the tenant file.
        path: The path of the list.
        noun: The noun of its scopes.
        texts: Auth0's texts. `{id}` in that of the 404 is the id.
        shape: The shape of the list.
        make_id: Makes ids.
        id_key: The member that has the id.
        name_key: The member that is the same in a file.
        is_unique: Whether no two objects have the same name.
        order: The members of an answer in Auth0's order.
        nullable: Members that are null in an answer if they are not set.
        required: Members that a new object must have.
        types: The JSON types of members that are checked.
        read_only: Members that no body may have.
        fixed: Members that only the body of a new object may have.
        defaults: Returns the members of a new object that the body leaves out.
        merged: Members of which an update merges the first level, instead of replacing them.
        secrets: Paths of members that an update keeps if it leaves them out.
        write_only: Paths of members that no answer has.
        has_timestamps: Whether Auth0 keeps `created_at` and `updated_at`.
        stamp: Writes these times.
        filters: Query parameters of the list, each with what it compares.
        check: Checks a body further: that of a new object, or of a change with the object.
        amend: Completes an object before it is stored, given the call and the object before.
        show: Returns an answer for a complete object.
        created: The status of an answer to POST.
        is_deleted_silently: Whether deleting an unknown object is not an error.
    """

    section: str
    path: str
    noun: str
    texts: Texts
    shape: ListShape
    make_id: MakeId
    id_key: str = "id"
    name_key: str = "name"
    is_unique: bool = True
    order: tuple[str, ...] = ()
    nullable: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    types: Mapping[str, JsonType] = field(default_factory=dict)
    read_only: frozenset[str] = frozenset({"id", "created_at", "updated_at"})
    fixed: frozenset[str] = frozenset()
    defaults: Callable[[Call], Stored] = lambda _call: {}
    merged: frozenset[str] = frozenset()
    secrets: tuple[str, ...] = ()
    write_only: tuple[str, ...] = ()
    has_timestamps: bool = False
    stamp: Callable[[float], str] = timestamp
    filters: Mapping[str, Callable[[Stored, str], bool]] = field(default_factory=dict)
    check: Callable[[Call, Stored | None], None] = lambda _call, _before: None
    amend: Callable[[Call, Stored | None, Stored], Stored] = lambda _call, _before, after: after
    show: Callable[[Call, Stored], Stored] = lambda _call, one: one
    created: int = HTTPStatus.CREATED
    is_deleted_silently: bool = False

    def all(self, call: Call) -> list[Stored]:
        """Return all objects, each with an id."""
        found: list[Stored] = []
        for one in read_list(call.tenant, self.section):
            name = one.get(self.name_key)
            held = one.get(self.id_key) or self._unused_id(call, found, name)
            found.append({**one, self.id_key: held})
        return found

    def ids(self, call: Call) -> dict[str, str]:
        """Return the id of each object by its name."""
        return {str(one.get(self.name_key)): str(one[self.id_key]) for one in self.all(call)}

    def find(self, call: Call, name: str) -> Stored:
        """Return the object with an id.

        Raises:
            ApiRefusal: There is no such object.
        """
        found = next((one for one in self.all(call) if one[self.id_key] == name), None)
        with call.tenant.trace.check(self.section, id=name, found=found is not None):
            if found is None:
                raise not_found(
                    self.texts.missing.replace("{id}", name),
                    code=self.texts.missing_code,
                    hint=f"No {self.texts.title} has the id {name!r}.",
                )
        return found

    def answer(self, call: Call, one: Stored) -> Stored:
        """Return what an answer has of an object."""
        shown = ordered(self.show(call, one), self.order) | {
            name: one.get(name) for name in self.nullable
        }
        return visible(shown, self.write_only)

    def page(self, call: Call) -> Any:
        """Return a page of the objects that the filters select."""
        found = self.all(call)
        for name, matches in self.filters.items():
            if name in call.query:
                found = [one for one in found if matches(one, call.query[name])]
        return self.shape.page(
            call, found, lambda one: self.answer(call, one), lambda one: str(one[self.id_key])
        )

    def get(self, call: Call) -> Any:
        """Return one object."""
        return select_fields(call.query, self.answer(call, self.find(call, call.id)))

    def create(self, call: Call) -> Any:
        """Add an object."""
        self._check_body(call, self.read_only, self.required)
        self.check(call, None)
        with call.tenant.backend.exclusive():
            known = self.all(call)
            name = call.body.get(self.name_key)
            self._check_is_new(call, known, name)
            made_id = self._unused_id(call, known, name)
            new = {**self.defaults(call), **call.body, self.id_key: made_id}
            if self.has_timestamps:
                now = self.stamp(call.tenant.now())
                new |= {"created_at": now, "updated_at": now}
            made = self.amend(call, None, new)
            replace_section(call, self.section, [*known, made], at=(len(known),))
        return self.answer(call, made)

    def patch(self, call: Call) -> Any:
        """Change an object. Null removes a member."""
        before = self.find(call, call.id)
        self._check_body(call, self.read_only | self.fixed)
        self.check(call, before)
        with call.tenant.backend.exclusive():
            after = self._merge(self.find(call, call.id), call)
            self._check_is_new(call, self.all(call), after.get(self.name_key), after)
            self.write(call, after)
        return self.answer(call, after)

    def write(self, call: Call, after: Stored) -> None:
        """Replace the object that has the same id. The caller excludes other writers."""
        known = self.all(call)
        position = [one[self.id_key] for one in known].index(after[self.id_key])
        entries = [*known[:position], after, *known[position + 1 :]]
        replace_section(call, self.section, entries, at=(position,))

    def delete(self, call: Call) -> Any:
        """Delete an object."""
        with call.tenant.backend.exclusive():
            if not self.is_deleted_silently:
                self.find(call, call.id)
            kept = [one for one in self.all(call) if one[self.id_key] != call.id]
            replace_section(call, self.section, kept)

    def _check_body(
        self, call: Call, refused: frozenset[str], required: tuple[str, ...] = ()
    ) -> None:
        check_keys(call, call.body.keys() - refused, required=required)
        check_types(call, self.types)

    def _check_is_new(
        self, call: Call, known: list[Stored], name: Any, own: Stored | None = None
    ) -> None:
        """Check that no other object has a name."""
        own_id = own[self.id_key] if own else None
        others = (one for one in known if one[self.id_key] != own_id)
        same = any(one.get(self.name_key) == name for one in others)
        exists = self.is_unique and name is not None and same
        with call.tenant.trace.check("new", called=name):
            if exists:
                raise conflict(
                    self.texts.exists,
                    code=self.texts.exists_code,
                    hint=f"The {self.texts.title} {name!r} exists. Change it with PATCH, or choose "
                    f"another {self.name_key}.",
                )

    def _unused_id(self, call: Call, known: list[Stored], name: Any) -> str:
        taken = {one[self.id_key] for one in known}
        identity = (self.section, str(name))
        further = ((str(number),) for number in count(1))
        made = (self.make_id(call.tenant.ids, *identity, *more) for more in chain([()], further))
        return next(one for one in made if one not in taken)

    def _merge(self, before: Stored, call: Call) -> Stored:
        after = {**before, **call.body}
        for name in self.merged & call.body.keys():
            if isinstance(call.body[name], dict) and isinstance(before.get(name), dict):
                after[name] = {**before[name], **call.body[name]}
        after = keep_secrets(before, after, self.secrets)
        if self.has_timestamps:
            after["updated_at"] = self.stamp(call.tenant.now())
        kept = {name: one for name, one in after.items() if one is not None}
        return self.amend(call, before, kept)

    def operations(self) -> Iterator[Operation]:
        """Yield the operations."""
        return crud_operations(
            self.texts.title,
            self.path,
            self.noun,
            page=self.page,
            create=self.create,
            get=self.get,
            patch=self.patch,
            delete=self.delete,
            query=self.shape.parameters | self.filters.keys(),
            created=self.created,
        )
