"""The description of a resource type for the rest of mockidp.

Tenant file, control API, stores, snapshots, test methods and reference pages work for every type
that `registry` lists. They name single types only where Auth0 has a rule for one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import field
from functools import cache
from typing import Any, Generic, Literal, TypeVar

from mockidp.frozen import frozen, replace
from mockidp.resources.record import Record
from mockidp.resources.rules import Check, Misfit

R = TypeVar("R", bound=Record)


Summary = Mapping[str, str | tuple[str, ...]]


def _no_defaults(_key: str, _fields: Mapping[str, Any]) -> Mapping[str, Any]:
    return {}


@frozen
class Reference:
    """A field whose values name records of a type.

    Attributes:
        path: The field, such as `permissions.resource_server_identifier`. Lists on the way are
            entered.
        to: The plural name of the type.
        expected: The description of a good value, for error messages.
        is_strict: Whether the record must exist even in an export, which may refer to records
            that it does not contain.
        by_key: Whether only the key names the record, and none of its other names.
        scopes: The field next to this one that has scopes of the API.
        on_delete: What happens when the other record is deleted: `remove` removes the value, and
            the object in a list that has it; `delete` deletes the whole record; `refuse` refuses
            to delete the other one.
    """

    path: str
    to: str
    expected: str
    is_strict: bool = False
    by_key: bool = False
    scopes: str = ""
    on_delete: Literal["remove", "delete", "refuse"] = "remove"

    def values(self, record: object) -> tuple[str, ...]:
        """Return the names that a record refers to."""
        return tuple(one for one in values_at(record, self.path) if one)

    def scopes_of(self, record: object, audience: str) -> Iterator[str]:
        """Yield the scopes of an API that a record refers to."""
        if self.scopes:
            way, _, last = self.path.rpartition(".")
            for holder in values_at(record, way) if way else (record,):
                if getattr(holder, last) == audience:
                    yield from values_at(holder, self.scopes)


@frozen
class ResourceType(Generic[R]):
    """One type of resource.

    Attributes:
        name: Its name in Python, such as `client_grant`.
        title: Its name in messages.
        plural: The name of its store, and with hyphens its path in the control API.
        record: The class of its records.
        key: The field that identifies a record.
        sections: Its sections in the tenant file, as the Deploy CLI names them, with descriptions.
        section_of: Returns the section that a record is written to.
        id_prefix: The prefix of `id`, which Auth0 makes. A record without one gets it from the
            fields in `identity`, so it is the same at every start with the same seed.
        identity: The fields whose combination is unique; by default the key.
        names: The fields by which references name a record; by default the key.
        has_prefixed_names: Whether the part of a name behind `|` is also a name.
        scopes: The path of the scopes that a record defines.
        unique: Fields of which each value occurs once.
        repeatable: The same, but Auth0 has no such rule, so that an export may repeat a value.
        unique_logins: Fields that are unique in each connection, whatever their case.
        references: The fields that name other records.
        indexes: Additional indexes of the store.
        secrets: Fields that are not shown in lists for people.
        unnoticed: Fields in `extra` that each login writes, and that change no answer of the
            endpoints, so that requests to these need not notice.
        has_timestamps: Whether Auth0 keeps `created_at` and `updated_at`.
        is_exported: Whether exports of the Deploy CLI have the sections.
        defaults: Returns what a record that a test adds has by default, given its key and the
            fields that the test names.
        make_key: Returns the key for the name under which a test adds a record.
        summary: Returns what `mockidp check` shows of a record; by default the key.
        checks: Checks of fields, by class and attribute.
        check_record: Yields the contradictions between the fields of a record.
    """

    name: str
    title: str
    plural: str
    record: type[R]
    key: str
    sections: Mapping[str, str]
    section_of: Callable[[R], str] | None = None
    id_prefix: str = ""
    identity: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    has_prefixed_names: bool = False
    scopes: str = ""
    unique: tuple[str, ...] = ()
    repeatable: tuple[str, ...] = ()
    unique_logins: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    indexes: Mapping[str, Callable[[R], Iterable[str]]] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    unnoticed: tuple[str, ...] = ()
    has_timestamps: bool = False
    is_exported: bool = True
    defaults: Callable[[str, Mapping[str, Any]], Mapping[str, Any]] = _no_defaults
    make_key: Callable[[str], str] = str
    summary: Callable[[R], Summary] | None = None
    checks: Mapping[tuple[type, str], Check] = field(default_factory=dict)
    check_record: Callable[[R], Iterable[Misfit]] | None = None

    @property
    def path(self) -> str:
        """The path in the control API."""
        return "/" + self.plural.replace("_", "-")

    @property
    def class_name(self) -> str:
        """The name for operation ids, such as `ClientGrant`."""
        return "".join(part.capitalize() for part in self.name.split("_"))

    @property
    def attributes(self) -> tuple[str, ...]:
        """The attributes of `TenantDocument` that have its records, one for each section."""
        return tuple(map(attribute_of, self.sections))

    def key_of(self, record: R) -> str:
        """Return the key of a record."""
        return str(getattr(record, self.key))

    def names_of(self, record: R) -> tuple[str, ...]:
        """Return the names by which references name a record."""
        fields = (getattr(record, one) for one in self.names or (self.key,))
        names = [one for one in fields if one]
        return tuple(spread_names(names) if self.has_prefixed_names else names)

    def other_names_of(self, record: R) -> list[str]:
        """Return the names of a record except its key."""
        key = self.key_of(record)
        return [one for one in self.names_of(record) if one != key]

    def summarize(self, record: R) -> Summary:
        """Return what `mockidp check` shows of a record, by column."""
        return self.summary(record) if self.summary else {self.key: self.key_of(record)}

    def field_of(self, record: R, name: str) -> str:
        """Return the field that has a name of a record."""
        fields = self.names or (self.key,)
        return next(one for one in fields if str(getattr(record, one)).endswith(name))

    def scopes_of(self, record: R) -> tuple[str, ...]:
        """Return the scopes that a record defines."""
        return tuple(values_at(record, self.scopes)) if self.scopes else ()

    def loses_names(self, before: R, after: R) -> bool:
        """Return whether references to a record may be invalid after a change."""
        return any(
            not set(of(before)).issubset(of(after)) for of in (self.names_of, self.scopes_of)
        )

    def identity_of(self, record: R) -> tuple[str, ...]:
        """Return the unique values of a record."""
        return tuple(str(getattr(record, one)) for one in self.identity or (self.key,))

    def joined_identity_of(self, record: R) -> str:
        """Return the unique values of a record as one string."""
        return "\0".join(self.identity_of(record))

    @property
    def with_article(self) -> str:
        """The title with an article."""
        return f"{'an' if self.title[0] in 'AEIOaeio' else 'a'} {self.title}"

    @property
    def words_plural(self) -> str:
        """The title in the plural."""
        return f"{self.title}s"

    def attribute_for(self, record: R) -> str:
        """Return the attribute of `TenantDocument` for a record."""
        section = self.section_of(record) if self.section_of else next(iter(self.sections))
        return attribute_of(section)


def login_key(connection: str, name: str) -> str:
    """Return the value under which the index `login` has a name of a user in a connection."""
    return f"{connection}\0{name.lower()}"


@cache
def attribute_of(section: str) -> str:
    """Return a section's name in Python: `clientGrants` is `client_grants`."""
    return re.sub(r"[A-Z]", lambda match: "_" + match[0].lower(), section)


