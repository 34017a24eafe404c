"""The records of a tenant, in one store for each type of resource.

Reading takes no lock. The time to read or write a record does not depend on their number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, ValuesView
from functools import partial
from operator import attrgetter
from typing import Any, Generic, TypeVar, overload

from mockidp.frozen import replace
from mockidp.resources.record import Record, differs_only_in
from mockidp.resources.registry import TYPES
from mockidp.resources.resource_type import ResourceType, login_key
from mockidp.storage.store import Entry, Store, StoreSpec
from mockidp.tenant.content.document import TenantDocument

R = TypeVar("R", bound=Record)
T = TypeVar("T")
NAME = "name"
"""The index by names that references use instead of the key."""
ID = "id"
"""The index by the id that Auth0 generates."""
IDENTITY = "identity"
"""The index by the fields that identify a record without a key of its own."""
LOGIN = "login"
"""The index by connection and login name of users."""


def _logins(kind: ResourceType[R], record: R) -> list[str]:
    names = (getattr(record, field) for field in kind.unique_logins)
    return [login_key(record.connection, name) for name in names if name]  # type: ignore[attr-defined]


def spec_of(kind: ResourceType[R]) -> StoreSpec[R]:
    """Return the declaration of the store for a type."""
    indexes: dict[str, Callable[[R], Iterable[str]]] = {
        NAME: kind.other_names_of,
        **{one.path: one.values for one in kind.references},
        **kind.indexes,
    }
    if kind.id_prefix:
        indexes[ID] = lambda record: (record.id,)  # type: ignore[attr-defined]  # by declaration
    if kind.identity:
        indexes[IDENTITY] = lambda record: (kind.joined_identity_of(record),)
    if kind.unique_logins:
        indexes[LOGIN] = partial(_logins, kind)
    return StoreSpec(
        name=kind.plural,
        capacity=None,
        indexes=indexes,
        is_unnoticed=partial(differs_only_in, kind.unnoticed) if kind.unnoticed else None,
    )


class Records(Mapping[str, R], Generic[R]):
    """The records of one type by key, and by the indexes that the type declares."""

    def __init__(self, kind: ResourceType[R], store: Store[R]) -> None:
        self.kind = kind
        self.store = store

    def __getitem__(self, key: str) -> R:
        found = self.store.get(key)
        if found is None:
            raise KeyError(key)
        return found

    @overload
    def get(self, key: str, /) -> R | None: ...
    @overload
    def get(self, key: str, /, default: R | T) -> R | T: ...
    def get(self, key: str, /, default: Any = None) -> Any:
        """Return the record with a key. Called often, and `Mapping.get` is slow without one."""
        found = self.store.get(key)
        return default if found is None else found

    def __iter__(self) -> Iterator[str]:
        return iter(self.store.keys())

    def __len__(self) -> int:
        return self.store.count()

    def values(self) -> ValuesView[R]:
        """Return all records as they are now, in the order of the tenant."""
        return {key: entry.value for key, entry in self.store.scan()}.values()

    def each(self) -> Iterator[R]:
        """Yield all records in the order of the tenant. They are not copied."""
        return self._good(self.store.keys())

    def page(self, start: int, stop: int) -> list[R]:
        """Return records by their positions. The time depends on `stop`, not on their number."""
        return list(self._good(self.store.keys(stop)[start:]))

    def several(self, keys: Iterable[str]) -> list[R]:
        """Return the records with some keys, in the order of the tenant."""
        found = (self.store.find(key) for key in keys)
        entries = sorted((one for one in found if one), key=attrgetter("position"))
        return [entry.value for entry in entries]

    def _good(self, keys: Iterable[str]) -> Iterator[R]:
        """Yield the records with some keys, without those that are deleted meanwhile."""
        found = map(self.store.get, keys)
        return (one for one in found if one is not None)

    def replace(self, records: Mapping[str, R]) -> None:
        """Replace all records, unless they are the same ones."""
        now = self.store.scan()
        is_same = len(now) == len(records) and all(
            key == other and entry.value is record
            for (key, entry), (other, record) in zip(now, records.items(), strict=True)
        )
        if not is_same:
            self.store.restore((key, Entry(value=one)) for key, one in records.items())

    def find(self, index: str, value: str) -> tuple[R, ...]:
        """Return the records with a value in an index, in the order of the tenant."""
        return tuple([entry.value for _, entry in self.store.scan(index, value)])

    def named(self, name: str) -> Iterator[R]:
        """Yield the records to which a name may refer."""
        by_key = self.get(name)
        if by_key is not None:
            yield by_key
        yield from self.find(NAME, name)

    def has_name(self, name: str, *, by_key: bool = False) -> bool:
        """Return whether a reference may use a name."""
        return name in self if by_key else any(True for _ in self.named(name))

    def same_as(self, record: R) -> R | None:
        """Return the record that a new one replaces."""
        if not self.kind.identity:
            return self.get(self.kind.key_of(record))
        found = self.find(IDENTITY, self.kind.joined_identity_of(record))
        return found[0] if found else None

    def names(self) -> dict[str, None]:
        """Return all names that references may use. Meant for suggestions in error messages."""
        found = (name for record in self.values() for name in self.kind.names_of(record))
        return dict.fromkeys(found)


RecordStores = Mapping[str, Records[Any]]
"""The records of a tenant by the plural name of their type."""


def open_records(open_store: Callable[[StoreSpec[Any]], Store[Any]]) -> RecordStores:
    """Open a store for each type of resource."""
    return {kind.plural: Records(kind, open_store(spec_of(kind))) for kind in TYPES}


MakeId = Callable[..., str]
"""Returns an id for a prefix and what identifies a record."""


def with_id(kind: ResourceType[R], record: R, make_id: MakeId) -> R:
    """Return a record with a generated id if its type needs one and it has none."""
    if not kind.id_prefix or record.id:  # type: ignore[attr-defined]  # by declaration
        return record
    made = make_id(kind.id_prefix, *kind.identity_of(record))
    return replace(record, id=made)  # type: ignore[call-arg]


def complete_records(
    document: TenantDocument, make_id: MakeId
) -> Mapping[str, Mapping[str, Record]]:
    """Return the records of a document by type and key, with generated ids."""
    return {
        kind.plural: {
            kind.key_of(one): one
            for one in (with_id(kind, record, make_id) for record in document.of_type(kind))
        }
        for kind in TYPES
    }