def spread_names(names: Iterable[str]) -> Iterator[str]:
    """Yield names, and for those with a prefix such as `auth0|alice` the rest as well."""
    for one in names:
        yield one
        _, separator, rest = one.partition("|")
        if separator:
            yield rest


def values_at(value: Any, path: str) -> Iterator[Any]:
    """Yield the values at a path. Lists on the way are entered."""
    head, _, rest = path.partition(".")
    held = getattr(value, head)
    for one in held if isinstance(held, tuple) else (held,):
        if one is not None:
            yield from values_at(one, rest) if rest else (one,)


T = TypeVar("T")


def without(record: T, path: str, names: Collection[str]) -> T:
    """Return a record without some names at a path.

    If the path ends in a field of an object in a list, the object is removed.
    """
    changed: T = _without(record, path.split("."), names)
    return changed


def renamed(record: T, path: str, old: str, new: str) -> T:
    """Return a record with another name at a path."""
    head, _, rest = path.partition(".")
    held = getattr(record, head)

    def change(one: Any) -> Any:
        if rest:
            return one if one is None else renamed(one, rest, old, new)
        return new if one == old else one

    value = tuple(map(change, held)) if isinstance(held, tuple) else change(held)
    changed: T = replace(record, **{head: value})  # type: ignore[type-var]
    return changed


def _without(value: Any, path: list[str], names: Collection[str]) -> Any:
    head, *rest = path
    held = getattr(value, head)
    if not isinstance(held, tuple):
        return _without_name(value, head, rest, names)
    if not rest:
        kept = tuple(one for one in held if one not in names)
    elif len(rest) == 1 and not any(isinstance(getattr(one, rest[0]), tuple) for one in held):
        kept = tuple(one for one in held if getattr(one, rest[0]) not in names)
    else:
        kept = tuple(_without(one, rest, names) for one in held)
    return replace(value, **{head: kept})


def _without_name(value: Any, head: str, rest: list[str], names: Collection[str]) -> Any:
    held = getattr(value, head)
    if rest:
        return value if held is None else replace(value, **{head: _without(held, rest, names)})
    return replace(value, **{head: None}) if held in names else value
